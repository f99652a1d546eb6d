"""What is done every few minutes: openings whose hour has come, sends left unsettled, expiry, the sending columns."""

from collections.abc import Callable
from datetime import timedelta

from handler.tables import conversations, limits
from handler.tables.conversations import Held, LostRace, Owed, State
from handler.work.close import expire
from handler.work.deliver import mark_unknown
from handler.work.fold_sends import fold_recent
from handler.work.parts import Parts

FOLD_EVERY = timedelta(minutes=1)


def tick(parts: Parts, enqueue: Callable[[str], None]) -> None:
    """One round. `enqueue` is given the phone key of every opening that is due; delivering is not done here.

    A row that cannot be handled keeps no other waiting; the first such fault is raised when the round is done.
    """
    failures: list[Exception] = []
    for phone_key in conversations.due_keys(parts.clock()):
        try:
            held = conversations.read(phone_key)
            if held is not None and held.due is not None and held.due <= parts.clock():
                _due(parts, held, enqueue)
        except Exception as failure:
            failures.append(failure)
    if limits.once("fold_sends", now=parts.clock(), window=FOLD_EVERY):
        fold_recent(parts)
    if failures:
        raise failures[0]


def _due(parts: Parts, held: Held, enqueue: Callable[[str], None]) -> None:
    try:
        if held.owed is Owed.OPENING and held.state is State.QUEUED:
            enqueue(held.phone_key)
        elif held.owed is Owed.SETTLING and held.state is State.SENDING:
            mark_unknown(parts, held)
        elif held.owed is Owed.EXPIRY:
            expire(parts, held)
    except LostRace:
        return  # somebody wrote; what is due then is seen in the next round
