"""What the application asked, in counts: how often, what went wrong, and how many messages a number truly got."""

import threading
from collections import Counter

from local.carrier.faults import Asked, Fault


class Requests:
    """Counts only, so that a long run takes little memory. What was not signed in is not counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: Counter[Asked] = Counter()
        self._trouble: Counter[tuple[Asked, str]] = Counter()
        self._accepted: Counter[str] = Counter()

    @property
    def asked(self) -> dict[Asked, int]:
        with self._lock:
            return {asked: self._asked[asked] for asked in Asked}

    @property
    def trouble(self) -> dict[Asked, dict[str, int]]:
        """How often what was asked met which fault, by the fault's name."""
        with self._lock:
            return {
                asked: {name: count for (of, name), count in sorted(self._trouble.items()) if of is asked}
                for asked in Asked
            }

    @property
    def accepted(self) -> dict[str, int]:
        """By number: the messages taken in through the API, whatever the answer was. Replies in TwiML are not in it."""
        with self._lock:
            return dict(self._accepted)

    def ask(self, asked: Asked) -> None:
        with self._lock:
            self._asked[asked] += 1

    def meet(self, fault: Fault) -> None:
        with self._lock:
            self._trouble[fault.on, fault.name] += 1

    def accept(self, number: str) -> None:
        with self._lock:
            self._accepted[number] += 1

    def clear(self) -> None:
        with self._lock:
            self._asked.clear()
            self._trouble.clear()
            self._accepted.clear()
