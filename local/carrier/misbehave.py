"""The one place where a request to the REST API meets what goes wrong: a fault asked for, or else the weather."""

from collections.abc import Callable, Iterator
from functools import wraps

from flask import Response, make_response, request

from local.carrier.access import the_carrier
from local.carrier.faults import Asked, Fault, How
from local.carrier.numbers import e164

View = Callable[..., Response]

_GATEWAY_PAGE = "<html><head><title>Bad gateway</title></head><body>upstream connect error</body></html>"


def may_go_wrong(asked: Asked) -> Callable[[View], View]:
    """Around a view: counts the request, and answers it wrongly if that is its fate."""

    def around(view: View) -> View:
        @wraps(view)
        def answered(account: str, **rest: str) -> Response:
            number = _number(asked, rest.get("sid", ""))
            fault = the_carrier().troubles.meet(asked, number)
            if fault is None:
                return view(account, **rest)
            done = view(account, **rest) if fault.accepted else None
            if done is not None:
                done.close()
            return _instead(fault, number, done)

        return answered

    return around


def _number(asked: Asked, sid: str) -> str:
    """Whose request it is; a number that cannot be read stays as it was written."""
    if asked is Asked.CREATE:
        return e164(request.form.get("To", "")) or request.form.get("To", "")
    if asked is Asked.LIST:
        sender, filters = the_carrier().config.sender, (request.args.get("To", ""), request.args.get("From", ""))
        return next((number for number in filters if number not in ("", sender)), "")
    message = the_carrier().network.find(sid.removesuffix(".json"))
    return message.phone if message else ""


def _instead(fault: Fault, number: str, done: Response | None) -> Response:
    if fault.how is How.HANG:
        the_carrier().holds.wait(number, fault.seconds)
    if fault.how is How.RESET:
        return _dropped(ConnectionResetError())
    if fault.how is How.CLOSE or fault.status is None:
        return _dropped(ConnectionAbortedError())
    if fault.status < 400 and done is not None:
        return done
    if fault.code == 0:
        return make_response(_GATEWAY_PAGE, fault.status, {"Content-Type": "text/html"})
    raise fault.error


def _dropped(error: ConnectionError) -> Response:
    """No answer at all: the server drops the connection when the body cannot be had, before the head is written."""

    def body() -> Iterator[bytes]:
        raise error
        yield b""

    return Response(body())
