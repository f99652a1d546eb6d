"""A whole small world for tests: people with phones, staff, a clock that stands still, and the use cases between them.

Fakes stand at the edges only: the carrier writes down what it is given, numbers are sealed without KMS.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from handler.outside.carrier import Outgoing
from handler.phone_keys import PhoneKeys
from handler.settings import Pepper
from handler.tables import conversations, counts
from handler.tables.all_tables import TABLES, bind_all
from handler.tables.comments import CommentRow
from handler.tables.conversations import Held
from handler.tables.responses import Place, ResponseRow
from handler.work.carrier_report import Report, report
from handler.work.converse import Inbound, converse
from handler.work.deliver import Delivery, deliver
from handler.work.invite import Accepted, invite
from handler.work.parts import Parts
from handler.work.request import Request
from handler.work.tick import tick
from survey_flow.helsinki import HELSINKI
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber

REGION = "eu-north-1"
# A Tuesday afternoon, when everybody may be asked.
START = datetime(2026, 11, 24, 15, 0, tzinfo=HELSINKI)
PHONE = PhoneNumber("+358401234567")
OTHER_PHONE = PhoneNumber("+358407654321")


@dataclass(slots=True)
class StillClock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: int) -> None:
        self.now += timedelta(**units)


@dataclass(slots=True)
class RecordingCarrier:
    """Keeps what it was given to send; `faults` are raised first, one a message."""

    sent: list[Outgoing] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def send(self, message: Outgoing) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)
        return f"SM{len(self.sent):032d}"


class OpenSealing:
    """Seals nothing, but holds to the rule that a seal fits its own conversation only."""

    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        return f"{conversation_id}|{number}".encode()

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        owner, _, number = sealed.decode().partition("|")
        if owner != conversation_id:
            raise ValueError("sealed for another conversation")
        return PhoneNumber(number)


def no_holiday(_: date) -> bool:
    return False


@dataclass(slots=True)
class World:
    parts: Parts
    clock: StillClock
    carrier: RecordingCarrier
    delivery: Delivery
    messages: int = 0

    def request(self, **differs: Any) -> Request:
        """A request as the form makes it; each test states only what differs."""
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

    def invite(self, **differs: Any) -> Accepted:
        return invite(
            self.parts, self.request(**differs), sealing=self.delivery.sealing, is_holiday=self.delivery.is_holiday
        )

    def tick(self) -> None:
        """One round: what is due is delivered at once."""
        tick(self.parts, lambda phone_key: deliver(self.delivery, phone_key))

    def opened(self, **differs: Any) -> Accepted:
        """An invitation whose opening has left."""
        accepted = self.invite(**differs)
        self.tick()
        return accepted

    def text(self, body: str, *, number: PhoneNumber = PHONE, message_id: str | None = None, opt_out: str = "") -> str:
        """The reply to one inbound message."""
        self.messages += 1
        return converse(self.parts, Inbound(message_id or f"SMin{self.messages}", number, body, opt_out))

    def callback(self, invitation: Accepted, status: str, *, error_code: str = "", number: PhoneNumber = PHONE) -> None:
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
    clock, carrier = StillClock(), RecordingCarrier()
    parts = Parts(library=library, phone_keys=PhoneKeys(peppers), clock=clock, region=REGION)
    delivery = Delivery(
        parts=parts,
        sealing=OpenSealing(),
        carrier=carrier,
        is_holiday=no_holiday,
        public_url="https://kuulolla.example",
        spread=lambda: 0.0,
    )
    return World(parts, clock, carrier, delivery)
