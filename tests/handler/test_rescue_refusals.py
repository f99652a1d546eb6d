"""Refusals and START that are rescued: in whatever order they are heard, in doubt the number is left in peace."""

from datetime import timedelta

import pytest

from handler.settings import Pepper
from handler.work import opt_out
from handler.work.opt_out import staff_opt_out
from survey_flow.library import Library
from tests.handler.keeping import Kept
from tests.world import PHONE, World, made_world

# Less than what Twilio may have taken to bring a message to the fallback.
SOON = timedelta(seconds=25)


@pytest.fixture
def kept(world: World) -> Kept:
    return Kept(world)


@pytest.fixture(params=[False, True], ids=["no survey", "a survey is open"])
def perhaps_asked(request: pytest.FixtureRequest, world: World, kept: Kept) -> Kept:
    if request.param:
        world.opened()
    return kept


def refuses(world: World) -> bool:
    return opt_out.refuses(world.parts, PHONE)


# --- one after another


ALL_AT_ONCE, KEPT, STAFF = "heard as it came", "kept", "told to the staff"
# What was said in this order, how each was heard, and whether the number has opted out at the end. The kept ones are
# rescued after everything else, in their order.
ORDERS: dict[str, tuple[list[tuple[str, str]], bool]] = {
    "STOP kept, START kept": ([("STOP", KEPT), ("START", KEPT)], False),
    "START kept, STOP kept": ([("START", KEPT), ("STOP", KEPT)], True),
    "STOP, START kept": ([("STOP", ALL_AT_ONCE), ("START", KEPT)], False),
    "START kept, STOP": ([("START", KEPT), ("STOP", ALL_AT_ONCE)], True),
    "STOP, START kept, STOP": ([("STOP", ALL_AT_ONCE), ("START", KEPT), ("STOP", ALL_AT_ONCE)], True),
    "START kept, staff": ([("START", KEPT), ("STOP", STAFF)], True),
    "staff, START kept": ([("STOP", STAFF), ("START", KEPT)], False),
    "STOP kept, START kept, STOP": ([("STOP", KEPT), ("START", KEPT), ("STOP", ALL_AT_ONCE)], True),
    "START kept, wrong number": ([("START", KEPT), ("väärä numero", ALL_AT_ONCE)], True),
    # A START leaves no trace: the refusal is heard, and its answer tells how to come back.
    "STOP kept, START": ([("STOP", KEPT), ("START", ALL_AT_ONCE)], True),
}


@pytest.mark.parametrize("by_carrier", [False, True], ids=["answered by us", "answered by the carrier"])
@pytest.mark.parametrize(("order", "refused"), ORDERS.values(), ids=ORDERS)
def test_a_kept_start_lifts_no_refusal_that_came_after_it(
    world: World, perhaps_asked: Kept, order: list[tuple[str, str]], refused: bool, by_carrier: bool
) -> None:
    kept, items = perhaps_asked, []
    for body, how in order:
        world.clock.forward(minutes=1)
        told = body if by_carrier and body in ("STOP", "START") else ""
        if how == STAFF:
            staff_opt_out(world.parts, PHONE, who="test")
        elif how == KEPT:
            items.append(kept.keep(body, opt_out=told))
        else:
            world.text(body, opt_out=told)
    world.clock.forward(hours=1)
    for item in items:
        kept.rescue(item)
    assert refuses(world) is refused


# --- within seconds, out of order, under another pepper


@pytest.mark.parametrize("body", ["STOP", "väärä numero"])
def test_a_start_lifts_no_refusal_that_was_heard_while_twilio_still_carried_the_start(
    world: World, perhaps_asked: Kept, body: str
) -> None:
    world.clock.now += timedelta(milliseconds=900)
    world.text(body)
    item = perhaps_asked.keep("START", after=SOON)
    assert perhaps_asked.rescue(item) == []
    assert refuses(world)


def test_a_start_that_comes_back_from_the_dead_letters_lifts_no_refusal_that_was_kept_after_it(
    world: World, perhaps_asked: Kept
) -> None:
    world.clock.now += timedelta(milliseconds=200)
    start = perhaps_asked.keep("START")
    stop = perhaps_asked.keep("STOP", after=timedelta(milliseconds=500))
    world.clock.forward(hours=9)
    assert len(perhaps_asked.rescue(stop)) == 1
    assert perhaps_asked.rescue(start) == []
    assert refuses(world)


def test_of_two_kept_messages_the_start_that_came_second_counts_though_seconds_lay_between(
    world: World, kept: Kept
) -> None:
    stop, start = kept.keep("STOP"), kept.keep("START", after=timedelta(seconds=5))
    assert len(kept.rescue(stop)) == len(kept.rescue(start)) == 1
    assert not refuses(world)


OLD, NEW = Pepper("1", b"pepper"), Pepper("2", b"newer")


@pytest.mark.parametrize("peppers", [(OLD, NEW), (NEW, OLD)], ids=["before the change", "after the change"])
def test_a_refusal_that_was_noted_under_the_other_pepper_is_not_lifted(
    world: World, library: Library, peppers: tuple[Pepper, ...]
) -> None:
    start = Kept(world).keep("START")
    before, after = (made_world(library, prefix="test-", peppers=order) for order in (peppers[::-1], peppers))
    before.clock.now = after.clock.now = world.clock.now + timedelta(minutes=5)
    before.text("STOP")
    assert Kept(after).rescue(start) == []
    assert refuses(before)
    assert refuses(after)


# --- what is said


def test_a_start_that_was_overruled_promises_nothing(world: World, kept: Kept) -> None:
    item = kept.keep("START")
    world.text("STOP")
    assert kept.rescue(item) == []


@pytest.mark.parametrize("body", ["lopeta", "väärä numero"])
def test_no_peace_is_promised_to_who_has_come_back_since(world: World, perhaps_asked: Kept, body: str) -> None:
    world.text(body, message_id="SM1")
    item = perhaps_asked.keep(body, message_id="SM1", after=SOON)
    world.text("START")
    assert perhaps_asked.rescue(item) == []
    assert not refuses(world)


@pytest.mark.parametrize("body", ["lopeta", "väärä numero"])
def test_a_refusal_that_still_stands_is_confirmed_once_more(world: World, perhaps_asked: Kept, body: str) -> None:
    reply = world.text(body, message_id="SM1")
    item = perhaps_asked.keep(body, message_id="SM1", after=SOON)
    assert perhaps_asked.rescue(item) == [reply]


def test_a_start_that_was_heard_too_late_for_twilio_is_confirmed_though_they_had_just_refused(
    world: World, kept: Kept
) -> None:
    world.text("STOP")
    reply = world.text("START", message_id="SM1")
    assert kept.rescue(kept.keep("START", message_id="SM1", after=SOON)) == [reply]
    assert not refuses(world)
