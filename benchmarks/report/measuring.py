"""Runs each part of the benchmark; each goes to the shelf with its machine, its day and its engine."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import read_reply, survey_costs, units
from benchmarks.engine import dynamodb
from benchmarks.load.levels import loaded
from benchmarks.load.soak import soaked
from benchmarks.report.machine_now import machine_now
from benchmarks.report.scale import Scale
from benchmarks.report.shelf import Part, Shelf
from benchmarks.speed import compare, settings
from infra.packaging.build import build
from infra.packaging.faults import ToolMissing
from infra.packaging.import_time import rounds_here
from infra.packaging.platforms import this_machine


def measure(shelf: Shelf, name: str, scale: Scale) -> None:
    _keep(shelf, name, scale, lambda: PARTS[name](scale))


def measure_soak(shelf: Shelf, seconds: float, scale: Scale) -> None:
    _keep(shelf, SOAK, scale, lambda: asdict(soaked(seconds)))


def _keep(shelf: Shelf, name: str, scale: Scale, work: Callable[[], Any]) -> None:
    """Told as it begins, for whoever waits."""
    print(f"{name} ...", end=" ", flush=True)
    load, begun = os.getloadavg()[0], time.perf_counter()
    found = work()
    seconds = time.perf_counter() - begun
    shelf.keep(name, Part(found, datetime.now(UTC).date().isoformat(), seconds, load, scale.trial, machine_now()))
    print(f"{seconds:.0f} s", flush=True)


def _speed(scale: Scale) -> Any:
    with dynamodb() as engine:
        taken = compare.compared(engine, scale.speed_rounds, scale.speed_messages)
        return {"engine": engine.name, "told": engine.told, "taken": taken}


def _settings(scale: Scale) -> Any:
    with dynamodb() as engine:
        found = settings.measured(engine, scale.settings_rounds, starts=scale.settings_starts)
        return {"engine": engine.name, "told": engine.told, "found": [asdict(one) for one in found]}


def _units(_: Scale) -> Any:
    with dynamodb() as engine:
        return {"engine": engine.name, "told": engine.told, "steps": [asdict(step) for step in units.taken(engine)]}


def _imports(scale: Scale) -> Any:
    """Without rounds where no package runs, or Lambda's Python is not installed."""
    here = this_machine()
    if here is None:
        return {"rounds": []}
    with tempfile.TemporaryDirectory(prefix="kuulolla-") as made:
        try:
            return {"rounds": rounds_here(build(Path(made), here), scale.import_rounds)}
        except ToolMissing as missing:
            print(missing, file=sys.stderr)
            return {"rounds": []}


def _load(scale: Scale) -> Any:
    return asdict(loaded(scale.levels, scale.load_turns, scale.burst))


def _replies(scale: Scale) -> Any:
    lengths = read_reply.LENGTHS
    found = [
        {"text": row.text, "reader": row.reader, "microseconds": [row.microseconds[length] for length in lengths]}
        for row in read_reply.rows(scale.reply_runs)
    ]
    return {"lengths": lengths, "rows": found}


def _messages(_: Scale) -> Any:
    """Counted, not measured."""
    return {
        "rows": [asdict(row) for row in survey_costs.rows()],
        "published": [asdict(row) for row in survey_costs.published_rows()],
    }


PARTS: dict[str, Callable[[Scale], Any]] = {
    "speed": _speed,
    "settings": _settings,
    "imports": _imports,
    "units": _units,
    "load": _load,
    "replies": _replies,
    "messages": _messages,
}
SOAK = "soak"
