"""The figures against computations that are not ours: SciPy's, NumPy's and the standard library's."""

import random
import statistics as standard
from collections import Counter
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey_flow.statistics import (
    difference_of_means,
    difference_of_nps,
    mean,
    mean_interval,
    median,
    nps,
    share,
    share_interval,
)
from survey_flow.student_t import t_quantile

Z = 1.96
FREEDOMS = [1, 1.1, 1.3, 1.5, 1.7, 2, 2.5, 3, 3.3, 4, 5, 7.7, 10, 19.4, 30, 99, 1_000, 12_345.6, 1e6]

# SciPy warns of lost precision when one sample's answers are all the same; whole digits lose none.
WITHOUT_SCIPYS_WARNING = pytest.mark.filterwarnings("ignore:Precision loss occurred:RuntimeWarning")


def seeded(seed: int) -> list[int]:
    """A sample of 2 to 60 answers on one of the scales, some lopsided."""
    chance = random.Random(seed)  # noqa: S311
    scale = range(11) if chance.random() < 0.5 else range(1, 6)
    weights = [chance.random() ** 3 for _ in scale]
    return chance.choices(scale, weights, k=chance.randint(2, 60))


def answers(least: int = 1) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 10), min_size=least, max_size=60)


@pytest.mark.parametrize("df", FREEDOMS)
def test_the_t_quantile_is_the_true_one(df: float) -> None:
    assert t_quantile(df) == pytest.approx(stats.t.ppf(0.975, df), abs=3e-5 if df < 2 else 1e-6)


@given(st.floats(1, 1e5))
def test_the_t_quantile_is_the_true_one_at_any_fraction(df: float) -> None:
    assert t_quantile(df) == pytest.approx(stats.t.ppf(0.975, df), abs=3e-5)


@pytest.mark.parametrize("df", [0, 0.99, -3])
def test_there_is_no_t_quantile_under_one_degree_of_freedom(df: float) -> None:
    with pytest.raises(ValueError, match=r"degrees of freedom begin at 1"):
        t_quantile(df)


def agrees_on_one(sample: list[int]) -> None:
    counts = Counter(sample)
    assert mean(counts) == pytest.approx(standard.fmean(sample))
    assert median(counts) == standard.median(sample)
    found = mean_interval(counts)
    if len(set(sample)) == 1:
        assert found is None
        return
    low, high = stats.ttest_1samp(sample, 0).confidence_interval()
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((standard.fmean(sample), low, high), abs=1e-4)


def agrees_on_two(now: list[int], before: list[int]) -> None:
    found = difference_of_means(Counter(now), Counter(before))
    if len(set(now)) == len(set(before)) == 1:
        assert found is None
        return
    low, high = stats.ttest_ind(now, before, equal_var=False).confidence_interval()
    assert found is not None
    assert found.value == pytest.approx(standard.fmean(now) - standard.fmean(before))
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-4)


@WITHOUT_SCIPYS_WARNING
@pytest.mark.parametrize("seed", range(100))
def test_seeded_answers_have_the_same_means_medians_and_intervals(seed: int) -> None:
    agrees_on_one(seeded(seed))
    agrees_on_two(seeded(seed), seeded(1000 + seed))


@given(answers())
def test_any_answers_have_the_same_mean_and_median(sample: list[int]) -> None:
    assert mean(Counter(sample)) == pytest.approx(standard.fmean(sample))
    assert median(Counter(sample)) == standard.median(sample)


@WITHOUT_SCIPYS_WARNING
@given(answers(least=2), answers(least=2))
def test_any_answers_have_the_same_intervals(now: list[int], before: list[int]) -> None:
    agrees_on_one(now)
    agrees_on_two(now, before)


@given(answers(least=2), answers(least=2))
def test_a_change_the_other_way_is_the_same_with_the_sign_turned(now: list[int], before: list[int]) -> None:
    there, back = difference_of_means(Counter(now), Counter(before)), difference_of_means(Counter(before), Counter(now))
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert (back.value, back.low, back.high) == pytest.approx((-there.value, -there.high, -there.low), abs=1e-9)
        assert there.low < there.value < there.high


GROUPS = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)).filter(any)


def adjusted_wald(groups: tuple[int, int, int]) -> tuple[float, float, float]:
    """The index and its interval by NumPy's weighted mean and variance of +1, 0 and -1; the three extra answers are
    3/4, 3/2 and 3/4."""
    marks = np.array([1, 0, -1])
    wider = np.add(groups, [0.75, 1.5, 0.75])
    middle = np.average(marks, weights=wider)
    error = np.sqrt(np.average((marks - middle) ** 2, weights=wider) / wider.sum())
    index = float(np.average(marks, weights=groups))
    return 100 * index, 100 * max(-1, middle - Z * error), 100 * min(1, middle + Z * error)


@given(GROUPS)
def test_any_index_is_that_of_a_weighted_mean(groups: tuple[int, int, int]) -> None:
    found = nps(*groups)
    assert found is not None
    assert (found.index, found.low, found.high) == pytest.approx(adjusted_wald(groups))
    assert sum(groups) == 1 or found.low <= found.index <= found.high


@given(GROUPS, GROUPS)
def test_any_change_of_the_index_joins_two_intervals(now: tuple[int, int, int], before: tuple[int, int, int]) -> None:
    ours, theirs = nps(*now), nps(*before)
    assert ours is not None
    assert theirs is not None
    found, back = difference_of_nps(ours, theirs), difference_of_nps(theirs, ours)
    (x, x_low, x_high), (y, y_low, y_high) = adjusted_wald(now), adjusted_wald(before)
    low = max(-200, x - y - hypot(x - x_low, y_high - y))
    high = min(200, x - y + hypot(x_high - x, y - y_low))
    assert (found.value, found.low, found.high) == pytest.approx((x - y, low, high))
    assert (back.value, back.low, back.high) == pytest.approx((-found.value, -found.high, -found.low))
    assert -200 <= found.low <= found.value <= found.high <= 200


@pytest.mark.parametrize(("now", "before"), [((700, 200, 100), (500, 300, 200)), ((100, 300, 600), (900, 80, 20))])
def test_of_many_answers_the_change_of_the_index_is_that_of_two_means(
    now: tuple[int, int, int], before: tuple[int, int, int]
) -> None:
    ours, theirs = nps(*now), nps(*before)
    assert ours is not None
    assert theirs is not None
    samples = [np.repeat([100, 0, -100], groups) for groups in (now, before)]
    low, high = stats.ttest_ind(*samples, equal_var=False).confidence_interval()
    found = difference_of_nps(ours, theirs)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.5)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_any_share_has_an_interval_about_that_of_wilson(part_of: tuple[int, int]) -> None:
    part, of = part_of
    found = share_interval(part, of)
    assert found is not None
    assert found.value == share(part, of)
    wilson = stats.binomtest(part, of).proportion_ci(method="wilson")
    # Both have the same middle, and Wilson's is never the wider one (Agresti and Coull); 1.96 is rounded.
    assert found.low <= 100 * wilson.low + 0.01
    assert found.high >= 100 * wilson.high - 0.01
    assert 0 <= found.low <= found.value <= found.high <= 100
    middle, wider = (part + Z**2 / 2) / (of + Z**2), of + Z**2
    half = Z * stats.bernoulli(middle).std() / wider**0.5
    assert (found.low, found.high) == pytest.approx(
        (100 * max(0, middle - half), 100 * min(1, middle + half)), abs=1e-6
    )
