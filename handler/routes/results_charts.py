"""Where the parts of a chart lie: x in per cent of its width, so that it fits any page; y in pixels from the top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handler.routes.results_words import short_months
from handler.work.results import TrendPoint
from survey_flow.statistics import Interval, Nps

# The shades of answers, from the worst to the best.
SHADES = 7
# The index's axis, -100 to 100, with room above and below for what lies on the ends.
TREND_HEIGHT, _ROOM = 190, 12
# A small chart beside a statement.
SPARK_HEIGHT, _SPARK_ROOM = 30, 5


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: those who gave `digit`. `shade` is 0 (worst) to 6 (best)."""

    digit: int
    count: int
    at: float
    width: float
    shade: int


@dataclass(frozen=True, slots=True)
class Strip:
    """A mean on its scale: where it lies, its interval, the goal; in per cent of the scale's length."""

    at: float
    low: float | None = None
    high: float | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """One published cell's index: its place, its interval's ends, and what stands under it."""

    at: float
    y: float
    low: float
    high: float
    nps: Nps
    months: tuple[str, ...]
    under: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    dots: tuple[Dot, ...]
    goal: float | None
    ticks: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Spark:
    """A statement's means over the cells: the places of the points, and their values."""

    points: tuple[tuple[float, float], ...]
    values: tuple[tuple[tuple[str, ...], float], ...]


def shade(place: int, of: int) -> int:
    """The shade of an answer by its place (from 0) among so many: the ends always have the ends' shades."""
    return round((SHADES - 1) * place / (of - 1)) if of > 1 else SHADES - 1


def stacked(counts: Mapping[int, int]) -> tuple[Segment, ...]:
    """The parts of a bar, the lowest digit first; what nobody gave has none."""
    total, passed = sum(counts.values()), 0
    digits = sorted(counts)
    segments = []
    for place, digit in enumerate(digits):
        if count := counts[digit]:
            at, width = 100 * passed / total, 100 * count / total
            segments.append(Segment(digit, count, at, width, shade(place, len(digits))))
            passed += count
    return tuple(segments)


def strip(mean: float, interval: Interval | None, goal: float | None, *, low: int, high: int) -> Strip:
    """A mean on the scale from `low` to `high`; an interval that passes the scale's ends is cut there."""

    def place(value: float) -> float:
        return 100 * (min(max(value, low), high) - low) / (high - low)

    return Strip(
        at=place(mean),
        low=place(interval.low) if interval else None,
        high=place(interval.high) if interval else None,
        goal=place(goal) if goal is not None else None,
    )


def trend(points: Sequence[TrendPoint], goal: float | None) -> Trend | None:
    """The index over the cells that have one; None with fewer than two, which make no course."""
    told = [(point, point.nps) for point in points if point.nps]
    if len(told) < 2:
        return None
    dots = [
        Dot(
            at=_across(place, len(told)),
            y=_down(nps.index),
            low=_down(nps.low),
            high=_down(nps.high),
            nps=nps,
            months=point.months,
            under=short_months(point.months),
        )
        for place, (point, nps) in enumerate(told)
    ]
    ticks = tuple((index, _down(index)) for index in (100, 50, 0, -50, -100))
    return Trend(tuple(dots), _down(goal) if goal is not None else None, ticks)


def spark(points: Sequence[TrendPoint], question_id: str, *, low: int, high: int) -> Spark | None:
    """One statement's means; None with fewer than two."""
    told = [(point.months, point.means[question_id]) for point in points if question_id in point.means]
    if len(told) < 2:
        return None
    reach = SPARK_HEIGHT - 2 * _SPARK_ROOM
    places = [
        (_across(place, len(told)), _SPARK_ROOM + reach * (high - mean) / (high - low))
        for place, (_, mean) in enumerate(told)
    ]
    return Spark(tuple(places), tuple(told))


def _across(place: int, of: int) -> float:
    """The middle of the place-th of so many equal columns."""
    return 100 * (place + 0.5) / of


def _down(index: float) -> float:
    return _ROOM + (TREND_HEIGHT - 2 * _ROOM) * (100 - index) / 200
