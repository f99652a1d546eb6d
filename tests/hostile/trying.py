"""How many examples are tried, and from which seed."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, seed, settings

from tests import chance

_Test = TypeVar("_Test", bound=Callable[..., None])


def tried(times: int) -> Callable[[_Test], _Test]:
    """So many examples, times the depth. No deadline: the machine may be busy."""

    def decorated(test: _Test) -> _Test:
        quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
        chosen = settings(
            max_examples=times * chance.DEPTH, deadline=None, print_blob=True, suppress_health_check=quiet
        )
        return chosen(seed(chance.seed())(test))

    return decorated
