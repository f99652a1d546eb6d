"""One thing that the libraries do for nothing, or that is left to them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """`unit` of both samples: microseconds of CPU of a call, or milliseconds. `taken` is whether we set it so."""

    name: str
    before: Callable[[], object]
    after: Callable[[], object]
    taken: bool
    unit: str = "µs"
