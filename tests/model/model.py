"""What is promised to people, in plain Python: it keeps what each phone lived through, and says when a promise breaks.

Where the domain leaves open what happens (a process died on the way, the carrier told nothing), the model says that it
does not know (`None`), and expects nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from survey_flow.conversation import LIFETIME
from survey_flow.helsinki import local
from survey_flow.phone import PhoneNumber
from tests.model.lives import (
    ACCEPTED,
    NOBODY,
    OPTED_OUT,
    RESPONDENT,
    STAFF,
    THROTTLED,
    Asked,
    Attempt,
    Opening,
    Person,
)
from tests.model.places import CLOSES
from tests.model.texts import Kind, Text

THANKS = ("Kiitos vastauksistasi!", "Tack för dina svar!", "Thank you for your answers!")
NOTHING_LEFT = ("failed", "cancelled", "expired")
# After so long without a word either way nothing of a conversation goes on, if the schedule went round meanwhile.
OVER_AFTER = LIFETIME + timedelta(days=9)


@dataclass(slots=True)
class Model:
    people: dict[PhoneNumber, Person]
    broken: list[str] = field(default_factory=list)
    thanked: int = 0

    def breaks(self, promise: str, about: object) -> None:
        self.broken.append(f"{promise}: {about}")

    # --- sending

    def attempt(self, attempt: Attempt, *, taken: bool, lost: bool = False) -> None:
        """We ask the carrier to send. `taken`: it does; `lost`: its answer does not come."""
        person = self.people[attempt.number]
        if person.refuses:
            self.breaks("nothing is sent to who has refused", attempt)
        if attempt.valid_until > local(attempt.at).replace(hour=CLOSES, minute=0, second=0, microsecond=0):
            self.breaks("nothing rings after the hours", attempt)
        if attempt.invitation:
            self._opening(person, attempt, taken=taken, lost=lost)
        else:
            self._reminder(person, attempt, taken=taken)

    def _opening(self, person: Person, attempt: Attempt, *, taken: bool, lost: bool) -> None:
        asked = next((each for each in person.asked if each.id == attempt.invitation), None)
        if asked is None:
            self.breaks("only who was invited is asked", attempt)
            return
        if asked.barred:
            self.breaks("what was cancelled or held back does not leave", attempt)
        if not asked.place.may_open(attempt.at):
            self.breaks("an opening leaves within the hours", attempt)
        for earlier in person.openings:
            if earlier.invitation == attempt.invitation and earlier.tried:
                self.breaks("an opening leaves once", attempt)
            elif earlier.taken and earlier.gave_back is False and attempt.at < earlier.allows_from:
                self.breaks("one opening in three months", (attempt, earlier))
        asked.tried = True
        if taken or lost:
            person.openings = [each for each in person.openings if each.invitation != asked.id]
            gave_back = False if taken else None
            new = Opening(asked.id, attempt.at, asked.place, attempt.digest, taken=taken, gave_back=gave_back)
            person.openings.append(new)
            person.last_word = attempt.at

    def somebody_died_delivering(self, number: PhoneNumber, now: datetime) -> None:
        """Perhaps after the claim: then nobody knows whether the opening has left."""
        person = self.people[number]
        for asked in person.asked[-1:]:
            if all(opening.invitation != asked.id for opening in person.openings):
                unsure = Opening(asked.id, now, asked.place, "", taken=False, tried=False, gave_back=None)
                person.openings.append(unsure)
                person.last_word = now

    def _reminder(self, person: Person, attempt: Attempt, *, taken: bool) -> None:
        opening = person.latest
        if opening is None:
            self.breaks("only who was asked is reminded", attempt)
            return
        if not opening.place.may_ring(attempt.at):
            self.breaks("a reminder leaves within the hours", attempt)
        if opening.safety:
            self.breaks("no reminder follows a call for help", attempt)
        if opening.ended:
            self.breaks("nobody is reminded of what has ended", attempt)
        opening.reminders += taken
        if opening.reminders > 1:
            self.breaks("one reminder", attempt)
        person.last_word = attempt.at

    # --- what people and staff say

    def heard(self, number: PhoneNumber, text: Text, reply: str, now: datetime) -> None:
        """A message that was heard, and what was replied."""
        person = self.people[number]
        opening, surely = person.going_on(), person.surely_goes_on(now)
        if opening is not None and not person.is_quick(now):
            opening.doubtful = True
        person.last_word = now
        if opening is not None:
            self._heard_in(opening, text, reply)
        elif text.kind is Kind.CRISIS:
            self.bar_what_waits(person)
        if text.refuses:
            self.refuse(number, RESPONDENT, surely=surely, drops=text.kind is Kind.WRONG_NUMBER)
        elif text.kind is Kind.START:
            person.refuses = NOBODY
        if text.kind is Kind.CRISIS and "112" not in reply:
            self.breaks("a call for help is answered", (text, reply))
        if not reply and (text.refuses or text.kind is Kind.START):
            self.breaks("a refusal and START are answered", (text, reply))

    def _heard_in(self, opening: Opening, text: Text, reply: str) -> None:
        opening.texts.append(text)
        opening.digits.update(text.values)
        opening.safety |= text.kind is Kind.CRISIS
        if reply.startswith(THANKS):
            self.thanked += 1
            opening.ended = opening.must = True

    def refuse(self, number: PhoneNumber, who: str, *, surely: bool, drops: bool = False) -> None:
        """An opt-out that was recorded: it ends what goes on (`surely`, or perhaps). What staff were told takes the
        place of nothing."""
        person = self.people[number]
        if who == RESPONDENT or person.refuses == NOBODY:
            person.refuses = who
        self.bar_what_waits(person)
        opening = person.going_on()
        if opening is not None:
            opening.ended = True
            opening.must, opening.never = surely and not drops, surely and drops

    def refuse_at_carrier(self, number: PhoneNumber, invitation: str, *, surely: bool) -> None:
        """The carrier told of an opening that its number had opted out there."""
        latest = self.people[number].latest
        self.refuse(number, RESPONDENT, surely=surely and latest is not None and latest.invitation == invitation)

    def withdraw(self, number: PhoneNumber) -> None:
        person = self.people[number]
        if person.refuses == STAFF:
            person.refuses = NOBODY

    @staticmethod
    def bar_what_waits(person: Person) -> None:
        left = {opening.invitation for opening in person.openings}
        for asked in person.asked:
            if asked.id not in left and not asked.tried:
                asked.barred = True

    # --- what the carrier tells

    def told_never_arrived(self, number: PhoneNumber, invitation: str) -> None:
        """It gives the contact back, unless something has come from the number."""
        opening = self._opening_of(number, invitation)
        if opening.gave_back is False and not opening.texts:
            opening.gave_back = None if opening.ended else True
            opening.ended = True

    def may_have_given_back(self, number: PhoneNumber, invitation: str) -> None:
        """The carrier's list told that it never arrived; whoever asked may have died over it."""
        opening = self._opening_of(number, invitation)
        if opening.gave_back is False and not opening.texts:
            opening.gave_back = None

    def _opening_of(self, number: PhoneNumber, invitation: str) -> Opening:
        return next(each for each in self.people[number].openings if each.invitation == invitation)

    # --- what may become of an invitation

    def expected(self, person: Person, now: datetime, shown: dict[str, str], went_round: datetime) -> set[str]:
        """What inviting this number now may be answered with. `shown` are the states that the sender is shown."""
        if person.refuses:
            return {OPTED_OUT}
        unsure = {OPTED_OUT} if person.refuses is None else set()
        if any(each.gave_back is False and now < each.allows_from for each in person.openings):
            return {THROTTLED} | unsure
        if all(self._is_over(person, each, now, shown[each.id], went_round) for each in person.asked):
            return {ACCEPTED} | unsure
        return {ACCEPTED, THROTTLED} | unsure

    @staticmethod
    def _is_over(person: Person, asked: Asked, now: datetime, shown: str, went_round: datetime) -> bool:
        if shown in NOTHING_LEFT:
            return True
        for opening in person.openings:
            if opening.invitation == asked.id:
                if opening.gave_back:
                    return True
                quiet = went_round - max(opening.at, person.last_word or opening.at)
                return now >= opening.allows_from and quiet > OVER_AFTER
        return False

    def openings(self) -> Iterator[Opening]:
        for person in self.people.values():
            yield from person.openings
