"""How old the oldest is of what waits, of the rows that a round of the schedule has read anyway.

What was put into the queue is looked at again less and less often (handler/work/tick.py), so an age is told at each
look and not in between: the greatest of a few hours is the one to go by.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from handler.tables.conversations import Held, Owed, State
from handler.work.metric import Metric
from handler.work.parts import Parts


def count_ages(parts: Parts, looked_at: Sequence[Held]) -> None:
    openings = (held.not_before for held in looked_at if held.state is State.QUEUED)
    sends = (held.claimed.at for held in looked_at if held.owed is Owed.SETTLING and held.claimed)
    parts.count(Metric.OLDEST_OPENING, _oldest(openings, parts.clock()))
    parts.count(Metric.OLDEST_UNSETTLED_SEND, _oldest(sends, parts.clock()))


def _oldest(since: Iterable[datetime | None], now: datetime) -> int:
    """In seconds; 0 when nothing waits."""
    return int(max((now - moment for moment in since if moment), default=timedelta()).total_seconds())
