"""What is owed at the carrier after a closing: all that passed with the number is deleted there, but the opening."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from handler.outside.carrier import CarrierSilent, NotYet, OutcomeUnknown, SendFailed
from handler.outside.sealing import CannotSeal
from handler.outside.send_queue import NotQueued
from handler.tables.conversations import ConversationRow, State
from handler.tables.deletions import SETTLES_IN, DeletionRow
from handler.work.cancel import cancel
from handler.work.deletions import LONGEST_AT_ONCE, delete_owed, put_owed
from handler.work.metric import Metric
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber
from tests.handler.looking import held, invitation, key_of
from tests.world import OTHER_PHONE, PHONE, RecordingCarrier, World

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def at(world: World, after: timedelta) -> None:
    """One round of the schedule, so much later."""
    world.clock.now += after
    world.tick()


def finish(world: World, *, number: PhoneNumber = PHONE) -> None:
    """A whole survey in three messages, just closed."""
    for body in ("9", "3524", "OHITA"):
        assert world.text(body, number=number)
    closed(world, number=number)


def closed(world: World, *, number: PhoneNumber = PHONE) -> None:
    assert held(world, number).state is State.CLOSED


def rows() -> list[DeletionRow]:
    return list(DeletionRow.scan())


def left(world: World, number: PhoneNumber = PHONE) -> list[str]:
    """What the carrier has of the number, by its direction."""
    return [message.direction for message in world.carrier.log.of(number)]


def counted(world: World, metric: Metric) -> list[int]:
    return [amount for name, amount in world.metrics if name == metric]


# --- what is owed


def expire(world: World) -> None:
    for _ in range(10):
        at(world, timedelta(hours=12))


def opt_out_at_carrier(world: World) -> None:
    world.text("STOP", opt_out="STOP")


def reminded(world: World) -> None:
    world.lapse(days=1)
    assert len(world.carrier.sent) == 2


ENDINGS: dict[str, Callable[[World], object]] = {
    "finished": finish,
    "expired": lambda world: [world.text("9"), world.text("öö")],
    "reminded, and expired in silence": reminded,
    "reminded, then finished": lambda world: [reminded(world), finish(world)],
    "opted out": lambda world: [world.text("9"), world.text("STOP")],
    "opted out at once": lambda world: world.text("STOP"),
    "opted out, answered by the carrier": lambda world: [world.text("9"), opt_out_at_carrier(world)],
    "opted out at the carrier at once": opt_out_at_carrier,
    "a wrong number": lambda world: [world.text("9"), world.text("väärä numero")],
    "a call for help": lambda world: world.text("haluan kuolla"),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_of_a_closed_conversation_the_opening_alone_is_left(world: World, ending: Callable[[World], object]) -> None:
    world.opened()
    ending(world)
    assert len(left(world)) > 1
    expire(world)
    closed(world)
    assert (left(world), rows()) == (["outbound-api"], [])
    assert world.carrier.log.messages[0].body == world.carrier.sent[0].text


def test_nothing_is_deleted_while_the_conversation_is_open(world: World) -> None:
    world.opened()
    world.text("9")
    for _ in range(3):
        at(world, timedelta(hours=6))
    assert (rows(), world.carrier.deleted) == ([], [])


def test_the_carrier_is_given_five_minutes_to_be_done(world: World) -> None:
    world.opened()
    finish(world)
    at(world, SETTLES_IN - timedelta(seconds=1))
    assert (world.carrier.deleted, len(rows())) == ([], 1)
    at(world, timedelta(seconds=1))
    assert (left(world), rows()) == (["outbound-api"], [])
    at(world, MINUTE)
    assert len(world.carrier.deleted) == 6


def refused(world: World) -> None:
    world.carrier.faults.append(SendFailed(21211))
    world.opened()


def never_arrived(world: World) -> None:
    world.callback(world.opened(), "undelivered", error_code="30003")


def never_taken(world: World) -> None:
    world.carrier.faults.append(OutcomeUnknown())
    world.carrier.fates = [None, None]
    world.opened()
    for _ in range(4):
        at(world, timedelta(minutes=16))


def cancelled(world: World) -> None:
    assert cancel(world.parts, invitation(world.invite()))


NOTHING_SAID = {
    "refused": refused,
    "never arrived": never_arrived,
    "never taken": never_taken,
    "cancelled": cancelled,
}


@pytest.mark.parametrize("ending", NOTHING_SAID.values(), ids=NOTHING_SAID)
def test_an_opening_that_never_arrived_owes_nothing(world: World, ending: Callable[[World], None]) -> None:
    ending(world)
    closed(world)
    assert rows() == []


# --- what is left after it


def test_a_tombstone_knows_a_repeated_message_no_longer_than_the_carrier(world: World) -> None:
    world.opened()
    finish(world)
    last = world.parts.library.surveys["nuorten-matala-nuori"].thanks[Language.FI]
    assert world.text("OHITA", message_id="SMin3") == held(world).last_reply != ""
    assert held(world).last_reply.startswith(last[:10])
    at(world, SETTLES_IN)
    assert (held(world).message_ids, held(world).last_reply) == ((), "")


def test_when_a_tombstone_goes_does_not_tell_how_long_they_answered(world: World) -> None:
    world.opened()
    world.opened(number=OTHER_PHONE)
    finish(world)
    world.lapse(days=6)
    closed(world, number=OTHER_PHONE)
    assert tombstone(world, PHONE) == tombstone(world, OTHER_PHONE)


def tombstone(world: World, number: PhoneNumber) -> int:
    return int(ConversationRow.get(key_of(world, number)).forget_at)


# --- what the row tells


def test_the_row_tells_neither_how_many_messages_there_were_nor_of_a_response(world: World) -> None:
    accepted = world.opened()
    before = held(world)
    finish(world)
    (row,) = rows()
    assert set(row.attribute_values) == {"id", "sealed_number", "digest", "begun", "since", "due"}
    assert row.id == before.conversation_id
    (response,) = world.responses()
    told = repr(row.attribute_values)
    for trace in (accepted.id, "kotka", "nuorten-matala", response.month_group_id.rpartition("#")[2]):
        assert trace not in told


def test_every_closing_has_a_row_of_its_own(world: World) -> None:
    for number in (PHONE, OTHER_PHONE):
        world.opened(number=number)
        finish(world, number=number)
    assert len({row.id for row in rows()}) == 2
    at(world, SETTLES_IN)
    assert (left(world), left(world, OTHER_PHONE), rows()) == (["outbound-api"], ["outbound-api"], [])


# --- another conversation of the number


def test_a_later_conversation_loses_nothing_to_what_is_owed_of_an_earlier_one(world: World) -> None:
    """Only a colleague's trials follow each other so soon."""
    world.text("KOE")
    world.opened()
    finish(world)
    world.clock.now += 3 * MINUTE
    world.opened(language=Language.SV)
    assert world.text("9")
    at(world, SETTLES_IN)
    assert left(world)[-3:] == ["outbound-api", "inbound", "outbound-reply"]
    for body in ("3524", "HOPPA"):
        assert world.text(body)
    closed(world)
    at(world, SETTLES_IN)
    assert (set(left(world)), rows()) == ({"outbound-api"}, [])


def test_three_months_later_the_earlier_opening_is_still_there(world: World) -> None:
    world.opened()
    finish(world)
    at(world, SETTLES_IN)
    world.clock.now += timedelta(days=98)
    world.opened()
    finish(world)
    at(world, SETTLES_IN)
    assert left(world) == ["outbound-api", "outbound-api"]


# --- outside of a conversation

STRAYS = {
    "a late answer": ("9", True),
    "a call for help after the end": ("haluan kuolla", True),
    "a stranger's question": ("Kuka siellä?", False),
    "a stranger's call for help": ("haluan kuolla", False),
    "a stranger's refusal": ("STOP", False),
}


@pytest.mark.parametrize(("body", "known"), STRAYS.values(), ids=STRAYS)
def test_a_message_outside_of_a_conversation_goes_with_its_answer(world: World, body: str, known: bool) -> None:
    if known:
        world.opened()
        finish(world)
        at(world, SETTLES_IN)
    world.clock.now += 4 * MINUTE
    assert world.text(body)
    at(world, SETTLES_IN)
    assert (left(world), rows()) == (["outbound-api"] if known else [], [])


def test_a_call_for_help_is_answered_though_its_number_cannot_be_sealed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def cannot(_: PhoneNumber, __: str) -> bytes:
        raise CannotSeal

    world.parts = replace(world.parts, seal=cannot)
    assert "112" in world.text("haluan kuolla")
    assert rows() == []
    assert PHONE.removeprefix("+358") not in caplog.text


def test_an_opening_that_leaves_just_after_a_stray_message_is_not_deleted_with_it(world: World) -> None:
    world.invite()
    assert world.text("Mikä tämä on?")
    world.deliver()
    at(world, SETTLES_IN)
    assert left(world) == ["outbound-api"]


# --- a carrier that does not do it now


@pytest.mark.parametrize("fault", [CarrierSilent(), NotYet()], ids=["silent", "still on its way"])
def test_what_the_carrier_does_not_delete_now_stays_owed(world: World, fault: Exception) -> None:
    world.opened()
    finish(world)
    world.carrier.silent = [fault]
    at(world, SETTLES_IN)
    assert (len(rows()), held(world).last_reply != "") == (1, True)
    at(world, SETTLES_IN)
    assert (left(world), rows()) == (["outbound-api"], [])


def test_at_the_first_silence_nothing_more_is_asked_of_the_carrier(world: World) -> None:
    world.opened()
    finish(world)
    world.carrier.silent = [CarrierSilent()]
    at(world, SETTLES_IN)
    assert world.carrier.deleted == []


def test_a_message_still_on_its_way_keeps_the_others_not_waiting(world: World) -> None:
    world.opened()
    finish(world)
    world.carrier.silent = [NotYet()]
    at(world, SETTLES_IN)
    assert (len(left(world)), len(rows())) == (2, 1)


@dataclass(slots=True)
class SlowCarrier(RecordingCarrier):
    """Deletes, but takes its time."""

    def delete(self, message_id: str) -> None:
        RecordingCarrier.delete(self, message_id)
        self.clock.now += LONGEST_AT_ONCE


def test_a_slow_carrier_is_left_for_the_next_time(world: World) -> None:
    world.opened()
    finish(world)
    slow = SlowCarrier(log=world.carrier.log, clock=world.clock)
    world.delivery = replace(world.delivery, carrier=slow)
    at(world, SETTLES_IN)
    assert (len(slow.deleted), len(rows())) == (2, 1)
    for _ in range(3):
        at(world, DAY)
    assert (left(world), rows()) == (["outbound-api"], [])


@dataclass(slots=True)
class SilentCarrier(RecordingCarrier):
    """Deletes nothing; counts how often it is asked."""

    asked_for: int = field(default=0)

    def delete(self, message_id: str) -> None:
        assert message_id
        self.asked_for += 1
        raise CarrierSilent


def silence(world: World) -> SilentCarrier:
    carrier = SilentCarrier(log=world.carrier.log, clock=world.clock)
    world.delivery = replace(world.delivery, carrier=carrier)
    return carrier


def test_a_silent_carrier_is_asked_less_and_less_often_and_at_least_every_six_hours(world: World) -> None:
    world.opened()
    world.text("STOP")
    carrier, asked_at = silence(world), []
    closed_at = world.clock.now
    while world.clock.now < closed_at + timedelta(days=2):
        (row,) = rows()
        at(world, timedelta(seconds=int(row.due - world.clock.now.timestamp())))
        asked_at.append(world.clock.now)
    waits = [later - earlier for earlier, later in pairwise(asked_at)]
    assert carrier.asked_for == len(asked_at)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (SETTLES_IN, timedelta(hours=6))
    world.delivery = replace(world.delivery, carrier=world.carrier)
    at(world, timedelta(hours=6))
    assert (left(world), rows()) == (["outbound-api"], [])


# --- the queue


def test_an_item_that_was_lost_is_put_again(world: World) -> None:
    world.opened()
    finish(world)
    world.clock.now += SETTLES_IN
    lost: list[str] = []
    put_owed(world.parts, lost.extend)
    assert len(lost) == 1
    at(world, MINUTE)
    assert len(rows()) == 1
    at(world, SETTLES_IN)
    assert rows() == []


def test_what_could_not_be_put_is_put_in_the_next_round(world: World) -> None:
    def refuse(_: object) -> None:
        raise NotQueued

    world.opened()
    finish(world)
    world.clock.now += SETTLES_IN
    with pytest.raises(NotQueued):
        put_owed(world.parts, refuse)
    world.tick()
    assert rows() == []


def test_an_item_that_comes_twice_does_nothing_the_second_time(world: World) -> None:
    world.opened()
    finish(world)
    (row,) = rows()
    world.clock.now += SETTLES_IN
    for _ in range(2):
        delete_owed(world.delivery, row.id)
    assert (left(world), len(world.carrier.deleted), rows()) == (["outbound-api"], 6, [])


@dataclass(slots=True)
class InterruptedCarrier(RecordingCarrier):
    """Another deliverer, with the same item, does all of it before this one's message number `at` is deleted."""

    world: World | None = None
    at: int = 0

    def delete(self, message_id: str) -> None:
        world, self.at = self.world, self.at - 1
        if world is not None and self.at == 0:
            (row,) = rows()
            delete_owed(world.delivery, row.id)
        RecordingCarrier.delete(self, message_id)


@pytest.mark.parametrize("at_message", [1, 3, 6])
@pytest.mark.parametrize("fault", [None, CarrierSilent()], ids=["both are done", "this one is refused a message"])
def test_two_at_once_lose_nothing_and_raise_nothing(world: World, at_message: int, fault: Exception | None) -> None:
    world.opened()
    finish(world)
    world.clock.now += SETTLES_IN
    (row,) = rows()
    first = InterruptedCarrier(log=world.carrier.log, clock=world.clock, world=world, at=at_message)
    first.silent = [fault] if fault and at_message > 1 else []
    delete_owed(replace(world.delivery, carrier=first), row.id)
    at(world, SETTLES_IN)
    assert (left(world), rows()) == (["outbound-api"], [])


# --- what is overdue


def test_once_a_day_it_is_told_how_many_are_older_than_a_week(world: World) -> None:
    world.opened()
    finish(world)
    silence(world)
    for _ in range(9 * 4):
        at(world, timedelta(hours=6))
    assert counted(world, Metric.DELETIONS_OVERDUE) == [0] * 8 + [1] * 2
    assert counted(world, Metric.OLDEST_DELETION) == [DAY.total_seconds() * age for age in range(10)]
    at(world, MINUTE)
    assert len(counted(world, Metric.DELETIONS_OVERDUE)) == 10


def test_all_being_well_none_is_overdue(world: World) -> None:
    world.opened()
    finish(world)
    for _ in range(9):
        at(world, DAY)
    assert counted(world, Metric.DELETIONS_OVERDUE) == [0] * 10


def test_a_silent_carrier_keeps_nothing_else_of_the_round_waiting(world: World) -> None:
    world.opened()
    finish(world)
    silence(world)
    world.clock.now += SETTLES_IN
    world.opened(number=OTHER_PHONE)
    assert held(world, OTHER_PHONE).state is State.OPEN
    at(world, MINUTE)
    assert world.columns()["invited"] == 2
