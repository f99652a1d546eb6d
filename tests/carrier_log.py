"""What a carrier keeps of the messages that pass through it: either way, with number, text and time, until deleted."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from handler.outside.carrier_list import Passed, Stretch, created_since, is_opening, within
from survey_flow.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Logged:
    """`direction` in Twilio's words."""

    sid: str
    number: PhoneNumber
    direction: str
    body: str
    date_created: datetime


@dataclass(slots=True)
class CarrierLog:
    messages: list[Logged] = field(default_factory=list)

    def note(self, sid: str, number: PhoneNumber, direction: str, body: str, now: datetime) -> None:
        """A message that the webhook is handed twice is one."""
        if all(each.sid != sid for each in self.messages):
            self.messages.append(Logged(sid, number, direction, body, now))

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str], now: datetime) -> Passed:
        found = within(stretch, self.of(number), now=now)
        return Passed(tuple(each.sid for each in found if not is_opening(each, but)))

    def delete(self, sid: str) -> None:
        self.messages = [each for each in self.messages if each.sid != sid]

    def of(self, number: PhoneNumber) -> list[Logged]:
        return [each for each in self.messages if each.number == number]

    def has_opening(self, number: PhoneNumber, digest: str, *, since: datetime) -> bool:
        return any(created_since(each, since) and is_opening(each, {digest}) for each in self.of(number))


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
