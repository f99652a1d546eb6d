"""The course of a storm: the schedule ticks, the clock moves on when nobody is at work, until nothing is owed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from handler.outside.send_queue import NotQueued
from handler.tables import conversations, invitations
from handler.tables.conversations import ConversationRow
from handler.tables.deletions import DeletionRow
from handler.work.tick import tick
from local.carrier.testing import call
from survey_flow.library import Library
from tests.chance import seed, told_with_its_seed
from tests.polling import happens
from tests.storm.asking import Asking
from tests.storm.mortal import Died, dice, steps
from tests.storm.parts import StormParts, storm_parts
from tests.storm.people import AGAIN, Person
from tests.world import START

LOST, TWICE, NOT_TAKEN = 0.03, 0.05, 0.01
THREE_MONTHS_LATER = START.replace(year=2027, month=3, day=2)
MINUTES = (1, 1, 1, 2, 2, 3, 5, 5, 10, 15, 15, 30)
MOST_ROUNDS = 150


def invitation_state(invitation_id: str | None) -> str:
    found = invitations.read(invitation_id or "-")
    return found.state.value if found else "none"


@dataclass(slots=True)
class Storm:
    """`deaths` is how likely a round of the schedule is to die on the way."""

    of: StormParts
    deaths: float
    asking: Asking = field(init=False)

    def __post_init__(self) -> None:
        self.asking = Asking(self.of, self.enqueue)

    def enqueue(self, keys: Sequence[str]) -> None:
        """Some items are lost, some come twice, and now and then the queue says that it took nothing."""
        kept = [key for key in keys if self.of.rng.random() >= LOST]
        self.of.queue.put([*kept, *(key for key in kept if self.of.rng.random() < TWICE)])
        if self.of.rng.random() < NOT_TAKEN:
            raise NotQueued("the storm")

    def tick(self, *, chance: float = 0.0) -> None:
        try:
            with self.of.mortal.life("the schedule", steps(self.of.rng, chance=chance, most=600)):
                tick(self.of.parts, self.enqueue)
        except (Died, NotQueued):
            return
        except Exception as fault:
            self.of.known.failures.append(f"a round of the schedule: {fault!r}")

    def waiting(self) -> int:
        """How many items are in the queue, those included that somebody is handling or died over."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        given = self.of.deliverer.sqs.get_queue_attributes(QueueUrl=self.of.address, AttributeNames=names)["Attributes"]
        return sum(int(given[name]) for name in names)

    def drained(self, *, within: float) -> bool:
        """Whether nothing is in the queue within so many seconds."""
        return happens(lambda: not self.waiting(), within=within)

    def move(self, moment: datetime) -> None:
        """Nobody is at work, and whatever the carrier was asked by the dead is done, when the clock moves."""
        with self.of.clock.nobody_at_work():
            for _ in range(2):
                call("GET", f"{self.of.net.url}/_control/requests")  # whoever connected before has been accepted
                assert happens(self._carrier_at_rest, within=90), "the carrier is still being asked"
                self.of.net.quiet()
            self.of.clock.set(moment)
            self.of.net.carrier.clock.follow(moment)

    def _carrier_at_rest(self) -> bool:
        return self.of.net.server.under_way == 0

    def _conversations_due(self) -> list[Any]:
        return [row for n in range(conversations.SHARDS) for row in ConversationRow.due_index.query(n, limit=1)]

    def next_due(self) -> datetime | None:
        """When the next thing is owed, by the rows themselves."""
        moments = [row.due for row in (*self._conversations_due(), *DeletionRow.scan())]
        return datetime.fromtimestamp(int(min(moments)), START.tzinfo) if moments else None

    def minutes(self) -> None:
        """The first hours, minute by minute at first; the queue is not waited for."""
        for minutes in MINUTES:
            self.tick(chance=self.deaths)
            self.drained(within=2)
            self.move(self.of.clock() + timedelta(minutes=minutes))

    def until_nothing_is_owed(self) -> None:
        for _ in range(MOST_ROUNDS):
            self.tick(chance=self.deaths)
            assert self.drained(within=120), "the queue is not drained within two minutes"
            due = self.next_due()
            if due is None:
                break
            if not self._conversations_due():  # a list that is silent for good would keep a deletion owed for good
                self.of.net.carrier.faults.clear()
            late = timedelta(minutes=self.of.rng.randrange(1, 25))
            self.move(max(due, self.of.clock()) + late)
        else:
            owed = [
                (row.state, row.owed, invitation_state(row.invitation_id)) for row in ConversationRow.scan() if row.due
            ]
            owed += [("deletion", row.begun, row.since) for row in DeletionRow.scan()]
            raise AssertionError(f"after {MOST_ROUNDS} rounds something is still owed at {self.next_due()}: {owed}")
        for _ in range(2):  # in peace: the sending columns are set
            self.tick()
            self.move(self.of.clock() + timedelta(minutes=2))

    def blow(self) -> None:
        """All of it: everybody is asked, some once more on the next day and after three months."""
        with self.asking.answered():
            self.asking.ask("first", self.of.people)
            self.minutes()
            self.move(START + timedelta(days=1))
            self.asking.ask("next day", self._some("next day"))
            self.until_nothing_is_owed()
            self.move(THREE_MONTHS_LATER)
            self.asking.ask("next year", self._some("next year"))
            self.minutes()
            self.until_nothing_is_owed()

    def _some(self, wave: str) -> list[Person]:
        rng = dice(seed(), wave)
        return [person for person in self.of.people if rng.random() < AGAIN]


@contextmanager
def blown_over(
    library: Library,
    folder: Path,
    *,
    count: int,
    deliverers: int,
    at_work: Callable[[StormParts, threading.Event, int], object],
) -> Iterator[Storm]:
    """A storm over so many people that has blown to its end, with so many deliverers while it lasted."""
    with told_with_its_seed(), storm_parts(library, folder, count=count) as of:
        storm = Storm(of, deaths=0.3)
        with _delivered(of, deliverers, at_work):
            storm.blow()
        yield storm


@contextmanager
def _delivered(
    of: StormParts, deliverers: int, at_work: Callable[[StormParts, threading.Event, int], object]
) -> Iterator[None]:
    """While it lasts, deliverers are at work, each kept by a thread that is told when to stop, and its name."""
    stopping = threading.Event()
    threads = [threading.Thread(target=at_work, args=(of, stopping, name)) for name in range(deliverers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
