"""Days, months and clock times as people in Finland count them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")


def local(moment: datetime) -> datetime:
    """The moment on Helsinki's clock. The moment must know its offset."""
    return moment.astimezone(HELSINKI)


def day_of(moment: datetime) -> date:
    return local(moment).date()


def month_of(moment: datetime) -> str:
    """ "2026-11": the month of every column, response and comment."""
    return local(moment).strftime("%Y-%m")
