"""What people text, what the carrier answers in our place, and what is told to the staff."""

from datetime import timedelta
from enum import StrEnum

from handler.work.opt_out import refuses, staff_opt_out, staff_withdraw
from survey_flow.phone import PhoneNumber
from tests.model.being import Being, Handed
from tests.model.lives import NOBODY, RESPONDENT, STAFF
from tests.model.texts import Kind, Text

# So long a webhook is tried again.
TRIES_AGAIN_WITHIN = timedelta(seconds=30)


# A process that dies after so many calls has recorded the opt-out, and closed nothing.
FIRST_WRITE = 2


class Elsewhere(StrEnum):
    """What is said otherwise than by a message that we answer."""

    CARRIER_STOP = "STOP"
    CARRIER_START = "START"
    STAFF = "to the staff"
    STAFF_IN_VAIN = "to the staff, who do not try again"
    WITHDRAWN = "withdrawn by the staff"


class Talking(Being):
    """What is said to us."""

    def text(self, number: PhoneNumber, text: Text, life: int | None) -> None:
        reply = self._text(number, text, life)
        if not reply and not self.model.people[number].asked:
            self.left_at_carrier.add(self.latest[number].message_id)
        self.model.heard(number, text, reply, self.clock.now)

    def the_same_message_again(self, number: PhoneNumber, life: int | None) -> None:
        told = self.latest[number]
        again = self._until_it_survives(
            life,
            lambda: self.world.text(told.text.body, number=number, message_id=told.message_id, opt_out=told.opt_out),
        )
        assert again == told.reply, (again, told)

    def repeatable(self) -> list[PhoneNumber]:
        """Whose latest message the carrier may still hand over again."""
        return [
            number
            for number, told in self.latest.items()
            if abs(self.clock.now - told.at) <= TRIES_AGAIN_WITHIN
            and len(self.model.people[number].openings) == told.openings
        ]

    def _text(self, number: PhoneNumber, text: Text, life: int | None, *, opt_out: str = "") -> str:
        message_id = f"SMin{self.world.messages + 1}"
        reply = self._until_it_survives(
            life, lambda: self.world.text(text.body, number=number, message_id=message_id, opt_out=opt_out)
        )
        openings = len(self.model.people[number].openings)
        self.latest[number] = Handed(message_id, text, opt_out, reply, self.clock.now, openings)
        return reply

    def tell(self, number: PhoneNumber, how: Elsewhere, life: int | None) -> None:
        if how in (Elsewhere.CARRIER_STOP, Elsewhere.CARRIER_START):
            self._carrier_opt_out(number, how.value, life)
        elif how is Elsewhere.WITHDRAWN:
            self._until_it_survives(life, lambda: staff_withdraw(self.world.parts, number, who="person:1"))
            self.model.withdraw(number)
        else:
            self._told_to_staff(number, life, again=how is Elsewhere.STAFF)

    def _carrier_opt_out(self, number: PhoneNumber, word: str, life: int | None) -> None:
        """Advanced Opt-Out has answered the phone; our reply stays empty."""
        person = self.model.people[number]
        surely = person.surely_goes_on(self.clock.now)
        reply = self._text(number, Text(word, Kind.COMMAND), life, opt_out=word)
        self.left_at_carrier.add(self.latest[number].message_id)  # outside of a conversation nothing of it is ours
        assert reply == ""
        if word == "START":
            person.refuses = NOBODY
        else:
            self.model.refuse(number, RESPONDENT, surely=surely)

    def _told_to_staff(self, number: PhoneNumber, life: int | None, *, again: bool) -> None:
        """Not `again`: somebody closes the page on a fault. What was committed by then holds."""
        person = self.model.people[number]
        surely = person.surely_goes_on(self.clock.now)

        def record() -> None:
            staff_opt_out(self.world.parts, number, who="person:1")

        if self._survives(life if again else FIRST_WRITE, record):
            self.model.refuse(number, STAFF, surely=surely)
        elif again:
            record()
            self.model.refuse(number, STAFF, surely=surely)
        elif refuses(self.world.parts, number) and person.refuses == NOBODY:
            person.refuses = STAFF
