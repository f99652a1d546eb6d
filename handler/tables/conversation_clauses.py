"""What the conditional writes on conversations are made of.

Every write names its own attributes and is conditioned on the conversation's id and version: a re-created row starts at
version 1 again, so the version alone would let a writer of the old conversation into the new one.
"""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from handler.tables import base
from handler.tables.base import LostRace
from handler.tables.conversations import ConversationRow, Held, Owed, State, epoch, shard_of


@dataclass(frozen=True, slots=True)
class Owes:
    """What an open conversation owes next, and when; while that is a reminder, the sealed number is kept for it."""

    owed: Owed
    due: datetime

    @property
    def keeps_number(self) -> bool:
        return self.owed is Owed.REMINDER


def update(held: Held, actions: list[Action]) -> None:
    """One conditional write. Raises LostRace, with nothing written."""
    try:
        ConversationRow(held.phone_key).update(actions, condition=unchanged(held))
    except UpdateError as error:
        raise _lost(error) from error


def _lost(error: UpdateError) -> Exception:
    return LostRace() if base.lost(error) else error


def opened(held: Held, owes: Owes) -> list[Action]:
    """Open, with what is owed next; the number is kept for a reminder alone."""
    actions = moved_to(held, State.OPEN, owed=owes.owed, due=owes.due)
    if owes.keeps_number:
        return [*actions, ConversationRow.not_before.set(epoch(owes.due)), ConversationRow.since.set(epoch(owes.due))]
    return [*actions, *number_erased()]


def number_erased() -> list[Action]:
    """The number, and the times that only what is owed to it has."""
    return [ConversationRow.sealed_number.remove(), ConversationRow.not_before.remove(), ConversationRow.since.remove()]


def moved_to(held: Held, state: State, *, owed: Owed, due: datetime) -> list[Action]:
    """The next version, in this state, with what is owed then."""
    return [
        ConversationRow.state.set(state.value),
        ConversationRow.version.set(held.version + 1),
        ConversationRow.owed.set(owed.value),
        ConversationRow.due.set(epoch(due)),
        ConversationRow.shard.set(shard_of(held.phone_key)),
    ]


def unchanged(held: Held) -> Condition:
    """The row is as it was read."""
    condition: Condition = (ConversationRow.conversation_id == held.conversation_id) & (
        ConversationRow.version == held.version
    )
    return condition
