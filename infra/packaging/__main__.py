"""The command: python -m infra.packaging [--platform arm64|x86_64] [--target build]"""

import argparse
import sys
from pathlib import Path

from infra.packaging.bounds import MOST_IMPORT_RATIO, faults_of_import, faults_of_size
from infra.packaging.build import Package, build
from infra.packaging.faults import PackagingFailed, ToolMissing
from infra.packaging.import_time import measured_here
from infra.packaging.platforms import Platform

MEGABYTE = 1_000_000


def main() -> int:
    asked = _arguments()
    try:
        package = build(asked.target, asked.platform)
        _tell(package)
        wrong = faults_of_size(package.zipped, package.unpacked)
        if not asked.no_import_time:
            wrong += _import_time(package)
    except ToolMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    except PackagingFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.packaging", description=__doc__)
    parser.add_argument("--platform", type=Platform, choices=list(Platform), default=Platform.ARM64)
    parser.add_argument("--target", type=Path, default=Path("build"), help="the folder that gets the zip and its list")
    parser.add_argument("--no-import-time", action="store_true", help="do not measure how long imports take")
    return parser.parse_args()


def _tell(package: Package) -> None:
    print(f"{package.path} for {package.platform}, and what is inside: {package.sbom}")
    print(f"Size: {package.zipped / MEGABYTE:.1f} MB zipped, {package.unpacked / MEGABYTE:.1f} MB unpacked.")


def _import_time(package: Package) -> list[str]:
    """Of this package, or of the same one made for this machine."""
    measured = measured_here(package, MOST_IMPORT_RATIO)
    if measured is None:
        print("Import time: not measured, for no such package runs on this machine.")
        return []
    print(measured.told())
    return faults_of_import(measured.ratio)


if __name__ == "__main__":
    sys.exit(main())
