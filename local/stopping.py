"""How what was started on this machine is told to stop: once, by whichever signal, and then it is not disturbed."""

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

# Ctrl-C (ignored by default where a script started us in the background), kill, and a terminal that was closed.
_WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_NAP_SECONDS = 0.5


def heed_wishes_to_stop() -> None:
    """The first wish raises KeyboardInterrupt in the main thread; any later one would leave the rest running and is
    ignored."""
    _answer_with(_interrupt)


def ignore_wishes_to_stop() -> None:
    """From now on. (By SIG_IGN, Python would complain of a signal that is already on its way.)"""
    _answer_with(lambda *_: None)


def wait_for_a_wish_to_stop() -> NoReturn:
    """Naps until KeyboardInterrupt. Of two signals that come together another thread may take both, and nothing then
    wakes the main one: of 150 that slept for an hour 9 slept on."""
    while True:
        time.sleep(_NAP_SECONDS)


def _answer_with(handler: Callable[[int, FrameType | None], None]) -> None:
    for wish in _WISHES:
        signal.signal(wish, handler)


def _interrupt(_: int, __: FrameType | None) -> NoReturn:
    ignore_wishes_to_stop()
    raise KeyboardInterrupt
