"""The load at 1, 8 and 64 at once, the burst after it, and the soak: what the app's processes take, and the truths."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.engine import bind_tables, dynamodb
from benchmarks.load.app import clock_of_the_load
from benchmarks.load.burst import Recovery, people_needed, recovery
from benchmarks.load.play import Heard, played, talked
from benchmarks.load.server import Server, served
from benchmarks.load.talks import Talk, talks
from benchmarks.load.truths import broken
from benchmarks.respondents import Respondents, respondents

SEED = int(os.environ.get("KUULOLLA_SEED", "13"))
WORKERS = os.cpu_count() or 1
# How many talk at once, and how many people in all.
LEVELS = {1: 300, 8: 900, 64: 1200}
SAMPLE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Level:
    """`cpu_ms` of the app's processes for each message; `ms` of each answer as the caller waits."""

    at_once: int
    people: int
    messages: int
    seconds: float
    cpu_ms: float
    ms: list[float]


@dataclass(slots=True)
class Loaded:
    engine: str
    told: str
    workers: int
    seed: int
    levels: list[Level] = field(default_factory=list)
    recovery: Recovery | None = None
    broken: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Soaked:
    """`memory` is megabytes of all workers by seconds; `pace` messages answered by seconds."""

    engine: str
    workers: int
    seconds: float
    people: int
    messages: int
    cpu_ms: float
    ms: list[float]
    memory: list[tuple[float, float]]
    broken: list[str]


@contextmanager
def _ready() -> Iterator[tuple[str, str, Server, Respondents]]:
    with dynamodb() as engine, served(WORKERS) as server:
        people = respondents(engine.settings, clock_of_the_load)
        bind_tables(engine.settings)
        warm = list(talks(people.opened(8 * WORKERS), SEED))
        warm_up(server, warm)
        yield engine.name, engine.told, server, people


def warm_up(server: Server, all_talks: list[Talk]) -> None:
    """Every worker has answered something: its client is made."""
    played(server.port, all_talks, 2 * WORKERS)
    _WARM.extend(all_talks)


_WARM: list[Talk] = []


def loaded(levels: dict[int, int] | None = None) -> Loaded:
    _WARM.clear()
    with _ready() as (engine, told, server, people):
        found = Loaded(engine, told, WORKERS, SEED)
        talked_of, heard = [*_WARM], []
        for at_once, count in (levels or LEVELS).items():
            everybody = list(talks(people.opened(count), SEED))
            level, answers = _level(server, everybody, at_once)
            found.levels.append(level)
            talked_of += everybody
            heard += answers
        found.broken = broken(people.parts, talked_of, heard)
        crowd = people.opened(people_needed())
        found.recovery, answers = recovery(server.port, crowd)
        found.broken += [f"in the burst: {one.fault}" for one in answers if one.fault]
    return found


def _level(server: Server, everybody: list[Talk], at_once: int) -> tuple[Level, list[Heard]]:
    begun, cpu = time.perf_counter(), server.cpu_seconds()
    heard = played(server.port, everybody, at_once)
    seconds, cpu = time.perf_counter() - begun, server.cpu_seconds() - cpu
    level = Level(
        at_once, len(everybody), len(heard), seconds, 1000 * cpu / len(heard), [round(one.ms, 2) for one in heard]
    )
    return level, heard


def soaked(seconds: float, at_once: int = 4) -> Soaked:
    """For so long people are invited and talk to the end; each thread has one person at a time."""
    _WARM.clear()
    with _ready() as (engine, _, server, people):
        heard: list[Heard] = []
        talked_of = [*_WARM]
        begun, cpu = time.perf_counter(), server.cpu_seconds()
        until = begun + seconds

        def go_on() -> None:
            while time.perf_counter() < until:
                (talk,) = talks(people.opened(1), SEED)
                talked_of.append(talk)
                heard.extend(talked(server.port, talk))

        threads = [threading.Thread(target=go_on) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        memory = list(_sampled(server, begun, until))
        for thread in threads:
            thread.join()
        seconds, cpu = time.perf_counter() - begun, server.cpu_seconds() - cpu
        return Soaked(
            engine,
            WORKERS,
            seconds,
            len(talked_of),
            len(heard),
            1000 * cpu / len(heard),
            [round(one.ms, 2) for one in heard],
            memory,
            broken(people.parts, talked_of, heard),
        )


def _sampled(server: Server, begun: float, until: float) -> Iterator[tuple[float, float]]:
    while (now := time.perf_counter()) < until:
        yield round(now - begun, 1), round(server.resident_mb(), 2)
        time.sleep(min(SAMPLE_SECONDS, max(0.0, until - now)))
