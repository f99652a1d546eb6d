"""The API's invitations, and its description."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from handler.routes.api import api_blueprint, json_object
from handler.routes.asking import read_request
from handler.routes.doorkeeper import the_key
from handler.routes.key_units import check_unit
from handler.routes.problems import Problem
from handler.routes.rules import by_key, public
from handler.tables import invitations
from handler.tables.invitations import Invitation
from handler.work.audit_notes import cancel_noted, invite_noted
from handler.work.invite import Accepted, Inviting, state_of
from handler.work.parts import Parts
from handler.work.request import Refusal, Refused, Request
from survey_flow.access import Right
from survey_flow.helsinki import local

_LONGEST_IDEMPOTENCY_KEY = 200


def invitation_api(inviting: Inviting, *, openapi: Path) -> Blueprint:
    routes, parts = api_blueprint("invitations"), inviting.parts

    @routes.post("/api/invitations")
    @by_key(Right.SEND)
    def create() -> tuple[Response, int]:
        key = the_key()
        fields = json_object()
        check_unit(parts, key, fields.get("unit"))
        wanted = read_request(fields, parts.library, caller=f"key:{key.id}", idempotency_key=_idempotency_key())
        check_unit(parts, key, wanted.unit)
        try:
            accepted = invite_noted(inviting, wanted)
        except Refused as refused:
            raise _refusal(refused, wanted) from refused
        return jsonify(_accepted(accepted)), 201

    @routes.get("/api/invitations/<invitation_id>")
    @by_key(Right.SEND)
    def show(invitation_id: str) -> Response:
        return jsonify(_state(parts, _own_invitation(invitation_id)))

    @routes.post("/api/invitations/<invitation_id>/cancel")
    @by_key(Right.SEND)
    def cancel_one(invitation_id: str) -> Response:
        found = _own_invitation(invitation_id)
        if not cancel_noted(parts, found, who=f"key:{the_key().id}"):
            raise Problem(409, "not-queued", "It has left already, or ended; only what is queued can be cancelled.")
        return jsonify(_state(parts, _own_invitation(invitation_id)))

    @routes.get("/openapi.json")
    @public
    def description() -> Response:
        return Response(openapi.read_bytes(), content_type="application/json")

    return routes


def _own_invitation(invitation_id: str) -> Invitation:
    key = the_key()
    found = invitations.read(invitation_id)
    if found is None or found.unit not in key.units:
        raise Problem(404, "not-found", "There is no such invitation.")
    return found


def _idempotency_key() -> str | None:
    """Named after its door, as the form's and the lists': a key made up here is never that of a list's line, whose
    answers have a limit of their own."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > _LONGEST_IDEMPOTENCY_KEY:
        raise Problem(400, "idempotency-key-too-long", "An Idempotency-Key has at most 200 characters.")
    return f"api-{key}" if key else None


def _refusal(refused: Refused, wanted: Request) -> Problem:
    if refused.refusal is Refusal.OPTED_OUT:
        return Problem(409, "opted-out", "This number does not want surveys.")
    if refused.refusal is Refusal.THROTTLED and refused.allowed_from is not None:
        allowed = refused.allowed_from.isoformat()
        return Problem(409, "throttled", f"Contacted already; allowed again from {allowed}.", allowed_from=allowed)
    if refused.refusal is Refusal.TOO_LATE:
        return _too_late(refused, wanted)
    if refused.refusal is Refusal.CEILING:
        return Problem(429, "ceiling", "The daily ceiling of messages is reached, today and on the days to come.")
    return Problem(409, "idempotency-conflict", "This Idempotency-Key was used for another request.")


def _too_late(refused: Refused, wanted: Request) -> Problem:
    field = "send_after" if wanted.send_after else "unit"
    if refused.allowed_from is None:
        sentence = "This unit has no sending hours within a year."
        return Problem(422, "too-late", sentence, errors={field: sentence})
    day = refused.allowed_from.isoformat()
    sentence = f"It could leave on {day} at the earliest; what waits for more than 31 days is not queued."
    return Problem(422, "too-late", sentence, allowed_from=day, errors={field: sentence})


def _accepted(accepted: Accepted) -> dict[str, Any]:
    return {"id": accepted.id, "status": accepted.state.value, "send_at": local(accepted.send_at).isoformat()}


def _state(parts: Parts, found: Invitation) -> dict[str, Any]:
    send_at = local(found.send_at).isoformat() if found.send_at else None
    return {"id": found.id, "status": state_of(parts, found).value, "send_at": send_at}
