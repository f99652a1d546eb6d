"""Medians, quartiles and ratios with an interval, of samples taken in turns."""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 2000
SEED = 13


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
    """The median of the rounds' ratios, with the interval in which 95 of 100 resamplings of the rounds lie."""

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
    chance = random.Random(SEED)  # noqa: S311 resampling, not secrets
    medians = sorted(statistics.median(chance.choices(found, k=len(found))) for _ in range(RESAMPLES))
    return Ratio(statistics.median(found), medians[int(0.025 * RESAMPLES)], medians[int(0.975 * RESAMPLES)])


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The rise of y for each unit of x, by least squares."""
    if len(points) < 2:
        return 0.0
    return statistics.linear_regression(*zip(*points, strict=True)).slope
