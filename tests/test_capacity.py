"""What a survey consumes of DynamoDB by Amazon's own engine: exactly so much, and as the costs' calculator reckons.

The calculator's figures are reckoned from the sizes of items (tests/metered.py); here the engine itself is asked. Where
the two differ, the engine does: benchmarks/survey_units.py names the two differences, and nothing else is left.
"""

from dataclasses import dataclass, field, replace
from uuid import uuid4

import boto3
import pytest

from benchmarks.cost_inputs import read_inputs
from benchmarks.survey_units import Step, steps
from handler.work.invite import Accepted
from local.ministack import aws_at
from survey_flow.library import Library
from tests.metered import metered
from tests.test_costs import MESSAGE_ID, CountingSealing
from tests.world import REGION, World, made_world

pytestmark = pytest.mark.second_engine

# Name, calls, reads, writes by the engine, writes as billed.
TAKEN = [
    Step("invited", 8, 6, 13, 11),
    Step("opening sent", 5, 2, 19, 16),
    Step("callback: queued", 0, 0, 0, 0),
    Step("callback: sent", 3, 2, 0, 1),
    Step("callback: delivered", 3, 2, 2, 2),
    Step("answer 1", 2, 1, 2, 2),
    Step("answer 2", 2, 1, 2, 2),
    Step("answer and closing 3", 2, 1, 14, 13),
    Step("deleted at the carrier", 4, 2, 2, 2),
]


@dataclass(slots=True)
class InTheWorld:
    world: World
    region: str = REGION
    accepted: list[Accepted] = field(default_factory=list)
    said: int = 0

    def invite(self) -> None:
        self.accepted.append(self.world.invite(idempotency_key="bulk-0123456789abcdef-1"))

    def deliver(self) -> None:
        self.world.deliver()

    def callback(self, status: str) -> None:
        self.world.callback(self.accepted[0], status)

    def says(self, text: str) -> None:
        self.said += 1
        self.world.text(text, message_id=MESSAGE_ID.format(self.said))

    def later(self) -> None:
        self.world.clock.forward(minutes=6)
        # As the next round of the schedule does, asked beside the table's own client: the round is not measured here.
        due = boto3.client("dynamodb").scan(TableName="capacity-deletions")["Items"]
        self.world.queued.extend(item["id"]["S"] for item in due)


@pytest.fixture
def playing(second_engine: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> InTheWorld:
    for name, value in aws_at(second_engine, key=uuid4().hex).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it would keep the key of another test's database
    world = made_world(library, prefix="capacity-")
    world.delivery = replace(world.delivery, sealing=CountingSealing())
    return InTheWorld(world)


def test_a_finished_survey_consumes_exactly_so_much(playing: InTheWorld) -> None:
    assert list(steps(playing)) == TAKEN


def test_an_answer_is_two_calls_a_read_unit_and_two_write_units() -> None:
    answers = [step for step in TAKEN if step.name.startswith("answer ") and "closing" not in step.name]
    assert [(step.calls, step.reads, step.billed) for step in answers] == [(2, 1, 2), (2, 1, 2)]


def test_the_engine_and_the_calculator_agree_on_what_is_billed(playing: InTheWorld) -> None:
    with metered(REGION) as bill:
        taken = list(steps(playing))
    assert (sum(step.billed for step in taken), sum(step.reads for step in taken)) == (bill.writes, bill.reads)


def test_what_the_calculator_adds_is_the_round_that_finds_the_deletion_due() -> None:
    usage = read_inputs().journeys["finished"]
    assert usage["write_units"] - sum(step.billed for step in TAKEN) == 1
    assert usage["read_units"] - sum(step.reads for step in TAKEN) == 0
