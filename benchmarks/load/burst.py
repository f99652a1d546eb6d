"""A burst upon a calm stream: how long the stream waits at worst, and when it is answered as before.

One message each 50 ms all along; in the middle some hundreds of first answers at once, as after a long list. Each is
from somebody of their own, so that what became of each can be looked up after.
"""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from benchmarks.load.play import Heard, posted
from survey_flow.phone import PhoneNumber

EACH_SECONDS = 0.05
CALM_BEFORE, CALM_AFTER = 80, 220
BURST, AT_ONCE = 256, 64
ANSWER = 9
# Recovered is from the first answer that took no longer than this many calm ones, when so many in a row do by their
# median.
IN_A_ROW, WITHIN = 10, 1.5


@dataclass(frozen=True, slots=True)
class Said:
    """A first answer: whose it was, under which message id, and how it was heard."""

    number: PhoneNumber
    message_id: str
    heard: Heard


@dataclass(frozen=True, slots=True)
class Recovery:
    """`seconds` from the burst's begin until the stream is answered as before; None if it never was.

    `burst_seconds` is from its begin to its last answer, `calm_ms` the stream's median before it, `worst_ms` the
    stream's longest wait after its begin. `stream` and `burst` are all answers, by seconds since the burst began, and
    milliseconds.
    """

    seconds: float | None
    calm_ms: float
    worst_ms: float
    burst_seconds: float
    stream: list[tuple[float, float]]
    burst: list[tuple[float, float]]


def people_needed(burst: int) -> int:
    return CALM_BEFORE + CALM_AFTER + burst


def recovery(port: int, people: Sequence[PhoneNumber], burst: int) -> tuple[Recovery, list[Said]]:
    calm, crowd = people[:-burst], people[-burst:]
    stream: list[Future[Said]] = []
    crowded: list[Future[Said]] = []
    began = 0.0
    with ThreadPoolExecutor(AT_ONCE) as crowd_pool, ThreadPoolExecutor(AT_ONCE) as pool:
        for place, number in enumerate(calm):
            if place == CALM_BEFORE:
                began = time.perf_counter()
                crowded = [crowd_pool.submit(_said, port, one) for one in crowd]
            stream.append(pool.submit(_said, port, number))
            time.sleep(EACH_SECONDS)
    said, shouted = [one.result() for one in stream], [one.result() for one in crowded]
    before, after = said[:CALM_BEFORE], said[CALM_BEFORE:]
    return told(*([one.heard for one in each] for each in (before, after, shouted)), began=began), [*said, *shouted]


def _said(port: int, number: PhoneNumber) -> Said:
    message_id = f"SM{uuid4().hex}"
    return Said(number, message_id, posted(port, number, str(ANSWER), message_id)[0])


def told(before: Sequence[Heard], after: Sequence[Heard], burst: Sequence[Heard], *, began: float) -> Recovery:
    """`before` and `after` are the stream's answers to what was sent before the burst began, and after."""
    calm = statistics.median(one.ms for one in before)
    return Recovery(
        _as_before(after, calm, began),
        calm,
        max(one.ms for one in after),
        max(one.at for one in burst) - began,
        [(one.at - began, one.ms) for one in (*before, *after)],
        [(one.at - began, one.ms) for one in burst],
    )


def _as_before(after: Sequence[Heard], calm: float, began: float) -> float | None:
    later, bound = sorted(after, key=lambda one: one.at), WITHIN * calm
    for place in range(len(later) - IN_A_ROW + 1):
        row = later[place : place + IN_A_ROW]
        if row[0].ms <= bound and statistics.median(one.ms for one in row) <= bound:
            return row[0].at - began
    return None
