"""Work done in the background, a thread a message, so that what belongs to one message stays in order."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Background:
    def __init__(self, workers: int = 16) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="carrier")
        self._lock = threading.Lock()
        self._busy = 0

    @property
    def busy(self) -> int:
        with self._lock:
            return self._busy

    def put(self, work: Callable[[], object]) -> None:
        self._count(1)

        def run() -> None:
            try:
                work()
            finally:
                self._count(-1)

        self._pool.submit(run)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _count(self, by: int) -> None:
        with self._lock:
            self._busy += by
