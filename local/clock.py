"""The movable clock of one machine: it runs on by itself and can be set or moved forward. It is not in the package."""

import re
from datetime import UTC, datetime, time, timedelta
from threading import Lock

from dateutil.relativedelta import relativedelta

from handler.holidays_fi import is_finnish_holiday
from survey_flow.helsinki import HELSINKI

_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


class MovableClock:
    """Calling it gives the time. Setting it back is allowed: a clock that jumps is something to try too."""

    def __init__(self, now: datetime | None = None) -> None:
        self._lock = Lock()
        self._ahead = timedelta()
        if now is not None:
            self.set(now)

    def __call__(self) -> datetime:
        with self._lock:
            return datetime.now(UTC) + self._ahead

    def set(self, moment: datetime) -> None:
        with self._lock:
            self._ahead = moment.astimezone(UTC) - datetime.now(UTC)

    def forward(self, duration: str) -> None:
        """Raises ValueError."""
        self.set(self.after(duration))

    def after(self, duration: str) -> datetime:
        """The moment this much later: ISO 8601, days and months by Helsinki, "P1D", "P3M". Raises ValueError."""
        match = _DURATION.fullmatch(duration)
        if match is None or not any(match.groupdict().values()):
            raise ValueError(f"not a duration: {duration}")
        parts = {name: int(value) for name, value in match.groupdict().items() if value}
        try:
            clock_time = timedelta(
                hours=parts.pop("hours", 0), minutes=parts.pop("minutes", 0), seconds=parts.pop("seconds", 0)
            )
            moved = self().astimezone(HELSINKI) + relativedelta(**parts)  # type: ignore[arg-type]
            return moved.astimezone(UTC) + clock_time
        except OverflowError as error:
            raise ValueError(f"too far: {duration}") from error


def next_weekday_afternoon(moment: datetime) -> datetime:
    """The next Monday to Friday that is no holiday, at 15:00 in Helsinki: an hour at which everybody may be asked."""
    day = moment.astimezone(HELSINKI).date() + timedelta(days=1)
    while day.weekday() >= 5 or is_finnish_holiday(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(15), HELSINKI)
