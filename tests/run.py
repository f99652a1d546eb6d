"""`make test`: lint, types, the surveys' check and the tests, one after another; the tests' closing line comes last.

With KUULOLLA_TEST_ALL=1 (CI) nothing may be left out: a missing part is a failure there, and a named gap elsewhere.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable

STEPS = (
    ("lint", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("types", [PYTHON, "-m", "mypy"]),
    ("surveys", [PYTHON, "-m", "flask", "--app", "handler.app", "surveys", "check"]),
    ("tests", [PYTHON, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *sys.argv[1:]]),
)


def main() -> int:
    failed = []
    for name, command in STEPS:
        print(f"--- {name}", flush=True)
        if _exit_code(command):
            failed.append(name)
    if failed:
        print(f"Not well: {', '.join(failed)}.")
    return 1 if failed else 0


def _exit_code(command: list[str]) -> int:
    """Ctrl-C reaches the step as well: it is waited for, so that it stops its servers and says what it had found."""
    step = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"})
    try:
        return step.wait()
    except KeyboardInterrupt:
        step.wait()
        sys.exit(130)


if __name__ == "__main__":
    sys.exit(main())
