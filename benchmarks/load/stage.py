"""What a load is played on: an engine, the app as gunicorn serves it, and people to answer; all of them warm."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.engine import Engine, bind_tables, dynamodb
from benchmarks.load.app import clock_of_the_load
from benchmarks.load.play import played
from benchmarks.load.processes import busy_seconds, cpu_seconds
from benchmarks.load.server import Server, served
from benchmarks.load.talks import Talk, talks
from benchmarks.respondents import Respondents, respondents

SEED = int(os.environ.get("KUULOLLA_SEED", "13"))
WORKERS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of CPU of the three that share the machine, and of all that it was busy with."""

    app: float = 0.0
    engine: float = 0.0
    generator: float = 0.0
    machine: float = 0.0

    def plus(self, other: "Cpu", times: int = 1) -> "Cpu":
        return Cpu(
            self.app + times * other.app,
            self.engine + times * other.engine,
            self.generator + times * other.generator,
            self.machine + times * other.machine,
        )


@dataclass(slots=True)
class Stage:
    """`talked` are all the talks that were played upon it."""

    engine: Engine
    server: Server
    people: Respondents
    talked: list[Talk] = field(default_factory=list)

    def invited(self, count: int) -> list[Talk]:
        """So many new people with an opening on the phone, and what each of them is going to say."""
        found = list(talks(self.people.opened(count), SEED))
        self.talked += found
        return found

    def cpu(self) -> Cpu:
        """Of each since it began."""
        return Cpu(self.server.cpu_seconds(), cpu_seconds(self.engine.pid), time.process_time(), busy_seconds())

    def cpu_since(self, before: Cpu) -> Cpu:
        return self.cpu().plus(before, times=-1)


@contextmanager
def stage() -> Iterator[Stage]:
    """Every worker has answered something: its client is made. Raises local.ministack.Missing."""
    with dynamodb() as engine, served(WORKERS) as server:
        found = Stage(engine, server, respondents(engine.settings, clock_of_the_load))
        bind_tables(engine.settings)
        played(server.port, found.invited(8 * WORKERS), 2 * WORKERS)
        yield found
