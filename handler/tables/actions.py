"""What a unit does about its feedback: an action belongs to a theme, never to a respondent or a comment.

`told` are the words for everybody. Every change is conditioned on the version that was shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Writing
from pynamodb.models import Model

from handler.tables import base
from handler.tables.base import LostRace


class ActionRow(Model):
    class Meta(base.Meta):
        short_name = "actions"

    unit = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    what = UnicodeAttribute()
    who = UnicodeAttribute()
    by_when = UnicodeAttribute()
    theme = UnicodeAttribute()
    told = UnicodeAttribute(null=True)
    done_on = UnicodeAttribute(null=True)
    published_on = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written of an action; `told` may be empty."""

    what: str
    who: str
    by_when: date
    theme: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    id: str
    unit: str
    plan: Plan
    done_on: date | None
    published_on: date | None
    version: int

    def is_overdue(self, today: date) -> bool:
        return self.done_on is None and self.plan.by_when < today


def of_unit(unit: str) -> Iterator[Action]:
    for row in ActionRow.query(unit, consistent_read=True):
        yield _action(row)


def put_new(unit: str, action_id: str, plan: Plan) -> None:
    """Raises LostRace when there is such an action already."""
    row = ActionRow(unit, action_id, version=1, **_columns(plan))
    try:
        row.save(condition=ActionRow.id.does_not_exist())
    except PutError as error:
        raise (LostRace() if base.lost(error) else error) from error


def change(action: Action, plan: Plan) -> None:
    """Raises LostRace when the action is no longer as it was read."""
    columns = _columns(plan)
    _update(action, [_set(getattr(ActionRow, name), columns.get(name)) for name in _WRITTEN])


def mark(action: Action, *, done_on: date | None, published_on: date | None) -> None:
    """Raises LostRace when the action is no longer as it was read."""
    _update(action, [_set(ActionRow.done_on, _day(done_on)), _set(ActionRow.published_on, _day(published_on))])


def remove(action: Action) -> None:
    """Raises LostRace when the action is no longer as it was read."""
    try:
        ActionRow(action.unit, action.id).delete(condition=_unchanged(action))
    except DeleteError as error:
        raise (LostRace() if base.lost(error) else error) from error


_WRITTEN = ("what", "who", "by_when", "theme", "told")


def _columns(plan: Plan) -> dict[str, Any]:
    written = {"what": plan.what, "who": plan.who, "by_when": plan.by_when.isoformat(), "theme": plan.theme}
    return {**written, "told": plan.told} if plan.told else written


def _update(action: Action, actions: list[Writing]) -> None:
    try:
        ActionRow(action.unit, action.id).update(
            [*actions, ActionRow.version.set(action.version + 1)], condition=_unchanged(action)
        )
    except UpdateError as error:
        raise (LostRace() if base.lost(error) else error) from error


def _unchanged(action: Action) -> Condition:
    """It is there, as it was read."""
    version = ActionRow.version == action.version if action.version else ActionRow.version.does_not_exist()
    condition: Condition = ActionRow.id.exists() & version
    return condition


def _set(column: UnicodeAttribute, value: str | None) -> Writing:
    return column.set(value) if value else column.remove()


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _action(row: ActionRow) -> Action:
    plan = Plan(row.what, row.who, date.fromisoformat(row.by_when), row.theme, row.told or "")
    return Action(row.id, row.unit, plan, _date(row.done_on), _date(row.published_on), int(row.version or 0))


def _date(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
