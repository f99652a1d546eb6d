"""Inviting and cancelling, as staff and other systems do it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handler.tables import invitations
from handler.work.cancel import cancel
from handler.work.invite import state_of
from handler.work.request import Refusal, Refused
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber
from tests.model.being import NUMBERS, Being
from tests.model.carrier import Mood
from tests.model.lives import ACCEPTED, Asked, Person
from tests.model.places import PLACES, Place

# An opening further ahead than that is not waited for.
SOON = timedelta(days=4)
REFUSED = tuple(each.value for each in Refusal)


@dataclass(frozen=True, slots=True)
class Asks:
    """What somebody asks of us by the form or the API."""

    number: PhoneNumber
    place: Place
    language: Language
    tomorrow: bool
    occasion: bool

    def of(self, now: datetime | None) -> dict[str, Any]:
        """The request; "tomorrow" only where `now` is told."""
        return {
            "number": self.number,
            "unit": self.place.unit,
            "respondent": self.place.respondent,
            "survey": self.place.survey,
            "language": self.language,
            "occasion": "end" if self.occasion and self.place.survey.startswith("nuorten-matala") else None,
            "send_after": now + timedelta(days=1) if now and self.tomorrow else None,
        }


class Asking(Being):
    """What is asked of us."""

    def invite(self, asks: Asks, key: str | None, life: int | None) -> None:
        asked = asks.of(self.clock.now if key is None else None)
        if key in self.keys:
            self._invite_again(key, asked, life)
        else:
            self._invite_anew(asks.place, asked, key, life if key else None)

    def invite_and_wait_for_the_opening(self, asks: Asks, moods: list[Mood]) -> None:
        """The usual way, so that there is something to answer; now and then the carrier is in some mood just then."""
        self._invite_anew(asks.place, asks.of(None), None, None)
        self.carrier.moods = list(moods)
        self.wait_for_the_opening(asks.number)

    def wait_for_the_opening(self, number: PhoneNumber) -> None:
        asked = self.model.people[number].asked[-1:]
        found = invitations.read(asked[0].id) if asked else None
        if found is not None and found.send_at is not None and found.send_at - self.clock.now < SOON:
            self._go_on_until(max(found.send_at, self.clock.now))

    def _invite_again(self, key: str, asked: dict[str, Any], life: int | None) -> None:
        earlier, invitation = self.keys[key]
        answer = self._until_it_survives(life, lambda: self._answer(asked, key))
        assert answer == (invitation if asked == earlier else "idempotency-conflict"), (answer, earlier, asked)

    def everybody_is_invited(self) -> None:
        """Whoever may be asked is; nobody else."""
        for number in NUMBERS:
            self._invite_anew(
                PLACES[1], Asks(number, PLACES[1], Language.FI, tomorrow=False, occasion=False).of(None), None, None
            )

    def _invite_anew(self, place: Place, asked: dict[str, Any], key: str | None, life: int | None) -> None:
        expected = self._expected(asked["number"])
        answer = self._until_it_survives(life, lambda: self._answer(asked, key))
        if answer == "too-late" and place.windows:
            return
        accepted = answer not in REFUSED
        assert (ACCEPTED if accepted else answer) in expected, (answer, expected, asked)
        if accepted:
            self.model.people[asked["number"]].asked.append(Asked(answer, place, self.clock.now))
            if key:
                self.keys[key] = (asked, answer)

    def _answer(self, asked: dict[str, Any], key: str | None) -> str:
        try:
            return self.world.invite(**asked, idempotency_key=key).id
        except Refused as refused:
            return refused.refusal.value

    def _expected(self, number: PhoneNumber) -> set[str]:
        person = self.model.people[number]
        shown = {asked.id: self._shown(asked.id) for asked in person.asked}
        return self.model.expected(person, self.clock.now, shown, self.went_round)

    def _shown(self, invitation: str) -> str:
        found = invitations.read(invitation)
        assert found is not None
        return state_of(self.world.parts, found).value

    def cancel(self, person: Person, life: int | None) -> None:
        asked = person.asked[-1]
        found = invitations.read(asked.id)
        assert found is not None
        if self._until_it_survives(life, lambda: cancel(self.world.parts, found)):
            asked.barred = True
            assert self._shown(asked.id) == "cancelled"
