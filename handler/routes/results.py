"""The supervisor's first page: a unit's counts, recommendation index and answers, small groups hidden."""

from flask import Blueprint, Response, abort, request

from handler.routes.pages import PageTexts, guard, page
from handler.settings import Stage
from handler.work.parts import Parts
from handler.work.results import unit_results
from survey_flow.survey import labels


def results_routes(parts: Parts, stage: Stage, texts: PageTexts) -> Blueprint:
    routes = Blueprint("results", __name__)
    guard(routes, stage)

    @routes.get("/results")
    def results() -> Response:
        units = parts.library.organisation.units
        unit = units.get(request.args.get("unit") or next(iter(units)))
        if unit is None:
            abort(404)
        return page(
            "results.html", texts, unit=unit, units=units, groups=list(unit_results(parts, unit)), labels=labels
        )

    return routes
