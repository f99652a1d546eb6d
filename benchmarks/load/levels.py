"""The load at 1, 8 and 64 at once and the burst after it: what each of the three programs takes, and the truths."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.load.burst import Recovery, people_needed, recovery
from benchmarks.load.play import Heard, played
from benchmarks.load.stage import SEED, WORKERS, Cpu, Stage, stage
from benchmarks.load.truths import broken, unkept

# How many talk at once, and how many people in each turn. The levels take turns, another one first each time: an
# engine that warms up, or a minute in which others work, comes upon all of them alike.
LEVELS = {1: 100, 8: 300, 64: 400}
TURNS = 3


@dataclass(slots=True)
class Level:
    """All turns together. `ms` of each answer as the caller waits."""

    at_once: int
    people: int = 0
    messages: int = 0
    seconds: float = 0.0
    cpu: Cpu = field(default_factory=Cpu)
    ms: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Loaded:
    engine: str
    told: str
    workers: int
    seed: int
    levels: list[Level]
    recovery: Recovery | None = None
    broken: list[str] = field(default_factory=list)


def loaded(levels: Mapping[int, int], turns: int, burst: int) -> Loaded:
    """The truths are looked at when everything is over: what the burst lost would be told as well."""
    with stage() as place:
        found = Loaded(place.engine.name, place.engine.told, WORKERS, SEED, [Level(at_once) for at_once in levels])
        heard: list[Heard] = []
        for turn in range(turns):
            for number in range(len(found.levels)):
                level = found.levels[(turn + number) % len(found.levels)]
                heard += _played(place, level, levels[level.at_once])
        found.recovery, said = recovery(place.server.port, place.people.opened(people_needed(burst)), burst)
        heard += [one.heard for one in said]
        found.broken = [*broken(place.people.parts, place.talked, heard), *unkept(place.people.parts, said)]
    return found


def _played(place: Stage, level: Level, people: int) -> list[Heard]:
    everybody = place.invited(people)
    begun, cpu = time.perf_counter(), place.cpu()
    heard = played(place.server.port, everybody, level.at_once)
    level.seconds += time.perf_counter() - begun
    level.cpu = level.cpu.plus(place.cpu_since(cpu))
    level.people += len(everybody)
    level.messages += len(heard)
    level.ms += [round(one.ms, 2) for one in heard]
    return heard
