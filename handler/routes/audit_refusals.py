"""Who was refused what: of whoever is known, once an hour for each act and unit. A refusal never fails by this."""

import logging
from datetime import timedelta

from flask import Flask, Response, current_app, g, request

from handler.routes.rules import Open, rule_of
from handler.tables import audit, limits
from handler.tables.audit import Did
from handler.work.parts import Parts

log = logging.getLogger("kuulolla")

# Somebody, or a program, that tries again and again does not fill the audit.
ONCE_IN = timedelta(hours=1)
_FORBIDDEN = 403
_FORM = "application/x-www-form-urlencoded"


def note_refusals(app: Flask, parts: Parts) -> None:
    @app.after_request
    def noted(response: Response) -> Response:
        who = _who()
        if response.status_code == _FORBIDDEN and who:
            try:
                _note(parts, who)
            except Exception as error:
                log.error("%s while a refusal was noted in the audit", type(error).__name__)
        return response


def _note(parts: Parts, who: str) -> None:
    act, unit = _act(), _unit(parts)
    if limits.once(f"audit-refused#{who}#{act}#{unit or ''}", now=parts.clock(), window=ONCE_IN):
        audit.note(parts.clock(), who=who, did=Did.REFUSED, unit=unit, about=act or None)


def _who() -> str:
    """Of whoever showed a key or is signed in; nobody else has a name."""
    if "key" in g:
        return f"key:{g.key.id}"
    person = g.get("person")  # None on a page for everybody, when nobody is signed in
    return str(person.id) if person else ""


def _act() -> str:
    """What the view is for, in words of ours."""
    rule = rule_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
    return "" if rule is None or isinstance(rule, Open) else rule.value


def _unit(parts: Parts) -> str | None:
    """The unit that was asked for, if it is one: nothing that somebody typed gets into the audit."""
    fields = request.form if request.mimetype == _FORM else {}
    for said in ((request.view_args or {}).get("unit_id"), request.args.get("unit"), fields.get("unit"), _told()):
        if isinstance(said, str) and said in parts.library.organisation.units:
            return said
    return None


def _told() -> object:
    body = request.get_json(silent=True) if request.is_json else None
    return body.get("unit") if isinstance(body, dict) else None
