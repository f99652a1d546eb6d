"""Conversations of some numbers, lived through door by door while each door meets a fault.

Whoever asks at a door does as they do at work: the caller of the API repeats with the same Idempotency-Key, the carrier
repeats its webhooks, the queue hands an item out again, the schedule comes back a minute later.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from handler.jobs import deliver_batch
from handler.tables import limits
from handler.tables.invitations import read as read_invitation
from handler.work.cancel import cancel
from handler.work.invite import Accepted
from handler.work.opt_out import staff_opt_out
from handler.work.owes import REMIND_AFTER
from handler.work.tick import FIRST_LOOK, tick
from survey_flow.conversation import LIFETIME
from survey_flow.phone import PhoneNumber
from tests.races.ending import next_due
from tests.world import World

T = TypeVar("T")
ANSWERS, STOPS, CANCELLED, SILENT, UNREACHED, REFUSED = (PhoneNumber(f"+35840765432{n}") for n in range(6))
NUMBERS = (ANSWERS, STOPS, CANCELLED, SILENT, UNREACHED, REFUSED)
# Twilio asks a webhook three times, and then the fallback; a caller and the queue ask more often.
MOST_TRIES = 4
MOST_ROUNDS = 40


class ShutDoor(Exception):
    """Whoever asked has given up."""


@dataclass(slots=True)
class Lives:
    """`trouble` lasts while somebody asks at this door, until they are answered."""

    world: World
    trouble: Callable[[str], AbstractContextManager[None]]
    accepted: dict[PhoneNumber, Accepted] = field(default_factory=dict)
    undelivered: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    calm: bool = False

    def at(self, door: str, ask: Callable[[], T]) -> T:
        with nullcontext() if self.calm else self.trouble(door):
            for _ in range(MOST_TRIES):
                try:
                    return ask()
                except Exception as fault:  # a 500, whatever it was
                    self.met[f"{door}: {type(fault).__name__}"] += 1
        raise ShutDoor(f"{door}, after {dict(self.met)}")

    # --- doors

    def invite(self, number: PhoneNumber) -> None:
        self.accepted[number] = self.at(
            "invite", lambda: self.world.invite(number=number, idempotency_key=f"visit {number[-4:]}")
        )

    def has_opening(self, number: PhoneNumber) -> bool:
        """Else nothing is told of it, and nobody answers it."""
        return any(message.to == number for message in self.world.carrier.sent)

    def text(self, number: PhoneNumber, body: str) -> str:
        if not self.has_opening(number):
            return ""
        self.world.messages += 1
        message_id = f"SM{self.world.messages}"
        return self.at(f"inbound {body}", lambda: self.world.text(body, number=number, message_id=message_id))

    def told(self, number: PhoneNumber, status: str, error_code: str = "") -> None:
        accepted = self.accepted[number]
        if not self.has_opening(number):
            return
        if status == "undelivered":
            self.undelivered.append(accepted.id)
        self.at(f"told {status}", lambda: self.world.callback(accepted, status, error_code=error_code, number=number))

    def cancel(self, number: PhoneNumber) -> bool:
        def ask() -> bool:
            invitation = read_invitation(self.accepted[number].id)
            assert invitation is not None
            return cancel(self.world.parts, invitation)

        return self.at("cancel", ask)

    def refuse(self, number: PhoneNumber) -> None:
        self.at("opt-outs", lambda: staff_opt_out(self.world.parts, number, who="test"))

    def deliver(self) -> None:
        while self.world.queued:
            item = self.world.queued.pop(0)
            self.at("deliver", partial(self._handled, item))

    def _handled(self, item: str) -> None:
        if deliver_batch(self.world.delivery, {"Records": [{"messageId": "1", "body": item}]})["batchItemFailures"]:
            raise NotHandled

    def round(self) -> None:
        """A round that fails is followed by another, a minute later. Every other one meets no trouble: what was lost to
        another transaction is tried again then."""
        self.at("tick", self._tick)
        self.deliver()
        self.calm = not self.calm

    def _tick(self) -> None:
        try:
            tick(self.world.parts, self.world.queued.extend)
        except Exception:
            self.world.clock.now += timedelta(minutes=1)
            raise

    # --- lives

    def live(self) -> None:
        for number in NUMBERS:
            self.invite(number)
        assert self.cancel(CANCELLED)
        self.refuse(REFUSED)
        self.round()
        self.world.clock.now += FIRST_LOOK  # what was not delivered is put into the queue again
        self.round()
        self.calm = False
        for number in (ANSWERS, STOPS, SILENT):
            self.told(number, "delivered")
        self.told(UNREACHED, "undelivered", "30003")
        for body in ("9", "3524", "OHITA", "kiitos"):
            self.text(ANSWERS, body)
        for body in ("9", "STOP"):
            self.text(STOPS, body)
        self.world.clock.now += timedelta(minutes=10)
        self.round()
        self.go_on_until(self.world.clock.now + REMIND_AFTER + LIFETIME)

    def go_on_until(self, end: datetime) -> None:
        for _ in range(MOST_ROUNDS):
            due = next_due()
            if due is None or due > end:
                return
            self.world.clock.now = max(due, self.world.clock.now + timedelta(minutes=1))
            limits.mark("fold_sends", now=self.world.clock.now, window=timedelta(seconds=30))
            self.round()
        raise AssertionError("the schedule comes to no end")


class NotHandled(Exception):
    """The queue hands the item out again."""
