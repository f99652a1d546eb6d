"""What a unit does about its feedback, and what it tells of it: only what is done is published, in its own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handler.tables import actions, audit
from handler.tables.actions import Action, Plan
from handler.tables.audit import Did
from handler.tables.base import LostRace
from handler.work.parts import Parts
from handler.work.themes import heard
from survey_flow.organisation import Unit


class Deed(StrEnum):
    """What is marked on an action."""

    DONE = "done"
    UNDONE = "undone"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


class NotYet(Exception):
    """An action is published once it is done, says what is told, and its theme has five answers.

    On a theme with fewer it might point at whoever spoke of it. `lacks` is "done", "told" or "theme".
    """

    def __init__(self, lacks: str) -> None:
        super().__init__(lacks)
        self.lacks = lacks


class Meanwhile(Exception):
    """Somebody else has changed or removed the action; nothing was written."""


@dataclass(frozen=True, slots=True)
class Published:
    """What everybody may read of an action."""

    theme: str
    told: str
    done_on: date


def every_action(unit: Unit) -> list[Action]:
    """Open ones first, the next due at the top; then those done, the latest first."""
    found = sorted(actions.of_unit(unit.id), key=lambda action: (action.plan.by_when, action.id))
    done = [action for action in found if action.done_on]
    return [action for action in found if not action.done_on] + sorted(done, key=_done_on, reverse=True)


def find(unit: Unit, action_id: str) -> Action | None:
    return next((action for action in actions.of_unit(unit.id) if action.id == action_id), None)


def open_actions(unit: Unit) -> list[Action]:
    """Not done yet, the next due first."""
    return [action for action in every_action(unit) if not action.done_on]


def published_actions(unit: Unit) -> list[Published]:
    """For everybody, the latest done first."""
    return [
        Published(action.plan.theme, action.plan.told, action.done_on)
        for action in every_action(unit)
        if action.published_on and action.done_on and action.plan.told
    ]


def add(parts: Parts, unit: Unit, action_id: str, plan: Plan, *, who: str) -> None:
    """A new action under an id that its form was given: the same form sent twice is one action."""
    try:
        actions.put_new(unit.id, action_id, plan)
    except LostRace:
        return
    _note(parts, unit, action_id, who, Did.ACTION_ADDED)


def change(parts: Parts, unit: Unit, shown: Action, plan: Plan, *, who: str) -> None:
    """Raises Meanwhile, and NotYet when a published action would tell nothing."""
    if shown.published_on and not plan.told:
        raise NotYet("told")
    if shown.published_on and plan.theme != shown.plan.theme:
        _check_heard(parts, unit, plan.theme)
    with _as_shown():
        actions.change(shown, plan)
    _note(parts, unit, shown.id, who, Did.ACTION_CHANGED)


def mark(parts: Parts, unit: Unit, shown: Action, deed: Deed, *, who: str) -> None:
    """Raises Meanwhile and NotYet. What is not done any more is not published any more."""
    done_on, published_on = _marked(shown, deed, parts.today())
    if deed is Deed.PUBLISH:
        _check_heard(parts, unit, shown.plan.theme)
    with _as_shown():
        actions.mark(shown, done_on=done_on, published_on=published_on)
    _note(parts, unit, shown.id, who, _NOTED[deed])


def remove(parts: Parts, unit: Unit, shown: Action, *, who: str) -> None:
    """Raises Meanwhile."""
    with _as_shown():
        actions.remove(shown)
    _note(parts, unit, shown.id, who, Did.ACTION_REMOVED)


_NOTED = {
    Deed.DONE: Did.ACTION_DONE,
    Deed.UNDONE: Did.ACTION_UNDONE,
    Deed.PUBLISH: Did.ACTION_PUBLISHED,
    Deed.UNPUBLISH: Did.ACTION_UNPUBLISHED,
}


def _marked(shown: Action, deed: Deed, today: date) -> tuple[date | None, date | None]:
    match deed:
        case Deed.DONE:
            return shown.done_on or today, shown.published_on
        case Deed.UNDONE:
            return None, None
        case Deed.PUBLISH:
            if shown.done_on is None or not shown.plan.told:
                raise NotYet("told" if shown.done_on else "done")
            return shown.done_on, shown.published_on or today
        case Deed.UNPUBLISH:
            return shown.done_on, None


def _check_heard(parts: Parts, unit: Unit, theme: str) -> None:
    if theme not in heard(parts, unit):
        raise NotYet("theme")


@contextmanager
def _as_shown() -> Iterator[None]:
    try:
        yield
    except LostRace as lost:
        raise Meanwhile from lost


def _done_on(action: Action) -> date:
    return action.done_on or date.min


def _note(parts: Parts, unit: Unit, action_id: str, who: str, did: Did) -> None:
    audit.note(parts.clock(), who=who, did=did, unit=unit.id, about=action_id)
