"""Every operation meets every fault at every door, before a real engine, and nobody is asked twice, lost or forgotten.

Each case lives through the same conversations. Wherever somebody asks at a door (an invitation, a webhook, an item of
the queue, a round of the schedule), the first request of the operation meets the fault.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from handler.tables import base
from handler.work.request import Refusal
from survey_flow.library import Library
from tests.conftest import aws_at
from tests.faults.kinds import LATE_MS, WAITS_SECONDS, Case, cases
from tests.faults.lives import ANSWERS, NUMBERS, STOPS, Lives
from tests.faults.proxy import Proxy, proxy
from tests.handler.looking import refused
from tests.handler.test_fault_points import empty_tables
from tests.races.carrier import HonestCarrier
from tests.races.ending import to_the_end
from tests.races.stage import Ledger
from tests.races.truths import Ended, assert_all_true
from tests.world import World, made_world, world_over

pytestmark = [pytest.mark.engine, pytest.mark.faults]

# The proxy reads AWS's own description of DynamoDB when it is first asked.
FIRST_ANSWER_SECONDS = 60


@pytest.fixture(scope="module")
def troubled(ministack: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The proxy in front of an engine, found by whatever speaks to AWS."""
    log = tmp_path_factory.mktemp("faults") / "proxy"
    with proxy(ministack, log) as running, pytest.MonkeyPatch.context() as patch:
        for name, value in aws_at(running.url).items():
            patch.setenv(name, value)
        yield running


@contextmanager
def clients(*, repeats: int, seconds: float) -> Iterator[None]:
    """Clients that repeat so often and wait so long: they are made with these when the tables are bound."""
    with pytest.MonkeyPatch.context() as patch:
        for where, retries, read in (
            (base.Meta, "max_retry_attempts", "read_timeout_seconds"),
            (base, "RETRIES", "READ_SECONDS"),
        ):
            patch.setattr(where, retries, repeats)
            patch.setattr(where, read, seconds)
        yield


@pytest.fixture(scope="module")
def prefixes(troubled: Proxy, library: Library) -> dict[int, str]:
    """Tables for each number of repeats: a client stays as it was made as long as its table's name does."""
    made = {repeats: f"faults-{uuid4().hex[:8]}-" for repeats in (0, base.RETRIES)}
    with clients(repeats=0, seconds=FIRST_ANSWER_SECONDS):
        for prefix in made.values():
            made_world(library, prefix=prefix)
    return made


@pytest.fixture(params=cases(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def world(case: Case, prefixes: dict[int, str], troubled: Proxy, library: Library) -> Iterator[World]:
    with clients(repeats=case.repeats, seconds=WAITS_SECONDS):
        world = world_over(library, prefix=prefixes[case.repeats])
        troubled.rules()
        empty_tables()
        yield world


def test_whatever_an_operation_meets_nobody_is_asked_twice_or_forgotten(
    case: Case, world: World, troubled: Proxy, all_told: Callable[[], str]
) -> None:
    before = len(troubled.fired())
    lives, ledger = with_a_ledger(world, lambda: trouble(troubled, case))
    with ledger.open():
        lives.live()
        to_the_end(world)
        assert len(troubled.fired()) > before, "nothing met the fault"
        time.sleep(2 * LATE_MS / 1000 if case.fault == "late" else 0)
        carrier = world.delivery.carrier
        assert isinstance(carrier, HonestCarrier)
        ended = Ended(world, carrier, ledger, all_told(), lives.undelivered, NUMBERS)
        assert_all_true(ended, f"{case}: {dict(lives.met)}")
        if case.leaves_claims_unknown:
            assert carrier.sent == []
        else:
            assert_told_apart(lives)


@contextmanager
def trouble(troubled: Proxy, case: Case) -> Iterator[None]:
    troubled.rules(case.rule)
    yield
    troubled.rules()


def with_a_ledger(world: World, trouble: Callable[[], AbstractContextManager[None]]) -> tuple[Lives, Ledger]:
    ledger = Ledger()
    carrier = HonestCarrier(log=world.carrier.log, clock=world.clock, latest_claim=ledger.latest_transaction)
    world.carrier, world.delivery = carrier, replace(world.delivery, carrier=carrier)
    return Lives(world, trouble), ledger


def assert_told_apart(lives: Lives) -> None:
    """What each of the lives came to."""
    columns = lives.world.columns()
    assert (columns["finished"], columns["opted_out"], columns["nps_9"]) == (1, 1, 2)
    assert (columns["delivered"], columns["undelivered"]) == (3, 1)
    assert refused(lives.world, number=STOPS).refusal is Refusal.OPTED_OUT
    assert refused(lives.world, number=ANSWERS).refusal is Refusal.THROTTLED
