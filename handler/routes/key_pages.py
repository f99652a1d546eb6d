"""API keys for the administrator: listed, made, rotated, revoked. A new key stands on the one answer that made it.

Not in an address, not behind a redirect: what is shown once is in no history and in no log. Forms without JavaScript.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handler.routes.doorkeeper import the_person
from handler.routes.key_fields import LONGEST_PURPOSE, Fault, Typed, read_old_days, read_wish
from handler.routes.pages import PageTexts, page
from handler.routes.rules import staff
from handler.routes.unit_asked import own_units
from handler.tables.staff_keys import StaffKey
from handler.work import staff_key_keeping as keeping
from handler.work.parts import Parts
from handler.work.staff_key import LIFETIME, LONGEST_DAYS, NewKey, new_id
from handler.work.staff_key_keeping import MOST_OLD_DAYS, OLD_DAYS, MadeAlready, NoSuchKey, NotToRotate
from survey_flow.access import Act, Right


def key_pages(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("keys", __name__)

    @routes.get("/keys")
    @staff(Act.KEYS)
    def show() -> Response:
        return _list(parts, texts)

    @routes.post("/keys")
    @staff(Act.KEYS)
    def make() -> Response:
        return _make(parts, texts)

    @routes.get("/keys/<key_id>/rotate")
    @staff(Act.KEYS)
    def ask_to_rotate(key_id: str) -> Response:
        return _one(parts, texts, _found(key_id), deed="rotate")

    @routes.post("/keys/<key_id>/rotate")
    @staff(Act.KEYS)
    def rotate(key_id: str) -> Response:
        return _rotate(parts, texts, _found(key_id))

    @routes.get("/keys/<key_id>/revoke")
    @staff(Act.KEYS)
    def ask_to_revoke(key_id: str) -> Response:
        return _one(parts, texts, _found(key_id), deed="revoke")

    @routes.post("/keys/<key_id>/revoke")
    @staff(Act.KEYS)
    def revoke(key_id: str) -> AnyResponse:
        keeping.revoke(parts, _found(key_id).id, who=the_person().id)
        return redirect(url_for("keys.show", told="revoked"), 303)

    return routes


def _found(key_id: str) -> StaffKey:
    try:
        return keeping.find(key_id)
    except NoSuchKey:
        abort(404)


def _make(parts: Parts, texts: PageTexts) -> Response:
    typed = Typed(
        purpose=request.form.get("purpose", ""),
        units=request.form.getlist("unit"),
        rights=request.form.getlist("right"),
        days=request.form.get("days", ""),
    )
    wish, faults = read_wish(typed, own_units(parts, Act.KEYS))
    if wish is None:
        return _list(parts, texts, typed=typed, faults=faults)
    told = request.form.get("new_id", "")
    try:
        made = keeping.make(parts, wish, who=the_person().id, key_id=told if keeping.is_id(told) else None)
    except MadeAlready:
        return _list(parts, texts, trouble="made_already")
    return _made(parts, texts, made)


def _rotate(parts: Parts, texts: PageTexts, old: StaffKey) -> Response:
    old_days = read_old_days(request.form)
    if old_days is None:
        return _one(parts, texts, old, deed="rotate", faults={"keys_old_days": Fault.NOT_DAYS})
    try:
        made = keeping.rotate(parts, old.id, old_days=old_days, who=the_person().id)
    except NotToRotate:
        return _one(parts, texts, keeping.find(old.id), deed="rotate", status=409)
    return _made(parts, texts, made, old=keeping.find(old.id))


def _made(parts: Parts, texts: PageTexts, made: NewKey, *, old: StaffKey | None = None) -> Response:
    """The one answer that holds the key itself."""
    return _page(parts, texts, "keys_made.html", made=made, kept=keeping.find(made.id), old=old)


def _list(
    parts: Parts,
    texts: PageTexts,
    *,
    typed: Typed | None = None,
    faults: Mapping[str, Fault] | None = None,
    trouble: str = "",
) -> Response:
    revoked = request.method == "GET" and request.args.get("told") == "revoked"
    return _page(
        parts,
        texts,
        "keys.html",
        faults=faults,
        status=409 if trouble else 200,
        keys=keeping.listed(parts.today()),
        typed=typed or Typed("", (), (), str(LIFETIME.days)),
        trouble=trouble,
        told="revoked" if revoked else None,
        new_id=new_id(),
        own=own_units(parts, Act.KEYS),
        longest_days=LONGEST_DAYS,
        longest_purpose=LONGEST_PURPOSE,
    )


def _one(
    parts: Parts,
    texts: PageTexts,
    key: StaffKey,
    *,
    deed: str,
    faults: Mapping[str, Fault] | None = None,
    status: int = 200,
) -> Response:
    old_days = request.form.get("old_days", str(OLD_DAYS))
    shown = {"key": key, "deed": deed, "old_days": old_days, "most_old_days": MOST_OLD_DAYS}
    return _page(parts, texts, "keys_one.html", faults=faults, status=status, **shown)


def _page(
    parts: Parts,
    texts: PageTexts,
    template: str,
    *,
    faults: Mapping[str, Fault] | None = None,
    status: int = 200,
    **shown: Any,
) -> Response:
    """A page, with what each of them says of a key; the status is 422 where fields are at fault."""
    today = parts.today()
    return page(
        template,
        texts,
        status=422 if faults else status,
        faults=faults or {},
        units=parts.library.organisation.units,
        state_of=lambda key: keeping.state_of(key, today).value,
        may_be_rotated=lambda key: keeping.may_be_rotated(key, today),
        right_order=[right.value for right in Right],
        **shown,
    )
