"""Twilio's REST API for messages, as far as this product uses it."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from hmac import compare_digest

from flask import Blueprint, Response, jsonify, request

from local.carrier.access import the_carrier
from local.carrier.errors import TwilioError, not_found
from local.carrier.faults import Asked
from local.carrier.forms import API_VERSION
from local.carrier.messages import Message
from local.carrier.misbehave import may_go_wrong
from local.carrier.rest_checks import checked_order
from local.carrier.rest_json import message_json, page_json

rest_api = Blueprint("rest_api", __name__, url_prefix=f"/{API_VERSION}/Accounts")

_LONGEST_EARLY = 5  # seconds that an answer waits for its callbacks: less than the application waits for the answer


@rest_api.errorhandler(TwilioError)
def _refused(error: TwilioError) -> tuple[Response, int]:
    return jsonify(error.to_json()), error.status


@rest_api.after_request
def _dated(response: Response) -> Response:
    """By the carrier's clock: the application reads the carrier's time from here."""
    response.headers["Date"] = format_datetime(the_carrier().clock(), usegmt=True)
    return response


@rest_api.before_request
def _authenticate() -> None:
    config, given = the_carrier().config, request.authorization
    pair = f"{given.username}:{given.password}" if given else ""
    asked = str((request.view_args or {}).get("account", "")).removesuffix(".json")
    known = compare_digest(pair.encode(), f"{config.account}:{config.token}".encode())
    if not known or asked != config.account:
        raise TwilioError(20003, "Authenticate", 401)


@rest_api.get("/<account>")
def account_of(account: str) -> Response:
    sid = account.removesuffix(".json")
    return jsonify(sid=sid, friendly_name="Kuulolla", status="active", type="Full", uri=request.path)


@rest_api.post("/<account>/Messages")
@rest_api.post("/<account>/Messages.json")
@may_go_wrong(Asked.CREATE)
def create(account: str) -> Response:
    carrier = the_carrier()
    message = carrier.outbound.accept(checked_order(request.form, carrier.config, carrier.network))
    carrier.requests.accept(message.to)
    response = jsonify(message_json(message, account))
    response.status_code = 201
    if carrier.sky.weather.early(message.to, message.turn):
        carrier.outbound.dispatch(message.sid).wait(_LONGEST_EARLY)
        return response
    answered = threading.Event()
    response.call_on_close(answered.set)
    carrier.outbound.dispatch(message.sid, after=lambda: answered.wait(0.5))
    return response


@rest_api.get("/<account>/Messages")
@rest_api.get("/<account>/Messages.json")
@may_go_wrong(Asked.LIST)
def listed(account: str) -> Response:
    wanted = [_address("To", lambda m: m.to), _address("From", lambda m: m.sender), *_date_filters()]
    found = [message for message in _newest_first() if message.recorded and all(fits(message) for fits in wanted)]
    size = min(max(_number("PageSize", 50), 1), 1000)
    token = request.args.get("PageToken", "").removeprefix("PASM")
    query = {name: value for name, value in request.args.items() if not name.startswith("Page")}
    before = int(token) if token.isascii() and token.isdigit() else None
    return jsonify(page_json(found, account, query=query, page=_number("Page", 0), size=size, before=before))


def _newest_first() -> list[Message]:
    """All that the filters can mean: the messages of one phone, if they name one."""
    carrier = the_carrier()
    named = (request.args.get("To", ""), request.args.get("From", ""))
    phone = next((number for number in named if number not in ("", carrier.config.sender)), None)
    return carrier.network.messages(phone)[::-1]


@rest_api.get("/<account>/Messages/<sid>")
@may_go_wrong(Asked.FETCH)
def fetch(account: str, sid: str) -> Response:
    return jsonify(message_json(_recorded(sid), account))


@rest_api.post("/<account>/Messages/<sid>")
@may_go_wrong(Asked.UPDATE)
def update(account: str, sid: str) -> Response:
    message, carrier = _recorded(sid), the_carrier()
    body, status = request.form.get("Body"), request.form.get("Status")
    if (body is None) == (status is None) or body or status not in (None, "canceled"):
        raise TwilioError(30400, "Parameters are not valid")
    if status is not None:
        changed = carrier.outbound.cancel(message.sid)
        if changed is None:
            raise TwilioError(30409, "This message cannot be canceled", 409)
        return jsonify(message_json(changed, account))
    _finished(message)
    return jsonify(message_json(carrier.network.change(message.sid, body="") or message, account))


@rest_api.delete("/<account>/Messages/<sid>")
@may_go_wrong(Asked.DELETE)
def delete(account: str, sid: str) -> Response:  # noqa: ARG001 - part of the address, checked above
    message = _recorded(sid)
    _finished(message)
    the_carrier().network.change(message.sid, body="", recorded=False)
    return Response(status=204)


@rest_api.route("/<account>/<path:other>", methods=["GET", "POST", "DELETE"])
def unknown(account: str, other: str) -> Response:  # noqa: ARG001 - Twilio's own 404 instead of Flask's page
    raise not_found(request.path)


def _recorded(sid: str) -> Message:
    message = the_carrier().network.find(sid.removesuffix(".json"))
    if message is None or not message.recorded:
        raise not_found(request.path)
    return message


def _finished(message: Message) -> None:
    if message.on_the_way:
        raise TwilioError(20009, "Cannot delete message because delivery has not been completed.", 409)


def _number(name: str, otherwise: int) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() else otherwise


def _address(name: str, of: Callable[[Message], str]) -> Callable[[Message], bool]:
    wanted = request.args.get(name, "")
    return lambda message: not wanted or of(message) == wanted


def _date_filters() -> list[Callable[[Message], bool]]:
    """DateSent=, and DateSent< and DateSent> (both inclusive: the "=" of DateSent>= is the query's own)."""
    filters: list[Callable[[Message], bool]] = []
    for name in ("DateSent", "DateSent<", "DateSent>"):
        if not (given := request.args.get(name)):
            continue
        first, last = _span(given)

        def fits(message: Message, name: str = name, first: datetime = first, last: datetime = last) -> bool:
            moment = (message.sent or message.created).replace(microsecond=0)
            return (name == "DateSent<" or moment >= first) and (name == "DateSent>" or moment <= last)

        filters.append(fits)
    return filters


def _span(text: str) -> tuple[datetime, datetime]:
    """The first and last second meant: a whole day in GMT, or the one moment."""
    try:
        if len(text) == len("2026-11-24"):
            first = datetime.combine(date.fromisoformat(text), time(), UTC)
            return first, first + timedelta(days=1, seconds=-1)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise TwilioError(20001, f"{text} is not a date.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment, moment
