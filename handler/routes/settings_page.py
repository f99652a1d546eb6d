"""The organisation as it is configured, to be read: what a change of a file has brought, and what is still to be done.

No secrets. What is changed is changed in templates/organisation.toml and at the deployment.
"""

from flask import Blueprint, Response

from handler.help_lines import help_lines
from handler.routes.pages import PageTexts, page
from handler.routes.rules import staff
from handler.settings import Settings
from handler.version import VERSION
from handler.work.parts import Parts
from handler.work.retention import AUDIT_MONTHS, KEY_DAYS
from survey_flow.access import Act
from survey_flow.examples_left import examples_left


def settings_page(parts: Parts, settings: Settings, texts: PageTexts) -> Blueprint:
    routes = Blueprint("settings", __name__)

    @routes.get("/settings")
    @staff(Act.SETTINGS)
    def show() -> Response:
        organisation, provider = parts.library.organisation, settings.identity_provider
        return page(
            "settings.html",
            texts,
            organisation=organisation,
            units=organisation.units,
            surveys=parts.library.surveys,
            examples=examples_left(organisation),
            lines=help_lines(),
            stage=settings.stage.value,
            public_url=settings.public_url,
            sender=settings.sender,
            issuer=provider.issuer if provider else "",
            version=VERSION,
            audit_months=AUDIT_MONTHS,
            key_days=KEY_DAYS,
        )

    return routes
