"""The costs that docs/costs.md names are those of the calculator, and what it counts with is what the code takes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import boto3
import pytest

from benchmarks.cost_inputs import Inputs, read_inputs
from benchmarks.costs import BEGIN, END, PAGE, VOLUMES, tables
from benchmarks.month_costs import Month, lines
from handler.tables import limits
from handler.work.tick import tick
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.metered import Bill, metered, size
from tests.world import REGION, START, OpenSealing, World

ROOT = Path(__file__).resolve().parent.parent
INPUTS = read_inputs()
# What Twilio posts of a message that arrives; KMS's ciphertext of a phone number is about so long.
CALLBACKS, SEALED_BYTES = ("queued", "sent", "delivered"), 170
MESSAGE_ID = "SM{:032d}"


@dataclass(slots=True)
class CountingSealing(OpenSealing):
    """As long as KMS's, and counted."""

    requests: int = 0

    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        self.requests += 1
        return OpenSealing.seal(self, number, conversation_id=conversation_id).ljust(SEALED_BYTES, b" ")

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        self.requests += 1
        return OpenSealing.unseal(self, sealed.rstrip(b" "), conversation_id=conversation_id)


@dataclass(slots=True)
class Journey:
    """One conversation, and what it takes; of the schedule's rounds only what they take for its sake."""

    world: World
    sealing: CountingSealing = field(default_factory=CountingSealing)
    bill: Bill = field(default_factory=Bill)
    posts: int = 0
    items: int = 0
    told: int = 0

    def begin(self) -> None:
        self.world.delivery = replace(self.world.delivery, sealing=self.sealing)
        with self._on_the_bill():
            invitation = self.world.invite(idempotency_key="bulk-0123456789abcdef-1")
        self._deliver()
        for status in CALLBACKS:
            self._post(lambda status=status: self.world.callback(invitation, status))

    def says(self, *texts: str) -> None:
        for text in texts:
            self._post(lambda text=text: self.world.text(text, message_id=MESSAGE_ID.format(self.posts)))

    def after(self, **units: int) -> None:
        """So much later a round of the schedule finds something due; what it puts into the queue is delivered."""
        idle = round_alone(self.world)
        self.world.clock.forward(**units)
        busy = round_alone(self.world)
        self._add(busy.writes - idle.writes, busy.reads - idle.reads)
        self._deliver()

    def _deliver(self) -> None:
        self.items += len(self.world.queued)
        with self._on_the_bill():
            self.world.deliver()

    def _post(self, work: Callable[[], object]) -> None:
        self.posts += 1
        with self._on_the_bill():
            work()

    @contextmanager
    def _on_the_bill(self) -> Iterator[None]:
        told = len(self.world.metrics)
        with metered(REGION) as bill:
            yield
        self._add(bill.writes, bill.reads)
        self.told += len(self.world.metrics) - told

    def _add(self, writes: float, reads: float) -> None:
        self.bill.writes += writes
        self.bill.reads += reads

    def taken(self) -> dict[str, float]:
        columns = self.world.columns()
        return {
            "segments_out": columns["segments_out"],
            "messages_in": columns["messages_in"],
            "webhooks": self.posts,
            "write_units": self.bill.writes,
            "read_units": self.bill.reads,
            "kms_requests": self.sealing.requests,
            "queue_items": self.items,
            "metric_lines": self.told,
            "kept_bytes": kept("invitations") * 2 + kept("responses") + kept("comments"),
        }


def round_alone(world: World) -> Bill:
    """One round of the schedule, without the fold and without what is looked over once a day."""
    for mark in ("fold_sends", "look_over"):
        limits.mark(mark, now=world.clock(), window=timedelta(minutes=1))
    with metered(REGION) as bill:
        tick(world.parts, world.queued.extend)
    return bill


def kept(table: str) -> int:
    """The bytes of all rows."""
    return sum(size(item) for item in boto3.client("dynamodb").scan(TableName=f"test-{table}")["Items"])


def test_a_finished_survey_takes_what_the_calculator_counts_with(world: World) -> None:
    journey = Journey(world)
    journey.begin()
    journey.says("9 koska kuunneltiin", "3524", "Kiitos kun kuuntelitte")
    journey.after(minutes=6)
    assert len(world.carrier.deleted) == 6  # three answers, and our three replies
    assert world.columns()["finished"] == 1
    assert journey.taken() == INPUTS.journeys["finished"]


def test_a_silent_conversation_takes_what_the_calculator_counts_with(world: World) -> None:
    journey = Journey(world)
    journey.begin()
    journey.after(days=1, minutes=1)
    for _ in CALLBACKS:
        journey.posts += 1  # of the reminder: they name no invitation, and nothing is looked up for them
    journey.after(days=4)
    assert len(world.carrier.sent) == 2
    assert world.held().dialogue is None
    assert journey.taken() == INPUTS.journeys["silent"]


def test_an_idle_round_and_its_fold_take_what_the_calculator_counts_with(world: World) -> None:
    idle = round_alone(world)
    told = len(world.metrics)
    assert (idle.writes, idle.reads, told) == tuple(
        INPUTS.round[name] for name in ("write_units", "read_units", "metric_lines")
    )
    world.clock.now = START + timedelta(minutes=2)
    limits.mark("look_over", now=world.clock(), window=timedelta(minutes=1))
    with metered(REGION) as folding:
        tick(world.parts, world.queued.extend)
    assert folding.reads - idle.reads == INPUTS.cells["0"] * INPUTS.round["cell_read_units"]
    assert folding.writes == idle.writes

    world.opened()
    world.clock.forward(minutes=2)
    limits.mark("look_over", now=world.clock(), window=timedelta(minutes=1))
    with metered(REGION) as folding:
        tick(world.parts, world.queued.extend)
    assert folding.writes - idle.writes == INPUTS.round["cell_write_units"]
    assert kept("invitations") <= INPUTS.round["invitation_bytes"]


def test_the_shipped_organisation_has_as_many_cells(library: Library) -> None:
    units = library.organisation.units.values()
    assert sum(1 for unit in units for _ in unit.asks(library.surveys)) == INPUTS.cells["0"]


def test_the_calculator_takes_the_memory_that_is_deployed() -> None:
    functions = (ROOT / "serverless.yml").read_text().partition("\nfunctions:\n")[2].partition("\nresources:\n")[0]
    memory = dict(re.findall(r"^  (\w+):\n(?:    .*\n)*?    memorySize: (\d+)", functions, re.MULTILINE))
    assert {name: int(memory[name]) for name in INPUTS.memory_mb} == INPUTS.memory_mb


def test_the_page_of_costs_shows_what_the_calculator_prints() -> None:
    shown = PAGE.read_text().partition(BEGIN)[2].partition(END)[0].strip()
    assert shown == tables(INPUTS), "after a change: python -m benchmarks.costs --write"


@pytest.mark.parametrize("name", INPUTS.prices)
def test_every_price_names_its_source_and_the_day_it_was_seen(name: str) -> None:
    price = INPUTS.prices[name]
    assert price.source
    assert price.seen.year >= 2026
    assert price.usd >= 0


def test_the_segments_are_those_of_finished_and_silent_conversations() -> None:
    month = Month(INPUTS, 100, 0.40)
    assert lines(month)["Text messages sent"] == pytest.approx((100 * 5 + 150 * 2) * 0.08)
    assert lines(month)["Text messages received"] == pytest.approx(300 * 0.0075)


def test_a_lower_response_rate_costs_more() -> None:
    def each(rate: float) -> float:
        return sum(lines(Month(INPUTS, 1_000, rate)).values())

    assert each(0.25) > each(0.40)


def test_the_margin_is_added_to_regional_prices_alone() -> None:
    dearer: Inputs = replace(INPUTS, region_margin=2.0)
    assert dearer.cost("sms_out", 1) == INPUTS.cost("sms_out", 1)
    assert dearer.cost("http_api", 1_000_000) == 2.00


def test_the_first_column_is_a_month_without_surveys() -> None:
    idle = lines(Month(INPUTS, VOLUMES[0], 0.40))
    assert (idle["Text messages sent"], idle["DynamoDB, surveys"]) == (0, 0)
    assert idle["DynamoDB, rounds of the schedule"] > 0
