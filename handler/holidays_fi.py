"""Finnish public holidays, from the holidays library. Not imported on the webhook's path."""

from datetime import date
from functools import cache
from typing import Any

import holidays


@cache
def _finland() -> Any:
    return holidays.country_holidays("FI")


def is_finnish_holiday(day: date) -> bool:
    """Whether the day is a public holiday. Eves (Midsummer Eve, Christmas Eve) are not public holidays by law, but
    nobody is at work then: they count as such here."""
    return day in _finland() or (day.month, day.day) == (12, 24) or _is_midsummer_eve(day)


def _is_midsummer_eve(day: date) -> bool:
    """The Friday between 19 and 25 June."""
    return day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
