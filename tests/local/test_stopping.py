"""Two wishes to stop that come together stop a program that has other threads: once, and without a complaint."""

import os
import signal
import subprocess
import sys

import pytest

from local.ministack import ROOT

ENDS_WITHIN = 20
# Any thread may take a signal: this one, like a server's, is awake often.
STOPPABLE = """
import threading, time
from local.stopping import heed_wishes_to_stop, wait_for_a_wish_to_stop

def served():
    while True:
        time.sleep(0.001)

heed_wishes_to_stop()
threading.Thread(target=served, daemon=True).start()
try:
    print("up", flush=True)
    wait_for_a_wish_to_stop()
except KeyboardInterrupt:
    time.sleep(0.01)
    print("stopped once", flush=True)
"""


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda wish: wish.name)
def test_wishes_that_come_together_stop_it_once(second: signal.Signals) -> None:
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", STOPPABLE], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == "up\n"
            os.kill(running.pid, signal.SIGINT)
            os.kill(running.pid, second)
            try:
                told, complained = running.communicate(timeout=ENDS_WITHIN)
            finally:
                running.kill()
        assert (running.returncode, told, complained) == (0, "stopped once\n", "")
