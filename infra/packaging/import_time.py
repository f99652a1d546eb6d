"""How much CPU a cold start's imports take, from the package as it is unpacked: a ratio within one run.

Both sides run in turns, each in fresh processes with the same byte code, so that a busy machine slows both alike. What
it adds all the same is seldom little and often much, and so each side is told by its lower quartile: over five times
fifteen rounds that ratio stayed within 0.03, where the ratio of medians moved by 0.04 and that of the least by 0.08.
"""

import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from zipfile import ZipFile

from infra.packaging.build import Package, build
from infra.packaging.faults import PackagingFailed
from infra.packaging.platforms import this_machine
from infra.packaging.runtime import runtime_python

ROUNDS = 15
# A busy machine that goes over a bound is measured on, and judged by all rounds together.
MOST_ROUNDS = 60
# Milliseconds of CPU of each program, by its name.
Round = Mapping[str, float]

# What no SMS bot on Flask, Twilio and PynamoDB can do without, a table included.
ALONE = """
from flask import Flask
from twilio.request_validator import RequestValidator
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

class Row(Model):
    class Meta:
        table_name = "table"
        region = "eu-north-1"
    key = UnicodeAttribute(hash_key=True)
"""
# Everything that the webhooks' function imports, when it is loaded and when it is wired.
SMS = """
import handler.app
import handler.routes.health, handler.routes.sms, handler.tables.dialogue_tables
import apig_wsgi
"""
# The same, wired: tables bound, the compiled library read.
WIRED = f"""{SMS}
handler.app.create_app(("sms",), environment={{
    "KUULOLLA_STAGE": "test", "KUULOLLA_PUBLIC_URL": "https://kuulolla.example", "KUULOLLA_SENDER": "MG0",
    "KUULOLLA_TWILIO_URL": "https://twilio.example", "KUULOLLA_PEPPER": "1:pepper", "KUULOLLA_TABLE_PREFIX": "t-",
    "TWILIO_ACCOUNT_SID": "AC0", "TWILIO_AUTH_TOKEN": "token", "AWS_REGION": "eu-north-1",
}})
"""


@dataclass(frozen=True, slots=True)
class Imports:
    """Milliseconds of CPU (user and system) of fresh processes, lower quartiles; the interpreter's start is in each."""

    start: float
    alone: float
    sms: float
    wired: float

    @property
    def ratio(self) -> float:
        return self.sms / self.alone

    @property
    def wired_ratio(self) -> float:
        return self.wired / self.alone

    def told(self) -> str:
        return (
            f"Cold imports, ms of CPU (the bare interpreter's {self.start:.0f} in each): Flask, Twilio's validator and "
            f"PynamoDB alone {self.alone:.0f}; what sms imports {self.sms:.0f} ({self.ratio:.2f} times); wired, with "
            f"the compiled library read, {self.wired:.0f} ({self.wired_ratio:.2f} times)."
        )


def measured_here(package: Package, most_ratio: float = inf) -> Imports | None:
    """Of this package, or of the same one made for this machine; None where none runs."""
    with _unpacked_here(package) as folder:
        return imports_of(folder, most_ratio) if folder else None


def rounds_here(package: Package, count: int) -> list[Round]:
    """So many rounds and no more, whatever they show; none where no package runs."""
    with _unpacked_here(package) as folder:
        return rounds_of(folder, count) if folder else []


@contextmanager
def _unpacked_here(package: Package) -> Iterator[Path | None]:
    here = this_machine()
    if here is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="kuulolla-") as made:
        path = package.path if package.platform is here else build(Path(made, "here"), here).path
        folder = Path(made, "unpacked")
        with ZipFile(path) as unpacking:
            unpacking.extractall(folder)
        yield folder


def imports_of(folder: Path, most_ratio: float = inf) -> Imports:
    """For a gate: measured longer, up to a limit, while over `most_ratio`. So it leans to what is below it."""
    rounds: list[Round] = []
    while True:
        rounds += rounds_of(folder, ROUNDS)
        found = told_by(rounds)
        if found.ratio <= most_ratio or len(rounds) >= MOST_ROUNDS:
            return found


def rounds_of(folder: Path, count: int) -> list[Round]:
    """Measured in the unpacked package, the programs in turns."""
    programs = {"start": "", "alone": ALONE, "sms": SMS, "wired": WIRED}
    for program in programs.values():
        cpu_of(folder, program)  # the files are in the system's memory from now on
    return [{name: cpu_of(folder, program) for name, program in programs.items()} for _ in range(count)]


def told_by(rounds: Sequence[Round]) -> Imports:
    return Imports(**{name: lower_quartile([each[name] for each in rounds]) for name in rounds[0]})


def cpu_of(folder: Path, program: str) -> float:
    """Milliseconds of CPU of a fresh process of the runtime's Python, with nothing but the package beside it.

    It ends at once when all is imported: a function lives on, and what a process clears up at its end is no import.
    """
    environment = {"PYTHONPATH": str(folder), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [runtime_python(), "-s", "-S", "-P", "-c", f"{program}\nimport os\nos._exit(0)"]
    process = subprocess.Popen(command, env=environment, cwd=folder)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise PackagingFailed("What sms imports cannot be imported from the package.")
    return (used.ru_utime + used.ru_stime) * 1000


def lower_quartile(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=4)[0]
