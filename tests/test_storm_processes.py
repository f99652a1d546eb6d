"""The storm again, with deliverers that are processes of their own over one queue, and are killed (SIGKILL)."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from math import inf
from pathlib import Path

import pytest

from local.ministack import ROOT
from survey_flow.library import Library
from tests.chance import seed
from tests.deliverer import PAUSE
from tests.storm.aftermath import Aftermath
from tests.storm.mortal import Claim, Silence, dice
from tests.storm.parts import StormParts
from tests.storm.run import blown_over
from tests.storm.truths import assert_all_true

pytestmark = pytest.mark.engine

COUNT, DELIVERERS = 300, 3
# So many of each are killed, so that the storm comes to an end on a slow machine too: at a step of their own, or from
# outside within so many seconds from when they are at work.
KILLED, MOST_STEPS, MOST_SECONDS = 12, 200, 10.0

TOLD: dict[str, Callable[..., Claim | Silence]] = {"Claim": Claim, "Silence": Silence}


def keep_alive(of: StormParts, stopping: threading.Event, name: int) -> None:
    """One deliverer after another: whoever is killed is started again."""
    rng = dice(seed(), "process", name)
    for life in count():
        if stopping.is_set():
            return
        mortal = life < KILLED
        with (of.folder / f"deliverer-{name}.log").open("ab") as log:
            process = start(of, rng.randrange(MOST_STEPS) if mortal else None, log.fileno())
        kill_when_it_is_time(of, process, stopping, rng.uniform(0, MOST_SECONDS) if mortal else inf)


def kill_when_it_is_time(
    of: StormParts, process: subprocess.Popen[bytes], stopping: threading.Event, seconds: float
) -> None:
    """After so many seconds at work, if it has not ended before; in any case when it is no longer needed."""
    notes, end = of.folder / f"notes-{process.pid}", inf
    while process.poll() is None and time.monotonic() < end and not stopping.wait(PAUSE):
        if end == inf and notes.exists():
            end = time.monotonic() + seconds
    process.kill()
    process.wait()


def start(of: StormParts, killed_after: int | None, log: int) -> subprocess.Popen[bytes]:
    last = "" if killed_after is None else str(killed_after)
    command = [sys.executable, "-m", "tests.deliverer", str(of.folder), of.address, last]
    environment = {**os.environ, **of.environment}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


def read_notes(of: StormParts) -> int:
    """What the deliverers wrote down; gives how many of them there were. Who was killed may have left half a line."""
    written = [path.read_text() for path in of.folder.glob("notes-*")]
    for line in (line for text in written for line in text.splitlines(keepends=True) if line.endswith("\n")):
        note = json.loads(line)
        if "body" in note:
            of.known.bodies.add(note["body"])
        else:
            ((kind, fields),) = note.items()
            of.known.tell(TOLD[kind](**fields))
    return len(written)


def test_killed_deliverers_ask_nobody_twice_and_forget_nobody(
    engine: str, library: Library, tmp_path: Path, all_told: Callable[[], str]
) -> None:
    with blown_over(library, tmp_path, count=COUNT, deliverers=DELIVERERS, at_work=keep_alive) as storm:
        assert read_notes(storm.of) > 2 * DELIVERERS
        assert_all_true(Aftermath.read(storm.of, waiting=storm.waiting(), logs=all_told()))
