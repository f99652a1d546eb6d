"""Texts in a loop: what a number that writes for ever gets back, and that it is heard all the same."""

import pytest

from handler.tables import opt_outs
from handler.work.answers_a_day import MOST
from survey_flow.phone import PhoneNumber
from tests.handler.looking import key_of
from tests.world import PHONE, World

HELP = "haluan kuolla"
ABROAD, SERVICE, PREMIUM = (PhoneNumber(number) for number in ("+46701234567", "+358600123456", "+979123456789"))
OFTEN = MOST + 10


def replies(world: World, body: str, number: PhoneNumber, times: int = OFTEN) -> list[bool]:
    """Whether each was answered."""
    return [bool(world.text(body, number=number)) for _ in range(times)]


LIMITED = {"STOP": "STOP", "START": "START", "a wrong number": "väärä numero", "a trial": "koe"}


@pytest.mark.parametrize("body", LIMITED.values(), ids=LIMITED)
def test_what_is_always_heard_is_answered_so_often_a_day(world: World, body: str) -> None:
    assert replies(world, body, PHONE) == [True] * MOST + [False] * (OFTEN - MOST)
    world.clock.forward(days=1)
    assert replies(world, body, PHONE, 1) == [True]


def test_two_machines_that_answer_each_other_come_to_an_end(world: World) -> None:
    assert sum(replies(world, body, PHONE, 1)[0] for _ in range(OFTEN) for body in ("STOP", "START")) == MOST


def test_a_refusal_is_heard_though_it_is_not_answered_any_more(world: World) -> None:
    replies(world, "START", PHONE)
    assert replies(world, "STOP", PHONE, 1) == [False]
    assert opt_outs.stands(key_of(world))
    replies(world, "START", PHONE, 1)
    assert not opt_outs.stands(key_of(world))


def test_a_call_for_help_is_answered_every_time(world: World) -> None:
    replies(world, "STOP", PHONE)
    assert all(replies(world, HELP, PHONE, 3 * MOST))


def test_a_call_for_help_in_an_open_conversation_is_answered_every_time(world: World) -> None:
    world.opened()
    assert all(replies(world, HELP, PHONE, 3 * MOST))


def test_a_call_for_help_from_abroad_is_answered_but_not_for_ever(world: World) -> None:
    assert replies(world, HELP, ABROAD) == [True] * MOST + [False] * (OFTEN - MOST)


@pytest.mark.parametrize("number", [SERVICE, PREMIUM])
@pytest.mark.parametrize("body", [HELP, "STOP", "START", "koe", "hei"])
def test_a_number_that_is_paid_for_each_text_gets_none(world: World, number: PhoneNumber, body: str) -> None:
    assert not any(replies(world, body, number, 3))


def test_a_stranger_from_abroad_gets_no_kind_answer_and_no_trial(world: World) -> None:
    assert not any(replies(world, body, ABROAD, 1)[0] for body in ("hei", "koe", "9"))


def test_anything_else_gets_one_kind_answer_a_week(world: World) -> None:
    assert replies(world, "hei", PHONE, 30).count(True) == 1
    world.clock.forward(days=7)
    assert replies(world, "hei", PHONE, 1) == [True]


def test_a_conversation_ends_its_answers_at_forty(world: World) -> None:
    world.opened()
    assert replies(world, "HELP", PHONE, 60).count(True) <= 40


def test_the_opening_alone_starts_without_being_written_to(world: World) -> None:
    replies(world, "hei", PHONE, 3)
    world.lapse(days=2)
    assert world.carrier.sent == []
