"""What reading and writing a row of ours costs by the model, and by what handler/tables/ does instead."""

import copy
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.update import Action

from benchmarks.speed.setting import Setting
from handler.tables import base, conversations
from handler.tables.base import Item
from handler.tables.conversations import ConversationRow


def of_a_row(region: str, key: str) -> list[Setting]:
    row = ConversationRow.get(key)
    actions = [ConversationRow.absent.set(0)]
    there = ConversationRow.phone_key.exists()
    return [
        Setting(
            "row sent back after a write and taken apart / not",
            lambda: row.update(actions, condition=there),
            lambda: base.update(ConversationRow, key, actions, condition=there),
            taken=True,
        ),
        _taking_apart(region, key),
        Setting(
            "attributes that stay as they were written anew / left out",
            lambda: base.update(ConversationRow, key, [*actions, *_as_they_were(row)], condition=there),
            lambda: base.update(ConversationRow, key, actions, condition=there),
            taken=True,
        ),
    ]


def _as_they_were(row: ConversationRow) -> list[Action]:
    """The four that a turn leaves as they are."""
    return [
        ConversationRow.state.set(row.state),
        ConversationRow.owed.set(row.owed),
        ConversationRow.shard.set(row.shard),
        ConversationRow.language.set(row.language),
    ]


@dataclass(frozen=True, slots=True)
class _InMemory:
    """In the place of a connection: the row is there already."""

    item: Item

    def get_item(self, *_: object, **__: object) -> dict[str, Item]:
        return {"Item": self.item}


def _taking_apart(region: str, key: str) -> Setting:
    """A row taken apart and handed out, and no more: the call, forty times as long, would hide it."""
    item = base.read(ConversationRow, key)
    if item is None:
        raise LookupError(f"{key} is gone")
    in_memory: Any = _InMemory(item)

    def by_hand() -> object:
        shared, base._connections[region] = base._connections[region], in_memory
        try:
            return conversations.read(key)
        finally:
            base._connections[region] = shared

    return Setting(
        "row taken apart by the model / by hand (without the call)",
        lambda: _handed_out(ConversationRow.from_raw_data(copy.copy(item))),  # it takes the row's attributes away
        by_hand,
        taken=True,
    )


def _handed_out(row: ConversationRow) -> list[object]:
    return [getattr(row, name) for name in ConversationRow.get_attributes()]
