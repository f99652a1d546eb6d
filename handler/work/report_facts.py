"""What the reports are made of, read from the tables: figures as they may be shown, and what waits for somebody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from handler.tables import askings, counts
from handler.tables.responses import Place
from handler.work.actions import open_actions
from handler.work.comments import handling, readable
from handler.work.parts import Parts
from handler.work.results import GroupResults, large_results, unit_results
from handler.work.sendings import Asked, asked, sending_columns_by_month
from survey_flow.closing import SAFETY_TEXTS
from survey_flow.figures import GroupFigures
from survey_flow.helsinki import HELSINKI
from survey_flow.language import Language
from survey_flow.organisation import Unit
from survey_flow.publication import Period, month_after, month_of, months_between
from survey_flow.report import SILENCE, MonthlyFacts, may_be_silent
from survey_flow.report_group import GroupFacts
from survey_flow.report_quarter import QuarterFacts, UnitFacts
from survey_flow.survey import Kind


def monthly_facts(parts: Parts, unit: Unit, language: Language) -> MonthlyFacts:
    """Of the month before this one, whose books are closed."""
    today = parts.today()
    month = month_after(month_of(today), -1)
    sent = asked(parts, unit)
    return MonthlyFacts(
        unit=unit,
        month=month,
        day=today,
        asked_before=sent.last_month,
        asked_now=sent.this_month,
        silent=_is_silent(parts, unit, sent),
        groups=_groups(parts, unit, month, language),
        comments_overdue=handling(parts, readable(parts, unit)).overdue,
        comment_days=parts.library.organisation.comment_days,
        actions_overdue=sum(action.is_overdue(today) for action in open_actions(unit)),
    )


def quarter_facts(parts: Parts, months: Sequence[str], language: Language) -> QuarterFacts:
    """Of the months of a quarter; the last quarter's report tells the year's safety texts, too."""
    units = parts.library.organisation.units.values()
    ends_the_year = months[-1].endswith("-12")
    return QuarterFacts(
        months=tuple(months),
        units=tuple(_unit(parts, unit, months, language) for unit in units),
        safety_texts=_safety_texts(parts, months[-1][:4]) if ends_the_year else None,
    )


def _is_silent(parts: Parts, unit: Unit, sent: Asked) -> bool:
    today = parts.today()
    if not may_be_silent(unit, today):
        return False
    if not sent.this_month and not sent.last_month:
        return True
    since = datetime.combine(today - SILENCE, time(), HELSINKI)
    return not any(
        askings.has_left_since(unit.id, survey, respondent, month, since=since)
        for respondent, survey in unit.asks(parts.library.surveys)
        for month in months_between(month_of(since.date()), month_of(today))
    )


def _groups(parts: Parts, unit: Unit, month: str, language: Language) -> tuple[GroupFacts, ...]:
    """Each group's latest cell that no longer grows."""
    found = [_settled(parts, unit, group) for group in unit_results(parts, unit)]
    named = [group.respondent for group in found]
    return tuple(
        GroupFacts(
            respondent=group.respondent,
            figures=group.figures,
            before=group.before,
            title=group.survey.title[language] if named.count(group.respondent) > 1 else "",
            newer_from=group.shown_from if _is_old(group, month) else None,
        )
        for group in found
    )


def _settled(parts: Parts, unit: Unit, group: GroupResults) -> GroupResults:
    """The group at its latest cell whose figures stay as they are: a report is read for a month, and does not grow."""
    if not group.figures.live:
        return group
    final, before = [*reversed(group.cells), None, None][1:3]
    return replace(group, figures=_over(parts, unit, group, final), before=_over(parts, unit, group, before))


def _over(parts: Parts, unit: Unit, group: GroupResults, period: Period | None) -> GroupFigures:
    if period is None:
        return GroupFigures()
    again = unit_results(parts, unit, period)
    return next(
        each.figures for each in again if (each.respondent, each.survey.id) == (group.respondent, group.survey.id)
    )


def _is_old(group: GroupResults, month: str) -> bool:
    """Whether the group's figures are hidden, or end before the report's month."""
    return group.figures.hidden or group.figures.months[-1] < month


def _unit(parts: Parts, unit: Unit, months: Sequence[str], language: Language) -> UnitFacts:
    groups = large_results(parts, unit, Period(months[0], months[-1]))
    sent = sending_columns_by_month(parts, unit, months)
    return UnitFacts(
        name=unit.name[language],
        invited=sum(columns.get("invited", 0) for columns in sent.values()),
        groups=tuple(group.figures for group in groups),
        has_index=any(question.kind is Kind.NPS for group in groups for question in group.survey.questions),
    )


def _safety_texts(parts: Parts, year: str) -> int:
    """Of the whole organisation, groups that are hidden among them: told once a year, and never by unit."""
    units = parts.library.organisation.units.values()
    asked_of = [(unit.id, survey, group) for unit in units for group, survey in unit.asks(parts.library.surveys)]
    months = months_between(f"{year}-01", f"{year}-12")
    books = counts.books(Place(*group, month) for group in (*asked_of, counts.NOBODYS) for month in months).values()
    return sum(columns.get(SAFETY_TEXTS, 0) for book in books for columns in book.values())
