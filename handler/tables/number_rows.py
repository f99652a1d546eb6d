"""Everything that stands under a phone key, and its erasure: all of it together, or nothing.

Responses, comments and counts have no key that leads from a number to them; the audit neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from handler.tables import base, conversations, throttle
from handler.tables.conversation_clauses import unchanged
from handler.tables.conversations import ConversationRow, Held, State
from handler.tables.limits import LimitRow
from handler.tables.opt_outs import OptOutRow
from handler.tables.throttle import Contact, ThrottleRow
from survey_flow.conversation import OptOutHow

# What the mark of a refusal begins with (opt_out.py).
REFUSAL = "refused"


@dataclass(frozen=True, slots=True)
class OptOut:
    """`since` as the row has it: a month, in older rows a day."""

    since: str
    how: OptOutHow


@dataclass(frozen=True, slots=True)
class Mark:
    """`kind` is what its name begins with."""

    name: str
    until: datetime

    @property
    def kind(self) -> str:
        return self.name.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands under one phone key."""

    phone_key: str
    conversation: Held | None
    contact: Contact | None
    opt_out: OptOut | None
    marks: tuple[Mark, ...]

    @property
    def empty(self) -> bool:
        return not (self.conversation or self.contact or self.opt_out or self.marks)


def read(phone_key: str) -> Rows:
    return Rows(
        phone_key,
        conversations.read(phone_key),
        throttle.read(phone_key),
        _opt_out(phone_key),
        tuple(_marks(phone_key)),
    )


def erase(region: str, rows: Rows, *, opt_out_too: bool) -> None:
    """The tombstone, the contact and the marks, if all of them still are as they were read. Raises LostRace.

    In one transaction: an invitation at the same moment comes wholly before it, or wholly after. Without `opt_out_too`
    the opt-out stays, and the mark of the refusal, which keeps an older START from lifting it.
    """
    with base.transaction(region) as together:
        if rows.conversation is None:
            together.condition_check(
                ConversationRow, rows.phone_key, condition=ConversationRow.phone_key.does_not_exist()
            )
        else:
            together.delete(ConversationRow(rows.phone_key), condition=_tombstone(rows.conversation))
        if rows.contact is not None:
            ours = ThrottleRow.invitation_id == rows.contact.invitation_id
            together.delete(ThrottleRow(rows.phone_key), condition=ours)
        if rows.opt_out is not None and opt_out_too:
            as_read = (OptOutRow.since == rows.opt_out.since) & (OptOutRow.how == rows.opt_out.how.value)
            together.delete(OptOutRow(rows.phone_key), condition=as_read)
        for mark in rows.marks:
            if mark.kind != REFUSAL or opt_out_too:
                together.delete(LimitRow(mark.name))


def _tombstone(held: Held) -> Condition:
    condition: Condition = unchanged(held) & (ConversationRow.state == State.CLOSED.value)
    return condition


def _opt_out(phone_key: str) -> OptOut | None:
    try:
        row = OptOutRow.get(phone_key, consistent_read=True)
    except DoesNotExist:
        return None
    return OptOut(row.since, OptOutHow(row.how))


def _marks(phone_key: str) -> Iterator[Mark]:
    """Every mark in whose name the key stands, of whatever kind; also one whose time is over and that is still there.

    The table is read as a whole: it holds no more than some weeks' marks, and is not asked so often.
    """
    for row in LimitRow.scan(LimitRow.what.contains(phone_key), consistent_read=True):
        yield Mark(row.what, datetime.fromtimestamp(int(row.until), UTC))
