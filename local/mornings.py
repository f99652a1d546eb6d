"""The schedule of the reports on one machine: every morning of the moved clock, as AWS runs it every real one."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from survey_flow.helsinki import HELSINKI, local

HOUR = time(7)


class Mornings:
    """Runs its work at the first look, and once for every morning after it that a look finds over."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._done_at: datetime | None = None

    def look(self, now: datetime) -> None:
        """Does the morning's work if a morning has come since it was done. A clock that was set back begins anew."""
        done_at = self._done_at
        if done_at is None or now < done_at or next_morning(done_at) <= now:
            self._done_at = now
            self._work()


def next_morning(after: datetime) -> datetime:
    """The first seven o'clock in Helsinki after the moment."""
    morning = datetime.combine(local(after).date(), HOUR, HELSINKI)
    if morning > after:
        return morning
    return datetime.combine(local(after).date() + timedelta(days=1), HOUR, HELSINKI)


def mornings_between(after: datetime, until: datetime) -> Iterator[datetime]:
    """Every morning after the one moment and before the other."""
    morning = next_morning(after)
    while morning < until:
        yield morning
        morning = next_morning(morning)
