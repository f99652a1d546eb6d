"""The conditional writes on conversations.

Every write names its own attributes and is conditioned on the conversation's id and version: a re-created row starts at
version 1 again, so the version alone would let a writer of the old conversation into the new one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from handler.tables import base
from handler.tables.conversations import Claimed, ConversationRow, Held, LostRace, Owed, State, epoch, shard_of
from survey_flow.conversation import Conversation, to_plain

TOMBSTONE_LIVES = timedelta(days=7)
# How many message ids a tombstone keeps, to know a repeated message again; always few, so that they are no count.
TOMBSTONE_IDS = 3


@dataclass(frozen=True, slots=True)
class Owes:
    """What an open conversation owes next, and when; while that is a reminder, the sealed number is kept for it."""

    owed: Owed
    due: datetime

    @property
    def keeps_number(self) -> bool:
        return self.owed is Owed.REMINDER


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


def look_again(held: Held, *, due: datetime) -> None:
    """What is owed was put into the queue; if nothing comes of it, it is looked at again at `due`.

    The version stays: whoever is delivering meanwhile must not lose against this. Raises LostRace.
    """
    _update(held, [ConversationRow.due.set(epoch(due))])


def record_turn(held: Held, dialogue: Conversation, *, message_ids: tuple[str, ...], reply: str, owes: Owes) -> None:
    """The turn's one conditional write. Raises LostRace."""
    _update(
        held,
        [
            ConversationRow.dialogue.set(to_plain(dialogue)),
            ConversationRow.language.set(dialogue.language.value),
            ConversationRow.message_ids.set(list(message_ids)),
            ConversationRow.last_reply.set(reply),
            *_open(held, owes),
        ],
    )


def claim_for_sending(
    together: TransactWrite, held: Held, *, month: str, claimed: Claimed, lease_until: datetime
) -> None:
    """Within the claim's transaction: queued -> sending, under a lease."""
    actions = [
        *_state(held, State.SENDING, owed=Owed.SETTLING, due=lease_until),
        ConversationRow.month.set(month),
        ConversationRow.claimed_at.set(epoch(claimed.at)),
        ConversationRow.valid_until.set(epoch(claimed.valid_until)),
        ConversationRow.digest.set(claimed.digest),
        ConversationRow.absent.set(0),
    ]
    together.update(ConversationRow(held.phone_key), actions, condition=_unchanged(held))


def record_opening_sent(held: Held, owes: Owes) -> None:
    """The opening has left: the conversation is open. Raises LostRace."""
    _update(held, _open(held, owes))


def queue_again(together: TransactWrite, held: Held, *, send_at: datetime, anew: bool) -> None:
    """Within a transaction: sending or queued -> queued, to leave at `send_at` at the earliest."""
    actions = [
        *_state(held, State.QUEUED, owed=Owed.OPENING, due=send_at),
        ConversationRow.not_before.set(epoch(send_at)),
    ]
    if anew:
        actions.append(ConversationRow.since.set(epoch(send_at)))
    together.update(ConversationRow(held.phone_key), actions, condition=_unchanged(held))


def mark_unknown(held: Held, *, look_at: datetime) -> None:
    """The send's outcome is not known, and it is never repeated blindly: the number is kept to ask the carrier about
    it at `look_at`. Raises LostRace."""
    _update(held, _unknown(held, look_at))


def record_look(held: Held, *, look_at: datetime, absent: int) -> None:
    """The carrier's list did not settle it, so far. Raises LostRace."""
    _update(held, [*_unknown(held, look_at), ConversationRow.absent.set(absent)])


def leave_unknown(held: Held, *, expires: datetime) -> None:
    """Nobody could be asked: the send stays unknown, and the number is erased. Raises LostRace."""
    _update(held, [*_state(held, State.UNKNOWN, owed=Owed.EXPIRY, due=expires), *_number_erased()])


def claim_reminder(together: TransactWrite, held: Held, *, expires: datetime) -> None:
    """Within the claim's transaction: the one reminder is under way; what follows is the end. The number is erased."""
    actions = [
        *_state(held, State.OPEN, owed=Owed.EXPIRY, due=expires),
        ConversationRow.reminded.set(1),
        *_number_erased(),
    ]
    together.update(ConversationRow(held.phone_key), actions, condition=_unchanged(held))


def owe_reminder_again(held: Held, *, sealed_number: bytes, since: datetime, send_at: datetime) -> None:
    """The carrier asked to wait: nothing left, so the reminder and its number are owed as before. Raises LostRace."""
    _update(
        held,
        [
            *_state(held, State.OPEN, owed=Owed.REMINDER, due=send_at),
            ConversationRow.not_before.set(epoch(send_at)),
            ConversationRow.since.set(epoch(since)),
            ConversationRow.reminded.remove(),
            ConversationRow.sealed_number.set(sealed_number),
        ],
    )


def put_off_reminder(held: Held, *, send_at: datetime) -> None:
    """The hours are over: the reminder waits for the next ones. Raises LostRace."""
    _update(
        held,
        [*_state(held, State.OPEN, owed=Owed.REMINDER, due=send_at), ConversationRow.not_before.set(epoch(send_at))],
    )


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
    actions += [gone.remove() for gone in _OF_THE_LIVING]
    together.update(ConversationRow(held.phone_key), actions, condition=_unchanged(held))


_OF_THE_LIVING = (
    ConversationRow.dialogue,
    ConversationRow.invitation_id,
    ConversationRow.month,
    ConversationRow.owed,
    ConversationRow.due,
    ConversationRow.shard,
    ConversationRow.not_before,
    ConversationRow.since,
    ConversationRow.claimed_at,
    ConversationRow.valid_until,
    ConversationRow.digest,
    ConversationRow.absent,
    ConversationRow.reminded,
    ConversationRow.carried,
    ConversationRow.sealed_number,
)


def _update(held: Held, actions: list[Action]) -> None:
    try:
        ConversationRow(held.phone_key).update(actions, condition=_unchanged(held))
    except UpdateError as error:
        raise _lost(error) from error


def _lost(error: UpdateError) -> Exception:
    return LostRace() if base.lost(error) else error


def _open(held: Held, owes: Owes) -> list[Action]:
    """Open, with what is owed next; the number is kept for a reminder alone."""
    actions = _state(held, State.OPEN, owed=owes.owed, due=owes.due)
    if owes.keeps_number:
        return [*actions, ConversationRow.not_before.set(epoch(owes.due)), ConversationRow.since.set(epoch(owes.due))]
    return [*actions, *_number_erased()]


def _unknown(held: Held, look_at: datetime) -> list[Action]:
    return [
        *_state(held, State.UNKNOWN, owed=Owed.SETTLING, due=look_at),
        ConversationRow.not_before.set(epoch(look_at)),
    ]


def _number_erased() -> list[Action]:
    return [ConversationRow.sealed_number.remove(), ConversationRow.not_before.remove(), ConversationRow.since.remove()]


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
