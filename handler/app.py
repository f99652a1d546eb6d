"""Wires the doors; jobs.py wires what runs without HTTP. create_app(doors) imports what those doors need, and no more.

Doors: "sms" (Twilio's webhooks), "fallback" (what Twilio asks when they fail; knows no tables), "web" (pages and API).
Without doors the app has the commands alone.
"""

from collections.abc import Collection, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from flask import Flask

from handler.clock import utc_now
from handler.routes.errors import add_errors
from handler.routes.headers import add_strict_headers
from handler.settings import Settings, Stage
from handler.start import Wired, keep_libraries_quiet, make_count, make_parts, read_settings

if TYPE_CHECKING:
    from handler.outside.identity_provider import SignIn
    from handler.routes.doorkeeper import FindPerson
    from handler.routes.pages import PageTexts
    from handler.work.invite import Inviting
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
        from handler.routes.health import health_routes
        from handler.routes.sms import sms_routes

        app.register_blueprint(sms_routes(parts, public_url=settings.public_url, tokens=settings.twilio_auth_tokens))
        app.register_blueprint(health_routes(parts))
    if "web" in doors:
        _add_web(app, parts, settings)
    else:
        add_errors(app, None)
    return app


def _bare_app() -> Flask:
    app = Flask(__name__, template_folder=None, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    return app


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


def _add_web(app: Flask, parts: "Parts", settings: Settings) -> None:
    from handler.holidays_fi import is_finnish_holiday
    from handler.outside.sealing import KmsSealing
    from handler.outside.send_queue import SendQueue
    from handler.routes.query_bytes import add_readable_query
    from handler.routes.rules import public
    from handler.templates import TEMPLATES, page_texts
    from handler.work.invite import Inviting

    app.template_folder = str(TEMPLATES / "pages")
    app.static_folder = str(TEMPLATES / "static")
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=public(partial(app.send_static_file)))
    texts = page_texts()
    inviting = Inviting(
        parts,
        sealing=KmsSealing(settings.sealing_key, region=settings.region),
        is_holiday=is_finnish_holiday,
        enqueue=SendQueue(settings.sending_queue, region=settings.region).put,
    )
    _add_doorkeeper(app, parts, settings, texts)
    _add_api(app, inviting, texts)
    _add_sending_pages(app, inviting, settings, texts)
    _add_result_pages(app, parts, texts)
    _add_admin_pages(app, parts, settings, texts)
    _add_public_pages(app, parts, settings, texts)
    add_readable_query(app)
    add_errors(app, texts)


def _add_doorkeeper(app: Flask, parts: "Parts", settings: Settings, texts: "PageTexts") -> None:
    from handler.routes.doorkeeper import keep_doors
    from handler.routes.limiting import count_at_address, hold_to_rates
    from handler.routes.who_is_there import add_sessions
    from handler.work import rates
    from handler.work.staff_key import find_key

    add_sessions(app, settings)
    keep_doors(
        app,
        _add_sign_in(app, parts, settings, texts),
        lambda text: find_key(text, today=parts.today()),
        sign_in=settings.identity_provider is not None,
        wrong_key=partial(count_at_address, parts, rates.FAILURES),
    )
    hold_to_rates(app, parts, texts)


def _add_sign_in(app: Flask, parts: "Parts", settings: Settings, texts: "PageTexts") -> "FindPerson":
    from handler.routes.login import login_routes, signed_in
    from handler.routes.who_is_there import nobody, whoever_is_here

    provider = settings.identity_provider
    if provider is None:
        return whoever_is_here(parts) if settings.stage is Stage.LOCAL else nobody

    @cache
    def client() -> "SignIn":
        from handler.outside.identity_provider import SignIn  # its library takes a tenth of a second to load

        return SignIn(provider)

    app.register_blueprint(login_routes(parts, client, texts, public_url=settings.public_url))
    return signed_in(parts)


def _add_api(app: Flask, inviting: "Inviting", texts: "PageTexts") -> None:
    from handler.routes.bulk_api import bulk_api
    from handler.routes.invitations import invitation_api
    from handler.routes.opt_outs import opt_out_api
    from handler.routes.results_api import results_api
    from handler.templates import TEMPLATES

    app.register_blueprint(invitation_api(inviting, openapi=TEMPLATES / "openapi.json"))
    app.register_blueprint(bulk_api(inviting, texts))
    app.register_blueprint(opt_out_api(inviting.parts))
    app.register_blueprint(results_api(inviting.parts))


def _add_sending_pages(app: Flask, inviting: "Inviting", settings: Settings, texts: "PageTexts") -> None:
    from handler.routes.bulk import bulk_pages
    from handler.routes.form import form_routes
    from handler.routes.opt_outs import opt_out_pages

    app.register_blueprint(form_routes(inviting, settings, texts))
    app.register_blueprint(bulk_pages(inviting, texts))
    app.register_blueprint(opt_out_pages(inviting.parts, texts))


def _add_result_pages(app: Flask, parts: "Parts", texts: "PageTexts") -> None:
    from handler.routes.actions import action_pages
    from handler.routes.comments import comment_pages
    from handler.routes.results import results_routes
    from handler.routes.results_export import export_routes
    from handler.routes.results_units import unit_comparison_routes

    for pages in (results_routes, export_routes, unit_comparison_routes, comment_pages, action_pages):
        app.register_blueprint(pages(parts, texts))


def _add_admin_pages(app: Flask, parts: "Parts", settings: Settings, texts: "PageTexts") -> None:
    from handler.routes.audit_pages import audit_pages
    from handler.routes.audit_refusals import note_refusals
    from handler.routes.key_pages import key_pages
    from handler.routes.settings_page import settings_page

    note_refusals(app, parts)
    app.register_blueprint(key_pages(parts, texts))
    app.register_blueprint(audit_pages(parts, texts))
    app.register_blueprint(settings_page(parts, settings, texts))


def _add_public_pages(app: Flask, parts: "Parts", settings: Settings, texts: "PageTexts") -> None:
    from handler.routes.handbook import handbook_pages
    from handler.routes.units import unit_pages

    app.register_blueprint(handbook_pages(texts))
    app.register_blueprint(unit_pages(parts, settings, texts))
    if "health" not in app.blueprints:
        from handler.routes.health import health_routes

        app.register_blueprint(health_routes(parts))


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
