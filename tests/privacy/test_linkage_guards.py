"""What keeps respondents and responses apart is seen to be needed: without it they are told apart, and guessed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from handler.outside.carrier_list import Passed, Stretch
from handler.tables import conversation_writes, opt_outs
from handler.tables.opt_outs import OptOutRow
from handler.work import close
from survey_flow.closing import Record, record
from survey_flow.conversation import Conversation, OptOutHow, Outcome
from survey_flow.phone import PhoneNumber
from survey_flow.survey import Survey
from tests.privacy.attacker import Known, Seized, features, right_guesses
from tests.privacy.people import (
    COURSES,
    PLAIN,
    Person,
    lived,
    number_of,
    one_of_each,
    refusals_told,
    then_refusing,
    told_apart,
)
from tests.world import START, RecordingCarrier, World

MANY, SOME, STOPPERS = 120, 80, 60
SEED = 20261124


class LeavingReplies(RecordingCarrier):
    """Its list names what came from the phone, and nothing of ours."""

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        ours = {message.sid for message in self.log.of(number) if message.direction != "inbound"}
        found = RecordingCarrier.passed_with(self, number, stretch, but=but)
        return replace(found, ids=tuple(sid for sid in found.ids if sid not in ours))


class LeavingReminders(RecordingCarrier):
    """Its list names no message that was sent through the API."""

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        sent = {message.sid for message in self.log.of(number) if message.direction == "outbound-api"}
        found = RecordingCarrier.passed_with(self, number, stretch, but=but)
        return replace(found, ids=tuple(sid for sid in found.ids if sid not in sent))


def give_carrier(world: World, carrier: type[RecordingCarrier]) -> None:
    leaving = carrier(log=world.carrier.log, clock=world.clock)
    world.carrier, world.delivery = leaving, replace(world.delivery, carrier=leaving)


def count_from_the_closing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conversation_writes, "TOMBSTONE_LIVES", timedelta())
    patch.setattr(conversation_writes, "SHORTEST_TOMBSTONE", timedelta(days=14))


def tell_refusals(patch: pytest.MonkeyPatch) -> None:
    """As it was before: the response says who refused, and where."""

    def told(survey: Survey | None, dialogue: Conversation, outcome: Outcome) -> Record:
        kept = record(survey, dialogue, outcome)
        return replace(kept, outcome=f"opted_out_at_{dialogue.asking[0]}") if outcome is Outcome.OPTED_OUT else kept

    patch.setattr(close, "record", told)


def date_refusals(patch: pytest.MonkeyPatch) -> None:
    def dated(phone_key: str, *, how: OptOutHow, today: date) -> None:
        OptOutRow(phone_key, since=today.isoformat(), how=how.value).save()

    patch.setattr(opt_outs, "record", dated)


Guard = Callable[[World, pytest.MonkeyPatch], object]
GUARDS: dict[str, tuple[Guard, set[str]]] = {
    "our own messages go too": (
        lambda world, _: give_carrier(world, LeavingReplies),
        {"asked again", "broken off after the first", "broken off after a safety text", "one a day"},
    ),
    "the reminder goes too": (
        lambda world, _: give_carrier(world, LeavingReminders),
        {"after the reminder", "silence", "broken off after the first"},
    ),
    "the last words go": (
        lambda _, patch: patch.setattr(conversation_writes, "forget_last_words", lambda *_, **__: None),
        {"silence", "broken off after the first", "broken off after a safety text"},
    ),
    "a tombstone's age counts from the opening": (
        lambda _, patch: count_from_the_closing(patch),
        {"broken off after the first", "one a day"},
    ),
    "a refusal has a month and no day": (lambda _, patch: date_refusals(patch), {"refused on the third day"}),
}


@pytest.mark.parametrize(("take_out", "apart"), GUARDS.values(), ids=GUARDS)
def test_without_this_guard_they_are_told_apart(
    world: World, monkeypatch: pytest.MonkeyPatch, take_out: Guard, apart: set[str]
) -> None:
    take_out(world, monkeypatch)
    people = one_of_each()
    lived(world, people.values())
    assert told_apart(world, people) >= apart


def test_nothing_that_is_kept_of_single_answers_tells_that_a_refusal_followed(world: World) -> None:
    assert refusals_told(world) == set()


def test_did_a_response_say_so_a_refusal_would_be_told_wherever_the_answers_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_refusals(monkeypatch)
    assert refusals_told(world) == {name for name in PLAIN if name.startswith("broken off")}


# --- two hundred people, and somebody who guesses


EVERYBODY = tuple(name for name in PLAIN if "Swedish" not in name)
STOPPING = ("broken off after the first", "broken off at the comment")


def crowd(size: int, names: Sequence[str] = EVERYBODY) -> list[tuple[str, Person]]:
    """Of one unit, group and month, with their courses, asked on three afternoons; nobody writes late. Every third
    refuses when they have come to the end of theirs, whichever it is."""
    random = Random(SEED)  # noqa: S311 a lot, and no secret
    starts = [START + timedelta(days=day, minutes=3 * minute) for day in range(3) for minute in range(67)]
    drawn = [(random.choice(names), random.random() < 1 / 3) for _ in range(size)]
    courses = [then_refusing(COURSES[name]) if refuses else COURSES[name] for name, refuses in drawn]
    return [(drawn[place][0], Person(number_of(place), courses[place], starts[place])) for place in range(size)]


def guessed(world: World, size: int, names: Sequence[str] = EVERYBODY, told: Collection[str] = ()) -> tuple[int, float]:
    """Right guesses about one half of them, of somebody who knows how the other half answered, and how often blind ones
    are as good. `told` are the courses whose responses tell when they were followed by a refusal."""
    people = crowd(size, names)
    lived(world, [person for _, person in people])
    seized = Seized(world)
    known = [
        Known(features(seized.known_of(person.number)), f"{name}, {person.course.refused and name in told}")
        for name, person in people
    ]
    return right_guesses(known[: size // 2], known[size // 2 :], seed=SEED)


def test_whoever_knows_how_half_of_them_answered_guesses_no_better_than_blindly_of_the_others(world: World) -> None:
    _, as_good_blindly = guessed(world, MANY)
    assert as_good_blindly > 0.05


def test_among_those_who_stopped_half_way_nobody_s_refusal_leads_to_their_response(world: World) -> None:
    _, as_good_blindly = guessed(world, STOPPERS, STOPPING)
    assert as_good_blindly > 0.05


def test_did_a_response_tell_a_refusal_many_of_their_guesses_would_be_right(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_refusals(monkeypatch)
    _, as_good_blindly = guessed(world, STOPPERS, STOPPING, told=STOPPING)
    assert as_good_blindly < 0.01


def test_were_our_own_messages_left_at_the_carrier_many_guesses_would_be_right(world: World) -> None:
    give_carrier(world, LeavingReplies)
    _, as_good_blindly = guessed(world, SOME)
    assert as_good_blindly < 0.01
