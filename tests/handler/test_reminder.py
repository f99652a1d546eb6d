"""The one reminder: when it leaves and in which words, what stops it, and that it is sent at most once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from handler.outside.carrier import OutcomeUnknown, Outgoing, SendFailed, TryLater
from handler.settings import Pepper
from handler.tables import opt_outs
from handler.tables.conversations import ConversationRow, Owed, State
from handler.work.callbacks import status_address
from handler.work.carrier_report import Report, report
from handler.work.deliver import deliver
from handler.work.delivery import Poisoned
from handler.work.opt_out import refuses, staff_opt_out
from handler.work.request import Refusal
from survey_flow import prompts
from survey_flow.conversation import Conversation, OptOutHow
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.organisation import Unit
from survey_flow.phone import PhoneNumber
from survey_flow.prompts import Script
from survey_flow.sms_text import size
from tests.environment import AUTH_TOKEN, PUBLIC_URL
from tests.handler.looking import contact, held, invitation, is_contact, key_of, refused
from tests.world import PHONE, START, Crashed, OpenSealing, RecordingCarrier, World, at, made_world

MINUTE = timedelta(minutes=1)
GUARDIAN = {"respondent": "guardian", "survey": "nuorten-matala-huoltaja"}
YOUTH: dict[str, str] = {}


def state(world: World) -> State:
    return held(world).state


def sends_more(world: World) -> bool:
    return held(world).sends_more


def reminded(world: World, **differs: object) -> None:
    """An opening and its reminder a day later."""
    world.opened(**differs)
    lapse(world, days=1)
    assert len(world.carrier.sent) == 2


def go_to(world: World, moment: datetime) -> None:
    """Time goes by as it does, up to this moment, with a round of the schedule every six hours."""
    while world.clock.now < moment:
        world.clock.now = min(world.clock.now + timedelta(hours=6), moment)
        world.tick()


def lapse(world: World, **units: int) -> None:
    go_to(world, world.clock.now + timedelta(**units))


def leaves_at(world: World, moment: datetime) -> None:
    """The reminder leaves then, and not a minute sooner."""
    go_to(world, moment - MINUTE)
    assert len(world.carrier.sent) == 1
    go_to(world, moment)
    assert len(world.carrier.sent) == 2


def ends_at(world: World, moment: datetime) -> None:
    """The conversation ends then, and not a minute sooner."""
    go_to(world, moment - MINUTE)
    assert state(world) is State.OPEN
    go_to(world, moment)
    assert state(world) is State.CLOSED


# --- when it leaves


@pytest.mark.parametrize("replies", [[], ["9"], ["9", "3524"], ["apua en tajua"]], ids=str)
def test_it_leaves_a_day_after_the_latest_message(world: World, replies: list[str]) -> None:
    world.opened()
    for reply in replies:
        lapse(world, minutes=50)
        world.text(reply)
    latest = world.clock.now
    leaves_at(world, latest + timedelta(days=1))


def test_every_answer_moves_it_on_by_a_day(world: World) -> None:
    world.opened()
    for reply in ("9", "HELP", "3524"):
        lapse(world, hours=23)
        world.text(reply)
    assert len(world.carrier.sent) == 1
    latest = world.clock.now  # Friday 12:00
    lapse(world, hours=24)
    assert len(world.carrier.sent) == 1
    go_to(world, at(date(2026, 11, 30), 14))
    assert latest.weekday() == 4
    assert len(world.carrier.sent) == 2


@dataclass(frozen=True, slots=True)
class Calendar:
    opened: datetime
    reminded: datetime
    asked: dict[str, str]
    holidays: frozenset[date] = frozenset()


FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
CALENDARS = {
    "a guardian on Friday at 18": Calendar(at(FRIDAY, 18), at(MONDAY, 9), GUARDIAN),
    "a young person on Friday at 18": Calendar(at(FRIDAY, 18), at(MONDAY, 14), YOUTH),
    "a guardian on Monday at 18:59": Calendar(at(MONDAY, 18, 59), at(TUESDAY, 18, 59), GUARDIAN),
    "a young person on Monday at 14": Calendar(at(MONDAY, 14), at(TUESDAY, 14), YOUTH),
    "a holiday in between": Calendar(at(MONDAY, 15), at(WEDNESDAY, 14), YOUTH, frozenset({TUESDAY})),
    "a weekend with holidays behind it": Calendar(
        at(FRIDAY, 18), at(WEDNESDAY, 9), GUARDIAN, frozenset({MONDAY, TUESDAY})
    ),
    "over the change to summer time": Calendar(at(date(2027, 3, 26), 18), at(date(2027, 3, 29), 9), GUARDIAN),
    "a day of 23 hours": Calendar(at(date(2027, 3, 25), 18), at(date(2027, 3, 26), 18), GUARDIAN),
}


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_it_leaves_within_the_hours_and_the_end_comes_72_hours_after_it(world: World, calendar: Calendar) -> None:
    world.delivery = replace(world.delivery, is_holiday=calendar.holidays.__contains__)
    world.clock.now = calendar.opened
    world.opened(**calendar.asked)
    leaves_at(world, calendar.reminded)
    ends_at(world, calendar.reminded + timedelta(hours=72))
    assert len(world.carrier.sent) == 2


def test_an_answer_at_night_is_reminded_of_in_the_hours_of_the_day_after(world: World) -> None:
    world.opened()
    go_to(world, START + timedelta(hours=8))  # 23:00
    world.text("9")
    leaves_at(world, at(date(2026, 11, 26), 14))


def test_it_leaves_after_its_collection_window_has_closed(world: World) -> None:
    """It belongs to an opening that left within the window."""
    world.clock.now = at(MONDAY, 15)
    world.opened(unit="varkaus", survey="palvelumittari")
    go_to(world, at(TUESDAY, 15))
    assert len(world.carrier.sent) == 2


def test_it_must_not_ring_after_the_hours(world: World) -> None:
    reminded(world)
    assert world.carrier.sent[1].validity_seconds == 4 * 3600  # from 15 to 19


def test_a_trial_gets_one_too(world: World) -> None:
    world.text("KOE")
    assert world.opened().trial
    lapse(world, days=1)
    assert len(world.carrier.sent) == 2
    lapse(world, days=3)
    assert (state(world), len(world.carrier.sent), contact(world)) == (State.CLOSED, 2, None)


# --- its words


def units(library: Library) -> list[Unit]:
    return list(library.organisation.units.values())


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not begun"])
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("neutral", [True, False], ids=["neutral", "named"])
def test_it_is_one_segment_and_names_the_county_alone_when_neutral(
    library: Library, language: Language, neutral: bool, begun: bool
) -> None:
    for unit in units(library):
        survey = next(iter(unit.surveys.values()))
        conversation = Conversation(
            survey, 1, unit.id, "youth", language, neutral=neutral, answers={"nps": 9} if begun else {}
        )
        script = Script(library.surveys[survey], unit, library.messages, library.lexicon)
        text = prompts.reminder(script, conversation)
        assert size(text).segments == 1
        assert (unit.county[language] in text) is neutral
        assert (unit.service[language] in text) is not neutral
        assert "STOP" in text


Words = tuple[Language, bool, list[str], str, str]
WORDS: dict[str, Words] = {
    "not begun": (Language.FI, False, [], "reminder_not_started", "Nuorten Matala"),
    "begun": (Language.FI, False, ["9"], "reminder", "Nuorten Matala"),
    "an unreadable reply is no beginning": (Language.FI, False, ["öö"], "reminder_not_started", "Nuorten Matala"),
    "in Swedish": (Language.SV, False, [], "reminder_not_started", "Nuorten Matala"),
    "in English, begun": (Language.EN, False, ["9"], "reminder", "Nuorten Matala"),
    "neutral": (Language.FI, True, [], "reminder_not_started", "Kymenlaakson hyvinvointialue"),
    "neutral in Swedish, begun": (Language.SV, True, ["9"], "reminder", "Kymmenedalens välfärdsområde"),
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_it_has_other_words_for_those_who_have_not_begun(world: World, words: Words) -> None:
    language, neutral, replies, key, who = words
    world.opened(language=language, neutral=neutral)
    for reply in replies:
        world.text(reply)
    lapse(world, days=1)
    assert world.carrier.sent[1].text == world.parts.library.messages.say(key, language, who=who)


def test_it_is_in_the_language_that_the_respondent_chose_on_the_way(world: World) -> None:
    world.opened()
    world.text("ENGLISH")
    lapse(world, days=1)
    assert world.carrier.sent[1].text.startswith("Hi! Nuorten Matala: we sent you a question.")


# --- the same contact


def test_the_contact_stays_dated_by_the_opening(world: World) -> None:
    reminded(world)
    found = contact(world)
    assert found is not None
    assert (found.contacted_on, found.allowed_from) == (date(2026, 11, 24), date(2027, 2, 24))


@pytest.mark.parametrize("code", [21211, 21614, 30003])
def test_a_reminder_that_is_refused_gives_the_contact_back_to_nobody(world: World, code: int) -> None:
    accepted = world.opened()
    world.callback(accepted, "delivered")
    world.carrier.faults.append(SendFailed(code))
    lapse(world, days=1)
    before = contact(world)
    assert before is not None
    assert before.contacted_on == date(2026, 11, 24)
    assert (invitation(accepted).state.value, invitation(accepted).reason) == ("delivered", "")
    assert state(world) is State.OPEN
    lapse(world, hours=72)
    assert (state(world), contact(world)) == (State.CLOSED, before)
    assert refused(world).refusal is Refusal.THROTTLED


def test_its_callbacks_are_about_no_invitation(world: World) -> None:
    reminded(world)
    assert world.carrier.sent[1].status_callback == status_address(PUBLIC_URL)


def called_back(client: FlaskClient, status: str, error_code: str) -> None:
    """A callback of a reminder, as the carrier posts and signs it."""
    fields = {"MessageSid": "SM2", "MessageStatus": status, "To": PHONE, "ErrorCode": error_code}
    signed = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}/sms/status", fields)
    answer = client.post("/sms/status", data=fields, headers={"X-Twilio-Signature": signed})
    assert answer.status_code == 204


@pytest.mark.parametrize("replies", [[], ["9"]], ids=["not begun", "begun"])
def test_a_callback_of_a_reminder_changes_nothing(world: World, client: FlaskClient, replies: list[str]) -> None:
    accepted = world.opened()
    for reply in replies:
        world.text(reply)
    lapse(world, days=1)
    assert len(world.carrier.sent) == 2
    before = (world.held(), contact(world), invitation(accepted))
    for status in ("sent", "undelivered", "failed", "delivered"):
        called_back(client, status, "30003" if status in ("undelivered", "failed") else "")
    assert (world.held(), contact(world), invitation(accepted)) == before


def test_a_reminder_called_back_with_21610_records_the_opt_out(world: World, client: FlaskClient) -> None:
    reminded(world)
    called_back(client, "undelivered", "21610")
    assert opt_outs.OptOutRow.get(key_of(world)).how == "carrier"
    assert is_contact(world)


def test_an_opening_called_back_with_21610_after_an_answer_is_not_reminded_of(world: World) -> None:
    accepted = world.opened()
    world.text("9")
    world.callback(accepted, "failed", error_code="21610")
    assert opt_outs.OptOutRow.get(key_of(world)).how == "carrier"
    lapse(world, days=2)
    assert len(world.carrier.sent) == 1
    assert (world.columns()["opted_out"], world.columns()["nps_9"]) == (1, 1)


def test_what_was_answered_is_over_when_its_opening_is_called_back_with_21610(world: World) -> None:
    accepted = world.opened()
    world.text("9")
    world.callback(accepted, "failed", error_code="21610")
    assert held(world).state is State.CLOSED
    world.text("START")
    world.callback(accepted, "failed", error_code="21610")  # a repeat: START stands
    assert not refuses(world.parts, PHONE)
    world.text("3524")
    (response,) = world.responses()
    assert "apu" not in response.answers


def test_a_late_21610_of_an_earlier_opening_ends_the_later_conversation(world: World) -> None:
    """The number refuses, whichever opening told of it."""
    earlier = world.opened()
    lapse(world, days=100)
    world.opened()
    world.text("9")
    world.callback(earlier, "failed", error_code="21610")
    assert held(world).state is State.CLOSED
    counted = world.columns(month="2027-03")
    assert (counted["opted_out"], counted["nps_9"]) == (1, 1)


# --- the end of the conversation


def test_none_follows_it(world: World) -> None:
    reminded(world)
    lapse(world, hours=71)
    world.text("9")
    latest = world.clock.now
    ends_at(world, latest + timedelta(hours=72))
    assert len(world.carrier.sent) == 2
    assert world.columns()["broken_off_apu"] == 1


# --- what stops it


def the_survey_is_taken_away(world: World) -> None:
    surveys = {name: survey for name, survey in world.parts.library.surveys.items() if name != "nuorten-matala-nuori"}
    take_away(world, replace(world.parts.library, surveys=surveys))


def the_unit_is_taken_away(world: World) -> None:
    organisation = replace(world.parts.library.organisation, units={})
    take_away(world, replace(world.parts.library, organisation=organisation))


def the_question_is_taken_away(world: World) -> None:
    survey = world.parts.library.surveys["nuorten-matala-nuori"]
    shorter = replace(survey, questions=survey.questions[:1], together=())
    take_away(world, replace(world.parts.library, surveys={**world.parts.library.surveys, survey.id: shorter}))


def take_away(world: World, library: Library) -> None:
    world.parts = replace(world.parts, library=library)
    world.delivery = replace(world.delivery, parts=world.parts)


def finish(world: World) -> None:
    world.text("3524")
    assert world.text("OHITA").startswith("Kiitos")


STOPS: dict[str, Callable[[World], object]] = {
    "a safety text": lambda world: world.text("haluan kuolla"),
    "a safety text, though the survey goes on after it": lambda world: [world.text("haluan kuolla"), world.text("35")],
    "an end": finish,
    "STOP": lambda world: world.text("STOP"),
    "STOP answered by the carrier": lambda world: world.text("STOP", opt_out="STOP"),
    "a wrong number": lambda world: world.text("väärä numero"),
    "an opt-out told to the staff": lambda world: staff_opt_out(world.parts, PHONE, who="test"),
    "an opt-out row alone, left by a crash": lambda world: opt_outs.record(
        key_of(world), how=OptOutHow.SMS, today=world.parts.today()
    ),
    "the survey taken away": the_survey_is_taken_away,
    "the unit taken away": the_unit_is_taken_away,
    "the question taken away": the_question_is_taken_away,
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_no_reminder_follows(world: World, stop: Callable[[World], object]) -> None:
    world.opened()
    world.text("9")
    stop(world)
    lapse(world, days=4)
    assert len(world.carrier.sent) == 1
    assert (state(world), sends_more(world)) == (State.CLOSED, False)


def test_an_opt_out_row_alone_closes_what_was_answered_as_opted_out(world: World) -> None:
    world.opened()
    world.text("9")
    opt_outs.record(key_of(world), how=OptOutHow.SMS, today=world.parts.today())
    lapse(world, days=1)
    assert state(world) is State.CLOSED
    assert (world.columns()["opted_out"], world.columns()["nps_9"]) == (1, 1)


def test_an_opt_out_row_under_a_newer_pepper_stops_it(world: World, library: Library) -> None:
    world.opened()
    rotated = made_world(library, prefix="test-", peppers=(Pepper("2", b"newer"), Pepper("1", b"pepper")))
    rotated.clock.now = world.clock.now
    opt_outs.record(key_of(rotated), how=OptOutHow.SMS, today=rotated.parts.today())
    lapse(rotated, days=1)
    assert rotated.carrier.sent == []
    assert state(world) is State.CLOSED


def test_it_leaves_under_the_old_pepper_after_the_change(world: World, library: Library) -> None:
    world.opened()
    rotated = made_world(library, prefix="test-", peppers=(Pepper("2", b"newer"), Pepper("1", b"pepper")))
    rotated.clock.now = world.clock.now
    lapse(rotated, days=1)
    assert [message.to for message in rotated.carrier.sent] == [PHONE]


# --- the number


def test_the_number_is_erased_after_a_safety_text(world: World) -> None:
    world.opened()
    assert sends_more(world)
    world.text("haluan kuolla")
    assert (state(world), sends_more(world)) == (State.OPEN, False)


FAULTS = {
    "sent": None,
    "refused": SendFailed(21211),
    "unknown": OutcomeUnknown(),
    "crashed": Crashed(),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_reminder_is_tried_once_and_the_number_is_gone_then(world: World, fault: Exception | None) -> None:
    world.opened()
    world.text("9")
    if fault:
        world.carrier.faults.append(fault)
    world.clock.forward(days=1)
    with suppress(Crashed):
        world.tick()
    left = len(world.carrier.sent)
    assert left == (1 if fault else 2)
    assert (state(world), sends_more(world)) == (State.OPEN, False)
    lapse(world, hours=72)
    assert len(world.carrier.sent) == left
    assert state(world) is State.CLOSED
    assert world.columns()["broken_off_apu"] == 1
    assert is_contact(world)


@dataclass(slots=True)
class EagerCarrier(RecordingCarrier):
    """While the reminder is being sent something else happens; then `fault` is raised."""

    meanwhile: Callable[[], object] = lambda: None
    fault: Exception | None = None

    def send(self, message: Outgoing) -> str:
        self.meanwhile()
        if self.fault:
            raise self.fault
        return RecordingCarrier.send(self, message)


def eager(world: World, meanwhile: Callable[[], object], fault: Exception | None) -> EagerCarrier:
    """The carrier of the next send."""
    carrier = EagerCarrier(meanwhile=meanwhile, fault=fault)
    world.delivery = replace(world.delivery, carrier=carrier)
    return carrier


def test_two_deliverers_of_one_item_send_it_once(world: World) -> None:
    world.opened()
    world.clock.forward(days=1)
    carrier = eager(world, lambda: deliver(world.delivery, key_of(world)), None)
    world.tick()
    world.queued.extend([key_of(world)] * 3)
    world.deliver()
    assert len(carrier.sent) == 1


# --- asked to wait


def test_asked_to_wait_it_leaves_later(world: World) -> None:
    world.opened()
    world.carrier.faults = [TryLater(), TryLater()]
    world.clock.forward(days=1)
    world.tick()
    assert (len(world.carrier.sent), sends_more(world), state(world)) == (1, True, State.OPEN)
    world.tick()
    assert len(world.carrier.faults) == 1  # not at once
    world.lapse(hours=2)
    assert len(world.carrier.sent) == 2
    assert not sends_more(world)
    left = world.clock.now
    lapse(world, hours=70)
    assert state(world) is State.OPEN
    go_to(world, left + timedelta(hours=72))
    assert state(world) is State.CLOSED


ANSWERS = {"an answer": ("9", State.OPEN), "STOP": ("STOP", State.CLOSED)}


@pytest.mark.parametrize(("body", "stays"), ANSWERS.values(), ids=ANSWERS)
def test_what_comes_while_the_carrier_asks_to_wait_cancels_it(world: World, body: str, stays: State) -> None:
    world.opened()
    world.clock.forward(days=1)
    carrier = eager(world, lambda: world.text(body), TryLater())
    world.tick()
    assert (state(world), sends_more(world)) == (stays, False)
    answered = world.clock.now
    carrier.fault = None
    go_to(world, answered + timedelta(hours=72) - MINUTE)
    assert state(world) is stays
    go_to(world, answered + timedelta(hours=72))
    assert (state(world), carrier.sent) == (State.CLOSED, [])


def test_an_answer_between_two_tries_moves_it_on_by_a_day(world: World) -> None:
    world.opened()
    world.carrier.faults = [TryLater()]
    world.clock.forward(days=1)
    world.tick()
    world.text("9")
    answered = world.clock.now
    leaves_at(world, answered + timedelta(days=1))


def test_one_that_could_not_leave_for_a_week_is_not_sent_and_the_conversation_expires(world: World) -> None:
    world.opened()
    world.text("9")
    world.carrier.faults = [TryLater() for _ in range(20)]
    for _ in range(8):
        world.clock.forward(days=1)
        world.tick()
        assert state(world) is State.OPEN
    tried = 20 - len(world.carrier.faults)
    assert tried == 6  # on each of the weekdays
    world.carrier.faults = []
    world.clock.forward(minutes=31)
    world.tick()
    world.tick()
    assert len(world.carrier.sent) == 1
    assert (state(world), sends_more(world)) == (State.CLOSED, False)
    assert world.columns()["broken_off_apu"] == 1
    assert is_contact(world)


def test_refused_with_21610_it_is_an_opt_out_and_closes_what_was_answered(world: World) -> None:
    world.opened()
    world.text("9")
    world.carrier.faults.append(SendFailed(21610))
    lapse(world, days=1)
    assert opt_outs.OptOutRow.get(key_of(world)).how == "carrier"
    assert state(world) is State.CLOSED
    assert (world.columns()["opted_out"], world.columns()["nps_9"]) == (1, 1)
    assert is_contact(world)


# --- faults of ours


class FaultyKms(OpenSealing):
    """The key service does not answer."""

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        raise ConnectionError(f"no answer about {len(sealed)} bytes of {conversation_id}")


def test_a_fault_of_the_key_service_leaves_it_owed(world: World) -> None:
    world.opened()
    usual = world.delivery.sealing
    world.delivery = replace(world.delivery, sealing=FaultyKms())
    world.clock.forward(days=1)
    with pytest.raises(ConnectionError):
        world.tick()
    assert sends_more(world)
    world.delivery = replace(world.delivery, sealing=usual)
    lapse(world, hours=1)
    assert len(world.carrier.sent) == 2


def test_an_item_for_it_that_comes_early_does_nothing(world: World) -> None:
    world.opened()
    world.clock.forward(hours=23, minutes=59)
    deliver(world.delivery, key_of(world))
    assert len(world.carrier.sent) == 1
    assert held(world).owed is Owed.REMINDER


def test_one_whose_number_was_lost_is_not_sent_and_its_conversation_ends_all_the_same(world: World) -> None:
    world.opened()
    world.text("9")
    ConversationRow(key_of(world)).update([ConversationRow.sealed_number.remove()])
    for _ in range(9):
        world.clock.forward(days=1)
        with suppress(Poisoned):
            world.tick()
    assert len(world.carrier.sent) == 1
    assert state(world) is State.CLOSED


def test_a_late_repeat_of_a_refusal_at_the_carrier_does_not_undo_a_start(world: World) -> None:
    world.opened()
    world.lapse(days=1)
    refusal = Report("", "failed", PHONE, "21610", "SMreminder")
    report(world.parts, refusal)
    assert world.held().state is State.CLOSED
    world.text("START")
    report(world.parts, refusal)
    assert not opt_outs.stands(key_of(world))
