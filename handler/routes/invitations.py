"""The API's invitations, and its description."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from handler.outside.sealing import Sealing
from handler.routes.api import api_blueprint, json_object
from handler.routes.asking import read_request
from handler.routes.keys import check_unit, key_with
from handler.routes.problems import Problem
from handler.tables import invitations
from handler.tables.invitations import Invitation
from handler.work.cancel import cancel
from handler.work.invite import Accepted, invite, state_of
from handler.work.parts import Parts
from handler.work.request import Refusal, Refused
from handler.work.staff_key import Right
from survey_flow.helsinki import local
from survey_flow.sending_hours import IsHoliday

_LONGEST_IDEMPOTENCY_KEY = 200


def invitation_api(parts: Parts, *, sealing: Sealing, is_holiday: IsHoliday, openapi: Path) -> Blueprint:
    routes = api_blueprint("invitations")

    @routes.post("/api/invitations")
    def create() -> tuple[Response, int]:
        key = key_with(parts, Right.SEND)
        fields = json_object()
        check_unit(parts, key, fields.get("unit"))
        wanted = read_request(fields, parts.library, caller=f"key:{key.id}", idempotency_key=_idempotency_key())
        try:
            accepted = invite(parts, wanted, sealing=sealing, is_holiday=is_holiday)
        except Refused as refused:
            raise _refusal(refused) from refused
        return jsonify(_accepted(accepted)), 201

    @routes.get("/api/invitations/<invitation_id>")
    def show(invitation_id: str) -> Response:
        return jsonify(_state(parts, _own_invitation(parts, invitation_id)))

    @routes.post("/api/invitations/<invitation_id>/cancel")
    def cancel_one(invitation_id: str) -> Response:
        found = _own_invitation(parts, invitation_id)
        if not cancel(parts, found):
            raise Problem(409, "not-queued", "It has left already, or ended; only what is queued can be cancelled.")
        return jsonify(_state(parts, _own_invitation(parts, invitation_id)))

    @routes.get("/openapi.json")
    def description() -> Response:
        return Response(openapi.read_bytes(), content_type="application/json")

    return routes


def _own_invitation(parts: Parts, invitation_id: str) -> Invitation:
    key = key_with(parts, Right.SEND)
    found = invitations.read(invitation_id)
    if found is None or found.unit not in key.units:
        raise Problem(404, "not-found", "There is no such invitation.")
    return found


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > _LONGEST_IDEMPOTENCY_KEY:
        raise Problem(400, "idempotency-key-too-long", "An Idempotency-Key has at most 200 characters.")
    return key or None


def _refusal(refused: Refused) -> Problem:
    if refused.refusal is Refusal.OPTED_OUT:
        return Problem(409, "opted-out", "This number does not want surveys.")
    if refused.refusal is Refusal.THROTTLED and refused.allowed_from is not None:
        allowed = refused.allowed_from.isoformat()
        return Problem(409, "throttled", f"Contacted already; allowed again from {allowed}.", allowed_from=allowed)
    if refused.refusal is Refusal.TOO_LATE and refused.latest is not None:
        sentence = f"It would leave only after more than 31 days; the latest day now is {refused.latest.isoformat()}."
        return Problem(422, "too-late", sentence, errors={"send_after": sentence})
    return Problem(409, "idempotency-conflict", "This Idempotency-Key was used for another request.")


def _accepted(accepted: Accepted) -> dict[str, Any]:
    return {"id": accepted.id, "status": accepted.state.value, "send_at": local(accepted.send_at).isoformat()}


def _state(parts: Parts, found: Invitation) -> dict[str, Any]:
    send_at = local(found.send_at).isoformat() if found.send_at else None
    return {"id": found.id, "status": state_of(parts, found).value, "send_at": send_at}
