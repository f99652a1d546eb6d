"""`python -m benchmarks.rounds`: how much a round of the schedule, a deliverer and an answer take, and the fold of the
sending columns as a month fills. Prints figures for docs/scale.md and judges none.

The embedded AWS is another process on the same machine, so what carries over to AWS is this process's own CPU and the
number of calls; the waiting is AWS's, and is reckoned in docs/scale.md.
"""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from pynamodb.signals import pre_dynamodb_send

from benchmarks.machine import described, machine
from handler.outside.carrier import Outgoing
from handler.outside.carrier_list import Passed, Stretch
from handler.start import make_parts
from handler.tables import limits
from handler.tables.invitations import InvitationRow, InvitationState, row
from handler.tables.responses import Place
from handler.templates import checked_library
from handler.work.converse import Inbound, converse
from handler.work.deliver import deliver
from handler.work.delivery import Delivery
from handler.work.fold_sends import fold
from handler.work.invite import Inviting, invite
from handler.work.parts import Parts, count_nothing
from handler.work.request import Request
from handler.work.tick import tick
from survey_flow.helsinki import HELSINKI
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber

# Under what a round takes from each of the eight shards.
ITEMS = 1600
FOLDED = (10_000, 50_000)
PLACE = Place("kotka", "nuorten-matala-nuori", "youth", "2026-11")


@dataclass(slots=True)
class Clock:
    now: datetime = datetime(2026, 11, 24, 15, 0, tzinfo=HELSINKI)

    def __call__(self) -> datetime:
        return self.now


class PlainSealing:
    """No KMS: its calls are counted apart."""

    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        return f"{conversation_id}|{number}".encode()

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        return PhoneNumber(sealed.decode().removeprefix(f"{conversation_id}|"))


class NoCarrier:
    """Takes everything at once: its time is reckoned apart."""

    def send(self, _: Outgoing) -> str:
        return f"SM{uuid4().hex}"

    def fate_of(self, _: PhoneNumber, __: str, *, not_older_than: timedelta) -> None:
        """Nothing is unknown here."""

    def passed_with(self, _: PhoneNumber, __: Stretch, *, but: Collection[str]) -> Passed:  # noqa: ARG002 the carrier's
        return Passed(())

    def delete(self, _: str) -> None: ...


@dataclass(slots=True)
class Bench:
    parts: Parts
    clock: Clock
    delivery: Delivery
    queued: list[str] = field(default_factory=list)

    def invite(self, number: PhoneNumber) -> None:
        inviting = Inviting(self.parts, PlainSealing(), lambda _: False, self.queued.extend)
        invite(inviting, request_of(number))

    def round(self) -> None:
        for mark in ("fold_sends", "look_over"):
            limits.mark(mark, now=self.clock.now, window=timedelta(hours=1))
        tick(self.parts, self.queued.extend)


def main() -> None:
    with machine() as settings:
        print(described(), "\n")
        print("| What | items | calls an item | CPU an item | seconds |\n| --- | --- | --- | --- | --- |")
        clock = Clock()
        parts = replace(make_parts(settings, clock=clock, library=checked_library()), count=count_nothing)
        delivery = Delivery(parts, PlainSealing(), NoCarrier(), lambda _: False, "https://x.example", lambda: 0.0)
        _print_sending(Bench(parts, clock, delivery))
        _print_folds()


def _print_sending(bench: Bench) -> None:
    numbers = [PhoneNumber(f"+35840{number:07d}") for number in range(1, ITEMS + 1)]
    _measured("invitation", ITEMS, lambda: [bench.invite(number) for number in numbers])
    bench.queued.clear()
    _measured("round of openings", ITEMS, bench.round)
    keys = bench.queued[:]
    _measured("opening delivered", ITEMS, lambda: [deliver(bench.delivery, key) for key in keys])
    said = [Inbound(f"SM{uuid4().hex}", number, "9 koska kuunneltiin", "") for number in numbers]
    _measured("answer", ITEMS, lambda: [converse(bench.parts, each) for each in said])
    half = numbers[: ITEMS // 2]
    said = [Inbound(f"SM{uuid4().hex}", number, "3524", "") for number in half]
    _measured("answer of a group", len(half), lambda: [converse(bench.parts, each) for each in said])
    said = [Inbound(f"SM{uuid4().hex}", number, "OHITA", "") for number in half]
    _measured("closing answer", len(half), lambda: [converse(bench.parts, each) for each in said])
    left = ITEMS - len(half)
    bench.queued.clear()
    bench.clock.now += timedelta(days=1, minutes=1)
    _measured("round of reminders", left, bench.round)
    _measured("reminder delivered", left, lambda: [deliver(bench.delivery, key) for key in bench.queued])
    bench.clock.now += timedelta(days=4)
    _measured("round of expiries", left, bench.round)


def _print_folds() -> None:
    written = 0
    for most in FOLDED:
        with InvitationRow.batch_write() as batch:
            for _ in range(most - written):
                batch.save(_invitation())
        written = most
        _measured("fold of one cell", most, lambda: fold(PLACE))


def request_of(number: PhoneNumber, idempotency_key: str | None = None) -> Request:
    return Request(
        number=number,
        unit=PLACE.unit,
        respondent=PLACE.respondent,
        survey=PLACE.survey,
        language=Language.FI,
        occasion="end",
        neutral=False,
        facts={},
        send_after=None,
        caller="bench",
        idempotency_key=idempotency_key,
    )


def _invitation() -> InvitationRow:
    return row(
        str(uuid4()),
        unit=PLACE.unit,
        survey=PLACE.survey,
        respondent=PLACE.respondent,
        month=PLACE.month,
        by="staff",
        state=InvitationState.DELIVERED,
        send_at=1795525200,
        fingerprint=uuid4().hex * 2,
    )


def _measured(what: str, items: int, work: Callable[[], object]) -> None:
    with _counted() as calls:
        begun, cpu = time.perf_counter(), time.process_time()
        work()
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - begun
    print(f"| {what} | {items} | {calls[0] / items:.2f} | {1000 * cpu / items:.2f} ms | {seconds:.1f} |", flush=True)


@contextmanager
def _counted() -> Iterator[list[int]]:
    seen = [0]

    def note(*_: object, **__: object) -> None:
        seen[0] += 1

    with pre_dynamodb_send.connected_to(note):
        yield seen


if __name__ == "__main__":
    main()
