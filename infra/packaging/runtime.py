"""The Python that Lambda runs, on this machine: byte code is made by it, and by no other."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from infra.packaging.faults import ToolMissing

# The minor version of `runtime` in serverless.yml; a test compares them.
RUNTIME = "3.13"
_SECONDS_TO_START = 20


@cache
def runtime_python() -> Path:
    """An interpreter of the runtime's version. Raises ToolMissing with a sentence."""
    for candidate in _candidates():
        if _version(candidate) == RUNTIME:
            return candidate
    raise ToolMissing(
        f"Python {RUNTIME}, which Lambda runs, is needed to make its byte code, and was not found on this machine: "
        f"install it (with your system's packages, pyenv or uv), or name it with KUULOLLA_RUNTIME_PYTHON."
    )


def has_runtime() -> bool:
    try:
        return bool(runtime_python())
    except ToolMissing:
        return False


def _candidates() -> Iterator[Path]:
    """Named by the environment, on the path, kept by pyenv, kept by uv."""
    if named := os.environ.get("KUULOLLA_RUNTIME_PYTHON"):
        yield Path(named)
    for name in (f"python{RUNTIME}", "python3", "python"):
        if found := shutil.which(name):
            yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{RUNTIME}*/bin/python{RUNTIME}"), reverse=True)
    data = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    yield from sorted(data.glob(f"uv/python/cpython-{RUNTIME}*/bin/python{RUNTIME}"), reverse=True)


def _version(python: Path) -> str:
    """Asked by running it: a shim on the path may name an interpreter that is not there."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run(
            [python, "-I", "-c", ask], capture_output=True, text=True, check=True, timeout=_SECONDS_TO_START
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()


if __name__ == "__main__":
    try:
        print(runtime_python())
    except ToolMissing as missing:
        sys.exit(str(missing))
