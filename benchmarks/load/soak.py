"""The soak: some people at a time are invited and talk to the end, without a pause; memory all the while."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.load.play import Heard, talked
from benchmarks.load.server import Server
from benchmarks.load.stage import WORKERS, Stage, stage
from benchmarks.load.truths import broken

SAMPLE_SECONDS = 2.0


@dataclass(slots=True)
class Soaked:
    """`memory` is megabytes of all workers by seconds; `cpu_ms` the app's for each message."""

    engine: str
    told: str
    workers: int
    seconds: float
    people: int
    messages: int
    cpu_ms: float
    ms: list[float]
    memory: list[tuple[float, float]]
    broken: list[str]


def soaked(seconds: float, at_once: int = 4) -> Soaked:
    """For so long; each thread has one person at a time."""
    with stage() as place:
        begun, cpu, warmed = time.perf_counter(), place.cpu(), len(place.talked)
        heard: list[Heard] = []
        memory = _talking(place, heard, begun + seconds, at_once)
        seconds, cpu = time.perf_counter() - begun, place.cpu_since(cpu)
        return Soaked(
            place.engine.name,
            place.engine.told,
            WORKERS,
            seconds,
            len(place.talked) - warmed,
            len(heard),
            1000 * cpu.app / len(heard),
            [round(one.ms, 2) for one in heard],
            memory,
            broken(place.people.parts, place.talked, heard),
        )


def _talking(place: Stage, heard: list[Heard], until: float, at_once: int) -> list[tuple[float, float]]:
    def go_on() -> None:
        while time.perf_counter() < until:
            for talk in place.invited(1):
                heard.extend(talked(place.server.port, talk))

    threads = [threading.Thread(target=go_on) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    memory = list(_sampled(place.server, until))
    for thread in threads:
        thread.join()
    return memory


def _sampled(server: Server, until: float) -> Iterator[tuple[float, float]]:
    begun = time.perf_counter()
    while (now := time.perf_counter()) < until:
        yield round(now - begun, 1), round(server.resident_mb(), 2)
        time.sleep(min(SAMPLE_SECONDS, max(0.0, until - now)))
