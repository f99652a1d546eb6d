"""What every page has: its language, the words of that language, strict headers, and who may see it.

Until sign-in exists the pages for staff are open in stage local alone.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from handler.settings import Stage
from survey_flow.language import Language

LANGUAGE_COOKIE = "kuulolla_language"
# Who did what is done on a page, until people sign in.
STAFF = "form"
_YEAR = 365 * 24 * 3600
# How long a shared cache keeps a public page without asking: what is taken back is gone within the hour.
PUBLIC_SECONDS = 3600

PageTexts = Mapping[Language, Mapping[str, str]]


def page_language() -> Language:
    """The language chosen on the page, remembered on this device, else Finnish."""
    for said in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
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
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)


def guard(routes: Blueprint, stage: Stage) -> None:
    """Until sign-in exists pages for staff are refused outside stage local; forms are taken from our own pages only.

    Our pages say no-referrer, so a browser calls their origin "null", as it does that of a stranger's sandboxed frame:
    Sec-Fetch-Site tells the two apart.
    """

    @routes.before_request
    def only_local_and_our_own() -> None:
        if stage is not Stage.LOCAL:
            abort(403)
        origin = request.headers.get("Origin")
        from_elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
        if request.method == "POST" and (from_elsewhere or origin not in (None, "null", request.host_url.rstrip("/"))):
            abort(403)


def add_strict_headers(app: Flask, stage: Stage) -> None:
    """On every answer, those of errors too. Nothing is kept by caches but what says itself that it is public."""

    @app.after_request
    def strict_headers(response: Response) -> Response:
        ancestors = "http://127.0.0.1:* http://localhost:*" if stage is Stage.LOCAL else "'none'"
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
            f"form-action 'self'; frame-ancestors {ancestors}"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if stage is not Stage.LOCAL:  # one machine speaks plain HTTP
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        if request.endpoint != "static" and not response.cache_control.public:
            response.headers["Cache-Control"] = "no-store"
        return response
