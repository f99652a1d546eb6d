"""What a unit does about its feedback: added, changed, done, published, removed. Forms without JavaScript."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handler.routes.actions_fields import new_id_of, read_plan, typed_of
from handler.routes.doorkeeper import the_person
from handler.routes.pages import PageTexts, page
from handler.routes.rules import staff
from handler.routes.unit_asked import asked_unit, known_unit, own_units, remember_unit
from handler.tables.actions import Action
from handler.work import actions
from handler.work.actions import Deed, Meanwhile, NotYet
from handler.work.parts import Parts
from survey_flow.access import Act
from survey_flow.organisation import Unit

_TOLD = ("added", "changed", "removed", *Deed)


def action_pages(parts: Parts, texts: PageTexts) -> Blueprint:
    routes = Blueprint("actions", __name__)
    remember_unit(routes, parts)

    @routes.get("/actions")
    @staff(Act.ACTIONS)
    def show() -> Response:
        return _list(parts, texts, asked_unit(parts, Act.ACTIONS))

    @routes.post("/actions")
    @staff(Act.ACTIONS)
    def add() -> AnyResponse:
        return _add(parts, texts, asked_unit(parts, Act.ACTIONS))

    @routes.get("/actions/<unit_id>/<action_id>")
    @staff(Act.ACTIONS)
    def show_one(unit_id: str, action_id: str) -> Response:
        return _one(parts, texts, *_found(parts, unit_id, action_id))

    @routes.post("/actions/<unit_id>/<action_id>")
    @staff(Act.ACTIONS)
    def change(unit_id: str, action_id: str) -> AnyResponse:
        return _change(parts, texts, *_found(parts, unit_id, action_id))

    @routes.post("/actions/<unit_id>/<action_id>/mark")
    @staff(Act.ACTIONS)
    def mark(unit_id: str, action_id: str) -> AnyResponse:
        return _mark(parts, texts, *_found(parts, unit_id, action_id))

    @routes.get("/actions/<unit_id>/<action_id>/remove")
    @staff(Act.ACTIONS)
    def ask_once_more(unit_id: str, action_id: str) -> Response:
        return _one(parts, texts, *_found(parts, unit_id, action_id), removing=True)

    @routes.post("/actions/<unit_id>/<action_id>/remove")
    @staff(Act.ACTIONS)
    def remove(unit_id: str, action_id: str) -> AnyResponse:
        return _remove(parts, texts, *_found(parts, unit_id, action_id))

    return routes


def _found(parts: Parts, unit_id: str, action_id: str) -> tuple[Unit, Action | None]:
    """The unit, and the action as it is now; None when it is not there (any more)."""
    unit = known_unit(parts, unit_id, Act.ACTIONS)
    return unit, actions.find(unit, action_id)


def _as_shown(action: Action) -> Action:
    """The action with the version that the form was made from: a change since then makes the write lose."""
    version = request.form.get("version", "")
    known = version.isascii() and version.isdigit() and len(version) < 10
    return replace(action, version=int(version) if known else -1)


def _add(parts: Parts, texts: PageTexts, unit: Unit) -> AnyResponse:
    typed = request.form.to_dict()
    plan, faults = read_plan(typed, parts.library.organisation)
    if plan is None:
        return _list(parts, texts, unit, typed=typed, faults=faults)
    actions.add(parts, unit, new_id_of(typed), plan, who=the_person().id)
    return _done(unit, "added")


def _change(parts: Parts, texts: PageTexts, unit: Unit, action: Action | None) -> AnyResponse:
    if action is None:
        return _one(parts, texts, unit, None)
    typed = request.form.to_dict()
    plan, faults = read_plan(typed, parts.library.organisation, kept_theme=action.plan.theme)
    if plan is None:
        return _one(parts, texts, unit, action, typed=typed, faults=faults, status=422)
    try:
        actions.change(parts, unit, _as_shown(action), plan, who=the_person().id)
    except NotYet:
        return _one(parts, texts, unit, action, typed=typed, faults={"actions_told": "published"}, status=422)
    except Meanwhile:
        return _meanwhile(parts, texts, unit, action, typed=typed)
    return _done(unit, "changed")


def _mark(parts: Parts, texts: PageTexts, unit: Unit, action: Action | None) -> AnyResponse:
    if action is None:
        return _one(parts, texts, unit, None)
    said = request.form.get("do", "")
    if said not in set(Deed):
        return _one(parts, texts, unit, action, trouble="unknown", status=422)
    try:
        actions.mark(parts, unit, _as_shown(action), Deed(said), who=the_person().id)
    except NotYet as not_yet:
        return _one(parts, texts, unit, action, trouble=f"not_{not_yet.lacks}", status=422)
    except Meanwhile:
        return _meanwhile(parts, texts, unit, action)
    return _done(unit, said)


def _remove(parts: Parts, texts: PageTexts, unit: Unit, action: Action | None) -> AnyResponse:
    if action is None:
        return _one(parts, texts, unit, None)
    try:
        actions.remove(parts, unit, _as_shown(action), who=the_person().id)
    except Meanwhile:
        return _meanwhile(parts, texts, unit, action)
    return _done(unit, "removed")


def _done(unit: Unit, told: str) -> AnyResponse:
    return redirect(url_for("actions.show", unit=unit.id, told=told), 303)


def _meanwhile(
    parts: Parts, texts: PageTexts, unit: Unit, action: Action, *, typed: Mapping[str, str] | None = None
) -> Response:
    """The action as it is now, with what was typed kept beside it."""
    now = actions.find(unit, action.id)
    return _one(parts, texts, unit, now, typed=typed, trouble="meanwhile", status=409)


def _list(
    parts: Parts,
    texts: PageTexts,
    unit: Unit,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    told = request.args.get("told", "")
    every = actions.every_action(unit)
    return page(
        "actions.html",
        texts,
        status=422 if faults else 200,
        unit=unit,
        units=own_units(parts, Act.ACTIONS),
        open=[action for action in every if not action.done_on],
        done=[action for action in every if action.done_on],
        told=told if told in _TOLD and request.method == "GET" else None,
        new_id=uuid4(),
        **_form(parts, typed or {}, faults or {}),
    )


def _one(
    parts: Parts,
    texts: PageTexts,
    unit: Unit,
    action: Action | None,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    trouble: str = "",
    status: int = 200,
    removing: bool = False,
) -> Response:
    return page(
        "actions_one.html",
        texts,
        status=404 if action is None else status,
        unit=unit,
        action=action,
        trouble=trouble,
        removing=removing,
        **_form(parts, typed or (typed_of(action) if action else {}), faults or {}),
    )


def _form(parts: Parts, typed: Mapping[str, str], faults: Mapping[str, str]) -> dict[str, Any]:
    organisation = parts.library.organisation
    return {"typed": typed, "faults": faults, "themes": organisation.themes, "today": parts.today()}
