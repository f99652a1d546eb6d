"""The carrier of the running application, and who may press its buttons."""

from typing import Any

from flask import Flask, abort, current_app, request

from local.carrier.carrier import Carrier


def carrier_of(app: Flask) -> Carrier:
    carrier = app.extensions["carrier"]
    if not isinstance(carrier, Carrier):
        raise TypeError("The application was not made by create_carrier.")
    return carrier


def the_carrier() -> Carrier:
    return carrier_of(current_app)


def refuse_other_sites() -> None:
    """A page somewhere on the web could otherwise post to this machine through the visitor's browser."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        abort(403)


def body_json() -> dict[str, Any]:
    data = request.get_json(silent=True) if request.data else {}
    if not isinstance(data, dict):
        abort(400)
    return data
