"""`python -m benchmarks.report` (`make benchmark`): measures everything but the soak, and writes docs/benchmarks.md.

`--only speed` measures that part alone (and again); `--soak 600` the soak, for so many seconds; `--write` measures
nothing. Each time the page is written from all that is kept in benchmarks/results/.
"""

import argparse
import signal
import sys

from benchmarks.report import measuring
from benchmarks.report.page import write
from local.ministack import Missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=measuring.PARTS, action="append")
    parser.add_argument("--soak", type=float, metavar="SECONDS")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whoever is ended ends what it started
    try:
        if asked.soak:
            measuring.measure_soak(asked.soak)
        elif asked.only:
            for part in asked.only:
                measuring.keep(part, measuring.PARTS[part]())
        elif not asked.write:
            measuring.measure_all()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    print(f"Written: {write()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
