"""Deleting at the carrier the messages that held answers, by their ids, once their conversation has closed.

A message that is gone already counts as deleted, so two rounds at once, or a crash between, do no harm.
"""

from datetime import datetime, timedelta

from handler.outside.carrier import Carrier, CarrierSilent
from handler.tables import deletions, limits
from handler.tables.deletions import OwedDeletion
from handler.work.metric import Metric
from handler.work.parts import Parts
from survey_flow.organisation import AtCarrier

# A round deletes at most so many messages; the rest waits for the next one.
MOST_A_ROUND = 300
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
OVERDUE = timedelta(days=7)
CHECKED_EVERY = timedelta(days=1)


def delete_owed(parts: Parts, carrier: Carrier) -> None:
    """One round over what is owed. What the carrier does not take now is tried again, less and less often."""
    now, tried, deleted = parts.clock(), 0, 0
    for owed in deletions.due(now):
        if tried >= MOST_A_ROUND:
            break
        tried += len(owed.message_ids)
        left = tuple(message_id for message_id in owed.message_ids if not _gone(parts, carrier, message_id))
        deleted += len(owed.message_ids) - len(left)
        if left:
            deletions.still_owed(owed, left, due=now + _wait(owed, now))
        else:
            deletions.done(owed)
    if deleted:
        parts.count(Metric.DELETED_AT_CARRIER, deleted)


def check_none_overdue(parts: Parts) -> None:
    """Once a day: how many closed conversations the carrier should have forgotten a week ago. None, if all is well."""
    now = parts.clock()
    if limits.once("check_deletions", now=now, window=CHECKED_EVERY):
        parts.count(Metric.DELETIONS_OVERDUE, deletions.older_than(now - OVERDUE))


def _gone(parts: Parts, carrier: Carrier, message_id: str) -> bool:
    try:
        if parts.library.organisation.answers_at_carrier is AtCarrier.EMPTY:
            carrier.empty(message_id)
        else:
            carrier.delete(message_id)
    except CarrierSilent:
        return False
    return True


def _wait(owed: OwedDeletion, now: datetime) -> timedelta:
    return min(max(now - owed.since, SHORTEST_WAIT), LONGEST_WAIT)
