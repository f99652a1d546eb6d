"""The places of help as their file lists them, for whoever has to verify them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handler.templates import TEMPLATES


@dataclass(frozen=True, slots=True)
class HelpLine:
    """`name` is by language; `verified` tells that somebody has called or looked it up."""

    number: str
    name: Mapping[str, str]
    hours: str
    languages: tuple[str, ...]
    verified: bool


def help_lines(folder: Path = TEMPLATES) -> list[HelpLine]:
    """As `surveys check` has let them pass."""
    read = tomllib.loads((folder / "safety_lines.toml").read_text(encoding="utf-8"))
    return [
        HelpLine(line["number"], line["name"], line["hours"], tuple(line["languages"]), line["verified"])
        for line in read["lines"]
    ]
