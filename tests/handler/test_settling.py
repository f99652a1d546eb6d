"""An opening of which nobody knows whether it left: never sent again, and settled by a callback, by whatever the number
texts, or by the carrier's own list."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import permutations

import pytest

from handler.outside.carrier import CarrierSilent, Fate, OutcomeUnknown, Outgoing, TryLater
from handler.tables import opt_outs
from handler.tables.conversations import Owed, State
from handler.tables.invitations import InvitationState
from handler.work.carrier_report import Report, report
from handler.work.invite import Accepted
from handler.work.metric import Metric
from handler.work.request import Refusal
from survey_flow import prompts
from survey_flow.helsinki import HELSINKI
from tests.handler.looking import held, invitation, invitation_in, is_contact, key_of, refused
from tests.world import PHONE, START, Crashed, RecordingCarrier, World

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
LEASE = timedelta(seconds=60)
LOOK = timedelta(minutes=15)
FIRST_LOOK = LEASE + LOOK
SECOND_LOOK = FIRST_LOOK + LOOK
LIFETIME = timedelta(hours=72)


WAYS: dict[str, Exception] = {"a time-out": OutcomeUnknown(), "a crash after the claim": Crashed()}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def unknown(world: World, request: pytest.FixtureRequest) -> Iterator[Accepted]:
    """An opening claimed at START whose outcome nobody knows; whatever happens, no test sends it again."""
    accepted = sent_blindly(world, request.param)
    yield accepted
    assert world.carrier.sent == [] or world.carrier.sent[0].text.startswith("Hei! Nuorten Matala: ")  # the reminder


def sent_blindly(world: World, fault: Exception) -> Accepted:
    world.carrier.faults.append(fault)
    accepted = world.invite()
    with suppress(Crashed):
        world.tick()
    return accepted


def at(world: World, moment: datetime) -> None:
    """One round of the schedule then, with no time gone by in between."""
    world.clock.now = moment
    world.tick()


def walk(world: World, moment: datetime, *, every: timedelta = LOOK) -> None:
    """Rounds up to this moment, so often as stated."""
    while world.clock.now < moment:
        at(world, min(world.clock.now + every, moment))


def look_twice(world: World) -> None:
    """Up to the moment of the second look, if the first one settles nothing."""
    walk(world, START + FIRST_LOOK)
    walk(world, START + SECOND_LOOK)


def states(world: World, accepted: Accepted) -> tuple[State, InvitationState]:
    return held(world).state, invitation(accepted).state


# --- when the carrier's list is looked at


def test_the_first_look_comes_a_quarter_of_an_hour_after_the_lease(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [Fate("delivered")]
    walk(world, START + FIRST_LOOK - SECOND, every=MINUTE)
    assert (world.carrier.asked, states(world, unknown)) == ([], (State.UNKNOWN, InvitationState.UNKNOWN))
    at(world, START + FIRST_LOOK)
    assert states(world, unknown) == (State.OPEN, InvitationState.DELIVERED)


def test_the_list_is_asked_for_that_number_that_text_and_since_the_claim(world: World, unknown: Accepted) -> None:
    dialogue = held(world).dialogue
    assert dialogue is not None
    text = prompts.opening(world.parts.script(dialogue), dialogue)
    world.carrier.fates = [None]
    walk(world, START + FIRST_LOOK)
    assert world.carrier.asked == [(PHONE, sha256(text.encode()).hexdigest(), FIRST_LOOK)]


def test_duplicate_items_make_no_look_come_sooner(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [None, None]
    moments = [FIRST_LOOK - SECOND, FIRST_LOOK, FIRST_LOOK + MINUTE, SECOND_LOOK - SECOND]
    for looks, since in zip([0, 1, 1, 1], moments, strict=True):
        walk(world, START + since, every=MINUTE)
        world.queued.extend([key_of(world)] * 4)
        world.deliver()
        assert len(world.carrier.asked) == looks
    assert states(world, unknown) == (State.UNKNOWN, InvitationState.UNKNOWN)


# --- found in the list

ARRIVED = {
    "delivered": InvitationState.DELIVERED,
    "sent": InvitationState.SENT,
    "sending": InvitationState.SENT,
    "queued": InvitationState.SENT,
    "accepted": InvitationState.SENT,
}


@pytest.mark.parametrize(("status", "becomes"), ARRIVED.items(), ids=ARRIVED)
def test_found_on_its_way_it_opens_the_conversation(
    world: World, unknown: Accepted, status: str, becomes: InvitationState
) -> None:
    world.carrier.fates = [Fate(status)]
    walk(world, START + FIRST_LOOK)
    assert states(world, unknown) == (State.OPEN, becomes)
    assert (held(world).owed, is_contact(world)) == (Owed.REMINDER, True)
    walk(world, START + FIRST_LOOK + timedelta(days=1), every=timedelta(hours=3))
    assert len(world.carrier.sent) == 1  # the reminder


ARRIVED_NEVER = {
    "undelivered": ("undelivered", "30003", InvitationState.UNDELIVERED),
    "failed": ("failed", "30005", InvitationState.FAILED),
    "canceled": ("canceled", "", InvitationState.FAILED),
}


@pytest.mark.parametrize(("status", "code", "becomes"), ARRIVED_NEVER.values(), ids=ARRIVED_NEVER)
def test_found_failed_it_was_no_contact(
    world: World, status: str, code: str, becomes: InvitationState, unknown: Accepted
) -> None:
    world.carrier.fates = [Fate(status, code)]
    walk(world, START + FIRST_LOOK)
    assert states(world, unknown) == (State.CLOSED, becomes)
    assert (invitation(unknown).reason, is_contact(world), held(world).sealed_number) == (code, False, None)


def test_found_in_the_second_look_it_opens_the_conversation(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [None, Fate("sent")]
    look_twice(world)
    assert states(world, unknown) == (State.OPEN, InvitationState.SENT)


# --- absent from the list


def test_absent_in_two_looks_a_quarter_of_an_hour_apart_it_never_left(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [None, None]
    walk(world, START + FIRST_LOOK)
    walk(world, START + SECOND_LOOK - SECOND, every=MINUTE)
    assert (states(world, unknown), is_contact(world)) == ((State.UNKNOWN, InvitationState.UNKNOWN), True)
    walk(world, START + SECOND_LOOK)
    assert states(world, unknown) == (State.CLOSED, InvitationState.FAILED)
    assert (invitation(unknown).reason, is_contact(world), held(world).sealed_number) == ("absent", False, None)
    walk(world, START + timedelta(days=8), every=timedelta(hours=6))
    assert world.carrier.sent == []


def test_an_opening_that_never_left_is_counted_as_undelivered(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [None, None]
    look_twice(world)
    at(world, world.clock.now + MINUTE)
    assert (world.columns()["invited"], world.columns()["undelivered"]) == (0, 1)


def test_after_one_that_never_left_the_number_may_be_invited_again(world: World) -> None:
    first = sent_blindly(world, OutcomeUnknown())
    world.carrier.fates = [None, None]
    look_twice(world)
    second = world.opened()
    assert len(world.carrier.sent) == 1
    assert states(world, second) == (State.OPEN, InvitationState.SENT)
    for status in ("undelivered", "delivered", "failed"):  # the first one's callbacks, after all
        world.callback(first, status, error_code="30003")
    assert states(world, second) == (State.OPEN, InvitationState.SENT)
    assert is_contact(world)


def test_until_it_is_known_not_to_have_left_the_number_is_not_invited_again(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [None]
    walk(world, START + FIRST_LOOK)
    assert refused(world).refusal is Refusal.THROTTLED


def test_a_silent_list_between_two_looks_takes_nothing_from_them(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [None, CarrierSilent(), None]
    look_twice(world)
    assert states(world, unknown) == (State.UNKNOWN, InvitationState.UNKNOWN)
    walk(world, START + SECOND_LOOK + LOOK)
    assert (states(world, unknown), invitation(unknown).reason) == ((State.CLOSED, InvitationState.FAILED), "absent")


# --- nobody can be asked

EVENING = datetime(2026, 11, 24, 18, 50, tzinfo=HELSINKI)
PATIENCE = {
    "in the afternoon, until the hours end": (START, START + timedelta(hours=4)),
    "shortly before the hours end, for an hour": (EVENING, EVENING + timedelta(hours=1)),
}


@pytest.mark.parametrize(("claimed", "until"), PATIENCE.values(), ids=PATIENCE)
def test_a_list_that_stays_unreachable_leaves_it_unknown_for_good(
    world: World, claimed: datetime, until: datetime
) -> None:
    world.clock.now = claimed
    accepted = sent_blindly(world, OutcomeUnknown())
    world.carrier.fates = [CarrierSilent() for _ in range(100)]
    walk(world, until - SECOND)
    assert (held(world).owed, world.metrics.count((Metric.UNKNOWN_SEND, 1))) == (Owed.SETTLING, 0)
    assert held(world).sends_more
    walk(world, until + LOOK)
    assert (held(world).owed, world.metrics.count((Metric.UNKNOWN_SEND, 1))) == (Owed.EXPIRY, 1)
    assert not held(world).sends_more
    asked = len(world.carrier.asked)
    walk(world, claimed + LIFETIME - SECOND, every=timedelta(hours=3))
    assert states(world, accepted) == (State.UNKNOWN, InvitationState.UNKNOWN)
    walk(world, claimed + LIFETIME)
    assert states(world, accepted) == (State.CLOSED, InvitationState.UNKNOWN)
    assert (len(world.carrier.asked), world.metrics.count((Metric.UNKNOWN_SEND, 1))) == (asked, 1)
    assert (is_contact(world), world.carrier.sent, world.responses()) == (True, [], [])


def test_one_that_stayed_unknown_is_counted_as_invited(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [CarrierSilent() for _ in range(100)]
    walk(world, START + timedelta(hours=5))
    assert (world.columns()["invited"], world.columns()["undelivered"]) == (1, 0)


def test_a_list_that_is_reachable_again_in_time_settles_it(world: World, unknown: Accepted) -> None:
    world.carrier.fates = [*(CarrierSilent() for _ in range(5)), Fate("delivered")]
    walk(world, START + timedelta(hours=2, minutes=30))
    assert states(world, unknown) == (State.OPEN, InvitationState.DELIVERED)
    assert (Metric.UNKNOWN_SEND, 1) not in world.metrics


LATER: dict[str, Callable[[World, Accepted], object]] = {
    "its callback": lambda world, accepted: world.callback(accepted, "delivered"),
    "an answer": lambda world, _: world.text("9"),
}


@pytest.mark.parametrize("comes", LATER.values(), ids=LATER)
def test_what_comes_after_all_opens_what_stayed_unknown(
    world: World, unknown: Accepted, comes: Callable[[World, Accepted], object]
) -> None:
    world.carrier.fates = [CarrierSilent() for _ in range(100)]
    walk(world, START + timedelta(hours=5))
    comes(world, unknown)
    assert (held(world).state, held(world).owed) == (State.OPEN, Owed.EXPIRY)
    walk(world, START + timedelta(hours=5) + LIFETIME, every=timedelta(hours=6))
    assert (held(world).state, world.carrier.sent) == (State.CLOSED, [])


# --- settled by its callbacks


@pytest.mark.parametrize("order", list(permutations(("queued", "sent", "delivered"))), ids=" ".join)
def test_callbacks_in_any_order_and_twice_settle_it_as_delivered(
    world: World, unknown: Accepted, order: tuple[str, ...]
) -> None:
    walk(world, START + 2 * LEASE)
    for status in (*order, *order):
        world.callback(unknown, status)
    assert states(world, unknown) == (State.OPEN, InvitationState.DELIVERED)
    walk(world, START + timedelta(hours=2))
    assert world.carrier.asked == []


@pytest.mark.parametrize("order", list(permutations(("queued", "sent", "undelivered"))), ids=" ".join)
def test_callbacks_in_any_order_and_twice_settle_it_as_undelivered(
    world: World, unknown: Accepted, order: tuple[str, ...]
) -> None:
    walk(world, START + 2 * LEASE)
    for status in (*order, *order):
        world.callback(unknown, status, error_code="30003" if status == "undelivered" else "")
    assert states(world, unknown) == (State.CLOSED, InvitationState.UNDELIVERED)
    assert (invitation(unknown).reason, is_contact(world), world.carrier.asked) == ("30003", False, [])


@dataclass(slots=True)
class HastyCarrier(RecordingCarrier):
    """Calls back before its own answer has come; then `fault` is raised, if there is one."""

    world: World | None = None
    statuses: tuple[str, ...] = ()
    fault: Exception | None = None

    def send(self, message: Outgoing) -> str:
        assert self.world is not None
        about = invitation_in(message.status_callback)
        for status in self.statuses:
            report(self.world.parts, Report(about, status, message.to, "30003" if status == "undelivered" else ""))
        if self.fault:
            raise self.fault
        return RecordingCarrier.send(self, message)


HASTE = {
    "sent": (("sent",), (State.OPEN, InvitationState.SENT)),
    "delivered": (("delivered",), (State.OPEN, InvitationState.DELIVERED)),
    "delivered before sent": (("delivered", "sent"), (State.OPEN, InvitationState.DELIVERED)),
    "undelivered": (("undelivered",), (State.CLOSED, InvitationState.UNDELIVERED)),
    "undelivered before sent": (("undelivered", "sent"), (State.CLOSED, InvitationState.UNDELIVERED)),
}
ENDS: dict[str, Exception | None] = {"no fault": None, **WAYS}


@pytest.mark.parametrize("fault", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize(("statuses", "settled"), HASTE.values(), ids=HASTE)
def test_a_callback_that_is_quicker_than_the_deliverer_settles_it(
    world: World,
    fault: Exception | None,
    statuses: tuple[str, ...],
    settled: tuple[State, InvitationState],
) -> None:
    hasty = HastyCarrier(world=world, statuses=statuses, fault=fault)
    world.delivery = replace(world.delivery, carrier=hasty)
    accepted = world.invite()
    with suppress(Crashed):
        world.tick()
    walk(world, START + LEASE, every=MINUTE)
    assert states(world, accepted) == settled
    assert is_contact(world) is (settled[0] is State.OPEN)
    hasty.statuses, hasty.fault = (), None
    walk(world, START + timedelta(hours=3))
    assert (states(world, accepted), hasty.asked) == (settled, [])
    assert len(hasty.sent) == (0 if fault else 1)


@pytest.mark.parametrize("status", ["sent", "delivered", "undelivered"])
def test_a_callback_of_what_the_carrier_had_asked_to_wait_with_leaves_nothing_stuck(world: World, status: str) -> None:
    """The carrier took it, and said 429 all the same."""
    world.carrier.faults = [TryLater()]
    accepted = world.opened()
    world.callback(accepted, status, error_code="30003" if status == "undelivered" else "")
    walk(world, START + timedelta(days=9), every=timedelta(hours=6))
    assert held(world).state is State.CLOSED


# --- settled by what the number texts

TEXTS = {
    "an answer": ("9", State.OPEN),
    "something unreadable": ("öö", State.OPEN),
    "a call for help": ("haluan kuolla", State.OPEN),
    "HELP": ("APUA", State.OPEN),
    "STOP": ("STOP", State.CLOSED),
    "a wrong number": ("väärä numero", State.CLOSED),
}


@pytest.mark.parametrize(("body", "becomes"), TEXTS.values(), ids=TEXTS)
def test_whatever_the_number_texts_settles_it(world: World, unknown: Accepted, body: str, becomes: State) -> None:
    walk(world, START + 2 * LEASE)
    assert world.text(body)
    assert held(world).state is becomes
    walk(world, START + timedelta(hours=2))
    assert (held(world).state, world.carrier.asked, is_contact(world)) == (becomes, [], True)


@pytest.mark.parametrize("fault", WAYS.values(), ids=WAYS)
def test_an_answer_before_the_lease_is_over_settles_it(world: World, fault: Exception) -> None:
    accepted = sent_blindly(world, fault)
    assert world.text("9")
    walk(world, START + timedelta(hours=2))
    assert (held(world).state, held(world).owed, world.carrier.asked) == (State.OPEN, Owed.REMINDER, [])
    world.callback(accepted, "undelivered", error_code="30003")  # it did arrive, whatever is told
    assert (held(world).state, is_contact(world)) == (State.OPEN, True)


def test_an_opt_out_while_it_is_unknown_is_kept_when_it_is_settled(world: World, unknown: Accepted) -> None:
    walk(world, START + 2 * LEASE)
    world.text("STOP")
    world.callback(unknown, "delivered")
    assert states(world, unknown) == (State.CLOSED, InvitationState.DELIVERED)
    assert opt_outs.stands(key_of(world))


# --- two at once


def test_two_lookers_at_one_send_count_as_one_look(world: World, unknown: Accepted) -> None:
    """The second one asks while the first one is asking."""
    looking = LookingTwice(world=world, fates=[None, None, None])
    world.delivery = replace(world.delivery, carrier=looking)
    walk(world, START + FIRST_LOOK)
    assert len(looking.asked) == 2
    assert states(world, unknown) == (State.UNKNOWN, InvitationState.UNKNOWN)
    at(world, START + SECOND_LOOK - SECOND)
    assert len(looking.asked) == 2
    walk(world, START + SECOND_LOOK)
    assert states(world, unknown) == (State.CLOSED, InvitationState.FAILED)


@dataclass(slots=True)
class LookingTwice(RecordingCarrier):
    world: World | None = None
    second_looks: bool = True

    def fate_of(self, *told: object, **more: object) -> Fate | None:
        assert self.world is not None
        if self.second_looks:
            self.second_looks = False
            self.world.queued.append(key_of(self.world))
            self.world.deliver()
        return RecordingCarrier.fate_of(self, *told, **more)  # type: ignore[arg-type]
