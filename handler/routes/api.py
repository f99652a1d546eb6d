"""What every JSON door shares: problem+json for whatever is refused, and a JSON object for whatever is sent."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from handler.routes.asking import FaultyFields, FieldFault
from handler.routes.problems import Problem

_SENTENCES = {
    FieldFault.MISSING: "This field is needed.",
    FieldFault.NOT_A_NUMBER: "This is not a phone number.",
    FieldFault.NOT_MOBILE: "This is not a mobile number: a text message would not arrive.",
    FieldFault.FOREIGN: "Numbers of this country are not sent to.",
    FieldFault.UNKNOWN: "This is not known here.",
    FieldFault.NOT_OFFERED: "This unit does not ask this group with this survey.",
    FieldFault.NOT_CONFIRMED: "Confirm with true that this number may be contacted about this service.",
    FieldFault.WRONG_TYPE: "This is of the wrong type.",
    FieldFault.NOT_A_TIME: "Give an ISO 8601 time with its offset, such as 2026-11-24T15:00:00+02:00.",
    FieldFault.NOT_A_FACT: "Give a digit for each question that the survey lets the invitation answer.",
}


def api_blueprint(name: str) -> Blueprint:
    """Routes whose faults are answered as problem+json."""
    routes = Blueprint(name, __name__)

    @routes.errorhandler(Problem)
    def as_problem(problem: Problem) -> Response:
        return problem.response()

    @routes.errorhandler(FaultyFields)
    def as_field_errors(failure: FaultyFields) -> Response:
        errors = {field: _SENTENCES[fault] for field, fault in failure.faults.items()}
        return Problem(422, "invalid-fields", "Some fields are not right; see errors.", errors=errors).response()

    @routes.errorhandler(RequestEntityTooLarge)
    def as_too_large(_: RequestEntityTooLarge) -> Response:
        return Problem(413, "too-large", "A request is at most 32 KB.").response()

    return routes


def json_object() -> dict[str, Any]:
    """The request's JSON object. Raises Problem."""
    try:
        body = request.get_json(force=True)
    except RequestEntityTooLarge:
        raise
    except (BadRequest, RecursionError) as error:  # 16,000 brackets within each other outdo the parser
        raise Problem(400, "malformed-json", "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise Problem(400, "malformed-json", "The body is not a JSON object.")
    return body
