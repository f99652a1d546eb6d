"""Rates, ceilings and once-marks: a row that only the first writer within its window gets to make."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base


class LimitRow(Model):
    class Meta(base.Meta):
        short_name = "limits"

    what = UnicodeAttribute(hash_key=True)
    until = NumberAttribute()
    message_id = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    taken = NumberAttribute(null=True)
    forget_at = NumberAttribute()


def once(
    what: str,
    *others: str,
    now: datetime,
    window: timedelta,
    message_id: str | None = None,
    text: str | None = None,
) -> bool:
    """True for the first within the window, False for everybody after. Its end is compared, not left to TTL.

    `others` are the same mark under other phone keys of the number: no such mark may stand either.
    """
    until = int((now + window).timestamp())
    row = LimitRow(what, until=until, message_id=message_id, text=text, forget_at=until)
    if others:
        return _once_among(row, others, _free(now))
    try:
        base.despite_conflicts(lambda: row.save(condition=_free(now)))
    except PutError as error:
        if not base.lost(error):
            raise
        return False
    return True


def _once_among(row: LimitRow, others: Sequence[str], free: Condition) -> bool:
    """One transaction, as another container may make the mark under another key at this moment."""
    try:
        with base.transaction(str(LimitRow.Meta.region)) as together:
            together.save(row, condition=free)
            for other in others:
                together.condition_check(LimitRow, other, condition=free)
    except base.LostRace:
        return False
    return True


def mark(what: str, *, now: datetime, window: timedelta) -> None:
    """Sets or prolongs a mark, and never shortens one. Its end is rounded up to the second."""
    until = math.ceil((now + window).timestamp())
    row = LimitRow(what, until=until, forget_at=until)
    shorter = LimitRow.what.does_not_exist() | (LimitRow.until <= until)
    try:
        base.despite_conflicts(lambda: row.save(condition=shorter))
    except PutError as error:
        if not base.lost(error):
            raise


def mark_within(together: TransactWrite, what: str, *, now: datetime, window: timedelta) -> None:
    """Sets a mark within a transaction, which is lost while one stands."""
    until = math.ceil((now + window).timestamp())
    together.save(LimitRow(what, until=until, forget_at=until), condition=_free(now))


def unmark(what: str) -> None:
    """Takes a mark back. Nothing happens when there is none."""
    LimitRow(what).delete()


def stands(what: str, *, now: datetime) -> LimitRow | None:
    """The mark, if its window is not over."""
    try:
        row = LimitRow.get(what, consistent_read=True)
    except DoesNotExist:
        return None
    return row if row.until > int(now.timestamp()) else None


def take(what: str, *, most: int, until: datetime, places: int = 1) -> bool:
    """Takes so many of `most` places, all or none; False when there are not as many. The row lives until `until`."""
    if places > most:
        return False
    end = _epoch(until)
    actions: list[Action] = [LimitRow.taken.add(places), LimitRow.until.set(end), LimitRow.forget_at.set(end)]
    room = LimitRow.taken.does_not_exist() | (LimitRow.taken <= most - places)
    try:
        base.despite_conflicts(lambda: LimitRow(what).update(actions, condition=room))
    except UpdateError as error:
        if not base.lost(error):
            raise
        return False
    return True


def give_back(what: str, *, places: int = 1) -> None:
    """Places that were taken and not used. Nothing happens when there are not as many."""
    held, fewer = LimitRow.taken >= places, LimitRow.taken.add(-places)
    try:
        base.despite_conflicts(lambda: LimitRow(what).update([fewer], condition=held))
    except UpdateError as error:
        if not base.lost(error):
            raise


def taken(what: str) -> int:
    """How many places are taken."""
    try:
        return int(LimitRow.get(what, consistent_read=True).taken or 0)
    except DoesNotExist:
        return 0


def _free(now: datetime) -> Condition:
    """No mark stands: there is none, or its window is over."""
    free: Condition = LimitRow.what.does_not_exist() | (LimitRow.until <= _epoch(now))
    return free


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
