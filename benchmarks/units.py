"""`python -m benchmarks.units`: what one finished survey consumes of DynamoDB, by the engine's own figures."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

from benchmarks.engine import Engine, dynamodb
from benchmarks.respondents import Respondents, respondents
from benchmarks.rounds import Clock, PlainSealing, request_of
from benchmarks.survey_units import Step, steps
from handler.tables import deletions
from handler.templates import checked_library
from handler.work.carrier_report import Report, report
from handler.work.converse import Inbound, converse
from handler.work.deliver import deliver
from handler.work.invite import Accepted, Inviting, invite
from survey_flow.phone import PhoneNumber

NUMBER = PhoneNumber("+358509999999")
# KMS's ciphertext of a phone number is about so long.
SEALED_BYTES = 170


class SealedAsByKms(PlainSealing):
    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        return PlainSealing.seal(self, number, conversation_id=conversation_id).ljust(SEALED_BYTES)

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        return PlainSealing.unseal(self, sealed.rstrip(), conversation_id=conversation_id)


@dataclass(slots=True)
class _Playing:
    people: Respondents
    clock: Clock
    region: str
    queued: list[str] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)

    def invite(self) -> None:
        delivery = self.people.delivery
        inviting = Inviting(self.people.parts, delivery.sealing, delivery.is_holiday, self.queued.extend)
        self.accepted.append(invite(inviting, request_of(NUMBER, idempotency_key="bulk-0123456789abcdef-1")))

    def deliver(self) -> None:
        while self.queued:
            deliver(self.people.delivery, self.queued.pop())

    def callback(self, status: str) -> None:
        report(self.people.parts, Report(self.accepted[0].id, status, NUMBER, ""))

    def says(self, text: str) -> None:
        converse(self.people.parts, Inbound(f"SM{uuid4().hex}", NUMBER, text, ""))

    def later(self) -> None:
        self.clock.now += timedelta(minutes=6)
        self.queued.extend(owed.id for owed in deletions.due(self.clock.now))


def taken(engine: Engine) -> list[Step]:
    clock = Clock()
    people = respondents(engine.settings, clock, SealedAsByKms())
    people.parts = replace(people.parts, library=checked_library())  # with its ceiling, which takes a write
    return list(steps(_Playing(people, clock, engine.settings.region)))


def main() -> None:
    with dynamodb() as engine:
        print(engine.told or engine.name)
        for step in taken(engine):
            print(step)


if __name__ == "__main__":
    main()
