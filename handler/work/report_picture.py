"""A small picture for a mail: the recommendation index on its scale, with its interval and the goal.

Mail programs show PNG and no SVG. It holds no text: what it shows stands beside it, and in its alternative text.
"""

from io import BytesIO
from math import hypot

import png

from survey_flow.report_group import Gauge

# Twice what it is shown at, for sharp screens; the ends of the scale lie inside by the point's radius.
WIDTH, HEIGHT = 1040, 88
_MIDDLE, _EDGE = HEIGHT / 2, 28
_SCALE_HALF, _BAND_HALF, _POINT_RADIUS = 8, 20, 20

Colour = tuple[int, int, int]
_GROUND, _SCALE, _BAND = (255, 253, 249), (224, 217, 203), (176, 210, 202)
_POINT, _ZERO, _GOAL = (15, 87, 82), (125, 138, 134), (156, 47, 28)


def picture(gauge: Gauge) -> bytes:
    """The PNG: the scale, the interval as a wide band, zero as a thin line, the goal as a dashed one, the index."""
    canvas = [[_GROUND] * WIDTH for _ in range(HEIGHT)]
    _bar(canvas, _at(-100), _at(100), _SCALE_HALF, _SCALE)
    _bar(canvas, _at(gauge.nps.low), _at(gauge.nps.high), _BAND_HALF, _BAND)
    _line(canvas, _at(0), half_width=1, half_height=30, colour=_ZERO)
    if gauge.goal is not None:
        _line(canvas, _at(gauge.goal), half_width=2, half_height=40, colour=_GOAL, dash=10)
    _bar(canvas, _at(gauge.nps.index), _at(gauge.nps.index), _POINT_RADIUS, _POINT)
    written = BytesIO()
    rows = ([level for pixel in row for level in pixel] for row in canvas)
    png.Writer(WIDTH, HEIGHT, greyscale=False, compression=9).write(written, rows)
    return written.getvalue()


def _at(number: float) -> float:
    """Where a number from -100 to 100 lies, in pixels from the left."""
    return _EDGE + (number + 100) / 200 * (WIDTH - 2 * _EDGE)


def _bar(canvas: list[list[Colour]], left: float, right: float, half: float, colour: Colour) -> None:
    """A bar with round ends, which begin and end a radius outside; of no length it is a disc."""
    for y in range(int(_MIDDLE - half) - 1, int(_MIDDLE + half) + 2):
        for x in range(max(0, int(left - half) - 1), min(WIDTH, int(right + half) + 2)):
            beyond = max(left - (x + 0.5), (x + 0.5) - right, 0)
            _blend(canvas, x, y, colour, half + 0.5 - hypot(beyond, y + 0.5 - _MIDDLE))


def _line(
    canvas: list[list[Colour]], at: float, *, half_width: int, half_height: int, colour: Colour, dash: int = 0
) -> None:
    for y in range(int(_MIDDLE) - half_height, int(_MIDDLE) + half_height):
        if dash and (y - int(_MIDDLE) + half_height) % (2 * dash) >= dash:
            continue
        for x in range(round(at) - half_width, round(at) + half_width):
            canvas[y][x] = colour


def _blend(canvas: list[list[Colour]], x: int, y: int, colour: Colour, cover: float) -> None:
    """Covers the pixel from 0 (not at all) to 1, so that round edges are smooth."""
    share = min(max(cover, 0.0), 1.0)
    under = canvas[y][x]
    canvas[y][x] = (
        round(under[0] + (colour[0] - under[0]) * share),
        round(under[1] + (colour[1] - under[1]) * share),
        round(under[2] + (colour[2] - under[2]) * share),
    )
