"""What the organisation's quarterly report says: its units beside one another, in the order of its file, never ranked.

Units are compared from twenty answers on; sums are of what is shown, so that none tells what is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_flow.figures import GroupFigures
from survey_flow.publication import HIDDEN_UNDER, INDICATIVE_UNDER, month_after, months_between
from survey_flow.report_words import Speech
from survey_flow.statistics import nps


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit's quarter: the openings that left in it, and the figures of its groups, hidden ones among them.

    `has_index`: any of its surveys asks the recommendation question.
    """

    name: str
    invited: int
    groups: tuple[GroupFigures, ...]
    has_index: bool


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """`safety_texts` are the whole organisation's of the year that has ended; None in other quarters than the last."""

    months: tuple[str, ...]
    units: tuple[UnitFacts, ...]
    safety_texts: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's line. `few` is said instead of figures when fewer than twenty answered; `invited` is then the quarter's,
    and otherwise of the groups and months that the figures are of."""

    name: str
    invited: str
    responses: str = ""
    rate: str = ""
    index: str = ""
    interval: str = ""
    few: str = ""


@dataclass(frozen=True, slots=True)
class Quarterly:
    """The report in words, in the order in which it is read."""

    subject: str
    heading: str
    rows: tuple[Row, ...]
    total: Row | None
    notes: tuple[str, ...]
    safety: str


def quarter_before(month: str) -> tuple[str, ...]:
    """The three months of the calendar quarter before that of the month.

    >>> quarter_before("2027-01")
    ('2026-10', '2026-11', '2026-12')
    """
    into = (int(month[5:]) - 1) % 3
    return months_between(month_after(month, -into - 3), month_after(month, -into - 1))


def quarterly(speech: Speech, facts: QuarterFacts) -> Quarterly:
    """The report on these facts."""
    months = speech.months(facts.months)
    compared = [unit for unit in facts.units if _responses(unit) >= INDICATIVE_UNDER]
    return Quarterly(
        subject=speech.say("quarterly_subject", months=months),
        heading=speech.say("quarterly_heading", months=months),
        rows=tuple(_row(speech, unit) for unit in facts.units),
        total=_total(speech, compared) if len(compared) > 1 else None,
        notes=tuple(speech.say(key) for key in ("note_order", "note_twenty", "note_months")),
        safety=_safety(speech, facts),
    )


def _row(speech: Speech, unit: UnitFacts) -> Row:
    if _responses(unit) < INDICATIVE_UNDER:
        return Row(unit.name, speech.whole(unit.invited), few=speech.say("under_twenty"))
    index, reach = _index(speech, unit.groups)
    return Row(
        name=unit.name,
        invited=speech.whole(_invited(unit)),
        responses=speech.whole(_responses(unit)),
        rate=_rate(speech, unit),
        index=index if unit.has_index else speech.say("not_asked"),
        interval=reach,
    )


def _total(speech: Speech, compared: Sequence[UnitFacts]) -> Row:
    together = UnitFacts(
        name=speech.say("total"),
        invited=sum(_invited(unit) for unit in compared),
        groups=tuple(group for unit in compared for group in unit.groups),
        has_index=any(unit.has_index for unit in compared),
    )
    return _row(speech, together)


def _responses(unit: UnitFacts) -> int:
    return sum(group.responses for group in unit.groups)


def _invited(unit: UnitFacts) -> int:
    return sum(group.invited for group in unit.groups)


def _rate(speech: Speech, unit: UnitFacts) -> str:
    """Known when it is of every group: one with answers to another month's messages would raise it."""
    if any(group.rate is None for group in unit.groups if not group.hidden):
        return speech.say("unknown")
    return speech.percent(_responses(unit), _invited(unit))


def _index(speech: Speech, groups: Sequence[GroupFigures]) -> tuple[str, str]:
    """The index of all groups that may be shown, and its interval; fewer than twenty scores are not compared."""
    found = [group.index for group in groups if group.index is not None]
    together = nps(
        sum(each.promoters for each in found),
        sum(each.passives for each in found),
        sum(each.detractors for each in found),
    )
    if together is None or together.n < INDICATIVE_UNDER:
        return speech.say("under_twenty"), ""
    reach = speech.say("range", low=speech.whole(together.low), high=speech.whole(together.high))
    return speech.whole(together.index), reach


def _safety(speech: Speech, facts: QuarterFacts) -> str:
    if facts.safety_texts is None:
        return ""
    year = facts.months[-1][:4]
    if facts.safety_texts < HIDDEN_UNDER:
        return speech.say("safety_year_few", year=year)
    return speech.say("safety_year", year=year, n=facts.safety_texts)
