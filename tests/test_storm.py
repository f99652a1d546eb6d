"""Whether sending can be trusted: a storm, with deliverers that die at any step, and what must be true afterwards."""

import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from survey_flow.library import Library
from tests.chance import seed
from tests.deliverer import PAUSE, Deliverer, made_deliverer
from tests.storm.aftermath import Aftermath
from tests.storm.mortal import Died, dice, steps
from tests.storm.parts import StormParts
from tests.storm.run import blown_over
from tests.storm.truths import assert_all_true

pytestmark = pytest.mark.engine

COUNT, DELIVERERS = 1000, 6


def deliver(of: StormParts, deliverer: Deliverer, stopping: threading.Event, rng: Random) -> None:
    """Until it is stopped: one batch after another, in a life that may end at any step."""
    while not stopping.is_set():
        with of.clock.at_work():
            records = deliverer.take()
            try:
                with of.mortal.life("a deliverer", steps(rng, chance=0.2, most=60)):
                    deliverer.handle(records)
            except Died:
                continue
        if not records:
            stopping.wait(PAUSE)


def run(of: StormParts, stopping: threading.Event, name: int) -> None:
    known = of.known
    made = made_deliverer(of.settings, of.parts, of.mortal, of.address, tell=known.tell, seen=known.bodies.add)
    try:
        deliver(of, made, stopping, dice(seed(), "deliverer", name))
    except Exception as fault:
        known.failures.append(f"a deliverer: {fault!r}")


def test_whatever_fails_nobody_is_asked_twice_or_forgotten(
    engine: str, library: Library, tmp_path: Path, all_told: Callable[[], str]
) -> None:
    with blown_over(library, tmp_path, count=COUNT, deliverers=DELIVERERS, at_work=run) as storm:
        assert_all_true(Aftermath.read(storm.of, waiting=storm.waiting(), logs=all_told()))
