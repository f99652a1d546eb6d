"""Units side by side, for the organisation: the recommendation index with its interval, from twenty answers on."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from handler.routes.pages import PageTexts, page, page_language
from handler.routes.results_asked import asked_results
from handler.routes.results_words import ResultsWords
from handler.routes.rules import staff
from handler.work.parts import Parts
from handler.work.unit_comparison import compared
from survey_flow.access import Act
from survey_flow.publication import Period, months_between
from survey_flow.survey import Survey

_FIELDS = ("survey", "from", "to")


def unit_comparison_routes(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("results_units", __name__)

    @routes.get("/results/units")
    @staff(Act.COMPARE)
    def units() -> Response:
        given = {name: request.args.get(name, "") for name in _FIELDS}
        asked, faults = asked_results(given, parts.library.surveys)
        surveys = asked_by_two(parts)
        survey = parts.library.surveys[asked.survey] if asked.survey else surveys[0]
        comparison = compared(parts, survey, asked.period)
        return page(
            "results_units.html",
            texts,
            status=400 if faults else 200,
            given={name: value for name, value in given.items() if value},
            faults=words_of(faults, given),
            typed=months_typed(comparison.period, faults, given),
            surveys=surveys,
            comparison=comparison,
            months=months_between(comparison.period.first, comparison.period.last),
            words=ResultsWords(texts[page_language()]),
        )

    return routes


def words_of(faults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The words' key of what is wrong, by field; a month left open takes the other's fault, and is not told of."""
    return {name: f"units_fault_{name}_{fault}" for name, fault in faults.items() if given[name]}


def months_typed(period: Period, faults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What the fields of the months hold: what is shown, or what is to be mended."""
    if {"from", "to"} & set(faults):
        return {name: given[name] for name in ("from", "to")}
    return {"from": period.first, "to": period.last}


def asked_by_two(parts: Parts) -> list[Survey]:
    """The surveys that two units ask, or more; where there are none, every one."""
    units = parts.library.organisation.units.values()
    asks = [{survey for _, survey in unit.asks(parts.library.surveys)} for unit in units]
    every = list(parts.library.surveys.values())
    return [survey for survey in every if sum(survey.id in asked for asked in asks) > 1] or every
