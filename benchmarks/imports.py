"""What the webhooks' function imports at a cold start, and where it goes: python -m benchmarks.imports

Builds the package for this machine, measures it as `python -m infra.packaging` does, and lists what costs most.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

from benchmarks.machine import described
from infra.packaging.build import build
from infra.packaging.faults import ToolMissing
from infra.packaging.import_time import ALONE, SMS, imports_of
from infra.packaging.platforms import this_machine
from infra.packaging.runtime import runtime_python

TIMES = 7
SHOWN = 25
_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def own_times(folder: Path, program: str) -> dict[str, int]:
    """Microseconds in each module itself: the least of several runs, for whatever is more is somebody else's."""
    runs = [_imported(folder, program) for _ in range(TIMES)]
    return {module: min(run.get(module, time) for run in runs) for module, time in runs[0].items()}


def _imported(folder: Path, program: str) -> dict[str, int]:
    command = [runtime_python(), "-s", "-S", "-P", "-X", "importtime", "-c", program]
    environment = {"PYTHONPATH": str(folder), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    told = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True).stderr
    return {module: int(time) for time, module in _LINE.findall(told)}


def main() -> int:
    here = this_machine()
    if here is None:
        print("No package runs on this system: Lambda has Linux on x86_64 and arm64.")
        return 1
    print(described())
    with tempfile.TemporaryDirectory(prefix="kuulolla-") as made:
        try:
            package = build(Path(made, "built"), here)
        except ToolMissing as missing:
            print(missing)
            return 2
        folder = Path(made, "unpacked")
        with ZipFile(package.path) as unpacking:
            unpacking.extractall(folder)
        print(imports_of(folder).told())
        alone, sms = own_times(folder, ALONE), own_times(folder, SMS)
        ours = {module: time for module, time in sms.items() if module not in alone}
        print(f"\n{len(ours)} modules beyond those, {sum(ours.values()) / 1000:.1f} ms in themselves; the costliest:")
        for module in sorted(ours, key=lambda name: -ours[name])[:SHOWN]:
            print(f"{ours[module] / 1000:8.2f} ms  {module}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
