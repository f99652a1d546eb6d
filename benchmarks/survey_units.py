"""What one finished survey consumes of DynamoDB, step by step, by the engine's own figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from benchmarks.consumed import Consumed, consumed

# A 13-17-year-old of Nuorten Matala, in Finnish, who answers everything with a comment: as in usage.toml.
ANSWERS = ("9 koska kuunneltiin", "3524", "Kiitos kun kuuntelitte")
CALLBACKS = ("queued", "sent", "delivered")


class Playing(Protocol):
    """Somebody who plays a conversation over tables of their own."""

    region: str

    def invite(self) -> None: ...

    def deliver(self) -> None: ...

    def callback(self, status: str) -> None: ...

    def says(self, text: str) -> None: ...

    def later(self) -> None:
        """When what was said may be deleted at the carrier, it is put into the queue. Not measured: others share it."""


@dataclass(frozen=True, slots=True)
class Step:
    """Request units of one step, as the engine tells them, and as AWS bills them.

    DynamoDB Local differs from AWS's rules in two things: it doubles what indexes take of a transaction, though they
    are written apart from it; and it says nothing of a write that its condition refuses, which AWS bills as one unit.
    """

    name: str
    calls: int
    reads: float
    writes: float
    billed: float


def steps(playing: Playing) -> Iterator[Step]:
    yield _step("invited", playing.region, playing.invite)
    yield _step("opening sent", playing.region, playing.deliver)
    for status in CALLBACKS:
        yield _step(f"callback: {status}", playing.region, lambda status=status: playing.callback(status))
    for number, answer in enumerate(ANSWERS, 1):
        what = "answer and closing" if number == len(ANSWERS) else "answer"
        yield _step(f"{what} {number}", playing.region, lambda answer=answer: playing.says(answer))
    playing.later()
    yield _step("deleted at the carrier", playing.region, playing.deliver)


def _step(name: str, region: str, work: Callable[[], object]) -> Step:
    with consumed(region) as seen:
        work()
    return Step(name, len(seen.calls), seen.reads, seen.writes, billed(seen))


def billed(seen: Consumed) -> float:
    """The writes in AWS's request units."""
    return seen.writes - seen.index_writes_of_transactions / 2 + seen.refused
