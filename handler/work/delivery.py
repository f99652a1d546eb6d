"""What delivering is given, and what every message to a phone has in common."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handler.outside.carrier import Carrier, Outgoing
from handler.outside.sealing import Sealing
from handler.tables.conversations import Held
from handler.work.callbacks import status_address
from handler.work.parts import Parts
from survey_flow.conversation import Conversation
from survey_flow.organisation import Unit
from survey_flow.phone import PhoneNumber
from survey_flow.sending_hours import IsHoliday, closing_time, next_sending_time

# Asked to wait, a message waits as long again as it has waited already, within these bounds and spread by up to half.
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
# What could not leave for so long (a broken queue, a carrier that is never ready) does not leave any more. Longer than
# the longest row of closed days, Thursday evening to Tuesday morning at Easter.
GIVEN_UP_AFTER = timedelta(days=7)
# A trial may leave outside the hours: its phone waits for it, a quarter of an hour is enough.
TRIAL_IS_VALID = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What delivering needs beside the parts. `spread` gives 0 to 1, so that what waited does not return at once."""

    parts: Parts
    sealing: Sealing
    carrier: Carrier
    is_holiday: IsHoliday
    public_url: str
    spread: Callable[[], float]

    def unit(self, dialogue: Conversation) -> Unit:
        return self.parts.library.organisation.units[dialogue.unit]

    def number(self, held: Held) -> PhoneNumber:
        """Raises Poisoned when the row that should hold the number does not."""
        if held.sealed_number is None:
            raise Poisoned("what is owed has no sealed number")
        return self.sealing.unseal(held.sealed_number, conversation_id=held.conversation_id)

    def may_leave_at(self, dialogue: Conversation, now: datetime, *, opening: bool) -> datetime:
        """Now, or the next moment within the hours; an opening keeps to the collection windows too, a trial to
        nothing."""
        if dialogue.trial:
            return now
        unit = self.unit(dialogue)
        windows = unit.windows if opening else ()
        return next_sending_time(now, unit.hours_for(dialogue.respondent), self.is_holiday, windows)

    def valid_until(self, dialogue: Conversation, now: datetime) -> datetime:
        """When the hours end: a message not handed over by then must not ring at night."""
        closes = closing_time(now, self.unit(dialogue).hours_for(dialogue.respondent))
        return now + TRIAL_IS_VALID if closes <= now else closes

    def outgoing(self, number: PhoneNumber, text: str, *, valid_until: datetime, about: str = "") -> Outgoing:
        """`about` is the invitation whose opening this is; a reminder's callbacks are about none."""
        return Outgoing(
            to=number,
            text=text,
            status_callback=status_address(self.public_url, about=about),
            validity_seconds=int((valid_until - self.parts.clock()).total_seconds()),
        )

    def wait_until(self, held: Held) -> datetime:
        """When to try again after the carrier asked to wait."""
        now = self.parts.clock()
        waited = now - (held.since or now)
        return now + min(max(waited, SHORTEST_WAIT), LONGEST_WAIT) * (1 + self.spread() / 2)


class Poisoned(Exception):
    """A row that cannot be delivered whatever is tried; it tells nothing of whom it concerns."""
