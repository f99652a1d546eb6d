"""A carrier with moods: it takes, refuses, is busy, or loses its answer; it reports late and in any order. Its list and
its log tell the truth, when it answers at all."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from handler.outside.carrier import CarrierSilent, Fate, OutcomeUnknown, Outgoing, SendFailed, TryLater
from handler.outside.carrier_codes import OPTED_OUT_AT_CARRIER
from handler.outside.carrier_list import Passed, Stretch
from survey_flow.phone import PhoneNumber
from tests.carrier_log import CarrierLog, digest_of
from tests.handler.looking import invitation_in
from tests.model.lives import Attempt
from tests.model.model import Model
from tests.storm.mortal import Mortal
from tests.world import StillClock

NOT_A_MOBILE = 21614


class Mood(StrEnum):
    TAKES = "takes it"
    BUSY = "says 429"
    NOT_A_MOBILE = "refuses with 21614"
    OPTED_OUT = "refuses with 21610"
    LOST_TAKEN = "takes it, and its answer is lost"
    LOST_UNTAKEN = "breaks the connection, and has nothing"


FAULTS: dict[Mood, Callable[[], Exception]] = {
    Mood.BUSY: TryLater,
    Mood.NOT_A_MOBILE: lambda: SendFailed(NOT_A_MOBILE),
    Mood.OPTED_OUT: lambda: SendFailed(OPTED_OUT_AT_CARRIER),
    Mood.LOST_TAKEN: OutcomeUnknown,
    Mood.LOST_UNTAKEN: OutcomeUnknown,
}
TAKING = (Mood.TAKES, Mood.LOST_TAKEN)
NEVER = ("undelivered", "failed")


@dataclass(slots=True)
class Taken:
    """An opening at the carrier, and how it goes with it: "" while nobody knows."""

    number: PhoneNumber
    invitation: str
    digest: str
    final: Fate | None = None


@dataclass(slots=True)
class OwnTimeLog(CarrierLog):
    """By a clock that nobody sets back: it is `ahead` of ours by as much as ours was."""

    ahead: timedelta = timedelta()

    def note(self, sid: str, number: PhoneNumber, direction: str, body: str, now: datetime) -> None:
        CarrierLog.note(self, sid, number, direction, body, now + self.ahead)

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str], now: datetime) -> Passed:
        return CarrierLog.passed_with(self, number, stretch, but=but, now=now + self.ahead)

    def has_opening(self, number: PhoneNumber, digest: str, *, since: datetime) -> bool:
        return CarrierLog.has_opening(self, number, digest, since=since + self.ahead)


@dataclass(slots=True)
class MoodyCarrier:
    """`moods` are of the next messages, one each. Deaf, it answers no question. `opted_out` are the numbers that it
    refused with 21610 since that was looked at last."""

    model: Model
    clock: StillClock
    mortal: Mortal
    log: OwnTimeLog = field(default_factory=OwnTimeLog)
    moods: list[Mood] = field(default_factory=list)
    deaf: bool = False
    taken: list[Taken] = field(default_factory=list)
    opted_out: list[PhoneNumber] = field(default_factory=list)
    asked: int = 0

    def send(self, message: Outgoing) -> str:
        self.mortal.step("before the carrier's create")
        mood = self.moods.pop(0) if self.moods else Mood.TAKES
        self._note(message, mood)
        if mood is Mood.OPTED_OUT:
            self.opted_out.append(message.to)
        self.mortal.step("after the carrier's create")
        if mood in FAULTS:
            raise FAULTS[mood]()
        return f"SM{self.asked}"

    def _note(self, message: Outgoing, mood: Mood) -> None:
        now, self.asked = self.clock.now, self.asked + 1
        invitation, digest = invitation_in(message.status_callback), digest_of(message.text)
        until = now + timedelta(seconds=message.validity_seconds)
        taken = mood in TAKING
        attempt = Attempt(message.to, invitation, message.text, digest, now, until)
        self.model.attempt(attempt, taken=taken, lost=FAULTS.get(mood) is OutcomeUnknown)
        if taken:
            self.log.note(f"SM{self.asked}", message.to, "outbound-api", message.text, now)
            if invitation:
                self.taken.append(Taken(message.to, invitation, digest))

    def fate_of(self, number: PhoneNumber, digest: str, *, not_older_than: timedelta) -> Fate | None:
        self._asked()
        if not self.log.has_opening(number, digest, since=self.clock.now - not_older_than - timedelta(minutes=10)):
            return None
        latest = [each for each in self.taken if (each.number, each.digest) == (number, digest)][-1]
        if latest.final is not None and latest.final.status in NEVER:
            self.model.may_have_given_back(number, latest.invitation)
        return latest.final or Fate("sent")

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        self._asked()
        return self.log.passed_with(number, stretch, but=but, now=self.clock.now)

    def delete(self, message_id: str) -> None:
        self._asked()
        self.log.delete(message_id)
        self.mortal.step("after the carrier's delete")

    def _asked(self) -> None:
        self.mortal.step("before the carrier's list")
        if self.deaf:
            raise CarrierSilent
