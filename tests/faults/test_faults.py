"""Every operation meets every fault at every door, before real engines, and nobody is asked twice, lost or forgotten.

Each case lives through the same conversations. Wherever somebody asks at a door (an invitation, a webhook, an item of
the queue, a round of the schedule), the first request of the operation meets the fault.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from handler.tables import base
from handler.work.request import Refusal
from local.ministack import aws_at
from survey_flow.library import Library
from tests.chance import DEEPER
from tests.faults.kinds import LATE_MS, WAITS_SECONDS, Case, cases
from tests.faults.lives import ANSWERS, NUMBERS, STOPS, Lives
from tests.faults.proxy import Proxy, proxy
from tests.handler.looking import refused
from tests.races.carrier import HonestCarrier
from tests.races.ending import to_the_end
from tests.races.engines import ENGINES
from tests.races.stage import Ledger
from tests.races.truths import Ended, assert_all_true
from tests.world import World, empty_tables, made_world, world_over

pytestmark = pytest.mark.faults

# The proxy reads AWS's own description of DynamoDB when it is first asked.
FIRST_ANSWER_SECONDS = 60

# On the second engine, what invitations, answers, refusals and closings meet; with KUULOLLA_DEPTH=2 the rest as well.
ON_BOTH = ("GetItem", "PutItem", "UpdateItem", "TransactWriteItems")
FIRST, SECOND = ENGINES
CASES = [(FIRST, case) for case in cases()]
CASES += [(SECOND, case) for case in cases() if DEEPER or case.operation in ON_BOTH]


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


@dataclass(frozen=True, slots=True)
class Front:
    """The proxy in front of an engine. Tables are there for each number of repeats: a client stays as it was made as
    long as its table's name does."""

    proxy: Proxy
    prefixes: Mapping[int, str]

    def found(self, patch: pytest.MonkeyPatch) -> None:
        """By whatever speaks to AWS, from now on."""
        for name, value in aws_at(self.proxy.url).items():
            patch.setenv(name, value)


@pytest.fixture(scope="module")
def fronts() -> Iterator[tuple[ExitStack, dict[str, Front]]]:
    """Those that were begun, by engine, and what ends them all."""
    with ExitStack() as stack:
        yield stack, {}


@pytest.fixture
def front(
    request: pytest.FixtureRequest,
    fronts: tuple[ExitStack, dict[str, Front]],
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Front:
    """Begun with the first test of an engine, as it takes longer than a case."""
    stack, begun = fronts
    if request.param in begun:
        begun[request.param].found(monkeypatch)
        return begun[request.param]
    log = tmp_path_factory.mktemp("faults") / "proxy"
    running = stack.enter_context(proxy(request.getfixturevalue(request.param), log))
    made = begun[request.param] = Front(running, {n: f"faults-{uuid4().hex[:8]}-" for n in (0, base.RETRIES)})
    made.found(monkeypatch)
    with clients(repeats=0, seconds=FIRST_ANSWER_SECONDS):
        for prefix in made.prefixes.values():
            made_world(library, prefix=prefix)
    return made


@pytest.fixture
def world(case: Case, front: Front, library: Library) -> Iterator[World]:
    with clients(repeats=case.repeats, seconds=WAITS_SECONDS):
        world = world_over(library, prefix=front.prefixes[case.repeats])
        front.proxy.rules()
        empty_tables()
        yield world


@pytest.mark.parametrize(
    ("front", "case"),
    [pytest.param(*engine.values, case, marks=engine.marks, id=f"{engine.id}, {case}") for engine, case in CASES],
    indirect=["front"],
)
def test_whatever_an_operation_meets_nobody_is_asked_twice_or_forgotten(
    case: Case, world: World, front: Front, all_told: Callable[[], str]
) -> None:
    hits: Counter[str] = Counter()
    lives, ledger = with_a_ledger(world, lambda door: trouble(front.proxy, case, door, hits))
    with ledger.open():
        lives.live()
        to_the_end(world)
        time.sleep(2 * LATE_MS / 1000 if case.fault == "late" else 0)
        carrier = world.delivery.carrier
        assert isinstance(carrier, HonestCarrier)
        ended = Ended(world, carrier, ledger, all_told(), lives.undelivered, NUMBERS)
        assert_all_true(ended, f"{case}: {dict(lives.met)}")
        if case.leaves_claims_unknown:
            assert carrier.sent == []
        else:
            assert_told_apart(lives)
        assert case.doors <= set(+hits), f"met at {+hits} alone"


@contextmanager
def trouble(proxy: Proxy, case: Case, door: str, hits: Counter[str]) -> Iterator[None]:
    """Whoever asks at the door meets the fault; `hits` counts how many requests do."""
    if door == case.spared:
        yield
        return
    proxy.rules(case.rule)
    yield
    hits[door] += proxy.hits()
    proxy.rules()


def with_a_ledger(world: World, trouble: Callable[[str], AbstractContextManager[None]]) -> tuple[Lives, Ledger]:
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
