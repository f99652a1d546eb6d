"""Units side by side, in the order of the organisation's file: no ranking, and nobody with under twenty answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from handler.tables import counts
from handler.work.parts import Parts
from survey_flow.closing import BROKEN_OFF, FINISHED, OPTED_OUT, OPTED_OUT_AT_ONCE
from survey_flow.figures import GroupFigures, cells_for_everybody, group_figures, response_cells
from survey_flow.organisation import Unit
from survey_flow.publication import INDICATIVE_UNDER, Book, Period, calendar, month_after
from survey_flow.statistics import Nps, nps
from survey_flow.survey import Kind, Survey


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit's group over the period; hidden figures when it has no cell of twenty answers in it."""

    unit: Unit
    respondent: str
    figures: GroupFigures


@dataclass(frozen=True, slots=True)
class Comparison:
    """`together` adds up the units that are shown, and no other."""

    survey: Survey
    period: Period
    units: tuple[UnitFigures, ...]
    responses: int
    together: Nps | None


def compared(parts: Parts, survey: Survey, period: Period | None = None) -> Comparison:
    """Every unit that asks the survey, over a period (the latest twelve months): final figures alone."""
    this_month = parts.today().isoformat()[:7]
    period = period or Period(month_after(this_month, -12), month_after(this_month, -1))
    units = tuple(_units(parts, survey, period))
    indices = [each.figures.index for each in units if each.figures.index]
    return Comparison(
        survey=survey,
        period=period,
        units=units,
        responses=sum(each.figures.responses for each in units),
        together=nps(
            *(sum(getattr(index, part) for index in indices) for part in ("promoters", "passives", "detractors"))
        ),
    )


def _units(parts: Parts, survey: Survey, period: Period) -> Iterator[UnitFigures]:
    organisation = parts.library.organisation
    today = parts.today()
    first = min((organisation.first_month(unit) for unit in organisation.units.values()), default=period.first)
    books = counts.of_survey(survey.id, first=first, last=today.isoformat()[:7], columns=_columns(survey))
    for unit in organisation.units.values():
        for respondent in sorted(survey.respondents):
            if (respondent, survey.id) in unit.asks(parts.library.surveys):
                own = organisation.first_month(unit)
                book: Book = {m: row for m, row in books.get((unit.id, respondent), {}).items() if m >= own}
                slots = calendar(unit.windows, first=own, today=today)
                large = cells_for_everybody(response_cells(slots, book, today=today), book)
                yield UnitFigures(
                    unit, respondent, group_figures(survey, large, book, period, at_least=INDICATIVE_UNDER)
                )


def _columns(survey: Survey) -> list[str]:
    """What is compared: sendings, responses, the index; the whole rows of all units would be ten times as long."""
    scores = [f"{each.stem}_{score}" for each in survey.questions if each.kind is Kind.NPS for score in each.values]
    broken_off = [f"{BROKEN_OFF}{each.id}" for each in survey.questions]
    return ["invited", "delivered", FINISHED, OPTED_OUT, OPTED_OUT_AT_ONCE, *broken_off, *scores]
