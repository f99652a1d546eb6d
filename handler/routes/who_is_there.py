"""Sessions' cookie, what templates know of whoever is signed in, and who is there where there is no sign-in."""

from secrets import token_hex

from flask import Flask, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from handler.routes.doorkeeper import CSRF_FIELD, FindPerson
from handler.settings import Settings, Stage
from handler.work.parts import Parts
from survey_flow.access import Act, Person, with_every_role


def add_sessions(app: Flask, settings: Settings) -> None:
    """The cookie: ours alone by its name's prefix, unread by programs, not sent along from other sites' forms.

    Browsers take a name with "__Host-" from https alone, and one machine speaks plain HTTP.
    Source: RFC 6265bis, "Cookie Name Prefixes".
    """
    local, provider = settings.stage is Stage.LOCAL, settings.identity_provider
    app.secret_key = provider.session_key if provider else token_hex(32)
    app.config.update(
        SESSION_COOKIE_NAME="kuulolla_session" if local else "__Host-kuulolla",
        SESSION_COOKIE_SECURE=not local,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_FIELD_NAME=CSRF_FIELD,
    )
    app.context_processor(lambda: {"person": g.get("person"), "may": _may, "csrf": _csrf, "csrf_token": generate_csrf})


def whoever_is_here(parts: Parts) -> FindPerson:
    """One machine without an identity provider, served to nobody but itself."""
    person = with_every_role(parts.library.organisation.units, id="person:local", name="")
    return lambda: person


def nobody() -> Person | None:
    return None


def _may(act: str, unit_id: str | None = None) -> bool:
    """In this unit, or without one in any."""
    person: Person | None = g.get("person")
    units = person.units_for(Act(act)) if person else frozenset[str]()
    return unit_id in units if unit_id else bool(units)


def _csrf() -> Markup:
    """What every form that changes something holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, generate_csrf())
