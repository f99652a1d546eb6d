"""Why a group's figures are not shown, and from when they may be."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handler.work.results import GroupResults
from survey_flow.publication import Period, books_are_closed


class Why(StrEnum):
    """too few: they wait for more. joined: they are counted in a longer period. open: the period is not over yet.
    none: it is before the unit's first results."""

    TOO_FEW = "too_few"
    JOINED = "joined"
    OPEN = "open"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Hidden:
    """`shown_from` is the earliest day, `instead` the published period that holds the answers and its months."""

    why: Why
    shown_from: date
    instead: Period | None = None
    months: tuple[str, ...] = ()


def why_hidden(group: GroupResults, period: Period | None, *, first: str, today: date) -> Hidden | None:
    """None when the figures are shown. `first` is the first month of the unit's results."""
    if not group.figures.hidden:
        return None
    if period is None:
        return Hidden(Why.TOO_FEW, group.shown_from)
    if period.last < first:
        return Hidden(Why.NONE, group.shown_from)
    for cell, point in zip(group.cells, group.trend, strict=True):
        if cell.first <= period.last < cell.last:
            return Hidden(Why.JOINED, group.shown_from, cell, point.months)
    if not books_are_closed(period.first, today):
        return Hidden(Why.OPEN, group.shown_from)
    return Hidden(Why.TOO_FEW, group.shown_from)
