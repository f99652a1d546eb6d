"""What is owed to the respondents at the carrier: to delete there what passed between us and a number in a stretch of
time, but the opening.

A row holds the number sealed, and neither which messages there were nor how many; it goes when the carrier has deleted
them. The closing's transaction puts it under the conversation's id; nothing leads from it to a response.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base

# The last message has just come, and our reply to it is still to leave: the carrier is given a moment to be done.
SETTLES_IN = timedelta(minutes=5)


class DeletionRow(Model):
    class Meta(base.Meta):
        short_name = "deletions"

    id = UnicodeAttribute(hash_key=True)
    sealed_number = BinaryAttribute(legacy_encoding=False)
    digest = UnicodeAttribute(null=True)
    begun = NumberAttribute()
    since = NumberAttribute()
    due = NumberAttribute()


@dataclass(frozen=True, slots=True)
class OwedDeletion:
    """What passed from `begun` until `since`, when it came to be owed. The number is sealed under `id`.

    `digest` is that of the opening's text, "" where there was none.
    """

    id: str
    sealed_number: bytes
    digest: str
    begun: datetime
    since: datetime
    due: datetime


def put(together: TransactWrite, owed: OwedDeletion) -> None:
    """Within the closing's transaction."""
    together.save(_row(owed))


def put_alone(owed: OwedDeletion) -> None:
    """For a message that belongs to no open conversation, and our answer to it."""
    _row(owed).save()


def read(deletion_id: str) -> OwedDeletion | None:
    try:
        return _owed(DeletionRow.get(deletion_id, consistent_read=True))
    except DoesNotExist:
        return None


def due(now: datetime) -> Iterator[OwedDeletion]:
    """Everything whose hour has come. The table holds what closed lately and is small: it is read as a whole."""
    for row in DeletionRow.scan(filter_condition=DeletionRow.due <= _epoch(now)):
        yield _owed(row)


def all_since() -> Iterator[datetime]:
    """Since when each row has been owed."""
    for row in DeletionRow.scan(attributes_to_get=["since"]):
        yield _moment(row.since)


def done(owed: OwedDeletion) -> None:
    DeletionRow(owed.id).delete()


def look_again(owed: OwedDeletion, *, due: datetime) -> None:
    """It is looked at again at `due`, if it is still owed then. Nothing happens when it has been done meanwhile."""
    try:
        DeletionRow(owed.id).update([DeletionRow.due.set(_epoch(due))], condition=DeletionRow.id.exists())
    except UpdateError as error:
        if not base.lost(error):
            raise


def _row(owed: OwedDeletion) -> DeletionRow:
    return DeletionRow(
        owed.id,
        sealed_number=owed.sealed_number,
        digest=owed.digest or None,
        begun=_epoch(owed.begun),
        since=_epoch(owed.since),
        due=_epoch(owed.due),
    )


def _owed(row: Any) -> OwedDeletion:
    return OwedDeletion(
        id=row.id,
        sealed_number=row.sealed_number,
        digest=row.digest or "",
        begun=_moment(row.begun),
        since=_moment(row.since),
        due=_moment(row.due),
    )


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
