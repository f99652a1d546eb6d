"""`python -m benchmarks.report` (`make benchmark`): measures everything but the soak, and writes docs/benchmarks.md.

`--only speed` measures that part alone (and again); `--soak 600` the soak, for so many seconds; `--write` measures
nothing. Each time the page is written from all that is kept in benchmarks/results/. `--trial FOLDER` measures next to
nothing and writes there, to see that everything works.
"""

import argparse
import signal
import sys
from pathlib import Path

from benchmarks.report import measuring
from benchmarks.report.page import write
from benchmarks.report.scale import TRIAL, WHOLE
from benchmarks.report.shelf import OURS, elsewhere
from local.ministack import Missing


def main() -> int:
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever is ended ends what it started
    shelf, scale = (elsewhere(asked.trial), TRIAL) if asked.trial else (OURS, WHOLE)
    try:
        if asked.soak:
            measuring.measure_soak(shelf, asked.soak, scale)
        elif not asked.write:
            for name in asked.only or measuring.PARTS:
                measuring.measure(shelf, name, scale)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    print(f"Written: {write(shelf)}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--only", choices=measuring.PARTS, action="append")
    parser.add_argument("--soak", type=float, metavar="SECONDS")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--trial", type=Path, metavar="FOLDER")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
