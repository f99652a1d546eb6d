"""A unit's pages for everybody: what was done about its feedback, and the poster that tells of the messages.

Open in every stage, without sign-in: nothing in them is of a person, and no figure of a group under twenty.
"""

import segno
from flask import Blueprint, Response, url_for
from markupsafe import Markup

from handler.routes.pages import PageTexts, address_language, public_page
from handler.routes.rules import public
from handler.settings import Settings, Stage
from handler.work.parts import Parts
from handler.work.poster import first_message, sending_number
from handler.work.unit_page import done_by_theme, public_figures
from survey_flow.language import Language
from survey_flow.organisation import Unit
from survey_flow.survey import labels


def unit_pages(parts: Parts, settings: Settings, texts: PageTexts) -> Blueprint:
    routes = Blueprint("units", __name__)
    organisation = parts.library.organisation

    @routes.get("/units/<unit_id>")
    @public
    def show(unit_id: str) -> Response:
        unit = organisation.units.get(unit_id)
        if unit is None:
            return _unknown(texts)
        return public_page(
            "unit.html",
            texts,
            unit=unit,
            themes=organisation.themes,
            labels=labels,
            done=done_by_theme(parts, unit),
            groups=public_figures(parts, unit),
            indexed=settings.stage is Stage.PROD,
        )

    @routes.get("/units/<unit_id>/poster")
    @public
    def poster(unit_id: str) -> Response:
        unit = organisation.units.get(unit_id)
        if unit is None:
            return _unknown(texts)
        language = address_language()
        address = settings.public_url + _path(unit, language)
        return public_page(
            "poster.html",
            texts,
            unit=unit,
            number=sending_number(organisation, settings.sender),
            message=first_message(parts, unit, language),
            address=address,
            code=drawn(address),
        )

    return routes


def _unknown(texts: PageTexts) -> Response:
    return public_page("unit_unknown.html", texts, status=404)


def _path(unit: Unit, language: Language) -> str:
    """The page in the poster's own language; Finnish is what it opens in when none is named."""
    return url_for("units.show", unit_id=unit.id, lang=None if language is Language.FI else language.value)


def drawn(address: str) -> Markup:
    """A QR code that a phone still reads when a seventh of it is worn (level M), as inline SVG.

    Geometry attributes alone: our policy forbids inline styles.
    """
    svg = segno.make_qr(address, error="m", boost_error=False).svg_inline(
        omitsize=True, svgclass="code", lineclass="code-line"
    )
    return Markup(svg)  # noqa: S704 segno's own drawing: the address is in it as squares, not as text
