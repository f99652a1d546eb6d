"""Deleting at the carrier the messages that held answers, by their ids, once their conversation has closed.

A message that is gone already counts as deleted, so two rounds at once, or a crash between, do no harm.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handler.outside.carrier import Carrier, CarrierSilent, NotYet
from handler.tables import deletions
from handler.tables.deletions import OwedDeletion
from handler.work.metric import Metric
from handler.work.parts import Parts
from survey_flow.organisation import AtCarrier

# A round deletes at most so many messages; the rest waits for the next one.
MOST_A_ROUND = 300
MOST_SILENCES = 3
LONGEST_ROUND = timedelta(minutes=2)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
OVERDUE = timedelta(days=7)
_DAY = timedelta(days=1)


def delete_owed(parts: Parts, carrier: Carrier) -> None:
    """One round over what is owed. What the carrier does not take now is tried again, less and less often.

    The round ends early when the carrier does not answer: every question would take its whole time-out.
    """
    now, round_ = parts.clock(), _Round(parts, carrier, parts.clock())
    for owed in deletions.due(now):
        if round_.over:
            break
        left = tuple(message_id for message_id in owed.message_ids if not round_.deletes(message_id))
        if left:
            deletions.still_owed(owed, left, due=now + _wait(owed, now))
        else:
            deletions.done(owed)


@dataclass(slots=True)
class _Round:
    """Counts what was tried, and how often in a row the carrier was silent."""

    parts: Parts
    carrier: Carrier
    started: datetime
    tried: int = 0
    silences: int = 0

    @property
    def over(self) -> bool:
        late = self.parts.clock() > self.started + LONGEST_ROUND
        return late or self.tried >= MOST_A_ROUND or self.silences >= MOST_SILENCES

    def deletes(self, message_id: str) -> bool:
        if self.over:
            return False
        self.tried += 1
        try:
            if self.parts.library.organisation.answers_at_carrier is AtCarrier.EMPTY:
                self.carrier.empty(message_id)
            else:
                self.carrier.delete(message_id)
        except NotYet:
            return False
        except CarrierSilent:
            self.silences += 1
            return False
        self.silences = 0
        return True


def check_none_overdue(parts: Parts) -> None:
    """How many closed conversations the carrier should have forgotten a week ago (none, if all is well), and the age of
    the oldest deletion owed, in whole days."""
    now = parts.clock()
    ages = [now - since for since in deletions.all_since()]
    parts.count(Metric.DELETIONS_OVERDUE, sum(age > OVERDUE for age in ages))
    # To the day: when it was closed is nobody's business.
    parts.count(Metric.OLDEST_DELETION, int((max(ages, default=timedelta()) // _DAY * _DAY).total_seconds()))


def _wait(owed: OwedDeletion, now: datetime) -> timedelta:
    return min(max(now - owed.since, SHORTEST_WAIT), LONGEST_WAIT)
