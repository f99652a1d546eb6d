"""Opt-outs told to the staff: a page, and JSON for another system. The answer never tells what stood before."""

from flask import Blueprint, Response, request

from handler.routes.api import api_blueprint, json_object
from handler.routes.asking import FaultyFields, read_number
from handler.routes.doorkeeper import the_key, the_person
from handler.routes.pages import PageTexts, page
from handler.routes.rules import by_key, staff
from handler.work.opt_out import staff_opt_out, staff_withdraw
from handler.work.parts import Parts
from survey_flow.access import Act, Right


def opt_out_pages(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("opt_outs", __name__)

    @routes.get("/opt-outs")
    @staff(Act.OPT_OUT)
    def show() -> Response:
        return page("opt_outs.html", texts, typed={}, faults={}, done=None)

    @routes.post("/opt-outs")
    @staff(Act.OPT_OUT)
    def record() -> Response:
        return _say(withdraw=False)

    @routes.post("/opt-outs/withdraw")
    @staff(Act.OPT_OUT)
    def withdraw() -> Response:
        return _say(withdraw=True)

    def _say(*, withdraw: bool) -> Response:
        typed = request.form.to_dict()
        try:
            number = read_number({"phone": typed.get("phone", "")}, parts.library)
        except FaultyFields as failure:
            return page("opt_outs.html", texts, status=422, typed=typed, faults=failure.faults, done=None)
        if withdraw:
            staff_withdraw(parts, number, who=the_person().id)
        else:
            staff_opt_out(parts, number, who=the_person().id)
        return page("opt_outs.html", texts, typed={}, faults={}, done="withdrawn" if withdraw else "recorded")

    return routes


def opt_out_api(parts: Parts) -> Blueprint:
    routes = api_blueprint("opt_out_api")

    @routes.post("/api/opt-outs")
    @by_key(Right.OPT_OUT)
    def record() -> Response:
        key = the_key()
        staff_opt_out(parts, read_number(json_object(), parts.library), who=f"key:{key.id}")
        return Response(status=204)

    @routes.post("/api/opt-outs/withdraw")
    @by_key(Right.OPT_OUT)
    def withdraw() -> Response:
        key = the_key()
        staff_withdraw(parts, read_number(json_object(), parts.library), who=f"key:{key.id}")
        return Response(status=204)

    return routes
