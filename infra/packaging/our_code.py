"""Running a program over our own code with the runtime's Python, the same way each time."""

import os
import subprocess
from pathlib import Path

from infra.packaging.faults import PackagingFailed
from infra.packaging.runtime import runtime_python


def run_over(root: Path, libraries: Path, program: str, *arguments: Path, what: str) -> None:
    """`libraries` holds the requirements for this machine. With a fixed hash seed: the order of sets is part of the
    bytes. Raises PackagingFailed, which says `what` failed."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(libraries), str(root))),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [runtime_python(), "-s", "-S", "-P", "-c", program, *arguments]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackagingFailed(f"{what} could not be compiled:\n{done.stderr.strip()}")
