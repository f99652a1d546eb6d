"""A carrier that writes down by which claim each message was sent, and whose list tells the truth."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handler.outside.carrier import LONGEST_VALIDITY, Fate, OutcomeUnknown, Outgoing
from handler.outside.carrier_list import MARGIN
from survey_flow.phone import PhoneNumber
from tests.handler.looking import invitation_in
from tests.world import RecordingCarrier


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken; `claim` is the place of its claim among all that was done."""

    message: Outgoing
    claim: int
    at: datetime

    @property
    def invitation(self) -> str:
        """Whose opening it is, "" for anything else."""
        return invitation_in(self.message.status_callback)

    @property
    def is_reply(self) -> bool:
        """Rescued late, it may leave at any hour; openings and reminders end with the day's hours."""
        return self.message.validity_seconds == LONGEST_VALIDITY


@dataclass(slots=True)
class HonestCarrier(RecordingCarrier):
    latest_claim: Callable[[], int] = lambda: -1
    taken: list[Taken] = field(default_factory=list)
    losses: list[bool] = field(default_factory=list)

    def lose_answers(self, times: int, *, taken: bool) -> None:
        """Of the next so many messages nobody hears whether they were taken; `taken` is whether they are."""
        self.losses += [taken] * times

    def send(self, message: Outgoing) -> str:
        claim = self.latest_claim()
        if self.losses and not self.losses[0]:
            del self.losses[0]
            raise OutcomeUnknown
        sid = RecordingCarrier.send(self, message)
        self.taken.append(Taken(message, claim, self.clock.now))
        if self.losses:
            del self.losses[0]
            raise OutcomeUnknown
        return sid

    def fate_of(self, number: PhoneNumber, digest: str, *, not_older_than: timedelta) -> Fate | None:
        since = self.clock.now - not_older_than - MARGIN
        return Fate("delivered") if self.log.has_opening(number, digest, since=since) else None

    def forget(self) -> None:
        for kept in (
            self.sent,
            self.faults,
            self.fates,
            self.asked,
            self.deleted,
            self.silent,
            self.taken,
            self.losses,
        ):
            kept.clear()
        self.log.messages.clear()
