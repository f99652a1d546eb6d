"""When a message may leave: weekdays in the unit's windows and hours, not on public holidays, Helsinki time."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from survey_flow.collection_windows import Window, is_open
from survey_flow.helsinki import HELSINKI, day_of, local
from survey_flow.organisation import Hours

IsHoliday = Callable[[date], bool]
# Longer than any row of holidays and weekends; a search beyond it means that the hours are never open.
_FURTHEST = 30
# A window may have closed today: its first day next year is still found, and its last.
_FURTHEST_WITH_WINDOWS = 367
_NOON = time(12)


def next_sending_time(
    moment: datetime, hours: Hours, is_holiday: IsHoliday, windows: tuple[Window, ...] = ()
) -> datetime:
    """The moment itself if a message may leave then, else the next opening. The result is never before the moment.

    Raises ValueError when no day within a month is open, or with windows within a year.
    """
    today = day_of(moment)
    for ahead in range(_FURTHEST_WITH_WINDOWS if windows else _FURTHEST):
        day = today + timedelta(days=ahead)
        if day.weekday() >= 5 or not is_open(day, windows) or is_holiday(day):
            continue
        opens, closes = _on(day, hours)
        if moment < closes:
            return max(moment, opens)
    raise ValueError(f"no sending hours within a {'year' if windows else 'month'}")


def afternoon_of_next_day(
    moment: datetime, hours: Hours, is_holiday: IsHoliday, windows: tuple[Window, ...] = ()
) -> datetime:
    """ "Tomorrow afternoon": from noon on (or from a later opening) on the first sending day after today.

    Hours that are over by noon have no afternoon: then the day's opening hour is good enough.
    Raises ValueError when no day within a month is open, or with windows within a year.
    """
    tomorrow = datetime.combine(day_of(moment) + timedelta(days=1), time(0), HELSINKI)
    afternoon = Hours(max(hours.opens, _NOON), hours.closes) if hours.closes > _NOON else hours
    return next_sending_time(tomorrow, afternoon, is_holiday, windows)


def closing_time(moment: datetime, hours: Hours) -> datetime:
    """When the hours that are open at this moment end: a message not handed over by then must not ring at night."""
    return _on(local(moment).date(), hours)[1]


def hours_from(text: str) -> Hours:
    """Hours as the organisation's file writes them. Raises ValueError with a sentence for whoever edits the file.

    >>> hours_from("9:00-19:00")
    Hours(opens=datetime.time(9, 0), closes=datetime.time(19, 0))
    """
    wrong = ValueError(f'hours are written "9:00-19:00", not {text!r}.')
    match = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", text)
    if match is None:
        raise wrong
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    try:
        hours = Hours(time(from_hour, from_minute), time(to_hour, to_minute))
    except ValueError as error:
        raise wrong from error
    if hours.opens >= hours.closes:
        raise wrong
    return hours


def _on(day: date, hours: Hours) -> tuple[datetime, datetime]:
    # Both clock changes fall on a Sunday, which is never open: on the days asked for every clock time comes once.
    return datetime.combine(day, hours.opens, HELSINKI), datetime.combine(day, hours.closes, HELSINKI)
