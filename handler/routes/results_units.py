"""Units side by side, for the organisation: the recommendation index with its interval, from twenty answers on."""

from flask import Blueprint, Response, request

from handler.routes.pages import PageTexts, guard, page, page_language
from handler.routes.results_asked import asked_results
from handler.routes.results_read import faults_by_field
from handler.routes.results_words import ResultsWords
from handler.settings import Stage
from handler.work.parts import Parts
from handler.work.unit_comparison import compared
from survey_flow.publication import months_between
from survey_flow.survey import Survey


def unit_comparison_routes(parts: Parts, stage: Stage, texts: PageTexts) -> Blueprint:
    routes = Blueprint("results_units", __name__)
    guard(routes, stage)

    @routes.get("/results/units")
    def units() -> Response:
        asked, faults = asked_results(request.args, parts.library.surveys)
        surveys = asked_by_two(parts)
        survey = parts.library.surveys[asked.survey] if asked.survey else surveys[0]
        comparison = compared(parts, survey, asked.period)
        return page(
            "results_units.html",
            texts,
            status=400 if faults else 200,
            faults=faults_by_field(faults),
            surveys=surveys,
            comparison=comparison,
            months=months_between(comparison.period.first, comparison.period.last),
            words=ResultsWords(texts[page_language()]),
        )

    return routes


def asked_by_two(parts: Parts) -> list[Survey]:
    """The surveys that two units ask, or more; where there are none, every one."""
    units = parts.library.organisation.units.values()
    asks = [{survey for _, survey in unit.asks(parts.library.surveys)} for unit in units]
    every = list(parts.library.surveys.values())
    return [survey for survey in every if sum(survey.id in asked for asked in asks) > 1] or every
