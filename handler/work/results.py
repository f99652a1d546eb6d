"""A unit's results, as its books publish them (books.py): never by looking through responses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handler.work.books import GroupBook, group_books
from handler.work.parts import Parts
from survey_flow.figures import GroupFigures, group_figures
from survey_flow.organisation import Unit
from survey_flow.publication import (
    INDICATIVE_UNDER,
    Period,
    month_after,
    month_of,
    months_between,
    next_shown,
    with_data,
    within,
)
from survey_flow.question_figures import question_cells
from survey_flow.statistics import Nps, mean, nps_of
from survey_flow.survey import Kind, Survey


class Compare(StrEnum):
    """What a period is compared with: the one before it, or the same months a year earlier."""

    BEFORE = "before"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One published cell in a trend: who answered the recommendation question, and the means of the statements."""

    months: tuple[str, ...]
    n: int
    nps: Nps | None
    means: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GroupResults:
    """One respondent group of a unit: its survey, its figures over the period and before it, its course.

    `before` is hidden where there is nothing to compare with; more may be shown from the day `shown_from` on.
    """

    respondent: str
    survey: Survey
    figures: GroupFigures
    before: GroupFigures
    trend: tuple[TrendPoint, ...]
    cells: tuple[Period, ...]
    shown_from: date


@dataclass(frozen=True, slots=True)
class _Read(GroupBook):
    """A group's book with the survey that it is read by."""

    survey: Survey


def unit_results(
    parts: Parts, unit: Unit, period: Period | None = None, compare: Compare = Compare.BEFORE
) -> list[GroupResults]:
    """Each respondent group over a period, or over its own latest cell; surveys asked by name only once shown."""
    own = set(unit.surveys.items())
    return [
        _results(parts, read, period, compare)
        for read in _read(parts, unit)
        if read.shown or (read.respondent, read.survey.id) in own
    ]


@dataclass(frozen=True, slots=True)
class LargeResults:
    """A group's figures for everybody: final, and every number a sum of twenty answers or more. Nothing smaller."""

    respondent: str
    survey: Survey
    figures: GroupFigures


def large_results(parts: Parts, unit: Unit, period: Period) -> list[LargeResults]:
    """Over a period, every group of the unit; hidden figures where nothing is large enough."""
    return [
        LargeResults(
            read.respondent,
            read.survey,
            group_figures(read.survey, read.shown, read.book, period, at_least=INDICATIVE_UNDER),
        )
        for read in _read(parts, unit)
    ]


def latest_year(parts: Parts) -> Period:
    """The twelve months before this one."""
    this_month = month_of(parts.today())
    return Period(month_after(this_month, -12), month_after(this_month, -1))


def _read(parts: Parts, unit: Unit) -> list[_Read]:
    surveys = parts.library.surveys
    return [
        _Read(book.respondent, book.survey_id, book.slots, book.book, book.shown, surveys[book.survey_id])
        for book in group_books(parts, unit, unit.asks(surveys))
    ]


def _results(parts: Parts, read: _Read, period: Period | None, compare: Compare) -> GroupResults:
    chosen = period or (read.shown[-1].period if read.shown else None)
    figures = group_figures(read.survey, read.shown, read.book, chosen)
    if chosen is None or figures.hidden:
        return _described(parts, read, figures, GroupFigures())
    return _described(
        parts, read, figures, group_figures(read.survey, read.shown, read.book, _earlier(read, chosen, period, compare))
    )


def _earlier(read: _Read, chosen: Period, asked_for: Period | None, compare: Compare) -> Period:
    """The period to compare with. Of a group's latest cell the one before is the cell before, however long it is.

    There is none a year before what is longer than a year: the two would have answers in common.
    """
    length = len(months_between(chosen.first, chosen.last))
    if compare is Compare.YEAR and length > 12:
        return Period("", "")
    if compare is Compare.YEAR:
        return Period(month_after(chosen.first, -12), month_after(chosen.last, -12))
    if asked_for is None:
        before = [cell.period for cell in read.shown if cell.months[-1] < chosen.first]
        return before[-1] if before else Period("", "")
    return Period(month_after(chosen.first, -length), month_after(chosen.last, -length))


def _described(parts: Parts, read: _Read, figures: GroupFigures, before: GroupFigures) -> GroupResults:
    return GroupResults(
        respondent=read.respondent,
        survey=read.survey,
        figures=figures,
        before=before,
        trend=_trend(read),
        cells=tuple(cell.period for cell in read.shown),
        shown_from=next_shown(read.slots, parts.today()),
    )


def _trend(read: _Read) -> tuple[TrendPoint, ...]:
    """A point a cell; a question that too few answered in it is missing from it, or comes with a later one."""
    ordered = [question for question in read.survey.questions if question.kind in (Kind.NPS, Kind.SCALE)]
    by_question = {question.id: question_cells(question, read.shown, read.book) for question in ordered}
    points = []
    for cell in read.shown:
        nps: Nps | None = None
        means: dict[str, float] = {}
        for question in ordered:
            for found in within(by_question[question.id], cell.period):
                counted = {digit: found.columns.get(f"{question.stem}_{digit}", 0) for digit in question.values}
                if question.kind is Kind.NPS:
                    nps = nps or nps_of(counted)
                else:
                    means[question.id] = mean(counted) or 0.0
        points.append(TrendPoint(with_data(cell.months, read.book), cell.n, nps, means))
    return tuple(points)
