"""A burst upon a calm stream: how soon the stream is answered as before.

One message each 50 ms all along; in the middle some hundreds of first answers at once, as after a long list.
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
# Recovered is when so many in a row have a median within this of the calm one.
IN_A_ROW, WITHIN = 10, 1.5


@dataclass(frozen=True, slots=True)
class Recovery:
    """`seconds` from the burst's last answer until the stream is answered as before; None if it never was.

    `stream` and `burst` are all answers, by seconds since the burst began, and milliseconds.
    """

    seconds: float | None
    calm_ms: float
    burst_seconds: float
    stream: list[tuple[float, float]]
    burst: list[tuple[float, float]]


def people_needed() -> int:
    return CALM_BEFORE + CALM_AFTER + BURST


def recovery(port: int, people: Sequence[PhoneNumber]) -> tuple[Recovery, list[Heard]]:
    calm, crowd = people[: CALM_BEFORE + CALM_AFTER], people[CALM_BEFORE + CALM_AFTER :]
    stream: list[Future[Heard]] = []
    burst: list[Future[Heard]] = []
    began = 0.0
    with ThreadPoolExecutor(AT_ONCE) as crowd_pool, ThreadPoolExecutor(AT_ONCE) as pool:
        for place, number in enumerate(calm):
            if place == CALM_BEFORE:
                began = time.perf_counter()
                burst = [crowd_pool.submit(_answered, port, one) for one in crowd]
            stream.append(pool.submit(_answered, port, number))
            time.sleep(EACH_SECONDS)
    heard, crowded = [one.result() for one in stream], [one.result() for one in burst]
    return _told(heard, crowded, began), [*heard, *crowded]


def _answered(port: int, number: PhoneNumber) -> Heard:
    return posted(port, number, "9", f"SM{uuid4().hex}")[0]


def _told(stream: Sequence[Heard], burst: Sequence[Heard], began: float) -> Recovery:
    calm = statistics.median(one.ms for one in stream[:CALM_BEFORE])
    over = max(one.at for one in burst)
    later = sorted((one for one in stream if one.at > over), key=lambda one: one.at)
    rows = (later[place : place + IN_A_ROW] for place in range(len(later) - IN_A_ROW + 1))
    as_before = (row[0].at - over for row in rows if statistics.median(one.ms for one in row) <= WITHIN * calm)
    return Recovery(
        next(as_before, None),
        calm,
        over - began,
        [(one.at - began, one.ms) for one in stream],
        [(one.at - began, one.ms) for one in burst],
    )
