"""The pages: the desk with the staff form beside the phones, the phones alone, and the application's clock."""

import http.client
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from local.carrier.access import body_json, refuse_other_sites, the_carrier
from local.carrier.numbers import typed

desk = Blueprint("desk", __name__, template_folder="pages", static_folder="static")
desk.before_request(refuse_other_sites)

_HELSINKI = ZoneInfo("Europe/Helsinki")
_CLOCK_TIMEOUT = 180  # moving it on by months does everything that became due


@desk.get("/")
def desk_page() -> str | AnyResponse:
    if request.host.startswith("localhost:"):  # to browsers another site than the form's: its sign-in would not be kept
        return redirect(f"http://127.0.0.1:{request.host.partition(':')[2]}/")
    config = the_carrier().config
    return render_template("desk.html", form=config.form, form_origin=_origin(config.form), mail=config.mail)


@desk.get("/phones")
def phones_page() -> str:
    return render_template("phones.html", only="")


@desk.get("/phones/<numbers>")
def some_phones_page(numbers: str) -> str:
    found = [number for number in map(typed, numbers.split(",")) if number]
    if not found:
        abort(404)
    for number in found:
        the_carrier().network.set_phone(number)
    return render_template("phones.html", only=",".join(found))


@desk.get("/desk/clock")
def clock() -> tuple[Response, int]:
    return _ask_clock("GET", None)


@desk.post("/desk/clock")
def move_clock() -> tuple[Response, int]:
    """{"forward": "P1D"}, or {"local": "2026-11-24T15:00"}, which is Finnish time."""
    data = body_json()
    try:
        wanted = {"now": _helsinki(str(data["local"]))} if data.get("local") else {"forward": str(data["forward"])}
    except (KeyError, ValueError):
        abort(400)
    return _ask_clock("POST", wanted)


@desk.after_app_request
def _own_resources_only(response: Response) -> Response:
    # The form's, and on other ports of this machine whatever it signs in at.
    frames = f"frame-src 'self' {_origin(the_carrier().config.form)} http://127.0.0.1:*"
    response.headers.setdefault("Content-Security-Policy", f"default-src 'self'; img-src 'self' data:; {frames}")
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _helsinki(local: str) -> str:
    return datetime.fromisoformat(local).replace(tzinfo=_HELSINKI).isoformat()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _ask_clock(method: str, data: dict[str, str] | None) -> tuple[Response, int]:
    try:
        status, answer = _fetch(method, f"{the_carrier().config.app}/_clock", data)
        now = datetime.fromisoformat(str(answer["now"]))
        if now.tzinfo is None:
            raise ValueError("without an offset")
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return jsonify(problem="Sovelluksen kelloon ei saada yhteyttä."), 502
    the_carrier().clock.follow(now)
    return jsonify(now=now.isoformat(), shown=_finnish(now)), status


def _fetch(method: str, url: str, data: dict[str, str] | None) -> tuple[int, Any]:
    parts = urlsplit(url)
    timeout = 5 if data is None else _CLOCK_TIMEOUT
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        headers = {"Content-Type": "application/json"} if data is not None else {}
        connection.request(method, parts.path, json.dumps(data) if data is not None else None, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def _finnish(now: datetime) -> dict[str, str]:
    local = now.astimezone(_HELSINKI)
    day = ("ma", "ti", "ke", "to", "pe", "la", "su")[local.weekday()]
    return {
        "text": f"{day} {local.day}.{local.month}.{local.year} klo {local.hour}.{local.minute:02}",
        "field": local.strftime("%Y-%m-%dT%H:%M"),
    }
