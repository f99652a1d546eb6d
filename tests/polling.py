"""Waiting for what happens in other threads and processes, with a deadline instead of a guess."""

import time
from collections.abc import Callable

DEADLINE_SECONDS = 30.0
PAUSE_SECONDS = 0.05


def happens(happened: Callable[[], bool], *, within: float = DEADLINE_SECONDS) -> bool:
    """Whether it happens within so many seconds; returns as soon as it has."""
    deadline = time.monotonic() + within
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)  # between two looks, so that what is waited for gets the processor
    return True


def until(happened: Callable[[], bool], *, what: str) -> None:
    """Returns as soon as it has happened; fails the test with `what` when it has not by the deadline."""
    if not happens(happened):
        raise AssertionError(f"waited {DEADLINE_SECONDS:.0f} s in vain for {what}")
