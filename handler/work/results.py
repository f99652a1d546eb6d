"""A unit's results, read from the counts: never by looking through responses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.parts import Parts
from survey_flow.figures import GroupFigures, added, group_figures
from survey_flow.organisation import Unit
from survey_flow.survey import Survey

MONTHS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class GroupResults:
    """One respondent group of a unit: its survey, the months the figures are of, the figures."""

    respondent: str
    survey: Survey
    months: tuple[str, ...]
    figures: GroupFigures


def unit_results(parts: Parts, unit: Unit) -> Iterator[GroupResults]:
    """Each respondent group's latest three months; of surveys asked by name only what may be shown."""
    this_month = parts.today().replace(day=1)
    live, ended = _months(this_month), _months(this_month - relativedelta(months=1))
    for respondent, survey_id in unit.asks(parts.library.surveys):
        survey = parts.library.surveys[survey_id]
        rows = {month: counts.read(Place(unit.id, survey_id, respondent, month)) for month in sorted({*live, *ended})}
        figures = group_figures(
            survey, live=added([rows[month] for month in live]), ended=added([rows[month] for month in ended])
        )
        if figures.hidden and unit.surveys.get(respondent) != survey_id:
            continue
        yield GroupResults(respondent, survey, live if figures.live else ended, figures)


@dataclass(frozen=True, slots=True)
class Cost:
    """What the shown groups' conversations took, and an estimate of its price; the carrier's bill is the truth."""

    segments_out: int
    messages_in: int
    amount: Decimal
    currency: str


def cost_of(parts: Parts, groups: Sequence[GroupResults]) -> Cost | None:
    """None when nothing was sent, or the organisation names no prices."""
    prices = parts.library.organisation.prices
    out = sum(group.figures.segments_out for group in groups)
    received = sum(group.figures.messages_in for group in groups)
    return Cost(out, received, prices.cost(out, received), prices.currency) if prices and out else None


def _months(last: date) -> tuple[str, ...]:
    """The three months up to this one, oldest first."""
    firsts = (last - relativedelta(months=back) for back in reversed(range(MONTHS_SHOWN)))
    return tuple(first.strftime("%Y-%m") for first in firsts)
