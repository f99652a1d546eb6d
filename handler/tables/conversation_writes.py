"""The conditional writes of a conversation itself: its beginning, its turns, its closing.

Those of what it sends are in sending_writes.py, the clauses of both in conversation_clauses.py.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from handler.tables import base
from handler.tables.conversation_clauses import Owes, gone_on, unchanged, update
from handler.tables.conversations import ConversationRow, Held, Owed, State, epoch, shard_of
from survey_flow.conversation import Conversation, to_plain

# From the day on which the opening left: from the closing it would tell how long somebody answered, and so how far.
TOMBSTONE_LIVES = timedelta(days=14)
# Whoever answers for longer than that: a message that waits to be rescued is known again for as long.
SHORTEST_TOMBSTONE = timedelta(days=1)
# How many message ids a tombstone keeps, to know a repeated message again; always few, so that they are no count.
TOMBSTONE_IDS = 3


def put_queued(
    together: TransactWrite,
    *,
    phone_key: str,
    conversation_id: str,
    invitation_id: str,
    dialogue: Conversation,
    month: str,
    send_at: datetime,
    sealed_number: bytes,
    carried_ids: tuple[str, ...],
) -> None:
    """The new conversation, over nothing or over a tombstone, whose last message ids are carried over."""
    row = ConversationRow(
        phone_key,
        conversation_id=conversation_id,
        invitation_id=invitation_id,
        state=State.QUEUED.value,
        version=1,
        month=month,
        unit=dialogue.unit,
        respondent=dialogue.respondent,
        language=dialogue.language.value,
        dialogue=to_plain(dialogue),
        message_ids=list(carried_ids),
        carried=len(carried_ids),
        owed=Owed.OPENING.value,
        due=epoch(send_at),
        shard=shard_of(phone_key),
        not_before=epoch(send_at),
        since=epoch(send_at),
        sealed_number=sealed_number,
    )
    together.save(row, condition=_free())


def check_free(together: TransactWrite, phone_key: str) -> None:
    """Within a transaction: no conversation stands under this (other) key of the number."""
    together.condition_check(ConversationRow, phone_key, condition=_free())


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that was taken at `at`: the conversation after it, the messages heard so far, what was said, what is owed
    then."""

    dialogue: Conversation
    message_ids: tuple[str, ...]
    reply: str
    owes: Owes
    at: datetime


def record_turn(held: Held, turn: Taken) -> None:
    """The turn's one conditional write. Raises LostRace."""
    update(held, _turn(held, turn))


def record_turn_within(together: TransactWrite, held: Held, turn: Taken) -> None:
    """The same within a transaction: the turn also tells what became of the opening."""
    together.update(ConversationRow(held.phone_key), _turn(held, turn), condition=unchanged(held))


def _turn(held: Held, turn: Taken) -> list[Action]:
    actions = [
        ConversationRow.dialogue.set(to_plain(turn.dialogue)),
        ConversationRow.message_ids.set(list(turn.message_ids)),
        ConversationRow.last_reply.set(turn.reply),
        *gone_on(held, turn.owes),
    ]
    if held.language != turn.dialogue.language.value:
        actions.append(ConversationRow.language.set(turn.dialogue.language.value))
    if held.dialogue is None or held.dialogue.asking != turn.dialogue.asking:
        actions.append(ConversationRow.asked_at.set(epoch(turn.at)))
    return actions


def close(together: TransactWrite, held: Held, *, message_ids: tuple[str, ...], reply: str, now: datetime) -> None:
    """Within the closing's transaction: a tombstone without answers, number or count of messages. What is known of the
    opening stays: it is not deleted with what the number writes later."""
    actions: list[Action] = [
        ConversationRow.state.set(State.CLOSED.value),
        # Not the next version, which would tell how many messages there were; whoever read an earlier one still loses.
        ConversationRow.version.set(0),
        ConversationRow.message_ids.set(list(message_ids[-TOMBSTONE_IDS:])),
        ConversationRow.last_reply.set(reply),
        ConversationRow.forget_at.set(epoch(_forgotten(held, now))),
    ]
    actions += [gone.remove() for gone in _OF_THE_LIVING]
    together.update(ConversationRow(held.phone_key), actions, condition=unchanged(held))


def forget_last_words(phone_key: str, *, conversation_id: str) -> None:
    """Takes the last messages' ids and the last reply from a tombstone: they tell how the conversation ended. Nothing
    happens when the row is another conversation's by now."""
    tombstone = (ConversationRow.conversation_id == conversation_id) & (ConversationRow.state == State.CLOSED.value)
    actions: list[Action] = [ConversationRow.message_ids.set([]), ConversationRow.last_reply.remove()]
    try:
        base.despite_conflicts(lambda: ConversationRow(phone_key).update(actions, condition=tombstone))
    except UpdateError as error:
        if not base.lost(error):
            raise


_OF_THE_LIVING = (
    ConversationRow.dialogue,
    ConversationRow.invitation_id,
    ConversationRow.month,
    ConversationRow.owed,
    ConversationRow.due,
    ConversationRow.shard,
    ConversationRow.not_before,
    ConversationRow.since,
    ConversationRow.absent,
    ConversationRow.asked_at,
    ConversationRow.reminded,
    ConversationRow.carried,
    ConversationRow.withheld,
    ConversationRow.sealed_number,
)


def _free() -> Condition:
    condition: Condition = ConversationRow.phone_key.does_not_exist() | (ConversationRow.state == State.CLOSED.value)
    return condition


def _forgotten(held: Held, now: datetime) -> datetime:
    """By the day, so that it tells no time of day."""
    left = held.claimed.at if held.claimed else now
    return max(_midnight_after(left) + TOMBSTONE_LIVES, _midnight_after(now) + SHORTEST_TOMBSTONE)


def _midnight_after(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
