"""From the invitation to the counts, over the real tables (moto) and a carrier that writes down."""

from dataclasses import replace
from datetime import date

import pytest

from handler.tables import opt_outs
from handler.tables.base import LostRace
from handler.tables.conversation_clauses import Owes
from handler.tables.conversations import Owed, State
from handler.tables.invitations import InvitationState, advance
from handler.tables.sending_writes import record_opening_sent
from handler.work.parts import Parts
from handler.work.request import Refusal, Refused
from tests.handler.looking import contact, held, invitation, is_contact, key_of, refused
from tests.world import OTHER_PHONE, PHONE, World


def test_a_whole_survey_leaves_one_response_its_counts_and_a_tombstone(world: World) -> None:
    accepted = world.opened()
    assert world.carrier.sent[0].to == PHONE
    world.text("9 koska kuunneltiin")
    world.text("3524")
    thanks = world.text("OHITA")
    assert thanks.startswith("Kiitos")

    columns = world.columns()
    assert {
        name: columns[name] for name in ("nps_9", "apu_3", "tosissaan_5", "vaikutus_2", "hyoty_4")
    } == dict.fromkeys(("nps_9", "apu_3", "tosissaan_5", "vaikutus_2", "hyoty_4"), 1)
    assert columns["finished"] == 1
    (response,) = world.responses()
    assert response.unit_survey == "kotka#nuorten-matala-nuori"
    assert response.month_group_id.startswith("2026-11#youth#")
    assert response.answers["jatkuu"] == 2  # the occasion told it
    (comment,) = world.comments()
    assert (comment.text, comment.segment) == ("koska kuunneltiin", "promoter")

    row, told = held(world), invitation(accepted)
    assert (row.state, row.dialogue, row.sealed_number, row.invitation_id) == (State.CLOSED, None, None, "")
    assert (told.state, told.phone_key) == (InvitationState.SENT, None)


def test_a_number_is_contacted_again_only_after_three_calendar_months(world: World) -> None:
    world.opened()
    world.text("9")
    told = refused(world)
    assert (told.refusal, told.allowed_from) == (Refusal.THROTTLED, date(2027, 2, 24))
    world.clock.forward(days=93)
    world.tick()  # the open survey expires
    world.opened()
    assert len(world.carrier.sent) == 2
    assert world.held().state is State.OPEN


def test_an_open_conversation_is_answered_as_throttled(world: World) -> None:
    world.opened()
    assert refused(world, respondent="guardian", survey="nuorten-matala-huoltaja").refusal is Refusal.THROTTLED


def test_stop_closes_keeps_what_was_answered_and_refuses_the_next_invitation(world: World) -> None:
    world.opened()
    world.text("9")
    assert "STOP" not in world.text("STOP")
    assert world.columns()["opted_out"] == 1
    assert world.columns()["nps_9"] == 1
    world.clock.forward(days=100)
    assert refused(world).refusal is Refusal.OPTED_OUT
    world.text("START")
    world.opened()
    assert len(world.carrier.sent) == 2


def test_a_wrong_number_drops_the_answers(world: World) -> None:
    world.opened()
    world.text("9")
    world.text("väärä numero")
    assert world.responses() == []
    assert "nps_9" not in world.columns()
    world.clock.forward(days=100)
    with pytest.raises(Refused):
        world.invite()


def test_a_broken_off_survey_counts_when_it_expires(world: World) -> None:
    world.opened()
    world.text("9")
    world.lapse(hours=95)  # a day until the reminder, and 72 hours after it
    assert world.responses() == []
    world.lapse(hours=2)
    assert world.columns()["broken_off_apu"] == 1
    assert world.held().state is State.CLOSED


def test_a_survey_never_begun_leaves_no_response(world: World) -> None:
    world.opened()
    world.lapse(hours=97)
    assert world.responses() == []
    assert world.held().state is State.CLOSED


def test_the_same_message_again_gives_the_same_reply_and_changes_nothing(world: World) -> None:
    world.opened()
    first = world.text("9", message_id="SMa")
    assert world.text("9", message_id="SMa") == first
    assert world.held().dialogue.asking == ("apu", "tosissaan", "vaikutus", "hyoty")
    world.text("3524", message_id="SMb")
    assert not world.text("9", message_id="SMa")  # an older one was answered long ago
    thanks = world.text("OHITA", message_id="SMc")
    assert world.text("OHITA", message_id="SMc") == thanks
    assert len(world.responses()) == 1


def test_a_late_message_gets_one_kind_answer_a_week(world: World) -> None:
    world.opened()
    world.text("9")
    world.lapse(hours=97)
    assert "päättynyt" in world.text("3524", message_id="SMlate")
    assert "päättynyt" in world.text("3524", message_id="SMlate")
    assert not world.text("haloo")
    world.clock.forward(days=8)
    assert world.text("haloo")


def test_a_stranger_abroad_is_met_with_silence_unless_in_need(world: World) -> None:
    assert not world.text("hello", number="+4915112345678")
    assert not world.text("KOE", number="+4915112345678")
    assert world.text("haluan kuolla", number="+4915112345678")


def test_a_tombstone_does_not_tell_how_many_messages_there_were(world: World) -> None:
    world.opened()
    before = world.held()
    for body in ("9", "3524", "OHITA"):
        world.text(body)
    assert world.held().version == 0
    with pytest.raises(LostRace):
        record_opening_sent(before, Owes(Owed.EXPIRY, world.clock()))


def test_a_row_that_cannot_be_handled_keeps_no_other_waiting(world: World) -> None:
    world.invite()
    world.invite(number=OTHER_PHONE)
    world.carrier.faults = [ArithmeticError("a fault of ours")]
    with pytest.raises(ArithmeticError):
        world.tick()
    assert len(world.carrier.sent) == 1


def test_a_send_that_fails_after_it_was_counted_is_no_longer_invited(world: World) -> None:
    accepted = world.opened()
    world.clock.forward(minutes=5)
    world.tick()
    assert (world.columns()["invited"], world.columns()["undelivered"]) == (1, 0)
    world.callback(accepted, "failed", error_code="30005")
    world.clock.forward(minutes=5)
    world.tick()
    assert (world.columns()["invited"], world.columns()["undelivered"]) == (0, 1)


def test_a_queued_opening_waits_for_its_hour(world: World) -> None:
    world.clock.forward(hours=5)
    accepted = world.invite()
    assert accepted.state is InvitationState.QUEUED
    assert accepted.send_at.isoformat() == "2026-11-25T14:00:00+02:00"
    world.tick()
    assert world.carrier.sent == []
    world.clock.now = accepted.send_at
    world.tick()
    assert len(world.carrier.sent) == 1
    assert contact(world).contacted_on == date(2026, 11, 25)


def test_two_numbers_do_not_touch_each_other(world: World) -> None:
    world.opened()
    world.opened(number=OTHER_PHONE)
    world.text("9")
    assert world.held(OTHER_PHONE).dialogue.answers == {}


def test_a_repeated_callback_finishes_what_a_crash_left_undone(world: World) -> None:
    accepted = world.opened()
    advance(accepted.id, InvitationState.UNDELIVERED)  # the process ended here, before the contact was given back
    world.callback(accepted, "undelivered", error_code="30003")
    assert not is_contact(world)
    assert world.held().state is State.CLOSED


def test_unreadable_replies_alone_are_no_response(world: World) -> None:
    world.opened()
    for unreadable in ("öö", "ööö", "öööö"):
        world.text(unreadable)
    assert world.held().dialogue.asking == ("apu", "tosissaan", "vaikutus", "hyoty")
    world.lapse(hours=97)
    assert world.responses() == []


def test_koe_in_the_middle_of_a_trial_begins_another(world: World) -> None:
    world.text("KOE")
    world.opened()
    world.text("9")
    world.text("koe")
    assert world.held().state is State.CLOSED
    world.opened()
    assert len(world.carrier.sent) == 2
    assert world.responses() == []


@pytest.mark.parametrize("gone", ["survey", "unit", "question"])
def test_a_refusal_is_heard_when_the_survey_was_changed_meanwhile(world: World, gone: str) -> None:
    world.opened()
    world.text("9")
    world.parts = without(world.parts, gone)
    assert world.text("3524")  # a kind word, not a fault
    assert world.text("STOP").startswith("Selvä")
    assert world.held().state is State.CLOSED
    assert (world.columns()["nps_9"], world.columns()["opted_out"]) == (1, 1)
    assert opt_outs.stands(key_of(world))


def without(parts: Parts, gone: str) -> Parts:
    """The parts after somebody took away the survey, the unit, or the questions that are pending."""
    library, survey = parts.library, parts.library.surveys["nuorten-matala-nuori"]
    if gone == "unit":
        units = {name: unit for name, unit in library.organisation.units.items() if name != "kotka"}
        return replace(parts, library=replace(library, organisation=replace(library.organisation, units=units)))
    shorter = replace(survey, questions=survey.questions[:1], together=())
    surveys = {**library.surveys, survey.id: shorter} if gone == "question" else {}
    return replace(parts, library=replace(library, surveys=surveys))


def test_a_cry_for_help_holds_back_an_opening_that_is_still_queued(world: World) -> None:
    world.clock.forward(hours=6)
    accepted = world.invite()
    assert "112" in world.text("haluan kuolla")
    world.clock.forward(hours=17)
    world.tick()
    assert world.carrier.sent == []
    assert invitation(accepted).state is InvitationState.FAILED
    assert not is_contact(world)


@pytest.mark.parametrize("opt_out", ["", "STOP"], ids=["read by us", "answered by the carrier"])
def test_a_late_repeat_of_an_old_stop_does_not_undo_a_start_since(world: World, opt_out: str) -> None:
    world.text("STOP", message_id="SMold", opt_out=opt_out)
    world.text("START")
    world.text("STOP", message_id="SMold", opt_out=opt_out)
    assert not opt_outs.stands(key_of(world))


def test_a_repeated_cry_for_help_is_answered_again_and_counted_once(world: World) -> None:
    first = world.text("haluan kuolla", message_id="SMhelp")
    assert world.text("haluan kuolla", message_id="SMhelp") == first
    assert world.columns(survey="-", unit="-", group="-") == {"safety_texts": 1}
