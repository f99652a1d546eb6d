"""Rounds of the reports that run at once, over the real engine: the first that claims a report sends it."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from handler.outside.mail import NotMailed
from handler.tables import limits
from handler.work.reports import LEASE, send_due
from survey_flow.library import Library
from tests.handler.reporting import RecordingPost, answered, reporting
from tests.races.engines import ENGINES, emptied_world, tables_on
from tests.world import World, at

ROUNDS = 6
MARK = "report#kotka#2026-10"


@pytest.fixture(scope="module", params=ENGINES)
def prefix(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    yield from tables_on(request, library, "race")


@pytest.fixture
def raced(prefix: str, library: Library) -> World:
    world = emptied_world(library, prefix)
    world.clock.now = at(date(2026, 11, 8), 7)
    answered("2026-10", 21)
    return world


def rounds_at_once(world: World, post: RecordingPost) -> None:
    gate = threading.Barrier(ROUNDS)

    def one_round() -> None:
        gate.wait()
        send_due(reporting(world, post))

    with ThreadPoolExecutor(ROUNDS) as pool:
        for future in [pool.submit(one_round) for _ in range(ROUNDS)]:
            future.result()


def test_of_many_rounds_at_once_each_report_is_sent_by_one(raced: World) -> None:
    post = RecordingPost()
    rounds_at_once(raced, post)
    assert sorted(post.ids) == [f"report-{unit}-2026-10" for unit in ("kotka", "kouvola", "nemova", "varkaus")]


def test_the_second_to_claim_loses_and_finds_the_report_sent_when_the_lease_has_ended(raced: World) -> None:
    inside, go_on = threading.Event(), threading.Event()

    class SlowPost(RecordingPost):
        def send(self, mail: object) -> None:
            inside.set()
            assert go_on.wait(30)
            super().send(mail)  # type: ignore[arg-type]

    slow, second = SlowPost(), RecordingPost()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send_due, reporting(raced, slow))
        assert inside.wait(30)
        send_due(reporting(raced, second))
        assert "report-kotka-2026-10" not in second.ids
        go_on.set()
        first.result()
    raced.clock.now += 2 * LEASE
    send_due(reporting(raced, second))
    assert [*slow.ids, *second.ids].count("report-kotka-2026-10") == 1


def test_a_failed_send_is_taken_up_by_one_of_the_rounds_that_come_after_its_lease(raced: World) -> None:
    failing = RecordingPost(faults=[NotMailed("ConnectTimeoutError")])
    with pytest.raises(NotMailed):
        send_due(reporting(raced, failing))
    assert limits.stands(MARK, now=raced.clock.now) is not None
    post = RecordingPost()
    rounds_at_once(raced, post)
    assert post.ids == []
    raced.clock.now += LEASE
    rounds_at_once(raced, post)
    assert post.ids == ["report-kotka-2026-10"]
