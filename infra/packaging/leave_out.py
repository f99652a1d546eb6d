"""Leaving out what the functions do not need, by the rules of left_out.toml."""

import csv
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

RULES = Path(__file__).parent / "left_out.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    why: str
    files: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()

    def matched_by(self, pattern: str, paths: list[str]) -> list[str]:
        return [path for path in paths if fnmatchcase(path, pattern) and not self.keeps(path)]

    def keeps(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.keep)


def rules(file: Path = RULES) -> list[Rule]:
    read = tomllib.loads(file.read_text(encoding="utf-8"))["rule"]
    return [Rule(**{name: value if name == "why" else tuple(value) for name, value in rule.items()}) for rule in read]


def leave_out(folder: Path, by: list[Rule]) -> Mapping[str, int]:
    """Removes what the rules name. Gives how many files each pattern or distribution named."""
    paths = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if not path.is_dir()]
    named: dict[str, list[str]] = {}
    for rule in by:
        for pattern in rule.files:
            named[pattern] = rule.matched_by(pattern, paths)
        for distribution in rule.distributions:
            named[distribution] = files_of(folder, distribution)
    for path in {path for found in named.values() for path in found}:
        (folder / path).unlink()
    _remove_empty_folders(folder)
    return {pattern: len(found) for pattern, found in named.items()}


def files_of(folder: Path, distribution: str) -> list[str]:
    """What the distribution installed, by its own RECORD; none when it is not there."""
    found = next((path for path in folder.glob("*.dist-info") if name_of(path) == normal_name(distribution)), None)
    if found is None:
        return []
    with (found / "RECORD").open(encoding="utf-8", newline="") as record:
        paths = [row[0] for row in csv.reader(record) if row]
    return sorted(path for path in paths if not path.startswith("..") and (folder / path).exists())


def name_of(dist_info: Path) -> str:
    return normal_name(dist_info.name.removesuffix(".dist-info").rpartition("-")[0])


def normal_name(name: str) -> str:
    """One spelling of a name: https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


def _remove_empty_folders(folder: Path) -> None:
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            shutil.rmtree(path)
