"""Counts over the real engine: however many ask at one moment, no more than so many pass."""

from collections.abc import Callable, Iterator

import pytest

from handler.tables import limits, opt_outs
from handler.tables.audit import AuditRow
from handler.work import rates
from handler.work.rates import Rate, TooMany, Window
from handler.work.request import Refused
from handler.work.telling import invite_telling
from survey_flow.conversation import OptOutHow
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.handler.looking import key_of
from tests.handler.test_races import THREADS, at_once
from tests.races.engines import ENGINES, emptied_world, tables_on
from tests.world import PHONE, World

WHO = "person:anna"
ROUNDS = 5


@pytest.fixture(scope="module", params=ENGINES)
def prefix(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    yield from tables_on(request, library, "race")


@pytest.fixture
def raced(prefix: str, library: Library) -> World:
    return emptied_world(library, prefix)


def rate(name: str, most: int) -> Rate:
    return Rate(name, Window.HOUR, {"person": most})


def passed(world: World, asked: Rate, *, places: int = 1) -> bool:
    try:
        rates.take(world.parts, asked, WHO, places=places)
    except TooMany:
        return False
    return True


@pytest.mark.parametrize(("places", "most", "pass_"), [(1, 5, 5), (3, 10, 3), (25, 30, 1)])
def test_of_many_at_once_no_more_pass_than_there_are_places(raced: World, places: int, most: int, pass_: int) -> None:
    for n in range(ROUNDS):
        asked = rate(f"round {n}", most)
        results = at_once([lambda asked=asked: passed(raced, asked, places=places)] * THREADS)
        assert sum(results) == pass_


def test_a_limit_that_many_reach_at_once_is_audited_once(raced: World) -> None:
    at_once([lambda: passed(raced, rate("few", 1))] * THREADS)
    assert [(row.who, row.about) for row in AuditRow.scan()] == [(WHO, "few")]


def test_places_given_back_at_once_are_neither_lost_nor_won(raced: World) -> None:
    asked = rate("few", THREADS)
    taken = [rates.take(raced.parts, asked, WHO) for _ in range(THREADS)]
    at_once([one.give_back for one in taken])
    assert limits.taken(taken[0].what) == 0
    assert sum(at_once([lambda: passed(raced, asked)] * THREADS)) == THREADS


def test_of_many_refusals_at_once_no_more_are_told_than_there_are_places(raced: World) -> None:
    """Half of them ask about a number that refuses, half about free ones: who is too many learns nothing of either."""
    left = 3
    rates.take(raced.parts, rates.TOLD, WHO, places=rates.TOLD.most_for(WHO) - left)
    opt_outs.record(key_of(raced), how=OptOutHow.SMS, today=raced.parts.today())

    def ask(number: PhoneNumber) -> Callable[[], str]:
        def answer() -> str:
            try:
                invite_telling(raced.inviting(), raced.request(number=number, caller=WHO))
            except Refused as refused:
                return refused.refusal.value
            except TooMany:
                return "too many"
            return "accepted"

        return answer

    free = [PhoneNumber(f"+3584076543{n:02}") for n in range(THREADS // 2)]
    answers = at_once([*(ask(PHONE) for _ in range(THREADS // 2)), *(ask(number) for number in free)])
    assert answers.count("opted-out") <= left
    assert "too many" in answers
