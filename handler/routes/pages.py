"""What every page has: its language, and the words of that language."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey_flow.language import Language

LANGUAGE_COOKIE = "kuulolla_language"
_YEAR = 365 * 24 * 3600
# How long a shared cache keeps a public page without asking: what is taken back is gone within the hour.
PUBLIC_SECONDS = 3600

PageTexts = Mapping[Language, Mapping[str, str]]


def page_language() -> Language:
    """The language chosen on the page, remembered on this device, else Finnish."""
    for said in (request.args.get("lang"), remembered(LANGUAGE_COOKIE)):
        if said in set(Language):
            return Language(said)
    return Language.FI


def page(template: str, texts: PageTexts, *, status: int = 200, **values: Any) -> Response:
    """A rendered page. `t` holds its words by key, `language` its language."""
    language = page_language()
    response = _rendered(template, texts, language, status, values)
    if request.args.get("lang") in set(Language):
        remember(response, LANGUAGE_COOKIE, language.value)
    return response


def address_language() -> Language:
    """The language that the address names, else Finnish: whoever opens the same address gets the same page."""
    said = request.args.get("lang")
    return Language(said) if said in set(Language) else Language.FI


def public_page(template: str, texts: PageTexts, *, status: int = 200, **values: Any) -> Response:
    """A page for everybody, which shared caches may keep: its language is in its address, and it sets no cookie."""
    response = _rendered(template, texts, address_language(), status, values)
    if status == 200:
        response.cache_control.public = True
        response.cache_control.max_age = PUBLIC_SECONDS
        response.add_etag()
        response.make_conditional(request)
    return response


def _rendered(template: str, texts: PageTexts, language: Language, status: int, values: Mapping[str, Any]) -> Response:
    words = render_template(template, t=texts[language], language=language.value, languages=list(Language), **values)
    return make_response(words, status)


def remember(response: AnyResponse, name: str, value: str) -> None:
    """Kept on this device for a year: a choice, or the name a member of staff signs with; nothing of a respondent."""
    secure = _is_https()
    response.set_cookie(_kept_as(name), value, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)


def remembered(name: str) -> str:
    """What was remembered on this device, else ""."""
    return request.cookies.get(_kept_as(name), "")


def _kept_as(name: str) -> str:
    # No other site's page, a neighbour's domain included, can set a cookie that begins so (RFC 6265bis).
    return f"__Host-{name}" if _is_https() else name


def _is_https() -> bool:
    return request.is_secure or bool(current_app.config["SESSION_COOKIE_SECURE"])
