"""Units side by side, in the order of the organisation's file: no ranking, and nobody with under twenty answers."""

from dataclasses import dataclass

from handler.work.books import books_of_survey
from handler.work.parts import Parts
from handler.work.results import latest_year
from survey_flow.figures import GroupFigures, group_figures
from survey_flow.organisation import Unit
from survey_flow.publication import INDICATIVE_UNDER, Period
from survey_flow.statistics import Nps, nps
from survey_flow.survey import Survey


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
    period = period or latest_year(parts)
    units = tuple(
        UnitFigures(
            unit, book.respondent, group_figures(survey, book.shown, book.book, period, at_least=INDICATIVE_UNDER)
        )
        for unit, book in books_of_survey(parts, survey)
    )
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
