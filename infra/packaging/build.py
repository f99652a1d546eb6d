"""Building: the locked requirements, our own code, what is left out, byte code, checks, the zip and its list."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.packaging.archive import write_zip
from infra.packaging.binaries import foreign_binaries
from infra.packaging.byte_code import compile_all, without_byte_code
from infra.packaging.cold_start_code import compile_for_cold_starts
from infra.packaging.faults import PackagingFailed
from infra.packaging.forbidden import forbidden_files
from infra.packaging.leave_out import leave_out, rules
from infra.packaging.own_code import compile_templates, copy_own
from infra.packaging.platforms import Platform, this_machine
from infra.packaging.requirements import REQUIREMENTS, ROOT, install
from infra.packaging.sbom import made_sbom

ZIP = "kuulolla.zip"
SBOM = "sbom.json"


@dataclass(frozen=True, slots=True)
class Package:
    """What was made. Sizes in bytes; `left_out` tells how many files each pattern of left_out.toml named."""

    path: Path
    sbom: Path
    platform: Platform
    zipped: int
    unpacked: int
    left_out: Mapping[str, int]


def build(target: Path, platform: Platform, root: Path = ROOT) -> Package:
    """Makes the zip and its list in the folder `target`. Raises ToolMissing, or PackagingFailed with every fault."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kuulolla-") as made:
        folder = Path(made, "package")
        left_out = fill(folder, platform, root)
        check(folder, platform)
        package, sbom = target / ZIP, target / SBOM
        write_zip(folder, package)
        sbom.write_text(made_sbom(folder, package), encoding="utf-8")
        unpacked = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Package(package, sbom, platform, package.stat().st_size, unpacked, left_out)


def fill(folder: Path, platform: Platform, root: Path = ROOT) -> Mapping[str, int]:
    """Everything that the package holds, in the folder. Gives what was left out, by pattern."""
    install(folder, REQUIREMENTS, platform)
    copy_own(folder, root)
    with tempfile.TemporaryDirectory(prefix="kuulolla-") as made:
        libraries = _runnable(folder, platform, Path(made, "libraries"))
        compile_templates(folder, libraries, root)
        compile_for_cold_starts(folder, libraries, root)
    left_out = leave_out(folder, rules())
    compile_all(folder)
    return left_out


def check(folder: Path, platform: Platform) -> None:
    """Raises PackagingFailed with a sentence for every file that is not as it should be."""
    wrong = [f"{name} is no binary for {platform}." for name in foreign_binaries(folder, platform)]
    wrong += [f"{name} does not belong into a package." for name in forbidden_files(folder)]
    wrong += [f"{name} has no valid byte code." for name in without_byte_code(folder)]
    wrong += [f"{path.relative_to(folder)} is a link." for path in folder.rglob("*") if os.path.islink(path)]
    if wrong:
        raise PackagingFailed("\n".join(wrong))


def _runnable(folder: Path, platform: Platform, elsewhere: Path) -> Path:
    """Where the requirements lie that run on this machine: in the folder itself, or installed once more."""
    if platform is this_machine():
        return folder
    install(elsewhere, REQUIREMENTS, None)
    return elsewhere
