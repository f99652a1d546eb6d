"""One row a phone key: the open conversation, or for a week the tombstone of the last one.

Only `state` tells whether a conversation is open. The writes are in conversation_writes.py and
sending_writes.py.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from pynamodb.attributes import BinaryAttribute, JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from handler.tables import base
from handler.tables.base import Item
from survey_flow.conversation import Conversation, from_plain

SHARDS = 8


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
    REMINDER = "reminder"
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
    not_before = NumberAttribute(null=True)
    since = NumberAttribute(null=True)
    claimed_at = NumberAttribute(null=True)
    valid_until = NumberAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    absent = NumberAttribute(null=True)
    asked_at = NumberAttribute(null=True)
    reminded = NumberAttribute(null=True)
    carried = NumberAttribute(null=True)
    withheld = NumberAttribute(null=True)
    sealed_number = BinaryAttribute(null=True, legacy_encoding=False)
    forget_at = NumberAttribute(null=True)
    due_index = DueIndex()


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is known of an opening's one send: when it was claimed, until when it may ring, and its text's digest.

    `absent` counts the looks at the carrier's list that did not find it.
    """

    at: datetime
    valid_until: datetime
    digest: str
    absent: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation's row as it was read; `dialogue` is None on a tombstone.

    `due` is when the row is looked at next; `not_before` is the earliest moment at which what it owes may be done, and
    `since` the moment at which the opening or reminder might first have left. `asked_at` is when the pending question
    was put, unless the opening puts it. The first `carried` message ids are those of the conversation before. What is
    `withheld` sends nothing more: neither its opening nor its reminder.
    """

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
    not_before: datetime | None = None
    since: datetime | None = None
    claimed: Claimed | None = None
    reminded: bool = False
    carried: int = 0
    asked_at: datetime | None = None
    withheld: bool = False

    @property
    def sends_more(self) -> bool:
        """Whether its opening or its reminder is still to come."""
        return self.since is not None

    @property
    def listening(self) -> bool:
        """Whether a message from the number belongs to this conversation: its opening may have arrived."""
        return self.state in (State.SENDING, State.UNKNOWN, State.OPEN)


def read(phone_key: str) -> Held | None:
    """The row, read consistently. Taken apart here: each message reads one, and the model takes three times as long."""
    item = base.read(ConversationRow, phone_key)
    if item is None:
        return None
    dialogue, owed, sealed = _text(item, "dialogue"), _text(item, "owed"), item.get("sealed_number")
    return Held(
        phone_key=phone_key,
        conversation_id=_text(item, "conversation_id"),
        invitation_id=_text(item, "invitation_id"),
        state=State(_text(item, "state")),
        version=_number(item, "version"),
        month=_text(item, "month"),
        unit=_text(item, "unit"),
        respondent=_text(item, "respondent"),
        language=_text(item, "language"),
        dialogue=from_plain(json.loads(dialogue)) if dialogue else None,
        message_ids=tuple(each["S"] for each in item["message_ids"]["L"]) if "message_ids" in item else (),
        last_reply=_text(item, "last_reply"),
        owed=Owed(owed) if owed else None,
        due=_moment(item, "due"),
        sealed_number=sealed["B"] if sealed else None,
        not_before=_moment(item, "not_before"),
        since=_moment(item, "since"),
        claimed=_claimed(item),
        reminded=bool(_number(item, "reminded")),
        carried=_number(item, "carried"),
        asked_at=_moment(item, "asked_at"),
        withheld=bool(_number(item, "withheld")),
    )


def _claimed(item: Item) -> Claimed | None:
    at, valid_until = _moment(item, "claimed_at"), _moment(item, "valid_until")
    if at is None or valid_until is None:
        return None
    return Claimed(at=at, valid_until=valid_until, digest=_text(item, "digest"), absent=_number(item, "absent"))


def _text(item: Item, name: str) -> str:
    return item[name]["S"] if name in item else ""


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _moment(item: Item, name: str) -> datetime | None:
    seconds = _number(item, name)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def due_keys(now: datetime, *, most: int = 250) -> list[str]:
    """Phone keys with something due, at most `most` a shard. The index may lag: re-read and claim by condition."""
    found = []
    for shard in range(SHARDS):
        rows = ConversationRow.due_index.query(shard, ConversationRow.due <= epoch(now), limit=most)
        found += [row.phone_key for row in rows]
    return found


def shard_of(phone_key: str) -> int:
    """Which of the index's shards the key belongs to."""
    return sha256(phone_key.encode()).digest()[0] % SHARDS


def epoch(moment: datetime) -> int:
    return int(moment.timestamp())
