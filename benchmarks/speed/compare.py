"""CPU of one inbound message: Kuulolla's, the floor's and the tutorial's, in one process, in turns, on one engine.

Judges nothing. Each round takes so many messages of each, one program after another, and the next round begins with the
next program; the process's own CPU time is read around each message. What the engine, another process, takes is not in
it.
"""

import gc
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks.engine import Engine, bind_tables
from benchmarks.machine import ENVIRONMENT
from benchmarks.respondents import respondents
from benchmarks.rounds import Clock
from benchmarks.speed import floor
from benchmarks.twilio_posts import environ, form
from handler.app import create_app
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber

ROUNDS, MESSAGES = 100, 12
# So many messages of each sample come first and are not kept: after another program they meet cold caches.
COLD = 6
# The first rounds warm everything up and are not kept.
WARMING = 3
# What is said in each turn of a conversation; the last one closes it.
TURNS = {"first answer": "9 koska kuunneltiin", "group of four": "4534", "closing": "Kiitos kun kuuntelitte"}
FEW, SAME, TUTORIAL = "floor, few attributes", "floor, the same row", "tutorial's design"

Call = Callable[[], object]
# What answers the messages of a round, by what is measured; in this order.
Program = Callable[[Sequence[PhoneNumber]], Mapping[str, list[Call]]]
# Microseconds of CPU of each message, by what is measured, and round.
Taken = dict[str, list[list[float]]]


def compared(engine: Engine, rounds: int = ROUNDS, messages: int = MESSAGES) -> Taken:
    people = respondents(engine.settings)
    with tempfile.TemporaryDirectory(prefix="kuulolla-") as folder:
        programs = (_kuulolla(people.parts.library), _floors(), _tutorial(Path(folder)))
        bind_tables(engine.settings)  # the app has bound no more than it needs
        taken: Taken = {}
        for number in range(rounds + WARMING):
            numbers = people.opened(COLD + messages)
            floor.prepare(numbers, people.parts.phone_keys)
            for place in range(len(programs)):
                gc.collect()
                for name, calls in programs[(number + place) % len(programs)](numbers).items():
                    sample = [_cpu(call) for call in calls][COLD:]
                    if number >= WARMING:
                        taken.setdefault(name, []).append(sample)
    return taken


def _kuulolla(library: Library) -> Program:
    app = create_app(("sms",), environment=ENVIRONMENT, clock=Clock(), library=library)
    return lambda numbers: {turn: [_post(app, one, text) for one in numbers] for turn, text in TURNS.items()}


def _floors() -> Program:
    bare = {FEW: floor.few_attributes(), SAME: floor.same_row()}
    text = TURNS["first answer"]
    return lambda numbers: {name: [_post(app, one, text) for one in numbers] for name, app in bare.items()}


def _tutorial(folder: Path) -> Program:
    from benchmarks.speed.tutorial import tutorial  # SQLAlchemy is installed for `make benchmark` alone

    made = tutorial(folder / "answers.sqlite")

    def answered(number: PhoneNumber) -> Call:
        """A message, and the two requests that it is redirected to."""
        fields = form(number, TURNS["first answer"])
        asked = [
            environ(fields, "/message", cookie=made.cookie),
            environ(fields, "/answer/1", cookie=made.cookie),
            environ(fields, "/question/2", method="GET", cookie=made.cookie),
        ]
        return lambda: [_answered(made.app, one) for one in asked]

    return lambda numbers: {TUTORIAL: [answered(number) for number in numbers]}


def _post(app: Flask, number: PhoneNumber, text: str) -> Call:
    asked = environ(form(number, text))
    return lambda: _answered(app, asked)


def _answered(app: Flask, asked: dict[str, Any]) -> None:
    """Raises RuntimeError for anything but TwiML in answer."""
    told: list[str] = []

    def start(status: str, *_: Any) -> Any:
        told.append(status)

    body = b"".join(app(asked, start))
    if told != ["200 OK"] or b"<Response>" not in body:
        raise RuntimeError(f"{asked['PATH_INFO']} answered {told}")


def _cpu(call: Call) -> float:
    begun = time.process_time_ns()
    call()
    return (time.process_time_ns() - begun) / 1000
