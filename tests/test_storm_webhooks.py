"""The storm again, with the webhooks' function as a process that is killed (SIGKILL) while the carrier asks it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from local.ministack import ROOT
from survey_flow.library import Library
from tests.chance import seed
from tests.polling import happens
from tests.storm.aftermath import Aftermath
from tests.storm.doors import Container
from tests.storm.parts import StormParts
from tests.storm.run import blown_over
from tests.storm.truths import assert_all_true
from tests.test_storm import run as deliver_in_a_thread

pytestmark = pytest.mark.engine

COUNT, DELIVERERS = 200, 3


def keep_webhooks(of: StormParts, stopping: threading.Event) -> None:
    """Until it is stopped the app is asked in another process; whoever asks before that waits for it."""
    of.front.app, of.front.chance = Container(of.folder / "port"), 0.0
    command = [sys.executable, "-m", "tests.storm.webhook", str(of.folder), str(seed())]
    with (of.folder / "webhooks.log").open("wb") as log:
        parent = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **of.environment}, stdout=log, stderr=log, start_new_session=True
        )
    try:
        stopping.wait()
    finally:
        os.killpg(parent.pid, signal.SIGKILL)
        parent.wait()


def test_killed_webhooks_lose_no_answer_and_give_none_twice(
    engine: str, library: Library, tmp_path: Path, all_told: Callable[[], str]
) -> None:
    def at_work(of: StormParts, stopping: threading.Event, name: int) -> None:
        if name == 0:
            keep_webhooks(of, stopping)
        else:
            assert happens((of.folder / "port").exists, within=60)
            deliver_in_a_thread(of, stopping, name)

    with blown_over(library, tmp_path, count=COUNT, deliverers=1 + DELIVERERS, at_work=at_work) as storm:
        container = storm.of.front.app
        assert isinstance(container, Container)
        assert container.killed_over, "nobody was killed in the middle of a request"
        assert_all_true(Aftermath.read(storm.of, waiting=storm.waiting(), logs=all_told()))
