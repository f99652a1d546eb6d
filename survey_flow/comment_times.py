"""How long handling takes. A comment has no time of its own: its days are counted from when it could first be seen."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from survey_flow import statistics
from survey_flow.publication import shown_from


def seen_from(last_month: str) -> date:
    """The day from which a comment can surely be seen, by the last month of the cell that it is published in.

    A group of twenty is shown while its month still runs: its days are counted from the same day, after it came.

    >>> seen_from("2026-11")
    datetime.date(2026, 12, 8)
    """
    return shown_from(last_month)


def due(seen: date, days: int) -> date:
    """The last day on which handling is in time."""
    return seen + timedelta(days=days)


def days_taken(seen: date, handled_on: date) -> int:
    """Days from when it could be seen; none when it was handled before that."""
    return max(0, (handled_on - seen).days)


def median_days(taken: Iterable[int]) -> float | None:
    """The median handling time in days, None when nothing has been handled."""
    return statistics.median(Counter(taken))
