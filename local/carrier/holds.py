"""Holding back the next message or status callback, so that things arrive late or in another order.

What waits by itself, a late callback or a request that hangs, is held here too and can be released.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Held(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    STATUS = "status"
    ANSWER = "answer"  # to a request that hangs; asked for as a fault


@dataclass(frozen=True)
class _Wish:
    what: Held
    number: str | None


@dataclass(frozen=True)
class Parked:
    what: Held
    number: str
    sid: str
    resume: Callable[[], object]


class Holds:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wishes: list[_Wish] = []
        self._parked: list[Parked] = []

    def next(self, what: Held, number: str | None = None) -> None:
        """The next such thing of this number (of any, if None) waits for `release`."""
        with self._lock:
            self._wishes.append(_Wish(what, number))

    def park(self, what: Held, number: str, sid: str, resume: Callable[[], object]) -> bool:
        """True if somebody wished it held back: it then goes on by `resume` when released."""
        with self._lock:
            wish = next((w for w in self._wishes if w.what is what and w.number in (None, number)), None)
            if wish is None:
                return False
            self._wishes.remove(wish)
            self._parked.append(Parked(what, number, sid, resume))
            return True

    def keep(self, what: Held, number: str, sid: str, resume: Callable[[], object]) -> Parked:
        """Held back without anybody's wish, until it is taken or released."""
        parked = Parked(what, number, sid, resume)
        with self._lock:
            self._parked.append(parked)
        return parked

    def take(self, parked: Parked) -> bool:
        """True if it was still held back: it is the caller's now. False if it was released meanwhile."""
        with self._lock:
            still = any(one is parked for one in self._parked)
            self._parked = [one for one in self._parked if one is not parked]
            return still

    def wait(self, number: str, seconds: float | None) -> None:
        """Returns when released, or after so many seconds (None: only when released)."""
        released = threading.Event()
        parked = self.keep(Held.ANSWER, number, "", released.set)
        released.wait(seconds)
        self.take(parked)

    def release(self, what: Held | None = None, number: str | None = None) -> list[Parked]:
        """What is free to go on, oldest first; wishes not yet used are dropped with it."""

        def meant(one: _Wish | Parked) -> bool:
            return what in (None, one.what) and number in (None, one.number)

        with self._lock:
            freed = [one for one in self._parked if meant(one)]
            self._parked = [one for one in self._parked if not meant(one)]
            self._wishes = [one for one in self._wishes if not meant(one)]
            return freed

    def parked(self) -> list[Parked]:
        with self._lock:
            return list(self._parked)

    def wishes(self) -> list[tuple[Held, str | None]]:
        with self._lock:
            return [(wish.what, wish.number) for wish in self._wishes]
