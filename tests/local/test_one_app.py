"""The background of one machine: what falls due while the clock is moved is done at its hour, not after it."""

from dataclasses import replace
from functools import partial

import pytest

from handler.jobs import deliver_batch
from handler.outside.send_queue import SendQueue
from handler.settings import settings_from
from handler.tables.base import LostRace
from local.background import Background
from local.clock import MovableClock
from local.examples import made_up, write
from local.queue import QueueWorker, make_missing_queue
from survey_flow.helsinki import local
from tests.environment import ENVIRONMENT
from tests.world import OTHER_PHONE, REGION, START, World


def background_of(world: World) -> Background:
    settings = settings_from(ENVIRONMENT)
    worker = QueueWorker(partial(deliver_batch, world.delivery), make_missing_queue(settings), region=REGION)
    return Background(world.delivery, SendQueue(settings.sending_queue, region=REGION).put, [worker], 1)


@pytest.fixture
def moving(world: World) -> tuple[World, MovableClock, Background]:
    clock = MovableClock(START)
    world.parts = replace(world.parts, clock=clock)
    world.delivery = replace(world.delivery, parts=world.parts)
    return world, clock, background_of(world)


def test_an_opening_leaves_within_its_hours_though_the_clock_jumps_over_them(
    moving: tuple[World, MovableClock, Background],
) -> None:
    world, clock, background = moving
    background.move(clock, clock.after("PT6H"))
    accepted = world.invite()
    background.move(clock, clock.after("P1D"))
    assert len(world.carrier.sent) == 1
    assert world.held().due.date() == accepted.send_at.date().replace(day=26)  # the reminder, a day after it left
    background.move(clock, clock.after("P3M"))
    assert len(world.carrier.sent) == 2
    assert world.held().state == "closed"
    assert local(clock()).isoformat().startswith("2027-02-25T21:00")


def test_one_opening_that_cannot_be_sent_keeps_no_other_waiting(world: World) -> None:
    world.invite()
    world.invite(number=OTHER_PHONE)
    world.carrier.faults = [ArithmeticError("a fault of ours")]
    background_of(world).round()
    assert len(world.carrier.sent) == 1


def test_an_example_is_written_once(world: World) -> None:
    example = next(made_up(world.parts, START))
    write(world.parts, example, 0)
    with pytest.raises(LostRace):
        write(world.parts, example, 0)
    assert len(world.responses()) == 1
