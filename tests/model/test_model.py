"""Whatever happens, and in whatever order: what was promised to people holds.

`KUULOLLA_SEED=n` plays other lives (the default is 1: every run plays the same ones). A failure prints the steps that
led to it, and the seed that brings them about again. `KUULOLLA_DEPTH=n` plays n times as many, each longer, and makes
the steps that failed as few as it can, which may take five minutes.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from survey_flow.library import Library
from tests.chance import DEEPER, DEPTH, told_with_its_seed
from tests.chance import seed as seed_of_this_run
from tests.model.steps import Steps
from tests.world import World, empty_tables, made_world, world_over

LIVES, STEPS = 30, 25
PROFILE = settings(
    max_examples=LIVES * DEPTH,
    stateful_step_count=2 * STEPS if DEEPER else STEPS,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink) if DEEPER else (Phase.generate,),
)


@pytest.mark.engine
def test_what_was_promised_holds_whatever_happens(engine: str, library: Library) -> None:
    made_world(library, prefix="model-")

    def made() -> World:
        empty_tables()
        return world_over(library, prefix="model-")

    with told_with_its_seed():
        play(made)


def play(made: Callable[[], World]) -> None:
    class Lives(Steps):
        pass

    Lives.made = staticmethod(made)
    factory: Any = seed(seed_of_this_run())(Lives)
    run_state_machine_as_test(factory, settings=PROFILE)
