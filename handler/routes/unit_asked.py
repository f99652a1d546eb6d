"""The unit that a page is of, among those where its reader may do what the page does.

It is what the address names, else what was chosen last on this device, else the first.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, request

from handler.routes.doorkeeper import the_person
from handler.routes.pages import remember, remembered
from handler.work.parts import Parts
from survey_flow.access import Act
from survey_flow.organisation import Unit

UNIT_COOKIE = "kuulolla_unit"


def own_units(parts: Parts, act: Act) -> Mapping[str, Unit]:
    """The units in which the person may do this, in the organisation's order."""
    own = the_person().units_for(act)
    return {unit_id: unit for unit_id, unit in parts.library.organisation.units.items() if unit_id in own}


def asked_unit(parts: Parts, act: Act) -> Unit:
    """The unit of `?unit=`, else the one remembered, else the first. An unknown one is 404, one of others' 403."""
    if named := request.args.get("unit"):
        return known_unit(parts, named, act)
    units = own_units(parts, act)
    return units.get(remembered(UNIT_COOKIE)) or next(iter(units.values()))


def known_unit(parts: Parts, unit_id: str, act: Act) -> Unit:
    unit = parts.library.organisation.units.get(unit_id)
    if unit is None:
        abort(404)
    if unit_id not in own_units(parts, act):
        abort(403)
    return unit


def remember_unit(routes: Blueprint, parts: Parts) -> None:
    """Whoever names a unit in the address of one of these pages gets it on the next ones, too."""

    @routes.after_request
    def remembered(response: Response) -> Response:
        named = (request.view_args or {}).get("unit_id") or request.args.get("unit", "")
        if named in parts.library.organisation.units and response.status_code not in (401, 403, 404):
            remember(response, UNIT_COOKIE, named)
        return response
