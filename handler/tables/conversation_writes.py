"""The conditional writes on conversations.

Every write names its own attributes and is conditioned on the conversation's id and version: a re-created row starts at
version 1 again, so the version alone would let a writer of the old conversation into the new one.
"""

from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from handler.tables import base
from handler.tables.conversations import ConversationRow, Held, LostRace, Owed, State, epoch, shard_of
from survey_flow.conversation import Conversation, to_plain

TOMBSTONE_LIVES = timedelta(days=7)
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
    due: datetime,
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
        owed=Owed.OPENING.value,
        due=epoch(due),
        shard=shard_of(phone_key),
        sealed_number=sealed_number,
    )
    together.save(row, condition=_free())


def check_free(together: TransactWrite, phone_key: str) -> None:
    """Within a transaction: no conversation stands under this (other) key of the number."""
    together.condition_check(ConversationRow, phone_key, condition=_free())


def record_turn(
    held: Held, dialogue: Conversation, *, message_ids: tuple[str, ...], reply: str, expires: datetime
) -> None:
    """The turn's one conditional write. The reply goes as the webhook's answer: the sealed number, which a send still
    under way has left there, is not needed and is erased. Raises LostRace."""
    _update(
        held,
        [
            ConversationRow.dialogue.set(to_plain(dialogue)),
            ConversationRow.language.set(dialogue.language.value),
            ConversationRow.message_ids.set(list(message_ids)),
            ConversationRow.last_reply.set(reply),
            ConversationRow.sealed_number.remove(),
            *_state(held, State.OPEN, owed=Owed.EXPIRY, due=expires),
        ],
    )


def claim_for_sending(together: TransactWrite, held: Held, *, month: str, lease_until: datetime) -> None:
    """Within the claim's transaction: queued -> sending, under a lease."""
    actions = [*_state(held, State.SENDING, owed=Owed.SETTLING, due=lease_until), ConversationRow.month.set(month)]
    together.update(ConversationRow(held.phone_key), actions, condition=_unchanged(held))


def record_opening_sent(held: Held, *, expires: datetime) -> None:
    """The opening has left and nothing is owed to the number: the sealed number is erased. Raises LostRace."""
    _update(held, [ConversationRow.sealed_number.remove(), *_state(held, State.OPEN, owed=Owed.EXPIRY, due=expires)])


def queue_again(together: TransactWrite, held: Held, *, due: datetime) -> None:
    """Within a transaction: sending or queued -> queued, to be looked at again at `due`."""
    actions = _state(held, State.QUEUED, owed=Owed.OPENING, due=due)
    together.update(ConversationRow(held.phone_key), actions, condition=_unchanged(held))


def mark_unknown(held: Held, *, expires: datetime) -> None:
    """The send's outcome is not known; it is never repeated blindly. The number is owed nothing more. LostRace."""
    _update(held, [ConversationRow.sealed_number.remove(), *_state(held, State.UNKNOWN, owed=Owed.EXPIRY, due=expires)])


def close(together: TransactWrite, held: Held, *, message_ids: tuple[str, ...], reply: str, now: datetime) -> None:
    """Within the closing's transaction: a tombstone without answers, number or count of messages."""
    actions: list[Action] = [
        ConversationRow.state.set(State.CLOSED.value),
        # Not the next version, which would tell how many messages there were; whoever read an earlier one still loses.
        ConversationRow.version.set(0),
        ConversationRow.message_ids.set(list(message_ids[-TOMBSTONE_IDS:])),
        ConversationRow.last_reply.set(reply),
        ConversationRow.forget_at.set(epoch(_day_start(now) + TOMBSTONE_LIVES)),
    ]
    for gone in (
        ConversationRow.dialogue,
        ConversationRow.invitation_id,
        ConversationRow.month,
        ConversationRow.owed,
        ConversationRow.due,
        ConversationRow.shard,
        ConversationRow.sealed_number,
    ):
        actions.append(gone.remove())
    together.update(ConversationRow(held.phone_key), actions, condition=_unchanged(held))


def _update(held: Held, actions: list[Action]) -> None:
    try:
        ConversationRow(held.phone_key).update(actions, condition=_unchanged(held))
    except UpdateError as error:
        raise _lost(error) from error


def _lost(error: UpdateError) -> Exception:
    return LostRace() if base.lost(error) else error


def _state(held: Held, state: State, *, owed: Owed, due: datetime) -> list[Action]:
    return [
        ConversationRow.state.set(state.value),
        ConversationRow.version.set(held.version + 1),
        ConversationRow.owed.set(owed.value),
        ConversationRow.due.set(epoch(due)),
        ConversationRow.shard.set(shard_of(held.phone_key)),
    ]


def _unchanged(held: Held) -> Condition:
    condition: Condition = (ConversationRow.conversation_id == held.conversation_id) & (
        ConversationRow.version == held.version
    )
    return condition


def _free() -> Condition:
    condition: Condition = ConversationRow.phone_key.does_not_exist() | (ConversationRow.state == State.CLOSED.value)
    return condition


def _day_start(moment: datetime) -> datetime:
    """Tombstones are forgotten by the day, so that their age tells no time of day."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
