"""The machine: one thing after another is done to the world and told to the model.

Hypothesis chooses one number a step, and from it everything else follows evenly. Left to choose each thing itself it
likes the small and the same, and lives in which nobody asks or nobody answers show little.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import rule

from survey_flow.helsinki import local
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber
from tests.chance import seed as seed_of_this_run
from tests.model import truths
from tests.model.asking import Asking, Asks
from tests.model.being import NUMBERS, TO_THE_END
from tests.model.carrier import Mood
from tests.model.places import PLACES
from tests.model.sending import FATES, STATUSES, Sending, hours_or_days
from tests.model.talking import Elsewhere, Talking
from tests.model.texts import ANSWERS, COMMANDS, CRIES, EVERYTHING, PASSES, REFUSALS, Text
from tests.storm.mortal import dice, steps

T = TypeVar("T")
IN_A_CONVERSATION = (*ANSWERS, *PASSES, *CRIES, *COMMANDS[:2], *REFUSALS[:2])
WHILE_IT_WAITS = (*Elsewhere, *REFUSALS[:1], *CRIES, *ANSWERS[:1])
KEYS = (None, "one", "two", "three")
# How often a process dies, and after so many calls at most.
DIES, MOST_CALLS = 0.25, 24


class Steps(Asking, Sending, Talking):
    """Everything that may happen."""

    happened = 0

    @rule(number=st.integers(0, 2**64 - 1))
    def something_happens(self, number: int) -> None:
        self.happened += 1  # the same number twice is not the same thing twice
        self.random = dice(f"{number} {self.happened} {seed_of_this_run()}")
        deed = self.random.choices(list(DEEDS), weights=list(DEEDS.values()))[0]
        note(f"-- {local(self.clock.now):%Y-%m-%d %H:%M}")
        deed(self)

    def somebody_is_asked_and_answers(self) -> None:
        asks = self._asks(free=True)
        moods, says, life = self._moods(), self._some(IN_A_CONVERSATION, most=4), self._life()
        note(f"{asks} while the carrier {moods}; says {says}, {life=}")
        self.invite_and_wait_for_the_opening(asks, moods)
        if asks.number in self._going_on():
            for text in says:
                self.clock.forward(minutes=3)
                self.text(asks.number, text, life)

    def somebody_is_asked_under_a_key(self) -> None:
        asks, key, life = self._asks(), self.random.choice(KEYS), self._life()
        note(f"{asks} {key=} {life=}")
        self.invite(asks, key, life)

    def something_is_said_while_an_opening_waits(self) -> None:
        asks, meanwhile = replace(self._asks(free=True), tomorrow=True), self.random.choice(WHILE_IT_WAITS)
        cancelled = self.random.random() < 0.2
        note(f"{asks}; {meanwhile=} {cancelled=}")
        self.invite(asks, None, None)
        if cancelled and self.model.people[asks.number].asked:
            self.cancel(self.model.people[asks.number], None)
        elif isinstance(meanwhile, Elsewhere):
            self.tell(asks.number, meanwhile, None)
        else:
            self.text(asks.number, meanwhile, None)
        self.wait_for_the_opening(asks.number)

    def somebody_answers(self) -> None:
        if going_on := self._going_on():
            self._says(self.random.choice(going_on), self.random.choice(IN_A_CONVERSATION))

    def somebody_texts(self) -> None:
        self._says(self.random.choice(NUMBERS), self.random.choice(EVERYTHING))

    def _says(self, number: PhoneNumber, text: Text) -> None:
        """Now and then the carrier hands it over twice."""
        life, again = self._life(), self.random.random() < 0.3
        note(f"{number} says {text!r} {life=} {again=}")
        self.text(number, text, life)
        if again and number in self.repeatable():
            self.the_same_message_again(number, life)

    def it_is_told_elsewhere(self) -> None:
        number, how, life = self.random.choice(NUMBERS), self.random.choice(list(Elsewhere)), self._life()
        note(f"{number}: {how} {life=}")
        self.tell(number, how, life)

    def a_job_works(self) -> None:
        place, again, life = self.random.randrange(10), self.random.random() < 0.3, self._life()
        note(f"a job works: {place=} {again=} {life=}, of {len(self.world.queued)}")
        if self.world.queued:
            self.deliver_one(place, again, life)
        else:
            self.tick(life)

    def the_carrier_tells(self) -> None:
        """Of an opening, where there is one of late; else it gets into a mood."""
        taken, moods, deaf = self.called_back(), self._moods(), self.random.random() < 0.3
        if taken:
            of, status, fate = self.random.choice(taken), self.random.choice(STATUSES), self.random.choice(FATES)
            life = self._life()
            note(f"the carrier tells {status} of {of}, {fate} {life=}")
            self.status_callback(of, status, fate, life)
        else:
            note(f"the carrier will {moods} {deaf=}")
            self.the_carrier_will(moods, deaf)

    def time_passes(self) -> None:
        time, standing_still = hours_or_days(self.random), self.random.choice([0, 0, 0, -1, 5, 90])
        note(f"time passes: {standing_still or time}")
        if standing_still:
            self.nothing_happens_for(standing_still)
        else:
            self.time_goes_by(time)

    # --- choosing

    def _going_on(self) -> list[PhoneNumber]:
        return [each.number for each in self.model.people.values() if each.surely_goes_on(self.clock.now)]

    def _asks(self, *, free: bool = False) -> Asks:
        """`free`: for somebody who was never asked, while there is one."""
        unasked = [number for number, person in self.model.people.items() if not person.asked]
        number = self.random.choice(unasked if free and unasked else NUMBERS)
        place, language = self.random.choice(PLACES), self.random.choice(list(Language))
        return Asks(number, place, language, tomorrow=self._half_the_time(), occasion=self._half_the_time())

    def _half_the_time(self) -> bool:
        return self.random.random() < 0.5

    def _life(self) -> int | None:
        """After how many calls the process dies; most live on."""
        return steps(self.random, chance=DIES, most=MOST_CALLS)

    def _moods(self) -> list[Mood]:
        return self._some(tuple(Mood), most=3) if self._half_the_time() else []

    def _some(self, of: tuple[T, ...], *, most: int) -> list[T]:
        return self.random.choices(of, k=self.random.randrange(most + 1))

    def teardown(self) -> None:
        """Everything comes to its end, and once more with whoever may be asked then."""
        try:
            for _ in range(2):
                self.carrier.moods, self.carrier.deaf = [], False
                self._go_on_until(self.clock.now + TO_THE_END)
                self.holds()
                truths.hold_in_the_end(self.world, self.model, self.carrier, self.logged, self.left_at_carrier)
                self.everybody_is_invited()
        finally:
            self.stop()


DEEDS: dict[Callable[[Steps], None], int] = {
    Steps.somebody_is_asked_and_answers: 4,
    Steps.somebody_is_asked_under_a_key: 2,
    Steps.something_is_said_while_an_opening_waits: 3,
    Steps.somebody_answers: 6,
    Steps.somebody_texts: 2,
    Steps.it_is_told_elsewhere: 2,
    Steps.a_job_works: 3,
    Steps.the_carrier_tells: 4,
    Steps.time_passes: 4,
}
