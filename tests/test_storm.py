"""Whether sending can be trusted: a storm, with deliverers that die at any step, and what must be true afterwards."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from survey_flow.library import Library
from tests.deliverer import PAUSE, Deliverer, made_deliverer
from tests.storm.aftermath import Aftermath
from tests.storm.mortal import Died, dice, steps
from tests.storm.parts import StormParts, seed, storm_parts, told_with_its_seed
from tests.storm.run import Storm
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


@contextmanager
def delivered(of: StormParts) -> Iterator[None]:
    """While it lasts, deliverers are at work, each in a thread."""
    stopping = threading.Event()
    threads = [threading.Thread(target=run, args=(of, stopping, name)) for name in range(DELIVERERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def test_whatever_fails_nobody_is_asked_twice_or_forgotten(
    engine: str,
    library: Library,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    with told_with_its_seed(), storm_parts(library, tmp_path, count=COUNT) as of:
        storm = Storm(of, deaths=0.3)
        with delivered(of):
            storm.blow()
        printed = capsys.readouterr()
        logs = f"{caplog.text}\n{printed.out}\n{printed.err}"
        assert_all_true(Aftermath.read(of, waiting=storm.waiting(), logs=logs))
