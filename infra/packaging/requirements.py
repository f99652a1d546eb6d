"""The locked requirements, installed into a folder: hashes checked, wheels only, nothing built on this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from infra.packaging.faults import PackagingFailed, ToolMissing
from infra.packaging.platforms import Platform
from infra.packaging.runtime import RUNTIME, runtime_python

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIREMENTS = ROOT / "requirements.txt"


def install(folder: Path, requirements: Path, platform: Platform | None) -> None:
    """For the platform, or for this machine. Raises ToolMissing or PackagingFailed.

    The files may be links to those of uv's cache: whoever changes the folder removes and adds, and writes into none.
    """
    foreign = ["--python-platform", platform.wheels, "--python-version", RUNTIME] if platform else []
    command = [
        *(str(_uv()), "pip", "install", "--quiet"),
        *("--target", str(folder), "--python", str(runtime_python()), *foreign),
        *("--only-binary", ":all:", "--require-hashes", "-r", str(requirements)),
    ]
    done = subprocess.run(
        command, env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PackagingFailed(f"The locked requirements could not be installed:\n{done.stderr.strip()}")


def _uv() -> Path:
    """Beside this Python (make setup), else on the path."""
    beside = Path(sys.executable).parent / "uv"
    found = beside if beside.exists() else shutil.which("uv")
    if not found:
        raise ToolMissing("uv is missing: get it with 'make setup'.")
    return Path(found)
