"""Byte code, made by the runtime's own Python: with another's, or a stale one, every cold start compiles anew."""

import os
import subprocess
from pathlib import Path

from infra.packaging.faults import PackagingFailed
from infra.packaging.runtime import runtime_python

# Where Lambda unpacks: what tracebacks tell, and nothing of the building machine.
PLACE = "/var/task"
# Run by the runtime's Python. PEP 552: word 1 is the kind (0b01: a hash of the source, unchecked), then the hash.
_LOOK = """
import importlib.util as u, pathlib, sys
folder = pathlib.Path(sys.argv[1])
for source in sorted(folder.rglob("*.py")):
    compiled = pathlib.Path(u.cache_from_source(source))
    head = compiled.read_bytes()[:16] if compiled.exists() else b""
    wanted = u.MAGIC_NUMBER + (1).to_bytes(4, "little") + u.source_hash(source.read_bytes())
    if head != wanted:
        print(source.relative_to(folder))
"""


def compile_all(folder: Path) -> None:
    """Raises PackagingFailed naming what does not compile."""
    done = _run(
        *("-m", "compileall", "-q", "-f", "-j", "0"),
        *("--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", PLACE, str(folder)),
    )
    if done.returncode:
        raise PackagingFailed(f"Some files do not compile:\n{done.stdout}{done.stderr}")


def without_byte_code(folder: Path) -> list[str]:
    """The sources whose byte code is missing, stale or another Python's."""
    done = _run("-c", _LOOK, str(folder))
    if done.returncode:
        raise PackagingFailed(f"The byte code could not be looked at:\n{done.stderr}")
    return done.stdout.splitlines()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without site-packages of its own, and with a fixed hash seed."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    command = [runtime_python(), "-s", "-S", "-P", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
