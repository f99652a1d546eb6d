"""The reports' schedule on one machine: every morning of the moved clock has its turn, and each has it once."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from handler.jobs import deliver_batch
from handler.outside.send_queue import SendQueue
from handler.settings import settings_from
from local.background import Background
from local.clock import MovableClock
from local.mornings import Mornings, mornings_between, next_morning
from local.queue import QueueWorker, make_missing_queue
from survey_flow.helsinki import HELSINKI, local
from tests.environment import ENVIRONMENT
from tests.world import REGION, START, World


def helsinki(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("after", "morning"),
    [
        (helsinki(11, 24, 6, 59), helsinki(11, 24, 7)),
        (helsinki(11, 24, 7), helsinki(11, 25, 7)),
        (helsinki(11, 24, 23), helsinki(11, 25, 7)),
        (helsinki(10, 24, 12), helsinki(10, 25, 7)),  # summer time ends in the night between
    ],
    ids=["before seven", "at seven", "in the evening", "over the end of summer time"],
)
def test_the_next_morning_is_seven_o_clock_in_helsinki(after: datetime, morning: datetime) -> None:
    assert next_morning(after) == morning


def test_the_mornings_between_two_moments_leave_out_both() -> None:
    assert [morning.day for morning in mornings_between(helsinki(11, 24, 7), helsinki(11, 27, 7))] == [25, 26]


def test_work_is_done_at_the_first_look_and_once_a_morning_after() -> None:
    done: list[datetime] = []
    mornings = Mornings(lambda: done.append(now))
    for now in (helsinki(11, 24, 15), helsinki(11, 24, 16), helsinki(11, 25, 6), helsinki(11, 25, 8)):
        mornings.look(now)
    assert done == [helsinki(11, 24, 15), helsinki(11, 25, 8)]


def test_a_clock_that_was_set_back_begins_anew() -> None:
    done: list[int] = []
    mornings = Mornings(lambda: done.append(1))
    for now in (helsinki(11, 24, 15), helsinki(10, 1, 15), helsinki(10, 2, 15)):
        mornings.look(now)
    assert len(done) == 3


def test_a_clock_that_jumps_wakes_every_morning_on_its_way(world: World) -> None:
    clock = MovableClock(START)
    world.delivery = replace(world.delivery, parts=replace(world.parts, clock=clock))
    settings = settings_from(ENVIRONMENT)
    worker = QueueWorker(partial(deliver_batch, world.delivery), make_missing_queue(settings), region=REGION)
    woken: list[datetime] = []

    def wake() -> None:
        woken.append(local(clock()))
        raise ArithmeticError("a fault of ours")  # and one that fails keeps the next morning from nothing

    background = Background(world.delivery, SendQueue(settings.sending_queue, region=REGION).put, [worker], 1, wake)
    background.move(clock, clock.after("P3D"))
    assert [(moment.day, moment.hour) for moment in woken] == [(25, 7), (26, 7), (27, 7)]
