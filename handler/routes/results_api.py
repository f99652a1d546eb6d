"""A unit's figures for another system, by the same rules as the page's."""

from flask import Blueprint, Response, jsonify, request

from handler.routes.api import api_blueprint
from handler.routes.doorkeeper import the_key
from handler.routes.key_units import check_unit
from handler.routes.problems import Problem
from handler.routes.results_asked import asked_results
from handler.routes.rules import by_key
from handler.work.audit_notes import note_export
from handler.work.parts import Parts
from handler.work.results import unit_results
from handler.work.results_told import told
from survey_flow.access import Right

_FAULTS = {
    "month": 'Write a month as "2026-09".',
    "order": "The first month comes after the last.",
    "unknown": "This is not known here.",
}


def results_api(parts: Parts) -> Blueprint:
    routes = api_blueprint("results_api")

    @routes.get("/api/results")
    @by_key(Right.RESULTS)
    def results() -> Response:
        key = the_key()
        unit_id = request.args.get("unit", "")
        check_unit(parts, key, unit_id)
        unit = parts.library.organisation.units.get(unit_id)
        asked, faults = asked_results(request.args, parts.library.surveys)
        if unit is None:
            faults["unit"] = "unknown"
        if unit is None or faults:
            errors = {field: _FAULTS[fault] for field, fault in faults.items()}
            raise Problem(422, "invalid-fields", "The results cannot be asked for like this.", errors=errors)
        note_export(parts, unit, who=f"key:{key.id}", kind="api")
        found = unit_results(parts, unit, asked.period, asked.compare)
        groups = [told(group) for group in found if asked.wants(group.respondent, group.survey.id)]
        return jsonify(unit=unit.id, groups=groups)

    return routes
