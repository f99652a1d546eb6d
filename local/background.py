"""What runs beside the doors on one machine: the schedule's rounds, delivering and rescuing, the morning's reports."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from handler.tables import deletions
from handler.tables.conversations import due_keys, read
from handler.work.delivery import Delivery
from handler.work.tick import Enqueue, tick
from local.clock import MovableClock
from local.mornings import Mornings, mornings_between
from local.queue import QueueWorker

MOST_ROUNDS = 5
MOST_STOPS = 200

log = logging.getLogger("kuulolla.local")


class Background:
    """Ticks, delivers and rescues every `interval` seconds in a thread, and at once when asked: one round at a time.

    Every morning it sends the reports that are due.
    """

    def __init__(
        self,
        delivery: Delivery,
        enqueue: Enqueue,
        workers: Sequence[QueueWorker],
        interval: float,
        report: Callable[[], object] = lambda: None,
    ) -> None:
        self._delivery = delivery
        self._enqueue = enqueue
        self._workers = workers
        self._interval = interval
        self._mornings = Mornings(lambda: self._attempt(report))
        self._stopping = threading.Event()
        self._one_round = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="ticking", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=30)

    def round(self) -> None:
        """Everything that is due now, done before this returns."""
        with self._one_round:
            self._attempt(lambda: tick(self._delivery.parts, self._enqueue))
            for worker in self._workers:
                self._attempt(worker.drain)
            self._mornings.look(self._delivery.parts.clock())

    @staticmethod
    def _attempt(work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # one bad row must not keep the others waiting; the next round tries it again
            log.error("a round failed: %s", type(error).__name__)

    def settle(self) -> None:
        """Rounds until a round changes nothing more: an opening that leaves now may expire at the same moved hour."""
        for _ in range(MOST_ROUNDS):
            self.round()
            now = self._delivery.parts.clock()
            if not due_keys(now) and not any(deletions.due(now)):
                return

    def move(self, clock: MovableClock, moment: datetime) -> None:
        """Moves the clock, stopping on the way wherever something falls due: what is queued leaves within its hours."""
        for _ in range(MOST_STOPS):
            due = self._next_due(clock(), moment)
            self._wake_between(clock, due or moment)
            if due is None:
                break
            clock.set(due)
            self.settle()
        clock.set(moment)
        self.settle()

    def _wake_between(self, clock: MovableClock, until: datetime) -> None:
        """The mornings on the way, at which nothing else is due."""
        for morning in mornings_between(clock(), until):
            clock.set(morning)
            with self._one_round:
                self._mornings.look(morning)

    @staticmethod
    def _next_due(after: datetime, until: datetime) -> datetime | None:
        held = (read(phone_key) for phone_key in due_keys(until))
        hours = [row.due for row in held if row and row.due and row.due > after]
        hours += [owed.due for owed in deletions.due(until) if owed.due > after]
        return min(hours, default=None)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self.round()
