"""Medians, quartiles and ratios with an interval, of samples taken in turns."""

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

RESAMPLES = 2000
SEED = 13
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles of a sample, in the unit of the sample."""

    median: float
    low: float
    high: float
    p95: float
    count: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of rounds side by side, with the interval in which 95 of 100 resamplings of the rounds lie."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f})"


def spread(sample: Sequence[float]) -> Spread:
    quarters = statistics.quantiles(sample, n=4)
    return Spread(statistics.median(sample), quarters[0], quarters[2], percentile(sample, 95), len(sample))


def percentile(sample: Sequence[float], per_cent: float) -> float:
    """The nearest rank: a value that was measured."""
    ordered = sorted(sample)
    return ordered[min(len(ordered) - 1, int(len(ordered) * per_cent / 100))]


def ratio(rounds: Sequence[Sequence[float]], floors: Sequence[Sequence[float]]) -> Ratio:
    """Of one thing to another that took turns with it: the rounds stand side by side, each a sample."""
    found = [statistics.median(one) / statistics.median(other) for one, other in zip(rounds, floors, strict=True)]
    return _resampled(found, statistics.median)


def ratio_of_lower_quartiles(sample: Sequence[float], floor: Sequence[float]) -> Ratio:
    """For fresh processes, to which a busy machine adds seldom little and often much."""
    return _resampled(list(zip(sample, floor, strict=True)), _of_lower_quartiles)


def _of_lower_quartiles(pairs: Sequence[tuple[float, float]]) -> float:
    sample, floor = (statistics.quantiles(each, n=4)[0] for each in zip(*pairs, strict=True))
    return sample / floor


def _resampled(rounds: Sequence[T], told: Callable[[Sequence[T]], float]) -> Ratio:
    chance = random.Random(SEED)  # noqa: S311 resampling, not secrets
    again = sorted(told(chance.choices(rounds, k=len(rounds))) for _ in range(RESAMPLES))
    return Ratio(told(rounds), again[int(0.025 * RESAMPLES)], again[int(0.975 * RESAMPLES)])


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The rise of y for each unit of x, by least squares."""
    if len(points) < 2:
        return 0.0
    return statistics.linear_regression(*zip(*points, strict=True)).slope
