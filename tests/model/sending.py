"""The queue, the schedule, the carrier and the clock."""

from datetime import timedelta
from random import Random

from handler.outside.carrier import Fate
from handler.outside.carrier_codes import OPTED_OUT_AT_CARRIER
from handler.work.invite import Accepted
from survey_flow.phone import PhoneNumber
from tests.model.being import NUMBERS, Being
from tests.model.carrier import NEVER, Mood, Taken

FATES = tuple(
    Fate(*of)
    for of in (
        ("delivered",),
        ("delivered",),
        ("undelivered", "30003"),
        ("failed", "30005"),
        ("failed", str(OPTED_OUT_AT_CARRIER)),
    )
)
STATUSES = ("queued", "sent", "final", "final", "another's")
DEAF_FOR = timedelta(days=5)
# Callbacks come within hours.
CALLS_BACK_WITHIN = timedelta(hours=20)


def hours_or_days(random: Random) -> timedelta:
    """Some hours, some days, or three months."""
    return random.choice(
        [
            timedelta(hours=random.randint(1, 30)),
            timedelta(hours=random.randint(1, 30)),
            timedelta(days=random.randint(1, 6)),
            timedelta(days=random.randint(80, 100)),
        ]
    )


class Sending(Being):
    """What is done by the jobs, and what becomes of it."""

    def deliver_one(self, place: int, again: bool, life: int | None) -> None:
        """Any item, whatever its turn; `again`: it is handed out once more later, as when its deliverer died."""
        queued = self.world.queued
        at = place % len(queued)
        item = queued[at]
        died = not self._survives(life, lambda: self._deliver(item))
        if died and item in self.number_of:
            self.model.somebody_died_delivering(self.number_of[item], self.clock.now)
        if not (again or died):
            queued.pop(at)

    def tick(self, life: int | None) -> None:
        self._survives(life, self._tick)

    def the_carrier_will(self, moods: list[Mood], deaf: bool) -> None:
        self.carrier.moods, self.carrier.deaf = list(moods), deaf

    def status_callback(self, taken: Taken, status: str, fate: Fate, life: int | None) -> None:
        """Of any opening, late, in any order, again; what it ends with stays so. Or one that names another's."""
        if status == "final":
            taken.final = taken.final or fate
            self._call_back(taken, taken.number, taken.final, life)
        elif status == "another's":
            another = next(number for number in NUMBERS if number != taken.number)
            self._call_back(taken, another, Fate("sent"), life)
        elif not (taken.final and status == "sent" and taken.final.error_code == str(OPTED_OUT_AT_CARRIER)):
            self._call_back(taken, taken.number, Fate(status), life)

    def called_back(self) -> list[Taken]:
        since = self.clock.now - CALLS_BACK_WITHIN
        recent = {opening.invitation for opening in self.model.openings() if opening.at >= since}
        return [taken for taken in self.carrier.taken if taken.invitation in recent]

    def _call_back(self, taken: Taken, number: PhoneNumber, fate: Fate, life: int | None) -> None:
        about = Accepted(taken.invitation, None, self.clock.now, trial=False)  # type: ignore[arg-type]
        self._until_it_survives(
            life, lambda: self.world.callback(about, fate.status, error_code=fate.error_code, number=number)
        )
        if number == taken.number and fate.status in NEVER:
            surely = self.model.people[number].surely_goes_on(self.clock.now)
            self.model.told_never_arrived(number, taken.invitation)
            if fate.error_code == str(OPTED_OUT_AT_CARRIER) and taken.invitation not in self.told_21610:
                self.told_21610.add(taken.invitation)
                self.model.refuse_at_carrier(number, taken.invitation, surely=surely)

    def nothing_happens_for(self, minutes: int) -> None:
        """The schedule stands still meanwhile; or our clock, and not the carrier's, is set back."""
        self.clock.forward(minutes=minutes)
        self.carrier.log.ahead += timedelta(minutes=max(-minutes, 0))

    def time_goes_by(self, time: timedelta) -> None:
        """With the schedule's rounds, as on any day; nobody dies, and no carrier is deaf for long."""
        self.carrier.deaf &= time < DEAF_FOR
        self._go_on_until(self.clock.now + time)
