"""One row an invitation: what was asked for and how far it got. No number; a queued one keeps the phone key.

Its state ends at delivered or undelivered: nothing here tells whether or when somebody answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base

# Ours have 36 characters at most. DynamoDB refuses to look for what is longer than 2,048 bytes.
LONGEST_ID = 100


class InvitationState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    BLOCKED = "blocked"


# Callbacks come in any order and more than once: a state is only ever replaced by one of a higher rank.
RANK = {
    InvitationState.QUEUED: 0,
    InvitationState.SENDING: 1,
    InvitationState.UNKNOWN: 2,
    InvitationState.SENT: 3,
    **dict.fromkeys(
        (
            InvitationState.DELIVERED,
            InvitationState.UNDELIVERED,
            InvitationState.FAILED,
            InvitationState.CANCELLED,
            InvitationState.EXPIRED,
            InvitationState.BLOCKED,
        ),
        4,
    ),
}


# An opening left: it counts as invited, whether or not it arrived.
LEFT = {
    InvitationState.SENT,
    InvitationState.DELIVERED,
    InvitationState.UNDELIVERED,
    InvitationState.UNKNOWN,
}
NEVER_ARRIVED = (InvitationState.UNDELIVERED, InvitationState.FAILED)


class FoldIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "fold"
        projection = AllProjection()

    fold_key = UnicodeAttribute(hash_key=True)


class InvitationRow(Model):
    class Meta(base.Meta):
        short_name = "invitations"

    id = UnicodeAttribute(hash_key=True)
    fold_key = UnicodeAttribute(null=True)
    unit = UnicodeAttribute()
    survey = UnicodeAttribute()
    respondent = UnicodeAttribute()
    month = UnicodeAttribute()
    # This, send_at and fingerprint matter while it is sent, and go long before the row.
    by = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    rank = NumberAttribute()
    reason = UnicodeAttribute(null=True)
    send_at = NumberAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    trial = NumberAttribute(null=True)
    phone_key = UnicodeAttribute(null=True)
    fold_index = FoldIndex()


@dataclass(frozen=True, slots=True)
class Invitation:
    id: str
    unit: str
    survey: str
    respondent: str
    by: str
    state: InvitationState
    send_at: datetime | None
    fingerprint: str
    phone_key: str | None
    trial: bool
    reason: str


def fold_key(unit: str, survey: str, respondent: str, month: str) -> str:
    return "#".join((unit, survey, respondent, month))


def read(invitation_id: str) -> Invitation | None:
    if len(invitation_id) > LONGEST_ID:
        return None
    try:
        row = InvitationRow.get(invitation_id, consistent_read=True)
    except DoesNotExist:
        return None
    return Invitation(
        id=row.id,
        unit=row.unit,
        survey=row.survey,
        respondent=row.respondent,
        by=row.by or "",
        state=InvitationState(row.state),
        send_at=datetime.fromtimestamp(int(row.send_at), UTC) if row.send_at else None,
        fingerprint=row.fingerprint or "",
        phone_key=row.phone_key,
        trial=bool(row.trial),
        reason=row.reason or "",
    )


def row(
    invitation_id: str,
    *,
    unit: str,
    survey: str,
    respondent: str,
    month: str,
    by: str,
    state: InvitationState,
    **more: Any,
) -> InvitationRow:
    """A new row. A trial is left out of the fold: it is not counted."""
    counted = not more.get("trial")
    return InvitationRow(
        invitation_id,
        fold_key=fold_key(unit, survey, respondent, month) if counted else None,
        unit=unit,
        survey=survey,
        respondent=respondent,
        month=month,
        by=by,
        state=state.value,
        rank=RANK[state],
        **more,
    )


def put_new(together: TransactWrite, new: InvitationRow) -> None:
    together.save(new, condition=InvitationRow.id.does_not_exist())


def keep_blocked(new: InvitationRow) -> bool:
    """The row of a request that was refused. False when the same request was refused before: it stays in its month."""
    try:
        base.despite_conflicts(lambda: new.save(condition=InvitationRow.id.does_not_exist()))
    except PutError as error:
        if not base.lost(error):
            raise
        return False
    return True


def mark_sending(together: TransactWrite, invitation: Invitation, *, month: str) -> None:
    """Within the claim's transaction: the month of every column is the one in which the opening leaves."""
    actions = [*_to(InvitationState.SENDING), InvitationRow.month.set(month), InvitationRow.phone_key.remove()]
    if not invitation.trial:
        key = fold_key(invitation.unit, invitation.survey, invitation.respondent, month)
        actions.append(InvitationRow.fold_key.set(key))
    together.update(
        InvitationRow(invitation.id), actions, condition=InvitationRow.state == InvitationState.QUEUED.value
    )


def advance(invitation_id: str, state: InvitationState, *, reason: str | None = None) -> bool:
    """A state of higher rank. False when one at least as high was there already (a repeat, or an older callback)."""
    actions = [*_to(state), InvitationRow.phone_key.remove()]
    if reason:
        actions.append(InvitationRow.reason.set(reason))
    return _update(invitation_id, actions, InvitationRow.rank < RANK[state])


def advance_within(together: TransactWrite, invitation_id: str, state: InvitationState, reason: str = "") -> None:
    """Within a transaction, which is lost when it is not: a state of higher rank, with its reason."""
    actions = [*_to(state), InvitationRow.phone_key.remove()]
    if reason:
        actions.append(InvitationRow.reason.set(reason))
    together.update(InvitationRow(invitation_id), actions, condition=InvitationRow.rank < RANK[state])


def queue_again(together: TransactWrite, invitation_id: str, *, phone_key: str, send_at: datetime) -> None:
    """Within a transaction: sending or queued -> queued, for later: the carrier asked to wait, or the hours ended."""
    actions = [
        *_to(InvitationState.QUEUED),
        InvitationRow.phone_key.set(phone_key),
        InvitationRow.send_at.set(int(send_at.timestamp())),
    ]
    together.update(
        InvitationRow(invitation_id), actions, condition=InvitationRow.rank <= RANK[InvitationState.SENDING]
    )


def cancel(together: TransactWrite, invitation_id: str, state: InvitationState) -> None:
    """Within a transaction: queued -> cancelled or expired; it has not left."""
    together.update(
        InvitationRow(invitation_id),
        [*_to(state), InvitationRow.phone_key.remove()],
        condition=InvitationRow.state == InvitationState.QUEUED.value,
    )


def of_month(unit: str, survey: str, respondent: str, month: str) -> Iterator[tuple[str, str]]:
    """State and reason of every counted invitation of a unit, survey, group and month."""
    for found in InvitationRow.fold_index.query(fold_key(unit, survey, respondent, month)):
        yield found.state, found.reason or ""


def _to(state: InvitationState) -> list[Action]:
    return [InvitationRow.state.set(state.value), InvitationRow.rank.set(RANK[state])]


def _update(invitation_id: str, actions: list[Action], condition: Condition) -> bool:
    try:
        base.despite_conflicts(lambda: InvitationRow(invitation_id).update(actions, condition=condition))
    except UpdateError as error:
        if not base.lost(error):
            raise
        return False
    return True
