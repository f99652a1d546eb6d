import pytest

from survey_flow.statistics import (
    Interval,
    Nps,
    difference_of_means,
    difference_of_nps,
    mean,
    mean_interval,
    median,
    nps,
    nps_of,
    segment,
    share,
    share_interval,
)

# Check values: promoters, passives, detractors -> the index and its interval in whole per cents.
INDEXES = {
    "five answers": ((3, 1, 1), (40, -30, 80)),
    "twenty answers": ((14, 4, 2), (60, 24, 81)),
    "a hundred answers": ((70, 20, 10), (60, 45, 71)),
    "promoters alone": ((5, 0, 0), (100, 17, 100)),  # cut at 100
    "detractors alone": ((0, 0, 5), (-100, -100, -17)),  # cut at -100
    "passives alone": ((0, 5, 0), (0, -30, 30)),
}


def index(promoters: int, passives: int, detractors: int) -> Nps:
    found = nps(promoters, passives, detractors)
    assert found is not None
    return found


def rounded(found: Interval | None, digits: int = 0) -> tuple[float, float, float] | None:
    if found is None:
        return None
    return round(found.value, digits), round(found.low, digits), round(found.high, digits)


@pytest.mark.parametrize(("groups", "figures"), INDEXES.values(), ids=INDEXES.keys())
def test_the_index_has_its_interval(groups: tuple[int, int, int], figures: tuple[int, int, int]) -> None:
    found = index(*groups)
    assert (round(found.index), round(found.low), round(found.high)) == figures
    assert (found.n, found.promoters, found.passives, found.detractors) == (sum(groups), *groups)


def test_without_answers_there_are_no_figures() -> None:
    assert nps(0, 0, 0) is None
    for counts in ({}, {1: 0, 5: 0}):
        assert nps_of(counts) is None
        assert mean(counts) is None
        assert median(counts) is None
        assert mean_interval(counts) is None
        assert difference_of_means(counts, {1: 3, 2: 3}) is None
        assert difference_of_means({1: 3, 2: 3}, counts) is None
    assert share(0, 0) is None
    assert share_interval(0, 0) is None


def test_scores_fall_into_three_segments() -> None:
    expected = ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    assert [segment(score) for score in range(11)] == expected


def test_a_distribution_gives_its_index() -> None:
    assert nps_of({10: 2, 9: 1, 8: 1, 0: 1}) == nps(3, 1, 1)


def test_the_mean_weighs_each_digit_by_its_count() -> None:
    assert mean({1: 1, 5: 3}) == 4


MEDIANS = {
    "one answer": ({4: 1}, 4),
    "odd": ({1: 2, 3: 1, 5: 2}, 3),
    "even, the middle two alike": ({1: 1, 4: 2, 5: 1}, 4),
    "even, the middle two apart": ({2: 3, 5: 3}, 3.5),
    "digits in any order": ({5: 1, 1: 3, 3: 1}, 1),
    "digits nobody chose": ({1: 0, 2: 1, 3: 0, 4: 1, 5: 0}, 3),
    "all the same": ({0: 7}, 0),
}


@pytest.mark.parametrize(("counts", "middle"), MEDIANS.values(), ids=MEDIANS.keys())
def test_the_median_is_the_middle_answer(counts: dict[int, int], middle: float) -> None:
    assert median(counts) == middle


# Now, before -> the change in points. A side is the hypotenuse of the indices' own sides: sqrt(70² + 40²) and so on.
CHANGES = {
    "no change": ((3, 1, 1), (3, 1, 1), (0, -80, 80)),
    "five answers after twenty": ((3, 1, 1), (14, 4, 2), (-20, -93, 34)),
    "more answers, less doubt": ((70, 20, 10), (14, 4, 2), (0, -25, 38)),
    "the greatest fall": ((0, 0, 5), (5, 0, 0), (-200, -200, -83)),
    "the greatest rise": ((5, 0, 0), (0, 0, 5), (200, 83, 200)),
    "one answer each": ((1, 0, 0), (0, 0, 1), (200, -10, 200)),  # the sides would pass 200
}


@pytest.mark.parametrize(("now", "before", "figures"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_the_index_has_its_interval(
    now: tuple[int, int, int], before: tuple[int, int, int], figures: tuple[int, int, int]
) -> None:
    assert rounded(difference_of_nps(index(*now), index(*before))) == figures


# Now, before -> the change in digits, or None where nothing tells how answers vary.
MEANS: dict[str, tuple[dict[int, int], dict[int, int], tuple[float, float, float] | None]] = {
    "one answer now": ({5: 1}, {1: 2, 5: 3}, None),
    "one answer before": ({1: 2, 5: 3}, {5: 1}, None),
    "everybody the same, and the same as before": ({5: 5}, {5: 9}, None),
    "everybody the same, another than before": ({5: 5}, {4: 5}, None),
    "everybody the same before": ({4: 1, 5: 1}, {5: 8}, (-0.5, -6.853, 5.853)),  # t of one degree: 12.706 * 0.5
    "everybody the same now": ({5: 8}, {4: 1, 5: 1}, (0.5, -5.853, 6.853)),
    "five each": ({3: 1, 4: 2, 5: 2}, {2: 2, 3: 2, 4: 1}, (1.4, 0.18, 2.62)),  # t of eight degrees: 2.306 * 0.529
}


@pytest.mark.parametrize(("now", "before", "figures"), MEANS.values(), ids=MEANS.keys())
def test_a_change_of_the_mean_has_its_interval(
    now: dict[int, int], before: dict[int, int], figures: tuple[float, float, float] | None
) -> None:
    assert rounded(difference_of_means(now, before), 3) == figures


def test_a_mean_has_an_interval_when_answers_vary() -> None:
    assert rounded(mean_interval({4: 1, 5: 1}), 3) == (4.5, -1.853, 10.853)  # past the scale: two answers tell little
    assert mean_interval({5: 1}) is None
    assert mean_interval({5: 20}) is None


# Part, of -> per cent and its interval.
SHARES: dict[str, tuple[int, int, float | None, tuple[float, float, float] | None]] = {
    "none of five": (0, 5, 0, (0, 0, 49)),
    "all of five": (5, 5, 100, (100, 51, 100)),
    "half of ten": (5, 10, 50, (50, 24, 76)),
    "nine of ten": (9, 10, 90, (90, 57, 100)),
    "of a thousand": (270, 1000, 27, (27, 24, 30)),
    "one of one": (1, 1, 100, (100, 17, 100)),
    "more than all": (6, 5, 120, None),
    "less than none": (-1, 5, -20, None),
    "something of nothing": (3, 0, None, None),
}


@pytest.mark.parametrize(("part", "of", "per_cent", "figures"), SHARES.values(), ids=SHARES.keys())
def test_a_share_has_its_interval(
    part: int, of: int, per_cent: float | None, figures: tuple[float, float, float] | None
) -> None:
    assert share(part, of) == per_cent
    assert rounded(share_interval(part, of)) == figures


@pytest.mark.parametrize(
    ("low", "high", "holds"), [(-1, 1, True), (0, 2, True), (-2, 0, True), (0.1, 2, False), (-2, -0.1, False)]
)
def test_a_change_may_be_chance_when_its_interval_holds_zero(low: float, high: float, holds: bool) -> None:
    assert Interval((low + high) / 2, low, high).holds_zero is holds
