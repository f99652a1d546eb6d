"""A whole small world for tests: people with phones, staff, a clock that stands still, and the use cases between them.

Fakes stand at the edges only: the carrier writes down what it is given, numbers are sealed without KMS.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from handler.outside.carrier import Fate, Outgoing
from handler.outside.carrier_list import Passed, Stretch
from handler.phone_keys import PhoneKeys
from handler.settings import Pepper
from handler.tables import conversations, counts, limits
from handler.tables.all_tables import TABLES, bind_all
from handler.tables.comments import CommentRow
from handler.tables.conversations import Held
from handler.tables.responses import Place, ResponseRow
from handler.work.carrier_report import Report, report
from handler.work.converse import converse
from handler.work.deliver import deliver
from handler.work.delivery import Delivery
from handler.work.inbound import Inbound
from handler.work.invite import Accepted, Inviting, invite
from handler.work.parts import Parts
from handler.work.request import Request
from handler.work.tick import tick
from survey_flow.helsinki import HELSINKI
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.carrier_log import CarrierLog
from tests.roles import acting_as

REGION = "eu-north-1"
# A Tuesday afternoon, when everybody may be asked.
START = datetime(2026, 11, 24, 15, 0, tzinfo=HELSINKI)
PHONE = PhoneNumber("+358401234567")
OTHER_PHONE = PhoneNumber("+358407654321")


class Crashed(Exception):
    """The process ends in the middle of a send."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of that day in Helsinki."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HELSINKI)


def usual_request(**differs: Any) -> Request:
    """A request as the form makes it; whoever asks states only what differs."""
    usual = Request(
        number=PHONE,
        unit="kotka",
        respondent="youth",
        survey="nuorten-matala-nuori",
        language=Language.FI,
        occasion="end",
        neutral=False,
        facts={},
        send_after=None,
        caller="test",
        idempotency_key=None,
    )
    return replace(usual, **differs)


@dataclass(slots=True)
class StillClock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: int) -> None:
        self.now += timedelta(**units)


@dataclass(slots=True)
class RecordingCarrier:
    """Keeps what it was given to send; `faults` are raised first, one a message. Its list answers with `fates`."""

    sent: list[Outgoing] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    fates: list[Fate | Exception | None] = field(default_factory=list)
    asked: list[tuple[PhoneNumber, str, timedelta]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    silent: list[Exception] = field(default_factory=list)
    log: CarrierLog = field(default_factory=CarrierLog)
    clock: StillClock = field(default_factory=StillClock)

    def send(self, message: Outgoing) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)
        sid = f"SM{len(self.sent):032d}"
        self.log.note(sid, message.to, "outbound-api", message.text, self.clock.now)
        return sid

    def fate_of(self, number: PhoneNumber, digest: str, *, not_older_than: timedelta) -> Fate | None:
        self.asked.append((number, digest, not_older_than))
        fate = self.fates.pop(0)
        if isinstance(fate, Exception):
            raise fate
        return fate

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        return self.log.passed_with(number, stretch, but=but, now=self.clock.now)

    def delete(self, message_id: str) -> None:
        if self.silent:
            raise self.silent.pop(0)
        self.deleted.append(message_id)
        self.log.delete(message_id)


class OpenSealing:
    """Seals nothing, but holds to the rule that a seal fits its own conversation only."""

    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        return f"{conversation_id}|{number}".encode()

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        owner, _, number = sealed.decode().partition("|")
        if owner != conversation_id:
            raise ValueError("sealed for another conversation")
        return PhoneNumber(number)


@dataclass(slots=True)
class InterruptedSealing(OpenSealing):
    """Between the look at the number and the claim, where it is sealed, something happens, once."""

    meanwhile: Callable[[], object] | None

    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return OpenSealing.seal(self, number, conversation_id=conversation_id)


def interrupt(world: "World", meanwhile: Callable[[], object]) -> None:
    world.delivery = replace(world.delivery, sealing=InterruptedSealing(meanwhile))


def empty_tables() -> None:
    """Quicker by far than making them anew."""
    for table in TABLES:
        for row in table.scan():
            row.delete()


def no_holiday(_: date) -> bool:
    return False


@dataclass(slots=True)
class World:
    parts: Parts
    clock: StillClock
    carrier: RecordingCarrier
    delivery: Delivery
    messages: int = 0
    queued: list[str] = field(default_factory=list)
    metrics: list[tuple[str, int]] = field(default_factory=list)

    def request(self, **differs: Any) -> Request:
        return usual_request(**differs)

    def invite(self, **differs: Any) -> Accepted:
        with acting_as("web"):
            return invite(self.inviting(), self.request(**differs))

    def inviting(self) -> Inviting:
        return Inviting(self.parts, self.delivery.sealing, self.delivery.is_holiday, self.queued.extend)

    def tick(self) -> None:
        """One round of the schedule; then what is in the queue is delivered, one item after another."""
        with acting_as("tick"):
            tick(self.parts, self.queued.extend)
        self.deliver()

    def deliver(self) -> None:
        """An item that fails harms no other; the first fault is raised at the end."""
        failures: list[BaseException] = []
        while self.queued:
            try:
                with acting_as("deliver"):
                    deliver(self.delivery, self.queued.pop(0))
            except Exception as failure:
                failures.append(failure)
        if failures:
            raise failures[0]

    def lapse(self, **units: int) -> None:
        """Time goes by as it does, with a round of the schedule every hour."""
        end = self.clock.now + timedelta(**units)
        while self.clock.now < end:
            self.clock.now = min(self.clock.now + timedelta(hours=1), end)
            if self.clock.now < end:  # the sending columns are set in the last round: it takes longer than all the rest
                limits.mark("fold_sends", now=self.clock.now, window=timedelta(minutes=1))
            self.tick()

    def opened(self, **differs: Any) -> Accepted:
        """An invitation whose opening has left."""
        accepted = self.invite(**differs)
        self.tick()
        return accepted

    def text(self, body: str, *, number: PhoneNumber = PHONE, message_id: str | None = None, opt_out: str = "") -> str:
        """The reply to one inbound message."""
        self.messages += 1
        sid = message_id or f"SMin{self.messages}"
        self.carrier.log.note(sid, number, "inbound", body, self.clock.now)
        with acting_as("sms"):
            reply = converse(self.parts, Inbound(sid, number, body, opt_out))
        if reply:
            self.carrier.log.note(f"{sid}-reply", number, "outbound-reply", reply, self.clock.now)
        return reply

    def callback(self, invitation: Accepted, status: str, *, error_code: str = "", number: PhoneNumber = PHONE) -> None:
        with acting_as("sms"):
            report(self.parts, Report(invitation.id, status, number, error_code))

    def held(self, number: PhoneNumber = PHONE) -> Held | None:
        return conversations.read(self.parts.phone_keys.all(number)[0])

    def columns(
        self, survey: str = "nuorten-matala-nuori", month: str = "2026-11", unit: str = "kotka", group: str = "youth"
    ) -> dict[str, int]:
        return counts.read(Place(unit, survey, group, month))

    @staticmethod
    def responses() -> list[ResponseRow]:
        return list(ResponseRow.scan())

    @staticmethod
    def comments() -> list[CommentRow]:
        return list(CommentRow.scan())


def made_world(library: Library, *, prefix: str, peppers: tuple[Pepper, ...] = (Pepper("1", b"pepper"),)) -> World:
    """The world over whatever engine AWS's variables name, with its tables made."""
    world = world_over(library, prefix=prefix, peppers=peppers)
    for table in TABLES:
        if not table.exists():
            table.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    return world


def world_over(library: Library, *, prefix: str, peppers: tuple[Pepper, ...] = (Pepper("1", b"pepper"),)) -> World:
    """The world over tables that are there already, or are still to be made."""
    bind_all(prefix=prefix, region=REGION)
    clock, sealing = StillClock(), OpenSealing()
    carrier = RecordingCarrier(clock=clock)
    metrics: list[tuple[str, int]] = []
    parts = Parts(
        library=library,
        phone_keys=PhoneKeys(peppers),
        clock=clock,
        region=REGION,
        count=lambda name, amount: metrics.append((name, amount)),
        seal=lambda number, row_id: sealing.seal(number, conversation_id=row_id),
    )
    delivery = Delivery(
        parts=parts,
        sealing=sealing,
        carrier=carrier,
        is_holiday=no_holiday,
        public_url="https://kuulolla.example",
        spread=lambda: 0.0,
    )
    return World(parts, clock, carrier, delivery, metrics=metrics)
