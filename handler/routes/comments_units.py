"""The unit that a page of comments or actions is of; an unknown one is not found."""

from flask import abort, request

from handler.work.parts import Parts
from survey_flow.organisation import Unit


def asked_unit(parts: Parts) -> Unit:
    """The unit of `?unit=`, else the organisation's first."""
    return known_unit(parts, request.args.get("unit") or next(iter(parts.library.organisation.units)))


def known_unit(parts: Parts, unit_id: str) -> Unit:
    unit = parts.library.organisation.units.get(unit_id)
    if unit is None:
        abort(404)
    return unit
