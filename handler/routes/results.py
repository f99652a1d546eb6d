"""A unit's counts, recommendation index and answers, small groups hidden: the supervisor's page, and JSON by key."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from handler.routes.api import api_blueprint
from handler.routes.keys import check_unit, key_with
from handler.routes.pages import PageTexts, guard, page
from handler.routes.problems import Problem
from handler.settings import Stage
from handler.work.parts import Parts
from handler.work.results import GroupResults, cost_of, unit_results
from handler.work.staff_key import Right
from survey_flow.figures import QuestionFigures
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
        groups = list(unit_results(parts, unit))
        cost = cost_of(parts, groups)
        return page("results.html", texts, unit=unit, units=units, groups=groups, labels=labels, cost=cost)

    return routes


def results_api(parts: Parts) -> Blueprint:
    """The same figures as the page's, by the same rules, for another system."""
    routes = api_blueprint("results_api")

    @routes.get("/api/results")
    def results() -> Response:
        key = key_with(parts, Right.RESULTS)
        unit_id = request.args.get("unit", "")
        check_unit(parts, key, unit_id)
        unit = parts.library.organisation.units.get(unit_id)
        if unit is None:
            raise Problem(422, "invalid-fields", "Name a unit.", errors={"unit": "This is not known here."})
        return jsonify(unit=unit.id, groups=[_group(group) for group in unit_results(parts, unit)])

    return routes


def _group(group: GroupResults) -> dict[str, Any]:
    figures = group.figures
    told: dict[str, Any] = {
        "respondent": group.respondent,
        "survey": group.survey.id,
        "months": list(group.months),
        "hidden": figures.hidden,
    }
    if figures.hidden:
        return told
    return told | {
        "responses": figures.responses,
        "indicative": figures.indicative,
        "finished": figures.finished,
        "invited": figures.invited,
        "delivered": figures.delivered,
        "questions": [_question(question) for question in figures.questions],
    }


def _question(figures: QuestionFigures) -> dict[str, Any]:
    told: dict[str, Any] = {"id": figures.question.id, "kind": figures.question.kind.value, "hidden": figures.hidden}
    if figures.hidden:
        return told
    told |= {
        "n": figures.n,
        "distribution": {str(digit): count for digit, count in figures.distribution.items()},
        "dont_know": figures.dont_know,
        "skipped": figures.skipped,
    }
    if figures.mean is not None:
        told["mean"] = round(figures.mean, 2)
    if figures.nps is not None:
        told["nps"] = {name: round(getattr(figures.nps, name), 1) for name in ("index", "low", "high")}
    return told
