"""A call for help in every state that a number can be in: answered, alone, stored nowhere, and followed by nothing.

docs/safety.md tells the cases; which texts are calls for help is in tests/replies/safety_cases.toml.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from handler.outside.carrier import OutcomeUnknown
from handler.settings import Pepper
from handler.tables import counts, limits
from handler.tables.all_tables import TABLES
from handler.tables.counts import NOBODYS
from handler.tables.responses import Place
from handler.work.opt_out import refuses, staff_opt_out
from survey_flow.conversation import MOST_REPLIES
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from survey_flow.safety_check import SAFETY_TEXTS
from tests.handler.keeping import Kept
from tests.world import PHONE, World, at, made_world

# Words of nobody's survey, to be looked for in every table afterwards.
CRY = "9, haluan kuolla, norsu"
WORD = "norsu"
SAFETY = "Kuulostaa siltä"
ESTONIAN = PhoneNumber("+37251234567")


def go_by(world: World, *, days: int) -> None:
    """With a round of the schedule a day, at 15:00; the sending columns take long, and are left out."""
    for _ in range(days):
        world.clock.now = at(world.parts.today() + timedelta(days=1), 15)
        limits.mark("fold_sends", now=world.clock.now, window=timedelta(minutes=1))
        world.tick()


def nothing(world: World) -> None:
    pass


def a_stray_answered(world: World) -> None:
    assert world.text("moi")
    assert world.text("moi taas") == ""


def queued(world: World) -> None:
    world.clock.forward(hours=6)
    world.invite()


def sent_for_all_we_know(world: World) -> None:
    world.carrier.faults = [OutcomeUnknown()]
    world.opened()


def opened(world: World) -> None:
    world.opened()


def at_the_statements(world: World) -> None:
    world.opened()
    world.text("9")


def at_one_statement(world: World) -> None:
    at_the_statements(world)
    for body in ("ehkä", "hm"):
        world.text(body)


def at_the_open_question(world: World) -> None:
    at_the_statements(world)
    world.text("3524")


def hushed(world: World) -> None:
    world.opened()
    world.text("tapan itseni")


def finished(world: World) -> None:
    at_the_open_question(world)
    world.text("OHITA")


def expired(world: World) -> None:
    at_the_statements(world)
    go_by(world, days=6)


def opted_out(world: World) -> None:
    world.opened()
    world.text("STOP")


def opted_out_by_staff(world: World) -> None:
    staff_opt_out(world.parts, PHONE, who="test")


def past_the_limit(world: World) -> None:
    world.opened()
    for _ in range(MOST_REPLIES + 1):
        last = world.text("HELP")
    assert last == ""


def in_a_trial(world: World) -> None:
    world.text("KOE")
    world.opened()


def reminded(world: World) -> None:
    world.opened()
    go_by(world, days=2)
    assert len(world.carrier.sent) == 2


STATES: dict[str, Callable[[World], None]] = {
    "a stranger": nothing,
    "a stranger who had the kind answer of the week": a_stray_answered,
    "queued": queued,
    "sent for all we know": sent_for_all_we_know,
    "open at the first question": opened,
    "open at a group of statements": at_the_statements,
    "open at one statement": at_one_statement,
    "open at the free comment": at_the_open_question,
    "after another safety text": hushed,
    "after the reminder": reminded,
    "finished": finished,
    "expired": expired,
    "opted out": opted_out,
    "opted out by staff": opted_out_by_staff,
    "past the most replies": past_the_limit,
    "in a trial": in_a_trial,
}


def everything_stored() -> str:
    return " ".join(repr(row.attribute_values) for table in TABLES for row in table.scan())


@pytest.mark.parametrize("reach", STATES.values(), ids=STATES.keys())
def test_every_call_for_help_is_answered_stored_nowhere_and_followed_by_nothing(
    world: World, reach: Callable[[World], None]
) -> None:
    reach(world)
    text = world.parts.library.messages.say("crisis_youth", Language.FI)
    assert [world.text(CRY) for _ in range(3)] == [text] * 3
    assert WORD not in everything_stored()
    sent = len(world.carrier.sent)
    go_by(world, days=4)
    assert len(world.carrier.sent) == sent
    assert WORD not in everything_stored()


@pytest.mark.parametrize("reach", STATES.values(), ids=STATES.keys())
def test_a_call_for_help_beside_a_refusal_is_answered_and_the_refusal_holds(
    world: World, reach: Callable[[World], None]
) -> None:
    reach(world)
    assert world.text("STOP haluan kuolla").startswith(SAFETY)
    assert refuses(world.parts, PHONE)


@pytest.mark.parametrize("reach", STATES.values(), ids=STATES.keys())
def test_a_call_for_help_that_the_fallback_took_is_answered_later_once(
    world: World, reach: Callable[[World], None]
) -> None:
    reach(world)
    kept = Kept(world)
    item = kept.keep(CRY)
    assert [text.startswith(SAFETY) for text in kept.rescue(item)] == [True]
    assert kept.rescue(item) == []
    assert WORD not in everything_stored()


@pytest.mark.parametrize("reach", STATES.values(), ids=STATES.keys())
def test_a_call_for_help_is_answered_while_a_pepper_is_changed(
    world: World, library: Library, reach: Callable[[World], None]
) -> None:
    """All that stands, stands under the old one."""
    reach(world)
    other = made_world(library, prefix="test-", peppers=(Pepper("2", b"newer"), Pepper("1", b"pepper")))
    other.clock.now, other.messages = world.clock.now, 500
    assert other.text(CRY).startswith(SAFETY)


# --- languages, numbers from abroad, surveys that are gone


@pytest.mark.parametrize("respondent", ["youth", "guardian"])
@pytest.mark.parametrize("language", Language)
def test_it_is_answered_in_the_language_of_the_conversation_for_young_and_adult(
    world: World, language: Language, respondent: str
) -> None:
    survey = "nuorten-matala-nuori" if respondent == "youth" else "nuorten-matala-huoltaja"
    world.opened(language=language, respondent=respondent, survey=survey)
    key = SAFETY_TEXTS[respondent == "guardian"]
    assert world.text("haluan kuolla") == world.parts.library.messages.say(key, language)


def test_it_is_answered_in_the_language_to_which_the_conversation_was_switched(world: World) -> None:
    world.opened()
    world.text("SVENSKA")
    assert world.text("jag vill dö") == world.parts.library.messages.say("crisis_youth", Language.SV)


def test_a_foreign_number_that_we_know_nothing_of_is_answered_too(world: World) -> None:
    assert world.text("moi", number=ESTONIAN) == ""
    assert world.text("haluan kuolla", number=ESTONIAN).startswith(SAFETY)


def test_it_is_answered_when_the_survey_is_gone(world: World) -> None:
    world.opened()
    world.parts = replace(world.parts, library=replace(world.parts.library, surveys={}))
    assert world.text(CRY).startswith(SAFETY)
    assert WORD not in everything_stored()


def test_it_is_counted_once_for_the_unit_or_without_a_conversation_for_the_organisation_alone(world: World) -> None:
    finished(world)
    world.text(CRY)
    assert counts.read(Place(*NOBODYS, "2026-11")) == {"safety_texts": 1}
    assert "safety_texts" not in world.columns()
    world.clock.now += timedelta(days=100)
    world.opened()
    world.text("tapan itseni")
    world.text("STOP")
    assert world.columns(month="2027-03")["safety_texts"] == 1
