"""What keeps respondents and responses apart is seen to be needed: without it they are told apart, and guessed."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from handler.outside.carrier_list import Passed, Stretch
from handler.tables import conversation_writes
from survey_flow.phone import PhoneNumber
from tests.privacy.attacker import Known, Seized, features, right_guesses
from tests.privacy.people import COURSES, Person, lived, number_of, one_of_each, told_apart
from tests.world import START, RecordingCarrier, World

MANY, SOME = 120, 80
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
}


@pytest.mark.parametrize(("take_out", "apart"), GUARDS.values(), ids=GUARDS)
def test_without_this_guard_they_are_told_apart(
    world: World, monkeypatch: pytest.MonkeyPatch, take_out: Guard, apart: set[str]
) -> None:
    take_out(world, monkeypatch)
    people = one_of_each()
    lived(world, people.values())
    assert told_apart(world, people) >= apart


# --- two hundred people, and somebody who guesses


def crowd(size: int) -> list[tuple[str, Person]]:
    """Of one unit, group and month, with their courses, asked on three afternoons; nobody refuses or writes late."""
    random = Random(SEED)  # noqa: S311 a lot, and no secret
    plain = [name for name, course in COURSES.items() if course.remembered == (False, False) and "Swedish" not in name]
    starts = [START + timedelta(days=day, minutes=3 * minute) for day in range(3) for minute in range(67)]
    names = [random.choice(plain) for _ in range(size)]
    return [(name, Person(number_of(place), COURSES[name], starts[place])) for place, name in enumerate(names)]


def guessed(world: World, size: int) -> tuple[int, float]:
    """Right guesses about one half of them, of somebody who knows how the other half answered, and how often blind ones
    are as good."""
    people = crowd(size)
    lived(world, [person for _, person in people])
    seized = Seized(world)
    known = [Known(features(seized.known_of(person.number)), name) for name, person in people]
    return right_guesses(known[: size // 2], known[size // 2 :], seed=SEED)


def test_whoever_knows_how_half_of_them_answered_guesses_no_better_than_blindly_of_the_others(world: World) -> None:
    _, as_good_blindly = guessed(world, MANY)
    assert as_good_blindly > 0.05


def test_were_our_own_messages_left_at_the_carrier_many_guesses_would_be_right(world: World) -> None:
    give_carrier(world, LeavingReplies)
    _, as_good_blindly = guessed(world, SOME)
    assert as_good_blindly < 0.01
