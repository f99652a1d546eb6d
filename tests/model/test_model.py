"""Whatever happens, and in whatever order: what was promised to people holds.

`KUULOLLA_SEED=n` plays other lives (the default is 1: every run plays the same ones). A failure prints the steps that
led to it, and the seed that brings them about again. `KUULOLLA_DEPTH=n` plays n times as many, each longer, and makes
the steps that failed as few as it can, which may take five minutes.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from handler.tables.all_tables import TABLES
from survey_flow.library import Library
from tests.model.steps import Steps
from tests.storm.parts import seed as seed_of_this_run
from tests.storm.parts import told_with_its_seed
from tests.world import World, made_world, world_over

DEPTH = int(os.environ.get("KUULOLLA_DEPTH", "1"))
LIVES, STEPS = 30, 30
PROFILE = settings(
    max_examples=LIVES * DEPTH,
    stateful_step_count=STEPS if DEPTH == 1 else 2 * STEPS,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink) if DEPTH > 1 else (Phase.generate,),
)


def emptied() -> None:
    for table in TABLES:
        for row in table.scan():
            row.delete()


@pytest.mark.engine
def test_what_was_promised_holds_whatever_happens(engine: str, library: Library) -> None:
    made_world(library, prefix="model-")

    def made() -> World:
        emptied()
        return world_over(library, prefix="model-")

    with told_with_its_seed():
        play(made)


def play(made: Callable[[], World]) -> None:
    class Lives(Steps):
        pass

    Lives.made = staticmethod(made)
    factory: Any = seed(seed_of_this_run())(Lives)
    run_state_machine_as_test(factory, settings=PROFILE)
