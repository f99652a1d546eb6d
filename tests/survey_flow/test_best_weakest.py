"""Which statements are named as the best and the weakest, and when the answers do not tell them apart."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from survey_flow.best_weakest import best_and_weakest
from survey_flow.library import Library
from survey_flow.question_figures import QuestionFigures
from survey_flow.statistics import mean
from survey_flow.survey import Question

Counts = Mapping[int, int]

HIGH: Counts = {5: 20, 4: 10}
MIDDLE: Counts = {4: 30}
LOW: Counts = {3: 20, 2: 10}


@pytest.fixture
def statement(library: Library) -> Question:
    return library.surveys["nuorten-matala-nuori"].question("apu")


def asked(statement: Question, *given: Counts) -> list[QuestionFigures]:
    """Statements "1", "2" ... with these answers."""
    return [
        QuestionFigures(
            replace(statement, id=str(place)),
            n=sum(counts.values()),
            hidden=False,
            distribution=counts,
            mean=mean(counts),
        )
        for place, counts in enumerate(given, start=1)
    ]


def named(questions: list[QuestionFigures]) -> tuple[str, str] | None:
    found = best_and_weakest(questions)
    return found and (found.best.question.id, found.weakest.question.id)


def test_the_best_and_the_weakest_are_found_by_their_means(statement: Question) -> None:
    found = best_and_weakest(asked(statement, MIDDLE, LOW, HIGH))
    assert found is not None
    assert (found.best.question.id, found.weakest.question.id, found.close) == ("3", "2", False)
    assert (round(found.means.low, 2), round(found.means.high, 2), found.scale) == (2.67, 4.67, (1, 5))


def test_of_equals_the_one_asked_first_is_named(statement: Question) -> None:
    assert named(asked(statement, MIDDLE, HIGH, LOW, HIGH, LOW)) == ("2", "3")


@pytest.mark.parametrize("given", [(), (HIGH,), (HIGH, HIGH), (MIDDLE, {5: 5, 3: 5})])
def test_fewer_than_two_and_equal_means_are_not_compared(statement: Question, given: tuple[Counts, ...]) -> None:
    assert best_and_weakest(asked(statement, *given)) is None


def test_what_is_hidden_is_not_compared(statement: Question) -> None:
    assert named([QuestionFigures(statement), *asked(statement, HIGH, LOW)]) == ("1", "2")
    assert best_and_weakest([QuestionFigures(statement), *asked(statement, HIGH)]) is None


def test_the_scale_that_most_share_is_compared(statement: Question) -> None:
    grade = asked(replace(statement, low=4, high=10), {9: 30, 10: 5})
    assert named([*grade, *asked(statement, HIGH, LOW)]) == ("1", "2")


CLOSE = {
    "far apart, of many": (({5: 20, 4: 10}, {3: 20, 2: 10}), False),
    "three tenths apart, all alike": (({5: 97, 2: 1}, {5: 60, 4: 38}), False),
    "under three tenths apart, of very many": (({5: 900, 4: 100}, {5: 650, 4: 350}), True),
    "far apart, of few who differ": (({5: 4, 1: 1}, {4: 2, 1: 3}), True),
    "all the same in each": (({5: 5}, {4: 5}), False),
    "all the same in one, within the other's interval": (({4: 5}, {5: 3, 1: 3}), True),
}


@pytest.mark.parametrize(("given", "close"), CLOSE.values(), ids=CLOSE)
def test_a_small_difference_and_one_that_may_be_chance_are_close(
    statement: Question, given: tuple[Counts, Counts], close: bool
) -> None:
    found = best_and_weakest(asked(statement, *given))
    assert found is not None
    assert found.close is close


def test_a_difference_of_three_tenths_is_not_near_for_the_sake_of_its_last_bit(statement: Question) -> None:
    found = best_and_weakest(asked(statement, {4: 700, 5: 300}, {4: 1000}))
    assert found is not None
    assert not found.close
