"""Code that dies on the way: at any call to DynamoDB or to the carrier, as if its process had been killed there."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import monotonic
from typing import TypeVar

from pynamodb.signals import post_dynamodb_send, pre_dynamodb_send

from handler.outside.carrier import Carrier, CarrierSilent, Fate, Outgoing
from handler.outside.carrier_list import Passed, Stretch
from survey_flow.phone import PhoneNumber

T = TypeVar("T")


class Died(BaseException):
    """As if the process had been killed here: nothing of ours catches it."""


def _die() -> None:
    raise Died


class Mortal:
    """Gives threads lives of so many steps: one before and one after each call to DynamoDB and to the carrier."""

    def __init__(self, die: Callable[[], object] = _die) -> None:
        self._own = threading.local()
        self._die = die
        self.deaths: Counter[str] = Counter()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While it lasts, PynamoDB tells of every call. It swallows what a listener raises, but no BaseException."""
        with ExitStack() as listening:
            listening.enter_context(pre_dynamodb_send.connected_to(self._before))
            listening.enter_context(post_dynamodb_send.connected_to(self._after))
            yield

    @contextmanager
    def life(self, who: str, steps: int | None) -> Iterator[None]:
        """Within it, this thread dies when its steps are used up; without a number it does not."""
        self._own.who, self._own.left = who, steps
        try:
            yield
        finally:
            self._own.left = None

    def step(self, where: str) -> None:
        left = getattr(self._own, "left", None)
        if left is None:
            return
        self._own.left = left - 1
        if left == 0:
            self.deaths[f"{self._own.who}, {where}"] += 1
        if left <= 0:  # who is dead does nothing more on the way out
            self._die()

    @property
    def transacted(self) -> float:
        """When this thread began its latest transaction: of whoever is just sending, the claim."""
        return float(getattr(self._own, "transacted", 0))

    def _before(self, _: object, operation_name: str = "", table_name: str | None = None, **__: object) -> None:
        if operation_name == "TransactWriteItems":
            self._own.transacted = monotonic()
        self.step(f"before {operation_name} {_short(table_name)}")

    def _after(self, _: object, operation_name: str = "", table_name: str | None = None, **__: object) -> None:
        self.step(f"after {operation_name} {_short(table_name)}")


def _short(table_name: str | None) -> str:
    return (table_name or "").rpartition("-")[2]


def dice(*of: object) -> Random:
    """Of the same things always the same."""
    return Random("|".join(map(str, of)))  # noqa: S311 - a storm that can be had again


def steps(rng: Random, *, chance: float, most: int) -> int | None:
    """How long a life is: with this chance, at most so many steps."""
    return rng.randrange(most) if rng.random() < chance else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that somebody was about to send, and when its claim began, by the machine's monotonic clock."""

    number: str
    at: float
    opening: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """The carrier's list was asked for about this number, and did not come."""

    number: str


@dataclass(frozen=True, slots=True)
class WatchedCarrier:
    """The real carrier's client; who calls it may die before and after. Each claim is told, and each silence."""

    carrier: Carrier
    mortal: Mortal
    tell: Callable[[Claim | Silence], object]

    def send(self, message: Outgoing) -> str:
        self.tell(Claim(message.to, self.mortal.transacted, "invitation=" in message.status_callback))
        return self._around("create", lambda: self.carrier.send(message))

    def fate_of(self, number: PhoneNumber, digest: str, *, not_older_than: timedelta) -> Fate | None:
        try:
            return self._around("list", lambda: self.carrier.fate_of(number, digest, not_older_than=not_older_than))
        except CarrierSilent:
            self.tell(Silence(number))
            raise

    def delete(self, message_id: str) -> None:
        self._around("delete", lambda: self.carrier.delete(message_id))

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        return self._around("list", lambda: self.carrier.passed_with(number, stretch, but=but))

    def _around(self, what: str, call: Callable[[], T]) -> T:
        self.mortal.step(f"before the carrier's {what}")
        try:
            return call()
        finally:
            self.mortal.step(f"after the carrier's {what}")
