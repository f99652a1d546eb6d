"""A world and its model side by side: time goes by for both, processes die and are asked again, and promises hold.

It is one thread. What is done to the two is in asking.py, sending.py and talking.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from handler.tables import limits
from handler.work.deliver import deliver
from handler.work.fold_sends import fold_recent
from handler.work.tick import tick
from survey_flow.contact_policy import MOST_DAYS_QUEUED
from survey_flow.helsinki import local
from survey_flow.phone import PhoneNumber
from survey_flow.publication import BOOKS_CLOSE_ON
from tests.model import truths
from tests.model.carrier import MoodyCarrier
from tests.model.lives import RESPONDENT, Person
from tests.model.model import Model
from tests.model.texts import Text
from tests.races.ending import next_due
from tests.roles import acting_as
from tests.storm.mortal import Died, Mortal
from tests.world import World

T = TypeVar("T")
NUMBERS = tuple(PhoneNumber(f"+35840123456{n}") for n in range(5))
# Until everything must have ended: what waits for its window, and two weeks after the last word either way.
TO_THE_END = timedelta(days=MOST_DAYS_QUEUED + 16)


@dataclass(frozen=True, slots=True)
class Handed:
    """A message that the carrier handed over, what was replied, and how many openings there had been."""

    message_id: str
    text: Text
    opt_out: str
    reply: str
    at: datetime
    openings: int


class Being(RuleBasedStateMachine):
    """`made` gives a world over empty tables."""

    made: Callable[[], World]

    def __init__(self) -> None:
        super().__init__()
        self.world = type(self).made()
        self.clock = self.world.clock
        self.mortal = Mortal()
        self._watching = self.mortal.watching()
        self._watching.__enter__()
        self.model = Model({number: Person(number) for number in NUMBERS})
        self.carrier = MoodyCarrier(self.model, self.clock, self.mortal)
        self.world.carrier.log = self.carrier.log
        self.world.delivery = replace(self.world.delivery, carrier=self.carrier)
        self.number_of = {self.world.parts.phone_keys.all(number)[0]: number for number in NUMBERS}
        self.keys: dict[str, tuple[dict[str, Any], str]] = {}
        self.latest: dict[PhoneNumber, Handed] = {}
        self.told_21610: set[str] = set()
        self.left_at_carrier: set[str] = set()
        self.went_round = self.clock.now
        self.logged = truths.Logged()
        self.seen: set[str] = set()

    def _go_on_until(self, end: datetime) -> None:
        self._round()
        while (due := self._next_due()) < end:
            self._jump_to(max(due, self.clock.now + timedelta(minutes=1)))
            self._round()
        self._jump_to(max(end, self.clock.now))
        self._round()
        self.went_round = self.clock.now

    def _jump_to(self, moment: datetime) -> None:
        """By way of each month's first day: its sending columns, and those of the month before while its books are
        open, are set anew there, as they are every minute."""
        while (first := _first_of_next_month(self.clock.now)) < moment:
            fold_recent(self.world.parts)
            self.clock.now = first
        if local(self.clock.now).day < BOOKS_CLOSE_ON <= local(moment).day:
            fold_recent(self.world.parts)
        self.clock.now = moment

    def _next_due(self) -> datetime:
        return next_due() or datetime.max.replace(tzinfo=UTC)

    def _round(self) -> None:
        limits.mark("fold_sends", now=self.clock.now, window=timedelta(minutes=1))  # it takes longer than all the rest
        self._survives(None, self._tick)
        while self.world.queued:
            item = self.world.queued.pop(0)
            self._survives(None, lambda: self._deliver(item))  # noqa: B023

    def _tick(self) -> None:
        with acting_as("tick"):
            tick(self.world.parts, self.world.queued.extend)

    def _deliver(self, item: str) -> None:
        with acting_as("deliver"):
            deliver(self.world.delivery, item)

    def _survives(self, life: int | None, work: Callable[[], object]) -> bool:
        try:
            with self.mortal.life("process", life):
                work()
        except Died:
            self._after(died=True)
            return False
        self._after(died=False)
        return True

    def _until_it_survives(self, life: int | None, work: Callable[[], T]) -> T:
        """Whoever asked asks again, the same."""
        answers: list[T] = []
        while not self._survives(life, lambda: answers.append(work())):
            life = None
        return answers[0]

    def _after(self, *, died: bool) -> None:
        """What the carrier refused with 21610 was recorded, unless somebody died over it."""
        for number in self.carrier.opted_out:
            person = self.model.people[number]
            if not died:
                self.model.refuse(number, RESPONDENT, surely=False)
            elif person.refuses != RESPONDENT:
                person.refuses = None
        self.carrier.opted_out.clear()

    @invariant()
    def holds(self) -> None:
        assert not self.model.broken, self.model.broken
        truths.explain_responses(self.model, self.seen)
        truths.tombstones_are_bare()

    def stop(self) -> None:
        self._watching.__exit__(None, None, None)
        self.logged.stop()


def _first_of_next_month(moment: datetime) -> datetime:
    """Its first minute."""
    return (local(moment).replace(day=28, hour=0, minute=0) + timedelta(days=4)).replace(day=1)
