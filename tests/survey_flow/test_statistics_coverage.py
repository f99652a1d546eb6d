"""How often the intervals cover the truth, exactly: every possible sample of n answers, weighed by its probability.

The truths are all splits of promoters, passives and detractors in steps of five per cent.
"""

from collections.abc import Callable, Iterator
from functools import cache
from math import lgamma, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from survey_flow.statistics import Nps, difference_of_means, difference_of_nps, mean_interval, nps, share_interval

Numbers = NDArray[np.float64]

STEPS = 20
# A limit that falls on the truth covers it; the rest is floating point.
NEAR = 1e-9


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to split the total into so many parts, in order."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, parts - 1):
            yield (first, *rest)


def chances(n: int, truths: Numbers) -> Numbers:
    """How probable each sample of n answers is (columns) under each truth (rows)."""
    samples = np.array(list(splits(n, truths.shape[1])))
    ways = [lgamma(n + 1) - sum(lgamma(count + 1) for count in sample) for sample in samples]
    return np.exp(ways) * np.prod(truths[:, None, :] ** samples[None, :, :], axis=2)


TRUTHS = np.array(list(splits(STEPS, 3))) / STEPS
# In steps, whole numbers: differences of the same size fall together.
INDICES = np.rint((TRUTHS[:, 0] - TRUTHS[:, 2]) * STEPS)


@cache
def indices(n: int) -> tuple[Nps, ...]:
    return tuple(index for sample in splits(n, 3) if (index := nps(*sample)) is not None)


def limits(low_high: list[list[tuple[float, float]]]) -> tuple[Numbers, Numbers]:
    """Low and high limits of every pair of samples, in steps of the truths."""
    both = np.array(low_high) / 100 * STEPS
    return both[:, :, 0], both[:, :, 1]


def coverage_of_differences(n: int, m: int, interval: Callable[[Nps, Nps], tuple[float, float]]) -> Numbers:
    """The share of pairs of samples whose interval covers the truth, for every pair of truths."""
    low, high = limits([[interval(now, before) for before in indices(m)] for now in indices(n)])
    ours, theirs = chances(n, TRUTHS), chances(m, TRUTHS)
    changes = INDICES[:, None] - INDICES[None, :]
    found = np.zeros(changes.shape)
    for change in np.unique(changes):
        covers = ((low - NEAR <= change) & (change <= high + NEAR)).astype(float)
        found = np.where(changes == change, ours @ covers @ theirs.T, found)
    return found


def by_both_intervals(now: Nps, before: Nps) -> tuple[float, float]:
    found = difference_of_nps(now, before)
    return found.low, found.high


def symmetric(now: Nps, before: Nps) -> tuple[float, float]:
    """The other way that was weighed: one standard error about the difference of the two adjusted estimates."""
    middle, variance = 0.0, 0.0
    for one, sign in ((now, 1), (before, -1)):
        wider = one.n + 3
        up, down = (one.promoters + 0.75) / wider, (one.detractors + 0.75) / wider
        middle += sign * (up - down)
        variance += (up + down - (up - down) ** 2) / wider
    half = 1.96 * sqrt(variance)
    return 100 * max(-2, middle - half), 100 * min(2, middle + half)


# Truths in which each of the three segments has at least a tenth.
ORDINARY = TRUTHS.min(axis=1) >= 0.1 - NEAR
LEAST_OF_AN_INDEX = {5: 0.835, 10: 0.879, 20: 0.907}


@pytest.mark.parametrize(("n", "least"), LEAST_OF_AN_INDEX.items())
def test_the_interval_of_an_index_covers_the_truth(n: int, least: float) -> None:
    low, high = limits([[(index.low, index.high) for index in indices(n)]])
    covers = (low - NEAR <= INDICES[:, None]) & (INDICES[:, None] <= high + NEAR)
    found = (chances(n, TRUTHS) * covers).sum(axis=1)
    assert found.min() >= least  # where a segment is missing altogether
    assert found.mean() >= 0.95
    assert found[ORDINARY].min() >= 0.91


LEAST_OF_A_DIFFERENCE = {
    "5 and 5": (5, 5, 0.820),
    "5 and 10": (5, 10, 0.835),
    "10 and 10": (10, 10, 0.867),
    "5 and 20": (5, 20, 0.835),
    "20 and 20": (20, 20, 0.900),
}


@pytest.mark.parametrize(("n", "m", "least"), LEAST_OF_A_DIFFERENCE.values(), ids=LEAST_OF_A_DIFFERENCE.keys())
def test_the_interval_of_a_difference_covers_the_truth(n: int, m: int, least: float) -> None:
    found = coverage_of_differences(n, m, by_both_intervals)
    assert found.min() >= least  # where a segment is missing altogether
    assert found.mean() >= 0.95
    assert found[np.ix_(ORDINARY, ORDINARY)].min() >= 0.90


@pytest.mark.parametrize("n", [5, 10, 20])
def test_a_symmetric_interval_of_the_difference_would_fall_short_far_more_often(n: int) -> None:
    chosen = coverage_of_differences(n, n, by_both_intervals)
    other = coverage_of_differences(n, n, symmetric)
    assert (other < 0.9).mean() > 9 * (chosen < 0.9).mean()
    assert other.min() < NEAR  # a change from -100 to 100 it never covers


ANSWERS = {
    "even": (0.2, 0.2, 0.2, 0.2, 0.2),
    "about the middle": (0.05, 0.2, 0.5, 0.2, 0.05),
    "high": (0.02, 0.03, 0.1, 0.35, 0.5),
    "very high": (0.01, 0.01, 0.03, 0.15, 0.8),
    "two camps": (0.5, 0, 0, 0, 0.5),
    "low": (0.5, 0.3, 0.1, 0.05, 0.05),
}
LEAST_OF_A_MEAN = {5: 0.899, 10: 0.908, 20: 0.876}


def answers(n: int, digits: int) -> list[dict[int, int]]:
    return [dict(enumerate(sample, start=1)) for sample in splits(n, digits)]


@pytest.mark.parametrize(("n", "least"), LEAST_OF_A_MEAN.items())
def test_the_interval_of_a_mean_covers_the_truth(n: int, least: float) -> None:
    truths = np.array(list(ANSWERS.values()))
    means = truths @ np.arange(1, 6)
    probable = chances(n, truths)
    intervals = [mean_interval(counts) for counts in answers(n, 5)]
    covered, told = np.zeros(len(truths)), np.zeros(len(truths))
    for column, found in zip(probable.T, intervals, strict=True):
        if found is not None:
            told += column
            covered += column * ((found.low - NEAR <= means) & (means <= found.high + NEAR))
    assert (covered / told).min() >= least


THREE_DIGITS = ((0.3, 0.4, 0.3), (0.1, 0.2, 0.7), (0.05, 0.1, 0.85), (0.6, 0.3, 0.1))
# How many answers now and before, the truths of both, the least coverage where there is an interval.
LEAST_OF_A_DIFFERENCE_OF_MEANS = {
    "5 and 5, five digits": (5, 5, tuple(ANSWERS.values()), 0.885),
    "10 and 10, three digits": (10, 10, THREE_DIGITS, 0.923),
    "5 and 20, three digits": (5, 20, THREE_DIGITS, 0.832),
}


@pytest.mark.parametrize(
    ("n", "m", "truths", "least"), LEAST_OF_A_DIFFERENCE_OF_MEANS.values(), ids=LEAST_OF_A_DIFFERENCE_OF_MEANS.keys()
)
def test_the_interval_of_a_difference_of_means_covers_the_truth(
    n: int, m: int, truths: tuple[tuple[float, ...], ...], least: float
) -> None:
    rows = np.array(truths)
    digits = rows.shape[1]
    found = [[difference_of_means(now, before) for before in answers(m, digits)] for now in answers(n, digits)]
    low = np.array([[np.inf if one is None else one.low for one in row] for row in found])
    high = np.array([[-np.inf if one is None else one.high for one in row] for row in found])
    told = np.isfinite(low).astype(float)
    means = rows @ np.arange(1, digits + 1)
    ours, theirs = chances(n, rows), chances(m, rows)
    for row, now in enumerate(means):
        for column, before in enumerate(means):
            covers = (low - NEAR <= now - before) & (now - before <= high + NEAR)
            covered = ours[row] @ covers.astype(float) @ theirs[column]
            assert float(covered / (ours[row] @ told @ theirs[column])) >= least


LEAST_OF_A_SHARE = {5: 0.903, 10: 0.929, 20: 0.931, 50: 0.935}


@pytest.mark.parametrize(("n", "least"), LEAST_OF_A_SHARE.items())
def test_the_interval_of_a_share_covers_the_truth(n: int, least: float) -> None:
    truths = np.arange(1, 100) / 100
    intervals = [share_interval(part, n) for part, _ in splits(n, 2)]
    limit = np.array([(one.low / 100, one.high / 100) for one in intervals if one is not None])
    probable = chances(n, np.column_stack([truths, 1 - truths]))
    covers = (limit[:, 0] - NEAR <= truths[:, None]) & (truths[:, None] <= limit[:, 1] + NEAR)
    found = (probable * covers).sum(axis=1)
    assert found.min() >= least
    assert found.mean() >= 0.95
