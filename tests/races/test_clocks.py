"""Clocks that differ between containers, that jump forward and back, and the switches of summer time.

The carrier goes by a clock of its own, which is right.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from handler.outside.carrier_list import MARGIN
from handler.tables.conversations import State
from handler.work.owes import REMIND_AFTER
from handler.work.request import Refusal
from survey_flow.conversation import LIFETIME
from survey_flow.helsinki import HELSINKI
from tests.chance import DEEPER
from tests.handler.looking import held, refused
from tests.races.carrier import HonestCarrier
from tests.races.ending import to_the_end, without_the_long_rounds
from tests.races.stage import Ledger
from tests.races.truths import Ended, assert_all_true, the_carrier_holds_openings_alone
from tests.world import StillClock, World


@dataclass(slots=True)
class Clocks:
    """`right` is the carrier's, `webhook` and `deliverer` those of two containers, which are so far from it."""

    right: StillClock
    webhook: timedelta = timedelta()
    deliverer: timedelta = timedelta()

    def of_webhook(self) -> datetime:
        return self.right.now + self.webhook

    def of_deliverer(self) -> datetime:
        return self.right.now + self.deliverer

    def jump(self, by: timedelta) -> None:
        self.webhook += by
        self.deliverer += by


@dataclass(slots=True)
class Life:
    """One number in a world with such clocks; before each step something may happen to them."""

    world: World
    clocks: Clocks
    ledger: Ledger
    before: Callable[[int], object] = lambda _: None
    steps: int = 0

    def step(self, do: Callable[[], object]) -> None:
        self.before(self.steps)
        self.steps += 1
        do()
        self.world.clock.forward(minutes=2)

    def text(self, body: str) -> None:
        self.step(lambda: self.world.text(body))

    @property
    def ended(self) -> Ended:
        carrier = self.world.delivery.carrier
        assert isinstance(carrier, HonestCarrier)
        return Ended(self.world, carrier, self.ledger)

    def end_well(self, how: str, *, but: tuple[Callable[[Ended], None], ...] = ()) -> None:
        to_the_end(self.world)
        assert_all_true(self.ended, how, but=but)
        assert self.ended.openings, "the opening never left"


@pytest.fixture
def life(world: World) -> Life:
    ledger, clocks = Ledger(), Clocks(world.clock)
    carrier = HonestCarrier(log=world.carrier.log, clock=world.clock, latest_claim=ledger.latest_transaction)
    world.carrier = carrier
    world.parts = replace(world.parts, clock=clocks.of_webhook)
    delivering = replace(world.parts, clock=clocks.of_deliverer)
    world.delivery = replace(world.delivery, parts=delivering, carrier=carrier)
    without_the_long_rounds(world)
    return Life(world, clocks, ledger)


def answers(life: Life) -> None:
    """An invitation, answered to its end."""
    life.step(life.world.invite)
    life.step(life.world.tick)
    for body in ("9", "3524", "OHITA"):
        life.text(body)
    life.step(life.world.tick)


def is_silent(life: Life) -> None:
    """An invitation, a reminder, and nothing."""
    life.step(life.world.invite)
    life.step(life.world.tick)
    life.world.clock.now += REMIND_AFTER
    life.step(life.world.tick)
    life.step(life.world.tick)


def breaks_off(life: Life) -> None:
    """One answer, and STOP after the reminder."""
    life.step(life.world.invite)
    life.step(life.world.tick)
    life.text("9")
    life.world.clock.now += REMIND_AFTER
    life.step(life.world.tick)
    life.text("STOP")


LIVES = (answers, is_silent, breaks_off)
FIVE = timedelta(seconds=5)
APART = [pair for pair in product((-FIVE, timedelta(), FIVE), repeat=2) if any(pair)]


@pytest.mark.parametrize("lived", LIVES, ids=lambda lived: lived.__name__)
@pytest.mark.parametrize(("webhook", "deliverer"), APART, ids=str)
def test_containers_whose_clocks_differ_ask_once_and_forget_nobody(
    life: Life, lived: Callable[[Life], None], webhook: timedelta, deliverer: timedelta
) -> None:
    life.clocks.webhook, life.clocks.deliverer = webhook, deliverer
    with life.ledger.open():
        lived(life)
        life.end_well(f"{webhook} and {deliverer}")
    if lived is answers:
        assert life.world.columns()["finished"] == 1


JUMPS = {
    "an hour forward": timedelta(hours=1),
    "a day forward": timedelta(days=1),
    "five seconds back": -FIVE,
    "an hour back": timedelta(hours=-1),
    "a day back": timedelta(days=-1),
}


# Each jump before each step, in one of the lives, all of which meet each jump; KUULOLLA_DEPTH=2 plays every life.
JUMPED = [
    pytest.param(lived, jump, at, id=f"{lived.__name__}, {name}, before step {at}")
    for (nth, (name, jump)), at in product(enumerate(JUMPS.items()), range(6))
    for lived in (LIVES if DEEPER else [LIVES[(nth + at) % len(LIVES)]])
]


@pytest.mark.parametrize(("lived", "jump", "at"), JUMPED)
def test_a_clock_that_jumps_asks_nobody_twice_and_loses_nobody(
    life: Life, lived: Callable[[Life], None], jump: timedelta, at: int
) -> None:
    life.before = lambda step: life.clocks.jump(jump) if step == at else None
    with life.ledger.open():
        lived(life)
        far = abs(jump) > MARGIN
        life.end_well(f"{jump} before step {at}", but=(the_carrier_holds_openings_alone,) if far else ())
    if lived is not breaks_off:
        assert refused(life.world).refusal is Refusal.THROTTLED


@pytest.mark.xfail(
    strict=True,
    reason="what is to be deleted at the carrier is told by its age, by our clock: after a jump of more than ten"
    " minutes between the claim and the deletion the carrier keeps it",
)
@pytest.mark.parametrize(("jump", "at"), [("an hour back", 3), ("a day back", 3), ("an hour forward", 5)])
def test_after_a_clock_has_jumped_the_carrier_still_forgets(life: Life, jump: str, at: int) -> None:
    life.before = lambda step: life.clocks.jump(JUMPS[jump]) if step == at else None
    answers(life)
    to_the_end(life.world)
    the_carrier_holds_openings_alone(life.ended)


# --- summer time: the clocks go on by an hour, or back, on the last Sunday of March and October, at one by UTC.

SWITCHES = {
    "to winter": datetime(2026, 10, 23, 15, tzinfo=HELSINKI).astimezone(UTC),
    "to summer": datetime(2027, 3, 26, 15, tzinfo=HELSINKI).astimezone(UTC),
}


@pytest.mark.parametrize("friday", SWITCHES.values(), ids=SWITCHES)
@pytest.mark.parametrize("lived", LIVES, ids=lambda lived: lived.__name__)
def test_over_a_switch_of_summer_time_everything_leaves_within_the_hours_and_once(
    life: Life, lived: Callable[[Life], None], friday: datetime
) -> None:
    life.world.clock.now = friday
    without_the_long_rounds(life.world)
    with life.ledger.open():
        lived(life)
        life.end_well(str(friday))
    moments = [one.at.astimezone(HELSINKI) for one in life.ended.carrier.taken]
    assert all(14 <= moment.hour < 19 and moment.weekday() < 5 for moment in moments), moments


@pytest.mark.parametrize("friday", SWITCHES.values(), ids=SWITCHES)
def test_a_conversation_over_a_switch_lasts_as_many_hours_as_any(life: Life, friday: datetime) -> None:
    life.world.clock.now = friday
    without_the_long_rounds(life.world)
    life.world.opened()
    life.world.text("9")
    life.world.text("haluan kuolla")  # no reminder follows
    due = held(life.world).due
    assert due is not None
    assert due.timestamp() - friday.timestamp() == LIFETIME.total_seconds()
    life.world.clock.now = due - timedelta(seconds=1)
    life.world.tick()
    assert held(life.world).state is State.OPEN
    life.world.clock.now = due
    life.world.tick()
    assert held(life.world).state is State.CLOSED
