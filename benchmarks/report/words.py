"""What the parts of the page have in common: how a figure is written, and with what a part was measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.figures import Spread
from benchmarks.markdown import line
from benchmarks.report.shelf import Part


@dataclass(frozen=True, slots=True)
class Shown:
    """A part as Markdown, and its pictures by file name."""

    text: str
    pictures: Mapping[str, str] = field(default_factory=dict)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The first column to the left, the others to the right."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(line(*cells) for cells in lines)


def quartiles(found: Spread) -> str:
    return f"{found.median:,.0f} ({found.low:,.0f}-{found.high:,.0f})"


def file_of(name: str) -> str:
    return f"benchmarks-{name}.svg"


def picture(name: str, words: str) -> str:
    return f"![{words}](pictures/{file_of(name)})"


def measured(part: Part) -> str:
    """When, how long, how busy the machine was, and on which engine."""
    trial = "A trial. " if part.trial else ""
    engine = f" on {part.found['engine']}" if "engine" in part.found else ""
    told = f" {part.found['told']}" if part.found.get("told") else ""
    return f"{trial}Made on {part.day} in {part.seconds:.0f} s{engine}, load {part.load_before:.1f} before.{told}"


def measured_with(parts: Mapping[str, Part]) -> str:
    """Machine and versions, each once; with the parts that it was, where there is more than one."""
    by: dict[str, list[str]] = {}
    for name, part in parts.items():
        by.setdefault(_machine(part.machine), []).append(name)
    if len(by) == 1:
        return next(iter(by))
    return "\n\n".join(f"*{', '.join(names)}:* {told}" for told, names in by.items())


def _machine(found: Mapping[str, Any]) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in found["libraries"].items())
    return (
        f"{found['cores']} cores ({found['processor']}, {found['memory_gb']:.0f} GB, {found['system']}), "
        f"Python {found['python']}, {libraries}. Java: {found['java']}."
    )
