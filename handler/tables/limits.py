"""Rates, ceilings and once-marks: a row that only the first writer within its window gets to make."""

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.models import Model

from handler.tables import base


class LimitRow(Model):
    class Meta(base.Meta):
        short_name = "limits"

    what = UnicodeAttribute(hash_key=True)
    until = NumberAttribute()
    message_id = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    forget_at = NumberAttribute()


def once(
    what: str, *, now: datetime, window: timedelta, message_id: str | None = None, text: str | None = None
) -> bool:
    """True for the first within the window, False for everybody after. Its end is compared, not left to TTL."""
    until = int((now + window).timestamp())
    row = LimitRow(what, until=until, message_id=message_id, text=text, forget_at=until)
    try:
        row.save(condition=LimitRow.what.does_not_exist() | (LimitRow.until <= int(now.timestamp())))
    except PutError as error:
        if not base.lost(error):
            raise
        return False
    return True


def mark(what: str, *, now: datetime, window: timedelta) -> None:
    """Sets or prolongs a mark."""
    until = int((now + window).timestamp())
    LimitRow(what, until=until, forget_at=until).save()


def stands(what: str, *, now: datetime) -> LimitRow | None:
    """The mark, if its window is not over."""
    try:
        row = LimitRow.get(what, consistent_read=True)
    except DoesNotExist:
        return None
    return row if row.until > int(now.timestamp()) else None
