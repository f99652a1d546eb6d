"""Deleting at the carrier what passed between us and a number, but the opening: answers, our replies, the reminder.

What is left there of a conversation, texts or not, would tell by its number and its times who answered how far. The
carrier is asked what it holds of the number, so that nothing depends on what we heard of; `tick` puts what is owed into
the queue, and the deliverer, which alone unseals numbers, does it. A message that is gone already counts as deleted,
and a row goes last: two at once, or a crash between, do no harm.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from handler.outside.carrier import CarrierSilent, NotYet
from handler.outside.carrier_list import Stretch
from handler.tables import conversation_writes, deletions
from handler.tables.deletions import OwedDeletion
from handler.work.delivery import Delivery
from handler.work.metric import Metric
from handler.work.parts import Parts
from survey_flow.phone import PhoneNumber

# A round puts at most so many into the queue; the rest waits for the next one.
MOST_A_ROUND = 300
# One item of the queue does not keep the others waiting for longer; what is left is done when it comes again.
LONGEST_AT_ONCE = timedelta(seconds=30)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
OVERDUE = timedelta(days=7)
_DAY = timedelta(days=1)


def put_owed(parts: Parts, enqueue: Callable[[Sequence[str]], None]) -> None:
    """What is due goes into the queue, less and less often as long as it stays owed.

    First into the queue, then the mark: a crash between the two puts it twice, which does nothing.
    """
    now = parts.clock()
    owed = list(islice(deletions.due(now), MOST_A_ROUND))
    if owed:
        enqueue([each.id for each in owed])
    for each in owed:
        deletions.look_again(each, due=now + min(max(now - each.since, SHORTEST_WAIT), LONGEST_WAIT))


def delete_owed(delivery: Delivery, deletion_id: str) -> None:
    """Deletes what the carrier has, and then the row. What the carrier does not delete now stays owed.

    It ends at the first silence: every question more would take its whole time-out.
    """
    owed = deletions.read(deletion_id)
    if owed is None:
        return
    number = delivery.sealing.unseal(owed.sealed_number, conversation_id=owed.id)
    try:
        everything = _all_deleted(delivery, number, owed)
    except CarrierSilent:
        return
    if everything:
        _forget_last_words(delivery.parts, number, owed)
        deletions.done(owed)


def _all_deleted(delivery: Delivery, number: PhoneNumber, owed: OwedDeletion) -> bool:
    """Raises CarrierSilent."""
    parts, now = delivery.parts, delivery.parts.clock()
    held = parts.held(number)
    # A message that came after the end, or a later conversation: that opening is not to go, and it may still be asked
    # for what became of it.
    openings = {owed.digest, held.claimed.digest if held and held.claimed else ""} - {""}
    stretch = Stretch(not_older_than=now - owed.begun, not_younger_than=now - owed.since)
    found = delivery.carrier.passed_with(number, stretch, but=openings)
    left = [message_id for message_id in found.ids if not _is_deleted(delivery, message_id, now + LONGEST_AT_ONCE)]
    return found.whole and not left


def _is_deleted(delivery: Delivery, message_id: str, until: datetime) -> bool:
    """False when the carrier is not done with the message yet, or this item's time is over. Raises CarrierSilent."""
    if delivery.parts.clock() > until:
        return False
    try:
        delivery.carrier.delete(message_id)
    except NotYet:
        return False
    return True


def _forget_last_words(parts: Parts, number: PhoneNumber, owed: OwedDeletion) -> None:
    """The tombstone knows a repeated message again, and what was answered: no longer than the carrier itself."""
    for key in parts.phone_keys.all(number):
        conversation_writes.forget_last_words(key, conversation_id=owed.id)


def check_none_overdue(parts: Parts) -> None:
    """How many closed conversations the carrier should have forgotten a week ago (none, if all is well), and the age of
    the oldest deletion owed, in whole days."""
    now = parts.clock()
    ages = [now - since for since in deletions.all_since()]
    parts.count(Metric.DELETIONS_OVERDUE, sum(age > OVERDUE for age in ages))
    # To the day: when it was closed is nobody's business.
    parts.count(Metric.OLDEST_DELETION, int((max(ages, default=timedelta()) // _DAY * _DAY).total_seconds()))
