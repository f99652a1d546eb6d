import pytest

from survey_flow.statistics import mean, nps, nps_of, segment

# Check values: promoters, passives, detractors -> the index and its interval in whole per cents.
INDEXES = {
    "five answers": ((3, 1, 1), (40, -30, 80)),
    "twenty answers": ((14, 4, 2), (60, 24, 81)),
    "a hundred answers": ((70, 20, 10), (60, 45, 71)),
    "promoters alone": ((5, 0, 0), (100, 17, 100)),  # cut at 100
    "detractors alone": ((0, 0, 5), (-100, -100, -17)),  # cut at -100
    "passives alone": ((0, 5, 0), (0, -30, 30)),
}


@pytest.mark.parametrize(("groups", "figures"), INDEXES.values(), ids=INDEXES.keys())
def test_the_index_has_its_interval(groups: tuple[int, int, int], figures: tuple[int, int, int]) -> None:
    found = nps(*groups)
    assert found is not None
    assert (round(found.index), round(found.low), round(found.high)) == figures
    assert (found.n, found.promoters, found.passives, found.detractors) == (sum(groups), *groups)


def test_without_answers_there_is_no_index_and_no_mean() -> None:
    assert nps(0, 0, 0) is None
    assert nps_of({}) is None
    assert nps_of({9: 0}) is None
    assert mean({}) is None
    assert mean({1: 0, 5: 0}) is None


def test_scores_fall_into_three_segments() -> None:
    expected = ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    assert [segment(score) for score in range(11)] == expected


def test_a_distribution_gives_its_index() -> None:
    assert nps_of({10: 2, 9: 1, 8: 1, 0: 1}) == nps(3, 1, 1)


def test_the_mean_weighs_each_digit_by_its_count() -> None:
    assert mean({1: 1, 5: 3}) == 4
