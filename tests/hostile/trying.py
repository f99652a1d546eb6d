"""How many examples are tried, and from which seed."""

import os
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, seed, settings

_Test = TypeVar("_Test", bound=Callable[..., None])
DEPTH = int(os.environ.get("KUULOLLA_DEPTH", "1"))


def tried(times: int) -> Callable[[_Test], _Test]:
    """So many examples, times the depth. No deadline: the machine may be busy."""

    def decorated(test: _Test) -> _Test:
        quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
        chosen = settings(max_examples=times * DEPTH, deadline=None, print_blob=True, suppress_health_check=quiet)
        told = os.environ.get("KUULOLLA_SEED")
        return chosen(seed(int(told))(test) if told else test)

    return decorated
