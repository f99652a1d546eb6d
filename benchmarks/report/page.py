"""docs/benchmarks.md and its pictures, from what is on the shelf."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.report import targets
from benchmarks.report.count_tables import messages, replies, units
from benchmarks.report.load_tables import load, soak
from benchmarks.report.measuring import PARTS, SOAK
from benchmarks.report.shelf import Part, Shelf
from benchmarks.report.speed_tables import imports, settings, speed
from benchmarks.report.words import Shown, measured, measured_with

TEMPLATE = Path(__file__).resolve().parent / "template.md"
_TABLES = {
    "speed": speed,
    "settings": settings,
    "imports": imports,
    "units": units,
    "load": load,
    SOAK: soak,
    "replies": replies,
    "messages": messages,
}
_NEVER = "Not measured yet: `make benchmark ARGS={}`."


def write(shelf: Shelf) -> Path:
    """Parts that were never measured say so, and how to."""
    parts = {name: part for name in (*PARTS, SOAK) if (part := shelf.kept(name))}
    shelf.pictures.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.read_text()
    for name, told in _places(parts, shelf).items():
        text = text.replace(f"{{{{{name}}}}}", told)
    shelf.page.write_text(text)
    return shelf.page


def _places(parts: Mapping[str, Part], shelf: Shelf) -> dict[str, str]:
    """What stands in the places of the template."""
    return {
        "targets": _targets(parts),
        "machine": measured_with(parts),
        **{name: _section(name, parts.get(name), shelf) for name in _TABLES},
    }


def _targets(parts: Mapping[str, Part]) -> str:
    found = [*targets.targets({name: part.found for name, part in parts.items()}), targets.of_itself(_seconds(parts))]
    rows = "\n".join(target.row() for target in found)
    trial = "**A trial, too short to mean anything.** " if any(part.trial for part in parts.values()) else ""
    table = f"| What | wanted | measured | |\n| --- | --- | --- | --- |\n{rows}"
    return f"{trial}**{targets.summed_up(found)}**\n\n{table}"


def _seconds(parts: Mapping[str, Part]) -> float | None:
    return sum(parts[name].seconds for name in PARTS) if parts.keys() >= PARTS.keys() else None


def _section(name: str, part: Part | None, shelf: Shelf) -> str:
    if part is None:
        return _NEVER.format('"--soak 600"' if name == SOAK else f'"--only {name}"')
    shown = _TABLES[name](part.found)
    _draw(shown, shelf.pictures)
    return f"{shown.text}\n\n{measured(part)} [Raw figures]({shelf.link(name)})."


def _draw(shown: Shown, folder: Path) -> None:
    for file, svg in shown.pictures.items():
        (folder / file).write_text(svg)
