"""The background of one machine: what falls due while the clock is moved is done at its hour, not after it."""

from dataclasses import replace

import pytest
from pynamodb.exceptions import TransactWriteError

from handler.work.deliver import Delivery
from local.clock import MovableClock
from local.examples import made_up, write
from local.one_app import Background
from survey_flow.helsinki import local
from tests.world import OTHER_PHONE, START, World


@pytest.fixture
def moving(world: World) -> tuple[World, MovableClock, Background]:
    clock = MovableClock(START)
    world.parts = replace(world.parts, clock=clock)
    world.delivery = replace(world.delivery, parts=world.parts)
    return world, clock, Background(world.delivery, 1)


def test_an_opening_leaves_within_its_hours_though_the_clock_jumps_over_them(
    moving: tuple[World, MovableClock, Background],
) -> None:
    world, clock, background = moving
    background.move(clock, clock.after("PT6H"))
    accepted = world.invite()
    background.move(clock, clock.after("P1D"))
    assert len(world.carrier.sent) == 1
    assert world.held().due.date() == (
        accepted.send_at.date().replace(day=28)
    )  # 72 h after it left, not after the jump
    background.move(clock, clock.after("P3M"))
    assert world.held().state == "closed"
    assert local(clock()).isoformat().startswith("2027-02-25T21:00")


def test_one_opening_that_cannot_be_sent_keeps_no_other_waiting(world: World) -> None:
    world.invite()
    world.invite(number=OTHER_PHONE)
    world.carrier.faults = [ArithmeticError("a fault of ours")]
    delivery: Delivery = world.delivery
    Background(delivery, 1).round()
    assert len(world.carrier.sent) == 1


def test_an_example_is_written_once(world: World) -> None:
    example = next(made_up(world.parts, START))
    write(world.parts, example, 0)
    with pytest.raises(TransactWriteError):
        write(world.parts, example, 0)
    assert len(world.responses()) == 1
