"""The parts of the year in which a unit collects feedback, the same every year. Outside them no survey leaves."""

import re
from dataclasses import dataclass
from datetime import date

# Any year with a 29 February: a window may begin or end on it.
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last (month, day), both included. A last day before the first lies in the next year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether the day lies in the window, in its own year or over the new year.

        >>> Window(first=(12, 1), last=(1, 31)).holds(date(2027, 1, 31))
        True
        """
        asked = day.month, day.day
        if self.first <= self.last:
            return self.first <= asked <= self.last
        return asked >= self.first or asked <= self.last


def is_open(day: date, windows: tuple[Window, ...]) -> bool:
    """Whether any window holds the day. A unit without windows is always open."""
    return not windows or any(window.holds(day) for window in windows)


def window_from(text: str) -> Window:
    """A window as the organisation's file writes it. Raises ValueError with a sentence for whoever edits the file.

    >>> window_from("1.4.-31.5.")
    Window(first=(4, 1), last=(5, 31))
    """
    match = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.-([0-9]{1,2})\.([0-9]{1,2})\.", text)
    if match is None:
        raise ValueError(f'windows are written "1.4.-31.5.", not {text!r}.')
    first_day, first_month, last_day, last_month = map(int, match.groups())
    return Window(first=_date_in(text, first_month, first_day), last=_date_in(text, last_month, last_day))


def _date_in(text: str, month: int, day: int) -> tuple[int, int]:
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError as error:
        raise ValueError(f"its window {text!r} names {day}.{month}., which is no date.") from error
    return month, day
