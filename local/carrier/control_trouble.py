"""The control API of what goes wrong: single faults, the weather, and the counts of what was asked."""

from flask import Blueprint, Response, jsonify

from local.carrier.access import body_json, refuse_other_sites, the_carrier
from local.carrier.errors import Unreadable
from local.carrier.faults import Fault
from local.carrier.sky import CALM
from local.carrier.weather import Weather

trouble = Blueprint("trouble", __name__, url_prefix="/_control")
trouble.before_request(refuse_other_sites)


@trouble.errorhandler(Unreadable)
def _unreadable(error: Unreadable) -> tuple[Response, int]:
    return jsonify(problem=str(error)), 400


@trouble.get("/faults")
def faults() -> Response:
    """Those still to come, oldest first."""
    return jsonify(faults=the_carrier().faults.waiting())


@trouble.post("/faults")
def add_fault() -> tuple[Response, int]:
    """{"on": "list", "status": 503, "times": 3}: the next requests are answered so."""
    the_carrier().faults.add(Fault.from_json(body_json()))
    return jsonify(faults=the_carrier().faults.waiting()), 201


@trouble.delete("/faults")
def no_faults() -> tuple[str, int]:
    the_carrier().faults.clear()
    return "", 204


@trouble.get("/weather")
def weather() -> Response:
    return jsonify(the_carrier().sky.weather.to_json())


@trouble.post("/weather")
def change_weather() -> Response:
    the_carrier().sky.change(Weather.from_json(body_json()))
    return weather()


@trouble.delete("/weather")
def calm_down() -> tuple[str, int]:
    the_carrier().sky.change(CALM)
    return "", 204


@trouble.get("/requests")
def requests() -> Response:
    counts = the_carrier().requests
    return jsonify(asked=counts.asked, trouble=counts.trouble, accepted=counts.accepted)
