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
    """What an open conversation owes next, and when."""

    owed: Owed
    due: datetime


def update(held: Held, actions: list[Action]) -> None:
    """One conditional write. Raises LostRace, with nothing written."""
    try:
        base.update(ConversationRow, held.phone_key, actions, condition=unchanged(held))
    except UpdateError as error:
        raise _lost(error) from error


def update_despite_conflicts(held: Held, actions: list[Action]) -> None:
    """The same, done again while somebody's transaction is in the way. Raises LostRace, with nothing written."""
    try:
        base.despite_conflicts(lambda: base.update(ConversationRow, held.phone_key, actions, condition=unchanged(held)))
    except UpdateError as error:
        raise _lost(error) from error


def _lost(error: UpdateError) -> Exception:
    return LostRace() if base.lost(error) else error


def opened(held: Held, owes: Owes) -> list[Action]:
    """Open, with what is owed next."""
    return _with_times(moved_to(held, State.OPEN, owed=owes.owed, due=owes.due), owes)


def gone_on(held: Held, owes: Owes) -> list[Action]:
    """The same for a row that was read just now: what is in it already is not written anew, each attribute costs. None
    of it changes without a new version."""
    actions: list[Action] = [ConversationRow.version.set(held.version + 1), ConversationRow.due.set(epoch(owes.due))]
    if held.state is not State.OPEN:
        actions.append(ConversationRow.state.set(State.OPEN.value))
    if held.owed is not owes.owed:
        actions.append(ConversationRow.owed.set(owes.owed.value))
    return _with_times(actions, owes)


def _with_times(actions: list[Action], owes: Owes) -> list[Action]:
    if owes.owed is Owed.REMINDER:
        return [*actions, ConversationRow.not_before.set(epoch(owes.due)), ConversationRow.since.set(epoch(owes.due))]
    return [*actions, *nothing_more_sent()]


def nothing_more_sent() -> list[Action]:
    """Without the times that only a message still to be sent has: no reminder is owed any more. The number stays
    sealed until the closing, which hands it on to what is owed at the carrier."""
    return [ConversationRow.not_before.remove(), ConversationRow.since.remove()]


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


def still_sends(held: Held) -> Condition:
    """The same, and what it sends is not withheld: that changes no version."""
    condition: Condition = unchanged(held) & ConversationRow.withheld.does_not_exist()
    return condition
