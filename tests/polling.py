"""Waiting for what happens in other processes, with a deadline instead of a guess."""

import time
from collections.abc import Callable

DEADLINE_SECONDS = 30.0


def until(happened: Callable[[], bool], *, what: str) -> None:
    """Returns as soon as it has happened; fails the test with `what` when it has not by the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {DEADLINE_SECONDS:.0f} s in vain for {what}")
        time.sleep(0.05)
