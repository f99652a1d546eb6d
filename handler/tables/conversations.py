"""One row a phone key: the open conversation, or for a week the tombstone of the last one.

Only `state` tells whether a conversation is open. Every write names its own attributes and is conditioned on the
conversation's id and version: a re-created row starts at version 1 again, so the version alone would let a writer of
the old conversation into the new one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from pynamodb.attributes import (
    BinaryAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from survey_flow.conversation import Conversation, from_plain, to_plain

SHARDS = 8
TOMBSTONE_LIVES = timedelta(days=7)
# How many message ids a tombstone keeps, to know a repeated message again; always few, so that they are no count.
TOMBSTONE_IDS = 3


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    OPEN = "open"
    CLOSED = "closed"


class Owed(StrEnum):
    """What the row's `due` is about."""

    OPENING = "opening"
    SETTLING = "settling"
    EXPIRY = "expiry"


class DueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    shard = NumberAttribute(hash_key=True)
    due = NumberAttribute(range_key=True)


class ConversationRow(Model):
    class Meta(base.Meta):
        short_name = "conversations"

    phone_key = UnicodeAttribute(hash_key=True)
    conversation_id = UnicodeAttribute()
    invitation_id = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    version = NumberAttribute()
    month = UnicodeAttribute(null=True)
    unit = UnicodeAttribute()
    respondent = UnicodeAttribute()
    language = UnicodeAttribute()
    dialogue: JSONAttribute = JSONAttribute(null=True)
    message_ids: ListAttribute[Any] = ListAttribute(default=list)
    last_reply = UnicodeAttribute(null=True)
    owed = UnicodeAttribute(null=True)
    due = NumberAttribute(null=True)
    shard = NumberAttribute(null=True)
    sealed_number = BinaryAttribute(null=True, legacy_encoding=False)
    forget_at = NumberAttribute(null=True)
    due_index = DueIndex()


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation's row as it was read; `dialogue` is None on a tombstone."""

    phone_key: str
    conversation_id: str
    invitation_id: str
    state: State
    version: int
    month: str
    unit: str
    respondent: str
    language: str
    dialogue: Conversation | None
    message_ids: tuple[str, ...]
    last_reply: str
    owed: Owed | None
    due: datetime | None
    sealed_number: bytes | None

    @property
    def listening(self) -> bool:
        """Whether a message from the number belongs to this conversation: its opening may have arrived."""
        return self.state in (State.SENDING, State.UNKNOWN, State.OPEN)


class LostRace(Exception):
    """The row is no longer as it was read; nothing was written."""


def read(phone_key: str) -> Held | None:
    """The row, read consistently."""
    try:
        row = ConversationRow.get(phone_key, consistent_read=True)
    except DoesNotExist:
        return None
    return Held(
        phone_key=row.phone_key,
        conversation_id=row.conversation_id,
        invitation_id=row.invitation_id or "",
        state=State(row.state),
        version=int(row.version),
        month=row.month or "",
        unit=row.unit,
        respondent=row.respondent,
        language=row.language,
        dialogue=from_plain(row.dialogue) if row.dialogue else None,
        message_ids=tuple(row.message_ids or ()),
        last_reply=row.last_reply or "",
        owed=Owed(row.owed) if row.owed else None,
        due=datetime.fromtimestamp(int(row.due), UTC) if row.due else None,
        sealed_number=row.sealed_number,
    )


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
        due=_epoch(due),
        shard=_shard(phone_key),
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
        ConversationRow.forget_at.set(_epoch(_day_start(now) + TOMBSTONE_LIVES)),
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


def due_keys(now: datetime, *, most: int = 100) -> list[str]:
    """Phone keys with something due, at most `most` a shard. The index may lag: re-read and claim by condition."""
    found = []
    for shard in range(SHARDS):
        rows = ConversationRow.due_index.query(shard, ConversationRow.due <= _epoch(now), limit=most)
        found += [row.phone_key for row in rows]
    return found


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
        ConversationRow.due.set(_epoch(due)),
        ConversationRow.shard.set(_shard(held.phone_key)),
    ]


def _unchanged(held: Held) -> Condition:
    condition: Condition = (ConversationRow.conversation_id == held.conversation_id) & (
        ConversationRow.version == held.version
    )
    return condition


def _free() -> Condition:
    condition: Condition = ConversationRow.phone_key.does_not_exist() | (ConversationRow.state == State.CLOSED.value)
    return condition


def _shard(phone_key: str) -> int:
    return sha256(phone_key.encode()).digest()[0] % SHARDS


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def _day_start(moment: datetime) -> datetime:
    """Tombstones are forgotten by the day, so that their age tells no time of day."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
