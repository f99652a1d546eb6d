"""Runs each benchmark and keeps its raw figures in benchmarks/results/."""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import units
from benchmarks.engine import dynamodb
from benchmarks.load.levels import loaded, soaked
from benchmarks.report.targets import MOST_IMPORT
from benchmarks.speed import compare, settings
from infra.packaging.build import build
from infra.packaging.faults import ToolMissing
from infra.packaging.import_time import measured_here
from infra.packaging.platforms import this_machine

RESULTS = Path(__file__).resolve().parent.parent / "results"
LIBRARIES = ("flask", "werkzeug", "pynamodb", "botocore", "urllib3", "twilio", "msgspec", "gunicorn", "sqlalchemy")


def kept(name: str) -> Any:
    """What was measured last, None when it never was."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def keep(name: str, found: Any) -> None:
    (RESULTS / f"{name}.json").write_text(json.dumps(_rounded(found), ensure_ascii=False, separators=(",", ":")) + "\n")


def _rounded(found: Any) -> Any:
    """To a hundredth: the clock knows no more."""
    if isinstance(found, float):
        return round(found, 2)
    if isinstance(found, dict):
        return {str(key): _rounded(value) for key, value in found.items()}
    return [_rounded(each) for each in found] if isinstance(found, list | tuple) else found


def measure_all() -> None:
    """Everything but the soak, one after another, each told as it begins."""
    begun = time.perf_counter()
    keep("machine", _machine())
    for name, work in PARTS.items():
        print(f"{name} ...", end=" ", flush=True)
        part = time.perf_counter()
        keep(name, work())
        print(f"{time.perf_counter() - part:.0f} s", flush=True)
    keep("machine", {**kept("machine"), "seconds": time.perf_counter() - begun})


def measure_soak(seconds: float) -> None:
    keep("soak", {**asdict(soaked(seconds)), "machine": _machine()})


def _machine() -> dict[str, Any]:
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3,
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        "java": _java(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    told = path.read_text() if path.exists() else ""
    return next((line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")), "?")


def _java() -> str:
    try:
        told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S607
    except OSError:
        return "none"
    return told.splitlines()[0] if told else "?"


def _speed() -> Any:
    with dynamodb() as engine:
        return {"engine": engine.name, "told": engine.told, "taken": compare.compared(engine)}


def _settings() -> Any:
    with dynamodb() as engine:
        return {"engine": engine.name, "found": [asdict(found) for found in settings.measured(engine)]}


def _units() -> Any:
    with dynamodb() as engine:
        return {"engine": engine.name, "steps": [asdict(step) for step in units.taken(engine)]}


def _imports() -> Any:
    """None where no package runs, or Lambda's Python is not installed."""
    here = this_machine()
    if here is None:
        return None
    with tempfile.TemporaryDirectory(prefix="kuulolla-") as made:
        try:
            found = measured_here(build(Path(made), here), MOST_IMPORT)
        except ToolMissing as missing:
            print(missing, file=sys.stderr)
            return None
    return asdict(found) if found else None


def _load() -> Any:
    return asdict(loaded())


def _replies() -> Any:
    from benchmarks.read_reply import rows, table, verdict

    found = list(rows())
    return {"table": list(table(found)), "verdict": list(verdict(found))}


PARTS: dict[str, Callable[[], Any]] = {
    "speed": _speed,
    "settings": _settings,
    "units": _units,
    "imports": _imports,
    "load": _load,
    "replies": _replies,
}
