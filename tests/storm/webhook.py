"""The webhooks' function as a process that is killed (SIGKILL) now and then, within a request or from outside.

A parent holds the port and what takes long to load, and forks the next one as soon as one is dead, as Lambda starts
another container; whoever connects in between waits.
"""

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from handler.app import create_app
from local.carrier.server import LocalServer
from tests.storm.clock import StormClock
from tests.storm.doors import Wsgi
from tests.storm.mortal import Mortal, dice, steps

# So many are killed, so that the storm comes to an end on a slow machine too.
KILLED, MOST_SECONDS = 40, 4.0
CHANCE, MOST_STEPS = 0.1, 10
PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Mortally:
    """The app, in a life that may end at any step of a request."""

    app: Wsgi
    mortal: Mortal
    rng: Random

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.mortal.life("webhook", steps(self.rng, chance=CHANCE, most=MOST_STEPS)):
            return self.app(environ, start_response)


def serve(listening: socket.socket, app: Wsgi, rng: Random | None) -> None:
    """For ever, or until it is killed; without `rng` nothing of its own kills it."""
    mortal = Mortal(die=lambda: os.kill(os.getpid(), signal.SIGKILL))
    served = Mortally(app, mortal, rng) if rng else app
    with mortal.watching():
        LocalServer(served, listening).serve_forever()  # type: ignore[arg-type]


def outlive(child: int, seconds: float) -> None:
    """Returns when it is dead, which it is after so many seconds at the latest."""
    end = time.monotonic() + seconds
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return
        time.sleep(PAUSE)


def main(folder: Path, seed: str) -> None:
    """Writes its port into a file, and a line into another for each that was killed."""
    logging.basicConfig(level=logging.INFO)
    app = create_app(("sms",), environment=os.environ, clock=StormClock(folder))
    listening, rng = LocalServer.listen(), dice(seed, "webhook")
    (folder / "port.new").write_text(str(listening.getsockname()[1]))
    (folder / "port.new").rename(folder / "port")
    for life in count():
        mortal = life < KILLED
        child = os.fork()
        if not child:
            serve(listening, app, dice(seed, "webhook", life) if mortal else None)
        outlive(child, rng.uniform(0, MOST_SECONDS) if mortal else inf)
        with (folder / "killed").open("a") as killed:
            killed.write(f"{life}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
