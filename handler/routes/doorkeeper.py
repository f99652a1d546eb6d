"""Who stands at the door of a page or of the API, and whether the view is for them: asked before every view.

A view says for whom it is (rules.py); here it is kept. What says nothing is refused.
"""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import ValidationError

from handler.routes.problems import Problem
from handler.routes.rules import Open, rule_of
from handler.tables.staff_keys import StaffKey
from survey_flow.access import Act, Person, Right

FindPerson = Callable[[], Person | None]
FindKey = Callable[[str], StaffKey | None]
CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRFToken"


def keep_doors(
    app: Flask, find_person: FindPerson, find_key: FindKey, *, sign_in: bool, wrong_key: Callable[[], None]
) -> None:
    """Before every view of this app. `find_person` tells who is signed in, `find_key` which key a text is, if it holds;
    `wrong_key` is told of those that do not.

    Without `sign_in` there is no identity provider to lead anybody to.
    """

    @app.before_request
    def at_the_door() -> AnyResponse | None:
        if request.endpoint is None:  # no such address, or not so: told as ever
            return None
        rule = rule_of(current_app.view_functions[request.endpoint])
        g.find_person = find_person
        if isinstance(rule, Act):
            return _let_in(rule, find_person(), sign_in=sign_in)
        if isinstance(rule, Right):
            _check_key(rule, find_key, wrong_key)
        elif not isinstance(rule, Open):
            abort(403)
        return None


def the_person() -> Person:
    """Who is signed in; within a view for staff."""
    return cast(Person, g.person)


def look_who_is_there() -> None:
    """For a page that everybody may read and that shows whoever is signed in their menu: one for no shared cache."""
    g.person = g.find_person()


def the_key() -> StaffKey:
    """The request's key; within a view by key."""
    return cast(StaffKey, g.key)


def _let_in(act: Act, person: Person | None, *, sign_in: bool) -> AnyResponse | None:
    if person is None and sign_in and request.method == "GET":
        return redirect(f"{url_for('login.show')}?{urlencode({'next': request.full_path.rstrip('?')})}", 303)
    if person is None:
        abort(401 if sign_in else 403)
    g.person = person
    if request.path == "/" and not person.may(act) and person.may(Act.RESULTS):  # home of those who do not send
        return redirect(url_for("results.results"), 303)
    if not person.may(act):
        abort(403)
    if request.method not in ("GET", "HEAD"):
        only_from_our_pages()
    return None


def _check_key(right: Right, find_key: FindKey, wrong_key: Callable[[], None]) -> None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    shown = text.strip() if scheme.lower() == "bearer" else ""
    found = find_key(shown) if shown else None
    if found is None:
        if shown:
            wrong_key()
        raise Problem(401, "key-needed", "Send a valid key as 'Authorization: Bearer KEY'.")
    g.key = found
    if right.value not in found.rights:
        raise Problem(403, "right-missing", f"This key does not have the right '{right.value}'.")


def only_from_our_pages() -> None:
    """Refuses a form that another site made somebody's browser send.

    Our pages say no-referrer, so a browser calls their origin "null", as it does that of a stranger's sandboxed frame:
    Sec-Fetch-Site tells the two apart. Whoever has a session shows its token, too; without one there is none to abuse.
    """
    origin = request.headers.get("Origin")
    from_elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    if from_elsewhere or origin not in (None, "null", request.host_url.rstrip("/")):
        abort(403)
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies and not _has_our_token():
        abort(403)


def _has_our_token() -> bool:
    # The header first: reading the form would take a file's content, which its view reads piece by piece.
    try:
        validate_csrf(request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, ""))
    except ValidationError:
        return False
    return True
