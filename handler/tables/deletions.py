"""What is owed to the respondents at the carrier: messages that held answers, to be deleted there by their ids.

A row has an id of its own: nothing leads from it to a phone, a conversation or a response. It is put by the closing's
transaction and goes when the carrier has deleted everything that it names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base

# The last message has just come when a conversation closes: the carrier is given a moment to be done with it.
SETTLES_IN = timedelta(minutes=5)


class DeletionRow(Model):
    class Meta(base.Meta):
        short_name = "deletions"

    id = UnicodeAttribute(hash_key=True)
    message_ids: ListAttribute[Any] = ListAttribute()
    since = NumberAttribute()
    due = NumberAttribute()


@dataclass(frozen=True, slots=True)
class OwedDeletion:
    id: str
    message_ids: tuple[str, ...]
    since: datetime
    due: datetime


def put(together: TransactWrite, message_ids: tuple[str, ...], *, now: datetime) -> None:
    """Within the closing's transaction."""
    if message_ids:
        together.save(_row(message_ids, now))


def put_alone(message_ids: tuple[str, ...], *, now: datetime) -> None:
    """For a message that belongs to no open conversation: a late answer."""
    _row(message_ids, now).save()


def due(now: datetime) -> Iterator[OwedDeletion]:
    """Everything whose hour has come. The table holds what closed lately and is small: it is read as a whole."""
    for row in DeletionRow.scan(filter_condition=DeletionRow.due <= _epoch(now)):
        yield _owed(row)


def all_since() -> Iterator[datetime]:
    """Since when each row has been owed."""
    for row in DeletionRow.scan(attributes_to_get=["since"]):
        yield datetime.fromtimestamp(int(row.since), UTC)


def done(owed: OwedDeletion) -> None:
    DeletionRow(owed.id).delete()


def still_owed(owed: OwedDeletion, message_ids: tuple[str, ...], *, due: datetime) -> None:
    """Some could not be deleted yet. Nothing happens when another round has finished the row meanwhile."""
    actions: list[Action] = [DeletionRow.message_ids.set(list(message_ids)), DeletionRow.due.set(_epoch(due))]
    try:
        DeletionRow(owed.id).update(actions, condition=DeletionRow.id.exists())
    except UpdateError as error:
        if not base.lost(error):
            raise


def _row(message_ids: tuple[str, ...], now: datetime) -> DeletionRow:
    return DeletionRow(str(uuid4()), message_ids=list(message_ids), since=_epoch(now), due=_epoch(now + SETTLES_IN))


def _owed(row: DeletionRow) -> OwedDeletion:
    since, due_at = (datetime.fromtimestamp(int(seconds), UTC) for seconds in (row.since, row.due))
    return OwedDeletion(row.id, tuple(row.message_ids), since, due_at)


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
