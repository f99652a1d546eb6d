"""The targets, each beside what was measured, and plainly whether it was met."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Ratio, ratio, slope, spread
from benchmarks.speed.compare import FEW, SAME, TURNS

MOST_CPU, MOST_IMPORT = 1.25, 1.15
CALLS_AN_ANSWER = 2
# Of all workers together, over ten minutes: less is what the allocator does.
MOST_GROWTH_MB = 5.0
ANSWERS = tuple(TURNS)[:-1]
SOAK_SETTLES = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    """`met` is None for what was not measured here."""

    name: str
    wanted: str
    measured: str
    met: bool | None

    def row(self) -> str:
        verdict = {True: "met", False: "**missed**", None: "not measured"}[self.met]
        return f"| {self.name} | {self.wanted} | {self.measured} | {verdict} |"


def of_speed(found: Any) -> Iterator[Target]:
    for floor in (SAME, FEW):
        for turn in ANSWERS:
            to_floor = ratio(found["taken"][turn], found["taken"][floor])
            yield _cpu(f"CPU of an answer ({turn}), to the {floor}", to_floor)


def _cpu(name: str, found: Ratio) -> Target:
    return Target(name, f"at most {MOST_CPU}", str(found), found.value <= MOST_CPU)


def of_imports(found: Any) -> Iterator[Target]:
    name, wanted = "Cold import of `sms`, to Flask, validator and PynamoDB alone", f"at most {MOST_IMPORT}"
    if found is None:
        yield Target(name, wanted, "-", None)
    else:
        to_floor = found["sms"] / found["alone"]
        yield Target(name, wanted, f"{to_floor:.2f}", to_floor <= MOST_IMPORT)


def of_units(found: Any) -> Iterator[Target]:
    calls = {step["calls"] for step in found["steps"] if step["name"].startswith("answer")}
    told = " and ".join(str(each) for each in sorted(calls))
    yield Target("DynamoDB calls of an answer", str(CALLS_AN_ANSWER), told, calls == {CALLS_AN_ANSWER})


def of_load(found: Any) -> Iterator[Target]:
    told = " ".join(found["broken"]) or "none is"
    yield Target("Lost, doubled or miscounted after the load", "nothing", told, not found["broken"])
    seconds = found["recovery"]["seconds"]
    told = "never" if seconds is None else f"{seconds:.1f} s"
    yield Target("Answered as before a burst, after its last answer", "soon", told, seconds is not None)


def of_soak(found: Any) -> Iterator[Target]:
    name, wanted = "Memory over a soak", f"its peak under {MOST_GROWTH_MB:g} MB higher in the second half"
    if found is None:
        yield Target(name, wanted, "-", None)
    else:
        grown = growth(found["memory"])
        yield Target(name, wanted, f"{grown:+.2f} MB", grown < MOST_GROWTH_MB)


def growth(memory: list[tuple[float, float]]) -> float:
    """Megabytes by which the second half's peak is above the first's.

    Memory climbs and falls, as Python looks for cycles but once in 150,000 objects (handler/cold_start.py). So peaks
    are compared: a line through a saw's teeth rises or falls by where it is cut.
    """
    first, second = peaks(memory)
    return second - first


def peaks(memory: list[tuple[float, float]]) -> tuple[float, float]:
    """Of the two halves of the time."""
    middle = memory[-1][0] / 2
    first = max(mb for at, mb in memory if at <= middle)
    return first, max(mb for at, mb in memory if at >= middle)


def slope_in_ten_minutes(memory: list[tuple[float, float]]) -> float:
    """Megabytes, by a line through what follows the first minute (of a short soak: its first half)."""
    settles = min(SOAK_SETTLES, memory[-1][0] / 2)
    return 600 * slope([(at, mb) for at, mb in memory if at >= settles])


def median_of(rounds: list[list[float]]) -> float:
    return spread([one for each in rounds for one in each]).median
