"""Wires the pages and the API, the doorkeeper before them and signing in: the door "web".

Apart from app.py, which imports it for that door alone: the webhooks' function never loads it.
"""

from functools import cache, partial
from typing import TYPE_CHECKING

from flask import Flask

from handler.holidays_fi import is_finnish_holiday
from handler.outside.sealing import KmsSealing
from handler.outside.send_queue import SendQueue
from handler.routes.actions import action_pages
from handler.routes.audit_pages import audit_pages
from handler.routes.audit_refusals import note_refusals
from handler.routes.bulk import bulk_pages
from handler.routes.bulk_api import bulk_api
from handler.routes.comments import comment_pages
from handler.routes.doorkeeper import FindPerson, keep_doors
from handler.routes.errors import add_errors
from handler.routes.form import form_routes
from handler.routes.handbook import handbook_pages
from handler.routes.health import health_routes
from handler.routes.invitations import invitation_api
from handler.routes.key_pages import key_pages
from handler.routes.limiting import count_at_address, hold_to_rates
from handler.routes.login import login_routes, signed_in
from handler.routes.opt_outs import opt_out_api, opt_out_pages
from handler.routes.pages import PageTexts
from handler.routes.query_bytes import add_readable_query
from handler.routes.results import results_routes
from handler.routes.results_api import results_api
from handler.routes.results_export import export_routes
from handler.routes.results_units import unit_comparison_routes
from handler.routes.rules import public
from handler.routes.settings_page import settings_page
from handler.routes.units import unit_pages
from handler.routes.who_is_there import add_sessions, nobody, whoever_is_here
from handler.settings import Settings, Stage
from handler.templates import TEMPLATES, page_texts
from handler.work import rates
from handler.work.invite import Inviting
from handler.work.parts import Parts
from handler.work.staff_key import find_key

if TYPE_CHECKING:
    from handler.outside.identity_provider import SignIn


def make_inviting(settings: Settings, parts: Parts) -> Inviting:
    """Inviting as it is wired for real: KMS, the queue, Finnish holidays."""
    return Inviting(
        parts,
        sealing=KmsSealing(settings.sealing_key, region=settings.region),
        is_holiday=is_finnish_holiday,
        enqueue=SendQueue(settings.sending_queue, region=settings.region).put,
    )


def add_web(app: Flask, inviting: Inviting, settings: Settings) -> None:
    parts, texts = inviting.parts, page_texts()
    _add_static_files(app)
    _add_doorkeeper(app, parts, settings, texts)
    _add_api(app, inviting, texts)
    _add_sending_pages(app, inviting, settings, texts)
    _add_result_pages(app, parts, texts)
    _add_admin_pages(app, parts, settings, texts)
    _add_public_pages(app, parts, settings, texts)
    add_readable_query(app)
    add_errors(app, texts)


def _add_static_files(app: Flask) -> None:
    app.template_folder = str(TEMPLATES / "pages")
    app.static_folder = str(TEMPLATES / "static")
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=public(partial(app.send_static_file)))


def _add_doorkeeper(app: Flask, parts: Parts, settings: Settings, texts: PageTexts) -> None:
    add_sessions(app, settings)
    keep_doors(
        app,
        _add_sign_in(app, parts, settings, texts),
        lambda text: find_key(text, today=parts.today()),
        sign_in=settings.identity_provider is not None,
        wrong_key=partial(count_at_address, parts, rates.FAILURES),
    )
    hold_to_rates(app, parts, texts)


def _add_sign_in(app: Flask, parts: Parts, settings: Settings, texts: PageTexts) -> FindPerson:
    provider = settings.identity_provider
    if provider is None:
        return whoever_is_here(parts) if settings.stage is Stage.LOCAL else nobody

    @cache
    def client() -> "SignIn":
        from handler.outside.identity_provider import SignIn  # its library takes a tenth of a second to load

        return SignIn(provider, clock=parts.clock)

    app.register_blueprint(login_routes(parts, client, texts, public_url=settings.public_url))
    return signed_in(parts)


def _add_api(app: Flask, inviting: Inviting, texts: PageTexts) -> None:
    app.register_blueprint(invitation_api(inviting, openapi=TEMPLATES / "openapi.json"))
    app.register_blueprint(bulk_api(inviting, texts))
    app.register_blueprint(opt_out_api(inviting.parts))
    app.register_blueprint(results_api(inviting.parts))


def _add_sending_pages(app: Flask, inviting: Inviting, settings: Settings, texts: PageTexts) -> None:
    app.register_blueprint(form_routes(inviting, settings, texts))
    app.register_blueprint(bulk_pages(inviting, texts))
    app.register_blueprint(opt_out_pages(inviting.parts, texts))


def _add_result_pages(app: Flask, parts: Parts, texts: PageTexts) -> None:
    for pages in (results_routes, export_routes, unit_comparison_routes, comment_pages, action_pages):
        app.register_blueprint(pages(parts, texts))


def _add_admin_pages(app: Flask, parts: Parts, settings: Settings, texts: PageTexts) -> None:
    note_refusals(app, parts)
    app.register_blueprint(key_pages(parts, texts))
    app.register_blueprint(audit_pages(parts, texts))
    app.register_blueprint(settings_page(parts, settings, texts))


def _add_public_pages(app: Flask, parts: Parts, settings: Settings, texts: PageTexts) -> None:
    app.register_blueprint(handbook_pages(texts))
    app.register_blueprint(unit_pages(parts, settings, texts))
    if "health" not in app.blueprints:
        app.register_blueprint(health_routes(parts))
