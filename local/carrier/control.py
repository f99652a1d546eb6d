"""The control API: the phones' own buttons, and everything a test needs to stand in for a respondent."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from local.carrier.access import body_json, refuse_other_sites, the_carrier
from local.carrier.holds import Held
from local.carrier.inbound import Receipt
from local.carrier.numbers import typed
from local.carrier.views import message_view, phone_view, state_view

control = Blueprint("control", __name__, url_prefix="/_control")
control.before_request(refuse_other_sites)


@control.get("")
@control.get("/state")
def state() -> Response:
    """Everything; or only the revision, if nothing has changed since the one named."""
    carrier = the_carrier()
    if request.args.get("since") == str(carrier.network.revision):
        return jsonify(revision=carrier.network.revision)
    return jsonify(state_view(carrier))


@control.delete("")
def forget() -> tuple[str, int]:
    the_carrier().forget()
    return "", 204


@control.post("/phones")
def add_phone() -> tuple[Response, int]:
    """A number as a person types it: {"number": "040 123 4567"}."""
    return jsonify(phone_view(the_carrier(), _set_phone(str(body_json().get("number", "")), {}))), 201


@control.get("/phones/<number>")
def phone(number: str) -> Response:
    return jsonify(phone_view(the_carrier(), _number(number)))


@control.post("/phones/<number>")
def change_phone(number: str) -> Response:
    return jsonify(phone_view(the_carrier(), _set_phone(number, body_json())))


@control.get("/phones/<number>/messages")
def messages(number: str) -> Response:
    carrier = the_carrier()
    return jsonify(messages=[message_view(carrier, message) for message in carrier.network.messages(_number(number))])


@control.post("/phones/<number>/messages")
def send(number: str) -> Response:
    data = body_json()
    receipt = the_carrier().inbound.receive(
        _number(number),
        str(data.get("body", "")),
        num_media=int(data.get("num_media") or 0),
        sender=data.get("from") or None,
        sid=data.get("sid") or None,
    )
    return jsonify(_receipt(receipt))


@control.post("/messages/<sid>/repeat")
def repeat(sid: str) -> Response:
    receipt = the_carrier().repeat(sid)
    return jsonify(_receipt(receipt)) if receipt else abort(404)


@control.post("/hold")
def hold() -> tuple[Response, int]:
    """{"what": "inbound|outbound|status", "number"?: "+358..."}: the next such thing waits for release."""
    data, carrier = body_json(), the_carrier()
    what = _held(data.get("what"))
    if what is None or what is Held.ANSWER:
        abort(400)
    carrier.holds.next(what, _number(data["number"]) if data.get("number") else None)
    carrier.network.touch()
    return jsonify(state_view(carrier)["holds"]), 201


@control.post("/release")
def release() -> Response:
    """Lets go what is held, oldest first: all of it, or what {"what"?, "number"?} names."""
    data = body_json()
    freed = the_carrier().release(_held(data.get("what")), _number(data["number"]) if data.get("number") else None)
    return jsonify(released=[{"what": one.what, "number": one.number, "sid": one.sid} for one in freed])


@control.post("/clock")
def clock() -> tuple[str, int]:
    """{"now": ISO 8601 with offset}: the application's time, which the carrier then follows."""
    try:
        now = datetime.fromisoformat(str(body_json().get("now")))
    except ValueError:
        abort(400)
    if now.tzinfo is None:
        abort(400)
    the_carrier().clock.follow(now)
    return "", 204


def _set_phone(number: str, data: dict[str, Any]) -> str:
    number = _number(number)
    changes: dict[str, object] = {name: bool(data[name]) for name in ("reachable", "opted_out") if name in data}
    if "kind" in data:
        if data["kind"] not in ("mobile", "landline", None):
            abort(400)
        changes["kind"] = data["kind"]
    if "unreachable_code" in data:
        changes["unreachable_code"] = int(data["unreachable_code"])
    the_carrier().network.set_phone(number, **changes)
    return number


def _number(text: str) -> str:
    number = typed(text)
    if number is None:
        abort(422, "Numero ei ole puhelinnumero.")
    return number


def _held(what: object) -> Held | None:
    if what in (None, ""):
        return None
    return Held(str(what)) if str(what) in list(Held) else abort(400)


def _receipt(receipt: Receipt) -> dict[str, object]:
    carrier, answer = the_carrier(), receipt.answer
    return {
        "sid": receipt.sid,
        "status": receipt.status,
        "error_code": receipt.error_code,
        "http_status": answer.status if answer else None,
        "content_type": answer.content_type if answer else None,
        "twiml": answer.body if answer else None,
        "replies": [message_view(carrier, message) for message in receipt.replies],
        "carrier_replies": [message_view(carrier, message) for message in receipt.carrier_replies],
    }
