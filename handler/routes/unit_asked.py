"""The unit that a page is of: what the address names, else what was chosen last on this device, else the first."""

from flask import Blueprint, Response, abort, request

from handler.routes.pages import remember
from handler.work.parts import Parts
from survey_flow.organisation import Unit

UNIT_COOKIE = "kuulolla_unit"


def asked_unit(parts: Parts) -> Unit:
    """The unit of `?unit=`, else the one remembered, else the organisation's first. An unknown one is not found."""
    if named := request.args.get("unit"):
        return known_unit(parts, named)
    units = parts.library.organisation.units
    return units.get(request.cookies.get(UNIT_COOKIE, "")) or next(iter(units.values()))


def known_unit(parts: Parts, unit_id: str) -> Unit:
    unit = parts.library.organisation.units.get(unit_id)
    if unit is None:
        abort(404)
    return unit


def remember_unit(routes: Blueprint, parts: Parts) -> None:
    """Whoever names a unit in the address of one of these pages gets it on the next ones, too."""

    @routes.after_request
    def remembered(response: Response) -> Response:
        named = (request.view_args or {}).get("unit_id") or request.args.get("unit", "")
        if named in parts.library.organisation.units and response.status_code not in (403, 404):
            remember(response, UNIT_COOKIE, named)
        return response
