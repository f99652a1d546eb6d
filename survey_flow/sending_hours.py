"""When a message may leave: weekdays within the unit's hours, not on public holidays, Helsinki time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from survey_flow.helsinki import HELSINKI, local
from survey_flow.organisation import Hours

IsHoliday = Callable[[date], bool]
# Longer than any row of holidays and weekends; a search beyond it means that the hours are never open.
_FURTHEST = 30


def next_sending_time(moment: datetime, hours: Hours, is_holiday: IsHoliday) -> datetime:
    """The moment itself if a message may leave then, else the next opening. The result is never before the moment.

    Raises ValueError when no day within a month is open.
    """
    for ahead in range(_FURTHEST):
        day = local(moment).date() + timedelta(days=ahead)
        if day.weekday() >= 5 or is_holiday(day):
            continue
        opens, closes = _on(day, hours)
        if moment < closes:
            return max(moment, opens)
    raise ValueError("no sending hours within a month")


def closing_time(moment: datetime, hours: Hours) -> datetime:
    """When the hours that are open at this moment end: a message not handed over by then must not ring at night."""
    return _on(local(moment).date(), hours)[1]


def _on(day: date, hours: Hours) -> tuple[datetime, datetime]:
    # Both clock changes fall in the night from Saturday to Sunday at 3 and 4, outside every sending hour.
    return datetime.combine(day, hours.opens, HELSINKI), datetime.combine(day, hours.closes, HELSINKI)
