"""Where raw figures are kept, each part with its machine and day, and the page that is written from them."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Part:
    """What one part measured, in `seconds`; `load_before` is the machine's, of its last minute. A trial is too short to
    be taken for a measurement."""

    found: Any
    day: str
    seconds: float
    load_before: float
    trial: bool
    machine: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part is a file in `results`; pictures stand beside the page."""

    results: Path
    page: Path

    @property
    def pictures(self) -> Path:
        return self.page.parent / "pictures"

    def kept(self, name: str) -> Part | None:
        """What was measured last, None when it never was."""
        path = self._of(name)
        return Part(**json.loads(path.read_text())) if path.exists() else None

    def keep(self, name: str, part: Part) -> None:
        self.results.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_rounded(asdict(part)), ensure_ascii=False, separators=(",", ":"))
        self._of(name).write_text(f"{text}\n")

    def link(self, name: str) -> str:
        """From the page to the part's file."""
        return os.path.relpath(self._of(name), self.page.parent)

    def _of(self, name: str) -> Path:
        return self.results / f"{name}.json"


OURS = Shelf(_ROOT / "benchmarks" / "results", _ROOT / "docs" / "benchmarks.md")


def elsewhere(folder: Path) -> Shelf:
    """For a trial, which writes over nothing."""
    return Shelf(folder / "results", folder / "benchmarks.md")


def _rounded(found: Any) -> Any:
    """To a thousandth: the clock knows no more."""
    if isinstance(found, float):
        return round(found, 3)
    if isinstance(found, dict):
        return {str(key): _rounded(value) for key, value in found.items()}
    return [_rounded(each) for each in found] if isinstance(found, list | tuple) else found
