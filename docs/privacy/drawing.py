"""Boxes, lines and marks of a drawing of data flows, as SVG on an A4 across.

Lengths are pixels of 96 to the inch. A mark tells how a phone number is there, by letter and colour, so that it can be
read when printed in grey, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 1122, 793
INK, PALE, LINE = "#1b1b1b", "#ffffff", "#5a5a5a"
FONT = "Verdana, DejaVu Sans, sans-serif"

CLEAR, SEALED, HASHED, ABSENT = "N", "S", "T", "0"
COLOURS = {CLEAR: "#a3121f", SEALED: "#7a4a00", HASHED: "#0b4f8a", ABSENT: "#2e6b2e"}


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    title: str
    lines: tuple[str, ...] = ()
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """From point to point by right angles; `at` is where its number stands."""

    number: int
    points: tuple[tuple[int, int], ...]
    at: tuple[int, int]
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    marks: str
    lines: tuple[str, str]


def page(title: str, meaning: str, parts: Sequence[str]) -> str:
    """The whole picture; `meaning` is heard where it cannot be seen."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-labelledby="title meaning" font-family="{FONT}" font-size="11">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="meaning">{escape(meaning)}</desc>',
        '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="{LINE}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PALE}"/>',
        text(14, 28, title, size=17, bold=True),
    )
    return "\n".join((*head, *parts, "</svg>", ""))


def text(x: float, y: float, words: str, *, size: float = 11, bold: bool = False, colour: str = INK) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{weight}>{escape(words)}</text>'


def legend(x: float, meanings: dict[str, str]) -> Iterator[str]:
    for mark, meaning in meanings.items():
        yield from _mark(x, 15, mark)
        yield text(x + 22, 27, meaning)
        x += 34 + 7 * len(meaning)


def boundary(box: Box) -> Iterator[str]:
    yield f'{_rectangle(box)} rx="8" fill="#f4f4f1" stroke="{LINE}" stroke-width="1.5" stroke-dasharray="7 4"/>'
    yield text(box.x + 10, box.y + 17, box.title, bold=True, size=11.5)


def boxed(box: Box) -> Iterator[str]:
    yield f'{_rectangle(box)} rx="4" fill="{PALE}" stroke="{INK}"/>'
    yield text(box.x + 8, box.y + 16, box.title, bold=True, size=12)
    for place, line in enumerate(box.lines, 1):
        yield text(box.x + 8, box.y + 18 + 13.5 * place, line)
    yield from _marks(box.x + box.width - 4, box.y + 4, box.marks)


def table(box: Box, rows: Sequence[Row]) -> Iterator[str]:
    """Rows of equal height under the box's title."""
    yield from boxed(box)
    height = (box.height - 22) / len(rows)
    for place, row in enumerate(rows):
        top = box.y + 22 + height * place
        yield f'<path d="M{box.x} {top:g}h{box.width}" stroke="{LINE}" stroke-width="0.5"/>'
        yield text(box.x + 8, top + 11.5, row.name, bold=True)
        for number, line in enumerate(row.lines, 1):
            yield text(box.x + 8, top + 11.2 + 11.4 * number, line, size=10.5)
        yield from _marks(box.x + box.width - 4, top + 3, row.marks)


def led(flow: Flow) -> Iterator[str]:
    path = "M" + "L".join(f"{x} {y}" for x, y in flow.points)
    start = ' marker-start="url(#end)"' if flow.both_ways else ""
    yield f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.5" marker-end="url(#end)"{start}/>'


def numbered(flow: Flow) -> Iterator[str]:
    x, y = flow.at
    yield f'<circle cx="{x}" cy="{y}" r="8.5" fill="{INK}"/>'
    yield _middle(x, y + 3.8, str(flow.number))


def told(lines: Sequence[str], *, y: float, columns: int = 2) -> Iterator[str]:
    each = -(-len(lines) // columns)
    for place, words in enumerate(lines):
        column, row = divmod(place, each)
        yield text(14 + column * WIDTH / columns, y + 12.4 * row, words, size=10.5)


def overlapping(boxes: Sequence[Box]) -> list[tuple[str, str]]:
    return [
        (one.title, other.title)
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    ]


def _rectangle(box: Box) -> str:
    return f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'


def _marks(right: float, y: float, marks: str) -> Iterator[str]:
    for place, mark in enumerate(reversed(marks)):
        yield from _mark(right - 16 - 18 * place, y, mark)


def _mark(x: float, y: float, mark: str) -> Iterator[str]:
    yield f'<rect x="{x:g}" y="{y:g}" width="16" height="16" rx="3" fill="{COLOURS[mark]}"/>'
    yield _middle(x + 8, y + 12.2, mark)


def _middle(x: float, y: float, words: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{PALE}" font-weight="bold" text-anchor="middle">{escape(words)}</text>'
