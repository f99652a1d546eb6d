"""What is done every minute: openings and reminders whose hour has come, sends left unsettled, expiry, deletions owed
at the carrier, the sending columns."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from handler.tables import conversations, limits, sending_writes
from handler.tables.base import LostRace
from handler.tables.conversations import Held, Owed, State
from handler.work.ages import count_ages
from handler.work.answered import count_answered
from handler.work.close import expire
from handler.work.deletions import check_none_overdue, put_owed
from handler.work.fold_sends import fold_recent
from handler.work.metric import Metric
from handler.work.parts import Parts
from handler.work.settle import mark_unknown, settle_by_callback

FOLD_EVERY = timedelta(minutes=1)
LOOKED_OVER_EVERY = timedelta(days=1)
# What was put into the queue is looked at again after as long as it has waited already, within these bounds: an item
# that was lost is put again, and one that cannot be handled does not fill the queue.
FIRST_LOOK, LAST_LOOK = timedelta(minutes=10), timedelta(days=1)

Enqueue = Callable[[Sequence[str]], None]


def tick(parts: Parts, enqueue: Enqueue) -> None:
    """One round. `enqueue` is given the phone keys for which a message, or a look at one, is due, and the ids of owed
    deletions; delivering and deleting are not done here.

    What cannot be handled keeps nothing else waiting; the first such fault is raised when the round is done.
    """
    failures: list[Exception] = []

    def attempt(work: Callable[[], object]) -> None:
        try:
            work()
        except LostRace:
            return  # somebody wrote; what is due then is seen in the next round
        except Exception as failure:
            failures.append(failure)

    looked_at: list[Held] = []
    to_queue: list[Held] = []
    for phone_key in conversations.due_keys(parts.clock()):
        attempt(lambda key=phone_key: to_queue.extend(_looked_at(parts, key, looked_at)))  # type: ignore[misc]
    attempt(lambda: _put(parts, to_queue, enqueue))
    if limits.once("fold_sends", now=parts.clock(), window=FOLD_EVERY):
        attempt(lambda: fold_recent(parts))
    count_ages(parts, looked_at)
    if limits.once("look_over", now=parts.clock(), window=LOOKED_OVER_EVERY):
        attempt(lambda: check_none_overdue(parts))
        attempt(lambda: count_answered(parts))
    attempt(lambda: put_owed(parts, enqueue))
    parts.count(Metric.ROUND_DONE, 1)
    if failures:
        raise failures[0]


def _looked_at(parts: Parts, phone_key: str, looked_at: list[Held]) -> list[Held]:
    """Does what can be done at once; gives the row when it is for the queue. Raises LostRace."""
    held = conversations.read(phone_key)
    if held is None or held.due is None or held.due > parts.clock():
        return []
    looked_at.append(held)
    if held.owed is Owed.EXPIRY:
        expire(parts, held)
    elif held.state is State.SENDING:
        if not settle_by_callback(parts, held):
            mark_unknown(parts, held)
    else:
        return [held]
    return []


def _put(parts: Parts, rows: list[Held], enqueue: Enqueue) -> None:
    """First into the queue, then the mark: a crash between the two puts it twice, which does nothing."""
    if not rows:
        return
    enqueue([held.phone_key for held in rows])
    now = parts.clock()
    for held in rows:
        waited = now - (held.not_before or now)
        try:
            sending_writes.look_again(held, due=now + min(max(waited, FIRST_LOOK), LAST_LOOK))
        except LostRace:
            continue
