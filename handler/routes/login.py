"""Signing in at the organisation's identity provider, and out again, there too."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from handler.outside.signed_in import Refused, SignedIn, Silent
from handler.routes.doorkeeper import FindPerson, only_from_our_pages
from handler.routes.limiting import count_at_address
from handler.routes.pages import PageTexts, page, page_language
from handler.routes.rules import public
from handler.tables.audit import Did, note
from handler.tables.sessions import Session
from handler.work import rates, sessions
from handler.work.parts import Parts
from survey_flow.access import Act, Person, person_with

if TYPE_CHECKING:
    from handler.outside.identity_provider import SignIn

TOKEN = "session"  # noqa: S105 the name under which the cookie holds it
# Sign-ins begun and not finished, as in several tabs: a cookie has 4,096 bytes.
MOST_BEGUN = 4
LONGEST_NEXT = 300

log = logging.getLogger("kuulolla.login")


def signed_in(parts: Parts) -> FindPerson:
    """Who is signed in with this request. What their groups give is looked up anew each time."""

    def find() -> Person | None:
        token = session.get(TOKEN)
        found = sessions.find(token, now=parts.clock()) if isinstance(token, str) else None
        if found is None:
            return None
        return person_with(found.groups, parts.library.organisation.access, id=found.person, name=found.name)

    return find


@dataclass(frozen=True, slots=True)
class _SigningIn:
    """What the doors of signing in stand on."""

    parts: Parts
    provider: "Callable[[], SignIn]"
    texts: PageTexts
    public_url: str


def login_routes(parts: Parts, provider: "Callable[[], SignIn]", texts: PageTexts, *, public_url: str) -> Blueprint:
    """`provider` is made when it is first needed."""
    routes, signing_in = Blueprint("login", __name__), _SigningIn(parts, provider, texts, public_url)

    @routes.get("/login")
    @public
    def show() -> AnyResponse:
        return _go(signing_in)

    @routes.get("/login/back")
    @public
    def back() -> AnyResponse:
        return _come_back(signing_in)

    @routes.post("/logout")
    @public
    def leave() -> AnyResponse:
        return _leave(signing_in)

    @routes.get("/login/out")
    @public
    def out() -> Response:
        return page("login_out.html", texts)

    return routes


def _go(at: _SigningIn) -> AnyResponse:
    """To the provider."""
    wanted = path_of_ours(request.args.get("next", ""))
    _forget_oldest_begun()
    try:
        address = at.provider().leave(f"{at.public_url}/login/back", language=page_language().value, next=wanted)
    except (Silent, Refused) as fault:
        return _not_now(at.texts, fault, wanted)
    # What leads here with a query may be a form, which Chromium holds to our form-action through all redirects.
    return page("login_onward.html", at.texts, address=address) if "?" in wanted else redirect(address, 303)


def _come_back(at: _SigningIn) -> AnyResponse:
    """From the provider, which tells who it is."""
    client = at.provider()
    begun = client.framework.get_state_data(session, request.args.get("state", "")) or {}
    wanted = path_of_ours(begun.get("next", ""))
    try:
        told = client.come_back(request.args.get("iss"))
    except Silent as fault:
        return _not_now(at.texts, fault, wanted)
    except Refused as fault:
        count_at_address(at.parts, rates.FAILURES)
        return _not_let_in(at.texts, fault, wanted)
    person = _let_in(at.parts, told)
    if not person.grants:
        address = _ending(client, at.public_url, told.id_token)
        return page("login_nothing.html", at.texts, status=403, told=told, address=address)
    at_home = "/" if person.may(Act.SEND) else url_for("results.results")
    return redirect(at_home if wanted == "/" else wanted, 303)


def _leave(at: _SigningIn) -> AnyResponse:
    """Out here, and then at the provider."""
    only_from_our_pages()
    ended = _end(at.parts)
    address = _ending(at.provider(), at.public_url, ended.id_token) if ended else None
    # A page that leads on: our form-action lets no form be redirected to the provider.
    return page("login_onward.html", at.texts, address=address or url_for("login.out"))


def path_of_ours(said: str) -> str:
    """Where to go after signing in: a path of this site, "/" for anything else. No way back into signing in or out."""
    elsewhere = not said.startswith("/") or said.startswith("//") or "\\" in said
    # Browsers pass over tabs and line ends: "/<tab>/other.example" is another site's to them.
    unreadable = len(said) > LONGEST_NEXT or any(ord(char) <= 32 or ord(char) == 127 for char in said)
    return "/" if elsewhere or unreadable or said.startswith("/log") else said


def _forget_oldest_begun() -> None:
    begun = [key for key in session if key.startswith("_state_")]  # as Authlib names them
    for key in sorted(begun, key=lambda key: float(session[key]["exp"]))[: 1 - MOST_BEGUN]:
        session.pop(key)


def _let_in(parts: Parts, told: SignedIn) -> Person:
    """The person, with a session of their own under a new token, if their groups give them anything."""
    person = person_with(told.groups, parts.library.organisation.access, id=f"person:{told.subject}", name=told.name)
    _end(parts)
    did = Did.SIGNED_IN if person.grants else Did.REFUSED_SIGN_IN
    note(parts.clock(), who=person.id, did=did, about=person.name if person.name and person.grants else None)
    if person.grants:
        session[TOKEN] = sessions.begin(told, now=parts.clock())
    return person


def _end(parts: Parts) -> Session | None:
    """Ends the session of this browser, if there is one, and forgets whatever its cookie held."""
    token = session.get(TOKEN)
    ended = sessions.end(token) if isinstance(token, str) else None
    session.clear()
    if ended:
        note(parts.clock(), who=ended.person, did=Did.SIGNED_OUT)
    return ended


def _ending(client: "SignIn", public_url: str, id_token: str | None) -> str | None:
    """Where the provider ends its own session, if it has such a place, and tells."""
    try:
        return client.ending(f"{public_url}/login/out", id_token)
    except (Refused, Silent) as fault:
        log.warning("the provider's session cannot be ended: %s", fault)
        return None


def _not_now(texts: PageTexts, fault: Exception, wanted: str) -> Response:
    log.warning("the identity provider does not answer as it should: %s", fault)
    return page("login_failed.html", texts, status=503, why="silent", wanted=wanted)


def _not_let_in(texts: PageTexts, fault: Refused, wanted: str) -> Response:
    log.warning("a sign-in was refused: %s", fault)
    return page("login_failed.html", texts, status=400, why="refused", wanted=wanted)
