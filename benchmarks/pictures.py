"""Charts as SVG, by hand: bars with quartiles, and lines over time. Black on white, so that they print and can be read
in a dark window; each has its title and its figures as text."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.figures import Spread

WIDTH, LEFT, RIGHT, TOP, ROW = 760, 230, 80, 46, 34
_BLUE, _GREY, _DARK = "#1f5fa8", "#c8d6e8", "#1b1b1b"
_PLOT = WIDTH - LEFT - RIGHT


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    points: Sequence[tuple[float, float]]


def boxes(title: str, unit: str, rows: Sequence[tuple[str, Spread]]) -> str:
    """A row each: the box from the lower to the upper quartile, the median as a line, and its figure."""
    most = max(row.high for _, row in rows) * 1.15
    parts = [_text(10, 26, title, size=16, bold=True)]
    for place, (name, row) in enumerate(rows):
        y = TOP + place * ROW
        low, middle, high = (LEFT + _PLOT * value / most for value in (row.low, row.median, row.high))
        parts += [
            _text(LEFT - 10, y + 20, name, anchor="end"),
            f'<rect x="{LEFT}" y="{y + 12}" width="{middle - LEFT:.1f}" height="8" fill="{_GREY}"/>',
            f'<rect x="{low:.1f}" y="{y + 6}" width="{max(1.0, high - low):.1f}" height="20" fill="{_BLUE}"/>',
            f'<line x1="{middle:.1f}" y1="{y + 3}" x2="{middle:.1f}" y2="{y + 29}" stroke="{_DARK}" stroke-width="3"/>',
            _text(high + 8, y + 20, f"{row.median:,.3g} {unit}" if row.median < 100 else f"{row.median:,.0f} {unit}"),
        ]
    return _page(title, TOP + len(rows) * ROW + 14, parts)


def pairs(title: str, rows: Sequence[tuple[str, float, float, str]]) -> str:
    """Before and after, each pair on the scale of its own before: name, before, after, unit."""
    parts = [_text(10, 26, title, size=16, bold=True)]
    left, plot = 470, WIDTH - 470 - 120
    for place, (name, before, after, unit) in enumerate(rows):
        y = TOP + place * ROW
        longest = max(before, after)
        parts += [
            _text(left - 10, y + 20, name, anchor="end", size=12),
            f'<rect x="{left}" y="{y + 4}" width="{plot * before / longest:.1f}" height="10" fill="{_GREY}"/>',
            f'<rect x="{left}" y="{y + 16}" width="{plot * after / longest:.1f}" height="10" fill="{_BLUE}"/>',
            _text(left + plot + 8, y + 20, f"{before:,.0f} → {after:,.0f} {unit}", size=12),
        ]
    return _page(title, TOP + len(rows) * ROW + 14, parts)


def lines(title: str, across: str, up: str, series: Sequence[Series], *, dots: bool = False) -> str:
    """Values over time, from zero up; the first series in blue, the second in black."""
    height, bottom = 330, 280
    points = [point for one in series for point in one.points]
    first, last = min(x for x, _ in points), max(x for x, _ in points)
    most = _round_above(max(y for _, y in points))
    left, plot = 70, WIDTH - 70 - 30

    def at(x: float, y: float) -> tuple[float, float]:
        return left + plot * (x - first) / ((last - first) or 1), bottom - (bottom - TOP) * y / most

    parts = [_text(10, 26, title, size=16, bold=True), _text(WIDTH / 2, height - 12, across, anchor="middle")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        _, y = at(first, most * share)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - 30}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(_text(left - 8, y + 4, f"{most * share:,.0f}", anchor="end", size=12))
        x = first + (last - first) * share
        told = f"{x:,.0f}" if last - first > 20 else f"{x:.1f}"
        parts.append(_text(at(x, 0)[0], bottom + 18, told, anchor="middle", size=12))
    parts.append(_text(left, TOP - 6, up, size=12))
    for colour, one in zip((_BLUE, _DARK), series, strict=False):
        placed = [at(x, y) for x, y in one.points]
        if dots:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>' for x, y in placed]
        else:
            joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
            parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
    names = [f"{one.name} ({colour})" for colour, one in zip(("blue", "black"), series, strict=False)]
    parts.append(_text(WIDTH - 30, TOP - 6, ", ".join(names), anchor="end", size=12))
    return _page(title, height, parts)


def _round_above(value: float) -> float:
    """The next value whose quarters are easy to read: 2, 4, 8, 10, 20 ..."""
    size = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(float(size * step) for step in (2, 4, 8, 10, 20) if size * step > value)


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 14, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight} fill="{_DARK}">'
        f"{escape(text)}</text>"
    )


def _page(title: str, height: int, parts: Sequence[str]) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif">\n<title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n{inside}\n</svg>\n'
    )
