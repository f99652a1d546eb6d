"""The app and its entry points. create_app(doors) imports what those doors need, and no more.

Doors: "sms" (Twilio's webhooks), "fallback" (what Twilio asks when they fail; knows no tables), "web" (pages and API;
web_app.py wires them). Without doors the app has the commands alone. jobs.py wires what runs without HTTP.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask

from handler.clock import utc_now
from handler.routes.errors import add_errors
from handler.routes.headers import add_strict_headers
from handler.settings import Settings
from handler.start import Wired, keep_libraries_quiet, make_count, make_parts, read_settings

if TYPE_CHECKING:
    from handler.work.parts import Clock, Parts
    from survey_flow.library import Library

# The largest body that any door takes; bulk files have a door of their own.
LARGEST_BODY = 32 * 1024


def create_app(
    doors: Collection[str] = (),
    *,
    environment: Mapping[str, str] | None = None,
    clock: "Clock" = utc_now,
    library: "Library | None" = None,
) -> Flask:
    """The app with these doors. Raises SettingsMissing or FaultyDefinitions with a sentence for each thing wrong."""
    if doors:
        return app_with(doors, read_settings(environment), clock=clock, library=library)
    from handler.commands import add_commands

    app = _bare_app()
    add_commands(app, lambda: make_parts(read_settings()))
    return app


def app_with(
    doors: Collection[str], settings: Settings, *, clock: "Clock" = utc_now, library: "Library | None" = None
) -> Flask:
    """The app with these doors, from settings that are read already."""
    app = _bare_app()
    add_strict_headers(app, settings.stage)
    if "fallback" in doors:
        _add_fallback(app, settings, clock)
    if {"sms", "web"}.isdisjoint(doors):
        add_errors(app, None)
        return app
    parts = make_parts(settings, clock=clock, library=library, for_staff="web" in doors)
    if "sms" in doors:
        _add_sms(app, parts, settings)
    if "web" in doors:
        from handler.web_app import add_web, make_inviting

        add_web(app, make_inviting(settings, parts), settings)
    else:
        add_errors(app, None)
    return app


def _bare_app() -> Flask:
    app = Flask(__name__, template_folder=None, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    return app


def _add_sms(app: Flask, parts: "Parts", settings: Settings) -> None:
    from handler.routes.health import health_routes
    from handler.routes.sms import sms_routes

    app.register_blueprint(sms_routes(parts, public_url=settings.public_url, tokens=settings.twilio_auth_tokens))
    app.register_blueprint(health_routes(parts))


def _add_fallback(app: Flask, settings: Settings, clock: "Clock") -> None:
    from handler.outside.rescue_queue import RescueQueue
    from handler.outside.sealed_forms import KmsForms
    from handler.phone_keys import PhoneKeys
    from handler.routes.fallback import fallback_routes
    from handler.work.set_aside import Aside

    keep_libraries_quiet()
    aside = Aside(
        phone_keys=PhoneKeys(settings.peppers),
        forms=KmsForms(settings.inbound_key, region=settings.region),
        put=RescueQueue(settings.rescue_queue, region=settings.region).put,
        clock=clock,
        count=make_count(settings, clock),
    )
    routes = fallback_routes(aside, public_url=settings.public_url, tokens=settings.twilio_auth_tokens)
    app.register_blueprint(routes)


def _wired(door: str) -> Wired[Any]:
    def make(settings: Settings) -> Any:
        from apig_wsgi import make_lambda_handler

        from handler.routes.http_api import behind_http_api

        return make_lambda_handler(behind_http_api(app_with((door,), settings)))

    return Wired(make)


_sms, _fallback, _web = _wired("sms"), _wired("fallback"), _wired("web")


def sms(event: Any, context: Any) -> Any:
    """Lambda entry point: Twilio's webhooks."""
    return _sms()(event, context)


def fallback(event: Any, context: Any) -> Any:
    """Lambda entry point: what Twilio asks when the webhook has not answered."""
    return _fallback()(event, context)


def web(event: Any, context: Any) -> Any:
    """Lambda entry point: pages and API."""
    return _web()(event, context)
