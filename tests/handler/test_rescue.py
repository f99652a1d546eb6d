"""Messages that the webhook did not answer, answered later: once, and never as answers to what was not yet asked."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pynamodb.signals import post_dynamodb_send, pre_dynamodb_send

from handler import jobs
from handler.jobs import CALLS_A_RESCUE
from handler.outside.carrier import LONGEST_VALIDITY, OutcomeUnknown, Outgoing, SendFailed, TryLater
from handler.outside.sealed_forms import KeySilent
from handler.settings import Pepper
from handler.tables import invitations, opt_outs
from handler.tables.conversations import ConversationRow, State
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationState
from handler.work.callbacks import status_address
from handler.work.inbound import TWILIO_TRIES_FOR
from handler.work.metric import Metric
from handler.work.opt_out import staff_opt_out
from handler.work.rescue import ANSWERED_WITHIN, Rescuing
from handler.work.setup_webhooks import FALLBACK_OVERRIDES, INBOUND_OVERRIDES
from survey_flow.conversation import Mark
from survey_flow.library import Library
from tests.calls import calls
from tests.handler.keeping import LATER, Kept, OpenForms, rescue_batch, rescuing_of
from tests.handler.looking import held, is_contact, key_of
from tests.world import OTHER_PHONE, PHONE, RecordingCarrier, World, empty_tables, world_over

GROUP = ("apu", "tosissaan", "vaikutus", "hyoty")
CRISIS = "haluan kuolla"


@pytest.fixture
def kept(world: World) -> Kept:
    return Kept(world)


@pytest.fixture
def asked(world: World, kept: Kept) -> Kept:
    """An opening has left, and asks for the recommendation."""
    world.opened()
    return kept


def answers(world: World) -> dict[str, Any]:
    dialogue = held(world).dialogue
    assert dialogue is not None
    return dict(dialogue.answers)


def counted(world: World, metric: Metric) -> int:
    return sum(amount for name, amount in world.metrics if name == metric)


# --- the ordinary course


def test_a_kept_answer_is_stored_and_answered_through_the_carrier(world: World, asked: Kept) -> None:
    (reply,) = asked.text_late("9 koska kuunneltiin")
    assert "Mitä mieltä olet?" in reply
    assert answers(world) == {"nps": 9}
    sent = world.carrier.sent[-1]
    assert (sent.to, sent.validity_seconds) == (PHONE, LONGEST_VALIDITY)
    assert sent.status_callback == status_address("https://kuulolla.example")
    assert counted(world, Metric.RESCUED) == 1


def test_a_whole_survey_can_be_answered_by_rescue(world: World, asked: Kept) -> None:
    for body in ("9", "3524"):
        assert len(asked.text_late(body)) == 1
    (thanks,) = asked.text_late("kiva paikka")
    assert thanks.startswith("Kiitos")
    assert len(world.responses()) == 1
    assert [comment.text for comment in world.comments()] == ["kiva paikka"]


def test_an_item_that_comes_again_sends_nothing_more(world: World, asked: Kept) -> None:
    item = asked.keep("9")
    assert len(asked.rescue(item)) == 1
    before = held(world)
    for _ in range(3):
        assert asked.rescue(item) == []
    assert held(world) == before


def test_what_was_answered_though_too_late_for_twilio_is_said_once_more(world: World, asked: Kept) -> None:
    reply = world.text("9", message_id="SM1")
    before = held(world)
    item = asked.keep("9", message_id="SM1", after=timedelta(seconds=1))
    assert asked.rescue(item) == [reply]
    assert asked.rescue(item) == []
    assert held(world) == before


def test_what_was_answered_too_late_and_then_answered_again_is_not_repeated(world: World, asked: Kept) -> None:
    world.text("9", message_id="SM1")
    item = asked.keep("9", message_id="SM1")
    world.text("3524")
    assert asked.rescue(item) == []
    assert answers(world)["nps"] == 9


def test_the_thanks_that_never_arrived_are_said_once_more(world: World, asked: Kept) -> None:
    world.text("9")
    world.text("3524")
    thanks = world.text("OHITA", message_id="SM1")
    assert asked.rescue(asked.keep("OHITA", message_id="SM1")) == [thanks]
    assert len(world.responses()) == 1


def test_what_the_carrier_answered_itself_is_recorded_and_not_answered(world: World, asked: Kept) -> None:
    assert asked.text_late("STOP", opt_out="STOP") == []
    assert opt_outs.OptOutRow.get(key_of(world)).how == "carrier"
    assert held(world).state is State.CLOSED
    assert asked.text_late("START", opt_out="START") == []
    assert not opt_outs.stands(key_of(world))


def test_a_reply_does_not_follow_a_conversation_of_another_number(world: World, asked: Kept) -> None:
    world.opened(number=OTHER_PHONE)
    asked.rescue(asked.keep("9", number=OTHER_PHONE))
    assert world.carrier.sent[-1].to == OTHER_PHONE
    assert answers(world) == {}


# --- the question has moved on meanwhile


def move_on(world: World) -> None:
    """The respondent wrote again, and that was answered: the statements are asked now."""
    world.clock.forward(minutes=30)
    world.text("9")


MOVED_ON = {
    "a number": ("5", [], ""),
    "digits that would fit the new question": ("3524", [], ""),
    "the same number again": ("9", [], ""),
    "a number with a comment": ("9, koska kuunneltiin", [], "9, koska kuunneltiin"),
    "a text": ("oli tosi kiva käydä", [], "oli tosi kiva käydä"),
    "don't know": ("en osaa sanoa", [], ""),
    "skip": ("OHITA", [], ""),
    "nothing": ("", [], ""),
}


@pytest.mark.parametrize(("body", "sent", "comment"), MOVED_ON.values(), ids=MOVED_ON)
def test_a_message_from_before_the_pending_question_is_no_answer_to_it(
    world: World, asked: Kept, body: str, sent: list[str], comment: str
) -> None:
    item = asked.keep(body)
    move_on(world)
    assert asked.rescue(item) == sent
    dialogue = held(world).dialogue
    assert dialogue.asking == GROUP
    assert dialogue.answers == {"nps": 9}
    assert "\n".join(dialogue.texts.values()) == comment


def test_a_late_call_for_help_is_answered_though_the_question_has_moved_on(world: World, asked: Kept) -> None:
    item = asked.keep(CRISIS)
    move_on(world)
    world.clock.forward(hours=10)
    (safety,) = asked.rescue(item)
    assert "112" in safety
    assert answers(world) == {"nps": 9}
    assert held(world).owed == "expiry"  # no reminder follows it


def test_a_late_refusal_closes_though_the_question_has_moved_on(world: World, asked: Kept) -> None:
    item = asked.keep("STOP")
    move_on(world)
    assert asked.rescue(item)[0].startswith("Selvä.")
    assert opt_outs.stands(key_of(world))
    assert held(world).state is State.CLOSED


@pytest.mark.parametrize("body", ["HELP", "ENGLISH", "TAKAISIN"])
def test_a_late_command_counts(world: World, asked: Kept, body: str) -> None:
    item = asked.keep(body)
    move_on(world)
    assert len(asked.rescue(item)) == 1


def test_a_message_is_an_answer_while_its_question_still_pends(world: World, asked: Kept) -> None:
    item = asked.keep("9")
    assert "En saanut selvää" in world.text("siis mitä")  # asked again: the question is the same
    assert "Mitä mieltä olet?" in asked.rescue(item)[0]
    assert answers(world) == {"nps": 9}


SOONEST = {"while Twilio may still have tried": (TWILIO_TRIES_FOR, False), "after that": (2 * TWILIO_TRIES_FOR, True)}


@pytest.mark.parametrize(("after", "counts"), SOONEST.values(), ids=SOONEST)
def test_in_doubt_a_message_was_written_before_the_question(
    world: World, asked: Kept, after: timedelta, counts: bool
) -> None:
    world.text("9")
    asked.rescue(asked.keep("3524", after=after))
    assert (answers(world).keys() == {"nps", *GROUP}) is counts


def test_twilio_s_tries_at_the_webhook_and_at_the_fallback_are_waited_for() -> None:
    tries = sum(int(dict(parse_qsl(overrides))["tt"]) for overrides in (INBOUND_OVERRIDES, FALLBACK_OVERRIDES))
    assert timedelta(milliseconds=tries) + timedelta(seconds=1) <= TWILIO_TRIES_FOR < LATER


def test_of_two_kept_messages_the_second_is_no_answer_to_the_question_after_the_first(
    world: World, asked: Kept
) -> None:
    first, second = asked.keep("9"), asked.keep("3524 ja kiitos kaikesta")
    assert len(asked.rescue(first)) == 1
    assert asked.rescue(second) == []
    assert answers(world) == {"nps": 9}
    assert held(world).dialogue.asking == GROUP


def test_the_question_that_going_back_puts_again_is_a_new_one(world: World, asked: Kept) -> None:
    world.text("9")
    item = asked.keep("3524")
    world.clock.forward(minutes=1)
    world.text("TAKAISIN")
    assert asked.rescue(item) == []
    assert answers(world) == {}


# --- the opening left meanwhile


def test_a_number_from_before_the_opening_is_no_answer_to_it(world: World, kept: Kept) -> None:
    item = kept.keep("5")
    world.opened()
    before = held(world)
    assert kept.rescue(item) == []
    assert held(world) == before
    assert len(list(DeletionRow.scan())) == 1  # the carrier forgets it


def test_an_unknown_send_is_not_settled_by_a_message_from_before_it(world: World, kept: Kept) -> None:
    item = kept.keep("moi")
    world.carrier.faults = [OutcomeUnknown()]
    accepted = world.opened()
    assert kept.rescue(item) == []
    assert held(world).state is State.UNKNOWN
    found = invitations.read(accepted.id)
    assert found is not None
    assert found.state is InvitationState.UNKNOWN


def test_a_refusal_from_before_the_opening_counts(world: World, kept: Kept) -> None:
    item = kept.keep("STOP")
    world.opened()
    assert kept.rescue(item)[0].startswith("Selvä.")
    assert held(world).state is State.CLOSED
    assert opt_outs.stands(key_of(world))


def test_a_call_for_help_from_before_the_opening_is_answered_and_no_reminder_follows(world: World, kept: Kept) -> None:
    item = kept.keep(CRISIS)
    world.opened()
    assert "116 111" in kept.rescue(item)[0]
    world.lapse(days=2)
    assert len(world.carrier.sent) == 2


def test_a_call_for_help_holds_back_an_opening_that_is_still_queued(world: World, kept: Kept) -> None:
    item = kept.keep(CRISIS)
    world.invite()
    assert len(kept.rescue(item)) == 1
    world.tick()
    assert len(world.carrier.sent) == 1
    assert not is_contact(world)


def test_an_opening_that_was_put_off_is_asked_when_it_left(world: World, kept: Kept) -> None:
    world.carrier.faults = [TryLater()]
    world.opened()
    item = kept.keep("5")
    world.clock.forward(minutes=10)
    world.tick()
    assert len(world.carrier.sent) == 1
    assert kept.rescue(item) == []
    assert answers(world) == {}


# --- the conversation is over meanwhile


def test_an_answer_to_a_survey_that_expired_gets_one_kind_answer(world: World, asked: Kept) -> None:
    world.lapse(hours=90)  # the reminder has left after a day: the end is 72 hours after that
    item = asked.keep("9")
    world.lapse(hours=10)
    assert held(world).state is State.CLOSED
    assert asked.rescue(item)[0].startswith("Tämä kysely on jo päättynyt")
    assert asked.rescue(asked.keep("haloo")) == []
    assert world.responses() == []


def close_all(world: World) -> None:
    world.clock.forward(hours=1)
    staff_opt_out(world.parts, PHONE, who="test")
    assert held(world).state is State.CLOSED


def test_a_call_for_help_is_answered_when_the_survey_is_over(world: World, asked: Kept) -> None:
    item = asked.keep(CRISIS)
    close_all(world)
    assert "112" in asked.rescue(item)[0]


def test_a_stranger_is_answered_as_ever(kept: Kept) -> None:
    assert kept.text_late("moi")[0].startswith("Sinulla ei ole nyt kyselyä kesken")
    assert "112" in kept.text_late(CRISIS)[0]


# --- KOE


def test_a_kept_koe_begins_a_trial(world: World, kept: Kept) -> None:
    assert kept.text_late("KOE")[0].startswith("Selvä! Voit kokeilla")
    assert world.opened().trial


def test_a_koe_from_before_a_trial_does_not_close_it(world: World, kept: Kept) -> None:
    item = kept.keep("KOE")
    world.text("KOE")
    assert world.opened().trial
    assert kept.rescue(item) == []
    assert held(world).state is State.OPEN


def test_a_koe_from_before_the_pending_question_does_not_close_a_trial_that_went_on(world: World, kept: Kept) -> None:
    world.text("KOE")
    world.opened()
    item = kept.keep("KOE")
    move_on(world)
    assert kept.rescue(item) == []
    assert held(world).dialogue.asking == GROUP


def test_a_kept_koe_in_a_trial_that_stands_still_begins_another(world: World, kept: Kept) -> None:
    world.text("KOE")
    world.opened()
    assert kept.text_late("koe")[0].startswith("Selvä! Voit kokeilla")
    assert held(world).state is State.CLOSED


# --- what cannot be answered


def test_what_is_older_than_the_queues_keep_is_given_up_unheard(world: World, asked: Kept) -> None:
    item, before = asked.keep("STOP"), held(world)
    world.clock.now += ANSWERED_WITHIN + timedelta(seconds=1)
    assert asked.rescue(item) == []
    assert held(world) == before
    assert not opt_outs.stands(key_of(world))
    assert counted(world, Metric.RESCUE_GIVEN_UP) == 1


UNREADABLE = {
    "no seal of ours": "kuulolla",
    "nothing": "",
    "a seal over nothing": OpenForms().seal(b"", about="1"),
    "a number alone": OpenForms().seal(PHONE.encode(), about="1"),
    "a head of other things": OpenForms().seal(b'["SM1"]\n9', about="1"),
    "no number": OpenForms().seal(b'["SM1", "DNA", "", 1764000000]\n9', about="1"),
    "a number that is none": OpenForms().seal(b'["SM1", 358, "", 1764000000]\n9', about="1"),
    "no moment": OpenForms().seal(b'["SM1", "+358401234567", "", null]\n9', about="1"),
    "no message id": OpenForms().seal(b'["", "+358401234567", "", 1764000000]\n9', about="1"),
}


@pytest.mark.parametrize("item", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_given_up_at_once_and_keeps_nobody_waiting(world: World, asked: Kept, item: str) -> None:
    answer = rescue_batch(rescuing_of(world), batch((item, "a"), (asked.keep("9"), "a")))
    assert answer == {"batchItemFailures": []}
    assert counted(world, Metric.RESCUE_GIVEN_UP) == 1
    assert answers(world) == {"nps": 9}


# --- what the carrier says


def test_asked_to_wait_the_item_comes_again_and_the_reply_leaves_then(world: World, asked: Kept) -> None:
    item = asked.keep("9")
    world.carrier.faults = [TryLater(), TryLater()]
    for _ in range(2):
        with pytest.raises(TryLater):
            asked.rescue(item)
    assert counted(world, Metric.CARRIER_BUSY) == 2
    assert len(asked.rescue(item)) == 1
    assert asked.rescue(item) == []


def test_a_reply_that_waited_is_not_sent_when_they_went_on_meanwhile(world: World, asked: Kept) -> None:
    item = asked.keep("9")
    world.carrier.faults = [TryLater()]
    with pytest.raises(TryLater):
        asked.rescue(item)
    world.text("3524")
    assert asked.rescue(item) == []


@pytest.mark.parametrize("fault", [OutcomeUnknown(), SendFailed(21614)], ids=["nobody knows", "refused"])
def test_a_reply_whose_send_failed_or_is_unknown_is_never_sent_again(
    world: World, asked: Kept, fault: Exception
) -> None:
    item = asked.keep("9")
    world.carrier.faults = [fault]
    assert asked.rescue(item) == []
    assert asked.rescue(item) == []
    assert answers(world) == {"nps": 9}
    metric = Metric.SEND_REFUSED if isinstance(fault, SendFailed) else Metric.RESCUE_GIVEN_UP
    assert counted(world, metric) == 1
    assert counted(world, Metric.RESCUED) == 0


def test_a_reply_refused_with_21610_records_the_opt_out(world: World, asked: Kept) -> None:
    item = asked.keep("9")
    world.carrier.faults = [SendFailed(21610)]
    assert asked.rescue(item) == []
    assert opt_outs.OptOutRow.get(key_of(world)).how == "carrier"
    assert held(world).state is State.CLOSED


# --- a death at any point


class Died(BaseException):
    """The process ends here: nothing of ours may catch it."""


class MortalCarrier(RecordingCarrier):
    step: Callable[[str], None]

    def send(self, message: Outgoing) -> str:
        self.step("before send")
        sent = super().send(message)
        self.step("after send")
        return sent


def rescue_dying(world: World, item: str, die_at: int | None) -> list[str]:
    """The points passed; the process dies at one of them, and the item comes again."""
    passed: list[str] = []

    def step(name: str) -> None:
        passed.append(name)
        if len(passed) - 1 == die_at:
            raise Died

    def before(_: object, operation_name: str, **__: object) -> None:
        step(f"before {operation_name}")

    def after(_: object, operation_name: str, **__: object) -> None:
        step(f"after {operation_name}")

    carrier = MortalCarrier(sent=world.carrier.sent)
    carrier.step = step
    mortal = replace(rescuing_of(world), carrier=carrier)
    event = batch((item, "a"))
    with pre_dynamodb_send.connected_to(before), post_dynamodb_send.connected_to(after), suppress(Died):
        rescue_batch(mortal, event)
    rescue_batch(rescuing_of(world), event)
    return passed


LIVES = {
    "an answer": ["9"],
    "the last answer": ["9", "3524", "OHITA"],
    "STOP": ["STOP"],
    "a call for help": [CRISIS],
}


@pytest.mark.parametrize("bodies", LIVES.values(), ids=LIVES)
def test_a_death_at_any_point_repeats_nothing_and_only_one_before_the_send_loses_the_reply(
    world: World, library: Library, bodies: list[str]
) -> None:
    points: list[str] = ["the first"]
    died_at = -1
    while died_at < len(points):
        empty_tables()
        world = world_over(library, prefix="test-")
        world.opened()
        *before, last = bodies
        for body in before:
            world.text(body)
        kept = Kept(world)
        item = kept.keep(last)
        sent_before = len(world.carrier.sent)
        passed = rescue_dying(world, item, None if died_at < 0 else died_at)
        if died_at < 0:
            points = passed
            assert {"before send", "after send"} <= set(points)
        sent = len(world.carrier.sent) - sent_before
        where = points[died_at] if died_at >= 0 else "no death"
        between = died_at >= 0 and points.index("before send") - 1 <= died_at <= points.index("before send")
        assert sent == (0 if between else 1), where
        row = held(world)
        assert (row.message_ids[-1], row.message_ids.count("SMkept1")) == ("SMkept1", 1), where
        assert len(world.responses()) == (row.state is State.CLOSED), where
        died_at += 1


# --- a batch, as Lambda gives it


def batch(*items: tuple[str, str]) -> dict[str, Any]:
    """Items with their groups; they are named by their place, from 0."""
    return {
        "Records": [
            {"messageId": str(place), "body": body, "attributes": {"MessageGroupId": group}}
            for place, (body, group) in enumerate(items)
        ]
    }


def failed(world: World, rescuing: Rescuing, *items: tuple[str, str]) -> list[str]:
    answer = rescue_batch(rescuing, batch(*items))
    assert set(answer) == {"batchItemFailures"}
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def test_after_an_item_that_failed_those_of_its_number_wait_and_no_others(world: World, asked: Kept) -> None:
    world.opened(number=OTHER_PHONE)
    first, second = asked.keep("9"), asked.keep("3524")
    other, stray = asked.keep("8", number=OTHER_PHONE), asked.keep("haloo?", number=OTHER_PHONE)
    world.carrier.faults = [TryLater()]
    items = ((first, "a"), (second, "a"), (other, "b"), (stray, "b"))
    assert failed(world, rescuing_of(world), *items) == ["0", "1"]
    assert [message.to for message in world.carrier.sent[2:]] == [OTHER_PHONE]
    assert counted(world, Metric.ITEM_FAILED) == 1
    assert failed(world, rescuing_of(world), *items[:2]) == []
    assert answers(world) == {"nps": 9}


class SilentForms(OpenForms):
    def unseal(self, sealed: str) -> bytes:
        raise KeySilent(f"ThrottlingException after {len(sealed)} bytes")


def test_while_the_key_service_is_silent_everything_comes_again(world: World, asked: Kept) -> None:
    silent = replace(rescuing_of(world), forms=SilentForms())
    assert failed(world, silent, (asked.keep("9"), "a"), (asked.keep("8", number=OTHER_PHONE), "b")) == ["0", "1"]
    assert answers(world) == {}
    assert counted(world, Metric.RESCUE_GIVEN_UP) == 0


def test_while_the_tables_are_gone_everything_comes_again(world: World, asked: Kept) -> None:
    item = asked.keep("9")
    ConversationRow.delete_table()
    assert failed(world, rescuing_of(world), (item, "a")) == ["0"]


def test_neither_number_nor_text_nor_key_is_logged(
    world: World, asked: Kept, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="kuulolla")
    items = [(asked.keep(body), "a") for body in ("9 salainen", "salainen asia", "STOP")]
    world.carrier.faults = [TryLater()]
    rescue_batch(rescuing_of(world), batch(*items, ("salainen", "b")))
    rescue_batch(rescuing_of(world), batch(*items))
    ConversationRow.delete_table()
    rescue_batch(rescuing_of(world), batch((asked.keep("salainen"), "a")))
    printed = capsys.readouterr()
    told = "\n".join([caplog.text, printed.out, printed.err])
    assert "could not be rescued yet: TryLater" in told
    for trace in ("401234567", "salainen", key_of(world), key_of(world)[10:40], "SMkept"):
        assert trace not in told


# --- how long it may take


LONGEST = {
    "an answer": ["9"],
    "the end": ["9", "3524", "OHITA"],
    "STOP": ["STOP"],
    "START": ["START"],
    "a wrong number": ["väärä numero"],
    "a call for help": [CRISIS],
    "a call for help and a refusal": ["STOP haluan kuolla"],
    "after the end": ["STOP", "moi"],
    "a call for help after the end": ["STOP", CRISIS],
    "START after the end": ["STOP", "START"],
}


OPENINGS = ("known", "unknown", "queued")
PEPPERS = (Pepper("2", b"newer"), Pepper("1", b"pepper"))


def calls_of_a_rescue(world: World, bodies: list[str], opening: str, fault: Exception | None) -> list[str]:
    """The calls to DynamoDB that the last of these messages makes, the others having been heard as they came."""
    world.carrier.faults = [OutcomeUnknown()] if opening == "unknown" else []
    _ = world.invite() if opening == "queued" else world.opened()
    *before, last = bodies
    for body in before:
        world.text(body)
    item = Kept(world).keep(last)
    world.carrier.faults = [fault] if fault else []
    with calls() as seen:
        rescue_batch(rescuing_of(world), batch((item, "a")))
    return seen


@pytest.mark.parametrize("fault", [None, TryLater(), SendFailed(21610), OutcomeUnknown()], ids=repr)
def test_no_rescue_makes_more_calls_than_its_time_allows(
    world: World, library: Library, fault: Exception | None
) -> None:
    for name, bodies in LONGEST.items():
        for opening in OPENINGS:
            empty_tables()
            seen = calls_of_a_rescue(world_over(library, prefix="test-", peppers=PEPPERS), bodies, opening, fault)
            assert 2 <= len(seen) <= CALLS_A_RESCUE, (name, opening, seen)


def test_the_figures_of_the_queue_hold_together() -> None:
    day = 24 * 3600
    assert jobs.RESCUE_BATCH_SIZE * jobs.RESCUE_ITEM_SECONDS <= jobs.RESCUE_SECONDS < jobs.RESCUE_VISIBILITY_SECONDS
    assert jobs.RESCUE_MOST_RECEIVES * jobs.RESCUE_VISIBILITY_SECONDS < jobs.RESCUE_KEPT_SECONDS
    assert day >= jobs.RESCUE_KEPT_SECONDS + jobs.RESCUE_DEAD_KEPT_SECONDS
    assert ANSWERED_WITHIN.total_seconds() <= day


def test_a_skipped_answer_is_kept_as_one(world: World, asked: Kept) -> None:
    asked.text_late("OHITA")
    assert answers(world) == {"nps": Mark.SKIPPED}
