"""Known vulnerabilities of the locked requirements: python -m infra.packaging.audit

pip-audit asks PyPI's own service, so this needs the internet; what the service does not know is a failure here, never
a pass: without --strict pip-audit passes when it could ask nothing at all.
"""

import subprocess
import sys
from pathlib import Path

from infra.packaging.requirements import REQUIREMENTS, ROOT

PROGRAM = ROOT / ".tools" / "audit" / "bin" / "pip-audit"
_SECONDS = 300


def command(requirements: Path = REQUIREMENTS) -> list[str]:
    """Reads the locked file as it stands, and resolves and installs nothing."""
    return [str(PROGRAM), "--strict", "--disable-pip", "--require-hashes", "-r", str(requirements)]


def main() -> int:
    if not PROGRAM.exists():
        print("pip-audit is missing: get it with 'make audit'.", file=sys.stderr)
        return 2
    try:
        code = subprocess.run(command(), timeout=_SECONDS, check=False).returncode
    except subprocess.TimeoutExpired:
        code = 1
    if code:
        print("Not audited, or not clean: pip-audit's own words stand above.", file=sys.stderr)
    return 1 if code else 0


if __name__ == "__main__":
    sys.exit(main())
