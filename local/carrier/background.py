"""Work done in the background, a thread a message, so that what belongs to one message stays in order."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Background:
    def __init__(self, workers: int = 16) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="carrier")
        self._lock = threading.RLock()
        self._busy = 0
        self._timers: set[threading.Timer] = set()
        self._closed = False

    @property
    def busy(self) -> int:
        with self._lock:
            return self._busy

    def later(self, seconds: float, work: Callable[[], object]) -> None:
        """Puts the work after so many seconds, unless it is closed first; until then it counts as going on."""
        self._count(1)

        def due() -> None:
            with self._lock:
                if timer in self._timers:  # not closed meanwhile
                    self._timers.remove(timer)
                    self.put(work)
                self._count(-1)

        timer = threading.Timer(seconds, due)
        timer.daemon = True
        with self._lock:
            if not self._closed:
                self._timers.add(timer)
                timer.start()

    def put(self, work: Callable[[], object]) -> None:
        self._count(1)

        def run() -> None:
            try:
                work()
            finally:
                self._count(-1)

        self._pool.submit(run)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            timers = list(self._timers)
            self._timers.clear()
        for timer in timers:
            timer.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _count(self, by: int) -> None:
        with self._lock:
            self._busy += by
