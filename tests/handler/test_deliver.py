"""Sending one opening: every outcome of a send, what may come between, trials, and two peppers at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from handler.outside.carrier import CarrierSilent, OutcomeUnknown, Outgoing, SendFailed, TryLater
from handler.settings import Pepper
from handler.tables import conversations, opt_outs
from handler.tables.base import LostRace
from handler.tables.conversations import Owed, State
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow, InvitationState, advance
from handler.work.cancel import cancel
from handler.work.close import close, still_to_tell
from handler.work.delivery import SHORTEST_WAIT
from handler.work.invite import Accepted
from handler.work.metric import Metric
from handler.work.request import Refusal
from handler.work.settle import LEASE
from survey_flow.conversation import OptOutHow, Outcome
from survey_flow.library import Library
from tests.handler.looking import contact, invitation, invitation_in, is_contact, key_of, refused
from tests.world import OTHER_PHONE, PHONE, Crashed, RecordingCarrier, World, made_world

QUESTION_2 = "Mitä mieltä olet?"


# --- what leaves


def test_the_opening_carries_our_id_and_is_void_when_the_hours_end(world: World) -> None:
    accepted = world.opened()
    (sent,) = world.carrier.sent
    assert invitation_in(sent.status_callback) == accepted.id
    assert sent.status_callback.startswith("https://kuulolla.example/sms/status?")
    assert sent.validity_seconds == 4 * 3600  # from 15 to 19
    assert sent.text.startswith("Hei Nuorten Matalasta!")


def test_the_number_is_kept_sealed_only_until_the_carrier_has_forgotten_the_conversation(world: World) -> None:
    world.opened()
    world.lapse(days=1)
    assert len(world.carrier.sent) == 2
    assert world.held().sealed_number is not None
    world.text("STOP")
    assert (world.held().sealed_number, len(list(DeletionRow.scan()))) == (None, 1)
    world.lapse(hours=1)
    assert list(DeletionRow.scan()) == []


# --- outcomes


def test_asked_to_wait_the_opening_waits_and_leaves_later(world: World) -> None:
    world.carrier.faults.append(TryLater())
    accepted = world.opened()
    assert (invitation(accepted).state, world.held().state) == (InvitationState.QUEUED, State.QUEUED)
    world.tick()
    assert world.carrier.sent == []  # not at once
    world.clock.now += SHORTEST_WAIT
    world.tick()
    assert len(world.carrier.sent) == 1
    assert invitation(accepted).state is InvitationState.SENT


def test_what_waits_can_still_be_cancelled(world: World) -> None:
    world.carrier.faults.append(TryLater())
    accepted = world.opened()
    assert cancel(world.parts, invitation(accepted))
    world.clock.now += SHORTEST_WAIT
    world.tick()
    assert world.carrier.sent == []
    assert not is_contact(world)


def test_a_refused_send_closes_and_is_no_contact(world: World) -> None:
    world.carrier.faults.append(SendFailed(21211))
    accepted = world.opened()
    assert (invitation(accepted).state, invitation(accepted).reason) == (InvitationState.FAILED, "21211")
    assert (world.held().state, world.held().sealed_number) == (State.CLOSED, None)
    assert not is_contact(world)
    world.opened()
    assert len(world.carrier.sent) == 1


def test_a_send_refused_with_21610_is_an_opt_out(world: World) -> None:
    world.carrier.faults.append(SendFailed(21610))
    world.opened()
    assert opt_outs.OptOutRow.get(key_of(world)).how == "carrier"
    assert refused(world).refusal is Refusal.OPTED_OUT


@pytest.fixture
def unknown(world: World) -> Accepted:
    """An opening of which nobody knows whether it left."""
    world.carrier.faults.append(OutcomeUnknown())
    return world.opened()


def test_an_unknown_send_of_which_nobody_can_be_asked_stays_a_contact(world: World, unknown: Accepted) -> None:
    assert (invitation(unknown).state, world.held().state) == (InvitationState.UNKNOWN, State.UNKNOWN)
    world.carrier.fates = [CarrierSilent() for _ in range(40)]
    world.lapse(hours=80)
    assert world.carrier.sent == []
    assert invitation(unknown).state is InvitationState.UNKNOWN
    assert (Metric.UNKNOWN_SEND, 1) in world.metrics
    assert world.held().state is State.CLOSED
    assert is_contact(world)
    assert world.responses() == []


def test_an_unknown_send_is_settled_by_its_callback(world: World, unknown: Accepted) -> None:
    world.callback(unknown, "delivered")
    assert (invitation(unknown).state, world.held().state) == (InvitationState.DELIVERED, State.OPEN)


def test_an_unknown_send_that_never_arrived_is_no_contact(world: World, unknown: Accepted) -> None:
    world.callback(unknown, "undelivered", error_code="30003")
    assert (invitation(unknown).state, world.held().state) == (InvitationState.UNDELIVERED, State.CLOSED)
    assert not is_contact(world)


def test_an_unknown_send_is_settled_by_whatever_the_number_texts(world: World, unknown: Accepted) -> None:
    assert QUESTION_2 in world.text("9")
    assert world.held().state is State.OPEN
    assert invitation(unknown).state is InvitationState.SENT  # as after any send: nobody is told that an answer came


@pytest.mark.parametrize(
    ("body", "ends"), [("9", InvitationState.SENT), ("STOP", InvitationState.UNKNOWN)], ids=["an answer", "a refusal"]
)
def test_what_comes_before_the_process_dies_leaves_no_invitation_on_its_way(
    world: World, body: str, ends: InvitationState
) -> None:
    with pytest.raises(Crashed):
        interrupted(world, body, Crashed())
    (row,) = InvitationRow.scan()
    assert row.state == ends


def test_a_send_whose_process_died_becomes_unknown_when_its_lease_is_over(world: World) -> None:
    world.carrier.faults.append(Crashed())
    with pytest.raises(Crashed):
        world.opened()
    assert world.held().state is State.SENDING
    world.tick()
    assert world.held().state is State.SENDING
    world.clock.now += LEASE
    world.tick()
    assert world.held().state is State.UNKNOWN
    assert world.carrier.sent == []


# --- what comes while the carrier is being asked


class InterruptedCarrier(RecordingCarrier):
    """Something arrives from the number while the send is under way; then `fault` is raised."""

    def __init__(self, world: World, body: str, fault: Exception | None) -> None:
        super().__init__()
        self.world, self.body, self.fault = world, body, fault

    def send(self, message: Outgoing) -> str:
        self.world.text(self.body, number=message.to)
        if self.fault:
            raise self.fault
        return "SM1"


def interrupted(world: World, body: str, fault: Exception | None) -> Accepted:
    object.__setattr__(world.delivery, "carrier", InterruptedCarrier(world, body, fault))
    return world.opened()


FAULTS = {
    "sent": (None, InvitationState.SENT),
    "asked to wait": (TryLater(), InvitationState.FAILED),
    "refused": (SendFailed(21211), InvitationState.FAILED),
    "unknown": (OutcomeUnknown(), None),
}


@pytest.mark.parametrize(("fault", "ends"), FAULTS.values(), ids=FAULTS)
def test_a_stop_during_a_send_leaves_it_closed_and_sent_by_nobody_else(
    world: World, fault: Exception | None, ends: InvitationState | None
) -> None:
    accepted = interrupted(world, "STOP", fault)
    assert (world.held().state, world.held().sealed_number) == (State.CLOSED, None)
    if ends is not None:
        assert invitation(accepted).state is ends
    world.clock.forward(days=1)
    world.tick()
    assert world.held().state is State.CLOSED


@pytest.mark.parametrize("fault", [None, OutcomeUnknown()], ids=["sent", "unknown"])
def test_an_answer_during_a_send_keeps_the_conversation_open_for_a_reminder(
    world: World, fault: Exception | None
) -> None:
    interrupted(world, "9", fault)
    assert (world.held().state, world.held().owed) == (State.OPEN, Owed.REMINDER)
    assert world.held().dialogue.answers == {"nps": 9}


@pytest.mark.parametrize("body", ["9", "STOP"])
def test_a_text_that_loses_to_an_opening_queued_again_tells_the_invitation_nothing(world: World, body: str) -> None:
    """Read while the carrier was asked, written when it had said to wait."""
    accepted = world.invite()
    key, read = key_of(world), conversations.read

    class Busy(RecordingCarrier):
        def send(self, message: Outgoing) -> str:
            assert message.to == PHONE
            self.during = read(key)
            raise TryLater

    carrier = Busy()
    world.delivery = replace(world.delivery, carrier=carrier)
    world.deliver()
    told = still_to_tell(carrier.during, InvitationState.SENT)
    with pytest.raises(LostRace):
        close(world.parts, carrier.during, carrier.during.dialogue, Outcome.BROKEN_OFF, told=told)
    assert invitation(accepted).state is InvitationState.QUEUED
    world.delivery = replace(world.delivery, carrier=RecordingCarrier())
    world.text(body)
    world.lapse(days=12)
    assert world.held().state is State.CLOSED
    assert world.held().sealed_number is None


def test_an_opening_whose_invitation_went_ahead_of_it_is_not_owed_for_ever(world: World) -> None:
    world.carrier.faults = [TryLater()]
    accepted = world.opened()
    advance(accepted.id, InvitationState.UNKNOWN)
    world.carrier.fates = [None, None]
    world.lapse(days=1)
    assert invitation(accepted).state is InvitationState.FAILED
    assert world.held().state is State.CLOSED


# --- what comes between the invitation and its leaving


@pytest.mark.parametrize("how", [OptOutHow.SMS, OptOutHow.CARRIER])
def test_an_opt_out_row_alone_stops_a_queued_opening(world: World, how: OptOutHow) -> None:
    """A crash may leave the opt-out's row without its closing."""
    accepted = world.invite()
    opt_outs.record(key_of(world), how=how, today=world.parts.today())
    world.tick()
    assert world.carrier.sent == []
    assert (invitation(accepted).state, world.held().state) == (InvitationState.CANCELLED, State.CLOSED)
    assert not is_contact(world)


def test_an_opening_that_missed_its_hours_leaves_the_next_day_which_is_the_contact(world: World) -> None:
    accepted = world.invite()
    world.clock.forward(hours=5)
    world.tick()
    assert world.carrier.sent == []
    assert invitation(accepted).send_at == world.clock.now + timedelta(hours=18)
    world.clock.forward(hours=18)
    world.tick()
    assert len(world.carrier.sent) == 1
    found = contact(world)
    assert found is not None
    assert found.contacted_on == date(2026, 11, 25)


def test_an_opening_is_of_the_month_in_which_it_leaves(world: World) -> None:
    world.clock.forward(days=6, hours=5)  # Monday 30 November, 20:00
    accepted = world.invite()
    world.clock.forward(hours=18)
    world.tick()
    world.text("9")
    world.text("STOP")
    assert world.columns(month="2026-12")["nps_9"] == 1
    assert InvitationRow.get(accepted.id).month == "2026-12"


def test_an_opening_that_could_not_leave_for_a_week_expires(world: World) -> None:
    accepted = world.invite()
    world.clock.forward(days=7, minutes=1)
    world.tick()
    assert world.carrier.sent == []
    assert (invitation(accepted).state, world.held().state) == (InvitationState.EXPIRED, State.CLOSED)
    assert not is_contact(world)


# --- trials


def test_a_trial_heeds_neither_hours_nor_throttle_and_leaves_no_trace_in_the_counts(world: World) -> None:
    world.clock.forward(hours=7)  # 22:00
    for _ in range(2):
        world.text("KOE")
        assert world.opened().trial
        world.text("9")
        world.text("3524")
        assert world.text("OHITA").startswith("Kiitos")
    assert len(world.carrier.sent) == 2
    assert (world.columns(), world.responses(), world.comments(), contact(world)) == ({}, [], [], None)


def test_a_trial_is_over_after_a_day(world: World) -> None:
    world.text("KOE")
    world.clock.forward(days=1)
    assert not world.opened().trial
    assert is_contact(world)


def test_a_trial_of_one_phone_is_none_of_another(world: World) -> None:
    world.text("KOE")
    assert not world.invite(number=OTHER_PHONE).trial


def test_a_trial_does_not_pass_an_opt_out(world: World) -> None:
    world.text("KOE")
    world.text("STOP")
    assert refused(world).refusal is Refusal.OPTED_OUT


# --- two peppers

OLD, NEW = Pepper("1", b"pepper"), Pepper("2", b"newer")


@pytest.fixture
def rotated(world: World, library: Library) -> World:
    """The world after a second pepper was put first; `world` still writes under the old one alone."""
    after = made_world(library, prefix="test-", peppers=(NEW, OLD))
    after.clock = world.clock
    return after


def test_a_contact_under_the_old_pepper_still_blocks(world: World, rotated: World) -> None:
    world.opened()
    world.text("STOP")
    world.text("START")
    assert refused(rotated).refusal is Refusal.THROTTLED


def test_an_opt_out_under_the_old_pepper_is_found_and_lifted(world: World, rotated: World) -> None:
    world.text("STOP")
    assert refused(rotated).refusal is Refusal.OPTED_OUT
    rotated.text("START", message_id="SMstart")
    rotated.opened()
    assert len(rotated.carrier.sent) == 1


def test_an_opt_out_recorded_between_stops_what_is_queued_under_the_new_key(world: World, rotated: World) -> None:
    rotated.invite()
    world.text("STOP")  # a container that knows the old pepper alone
    rotated.tick()
    assert rotated.carrier.sent == []


def test_an_open_conversation_under_the_old_pepper_goes_on(world: World, rotated: World) -> None:
    world.opened()
    assert QUESTION_2 in rotated.text("9")
    assert refused(rotated).refusal is Refusal.THROTTLED
    assert world.held().dialogue.answers == {"nps": 9}


def test_an_opening_queued_under_the_old_pepper_leaves_after_the_change(world: World, rotated: World) -> None:
    accepted = world.invite()
    rotated.tick()
    assert len(rotated.carrier.sent) == 1
    rotated.callback(accepted, "undelivered")
    assert not is_contact(world)
