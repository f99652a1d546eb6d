"""`python -m local`: all of it starts, stops at Ctrl-C, and keeps what was done; what is in the way is one sentence."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.ministack import ROOT
from local.servers import free_port, is_taken, wait_for
from tests.polling import until


def _ports() -> dict[str, int]:
    return {name: free_port() for name in ("--port", "--desk-port", "--people-port", "--aws-port")}


def _command(ports: dict[str, int], state: Path) -> list[str]:
    options = [word for name, port in ports.items() for word in (name, str(port))]
    return [sys.executable, "-m", "local", *options, "--state", str(state)]


@contextmanager
def running(ports: dict[str, int], state: Path, *more: str) -> Iterator[None]:
    """The whole machine, stopped as by Ctrl-C."""
    with (state.parent / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [*_command(ports, state), *more], cwd=ROOT, stdout=log, stderr=log, env=_plain_environment()
        )
    try:
        there = wait_for(
            f"http://127.0.0.1:{ports['--desk-port']}/phones", seconds=90, alive=lambda: process.poll() is None
        )
        assert there, (state.parent / "run.log").read_text()
        yield
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


def _plain_environment() -> dict[str, str]:
    """As a newcomer has it: no settings of ours, none of AWS's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("KUULOLLA_", "AWS_", "TWILIO_"))}


def _clock(ports: dict[str, int]) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{ports['--port']}/_clock", timeout=10) as answer:
        return str(json.load(answer)["now"])


def _results(ports: dict[str, int]) -> str:
    """The results, as the made-up administrator sees them who signs in for it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    results = f"http://127.0.0.1:{ports['--port']}/results"
    with browser.open(results, timeout=10) as people:
        assert people.url.startswith(f"http://127.0.0.1:{ports['--people-port']}/authorize?")
        browser.open(people.url, data=b"person=ylermi", timeout=10).close()
    with browser.open(f"{results}?unit=kotka", timeout=10) as answer:
        return str(answer.read().decode())


def _text(ports: dict[str, int], body: str) -> dict[str, Any]:
    """What a phone gets back: from us (`replies`) and from the carrier itself (`carrier_replies`)."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{ports['--desk-port']}/_control/phones/+358401234567/messages",
        data=json.dumps({"body": body}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


@pytest.mark.engine
def test_the_carrier_keeps_stop_to_itself_and_leaves_calls_for_help_to_us(tmp_path: Path) -> None:
    ports = _ports()
    with running(ports, tmp_path / "state", "--no-examples"):
        call = _text(ports, "APUA")
        assert "112" in call["replies"][0]["body"]
        assert call["carrier_replies"] == []
        stop = _text(ports, "STOP")
        assert stop["replies"] == []
        assert "START" in stop["carrier_replies"][0]["body"]


@pytest.mark.engine
def test_the_machine_starts_with_examples_stops_at_ctrl_c_and_keeps_what_was_done(tmp_path: Path) -> None:
    ports, state = _ports(), tmp_path / "state"
    with running(ports, state):
        assert "vastasi 24 nuorta" in _results(ports)
        assert "T15:0" in _clock(ports)
        forward = urllib.request.Request(
            f"http://127.0.0.1:{ports['--port']}/_clock", data=b'{"forward": "P1D"}', method="POST"
        )
        urllib.request.urlopen(forward, timeout=60).close()
        moved_to = _clock(ports)[:10]
    until(lambda: not any(is_taken(port) for port in ports.values()), what="every port to be free again")
    with running(ports, state):
        assert "vastasi 24 nuorta" in _results(ports)
        assert _clock(ports)[:10] == moved_to


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        refused = subprocess.run(
            _command(_ports() | {"--desk-port": taken}, tmp_path / "state"),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env=_plain_environment(),
        )
    assert refused.returncode == 2
    assert refused.stderr == (
        f"Port {taken} is taken. Stop what uses it, or choose another: python -m local --desk-port PORT\n"
    )


def test_missing_settings_are_one_sentence_each() -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "local", "--only", "app", "--port", str(free_port())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=_plain_environment() | {"KUULOLLA_STAGE": "local"},
    )
    assert refused.returncode == 2
    assert "KUULOLLA_PEPPER is missing: the secret under which phone numbers are hashed.\n" in refused.stderr
    assert "Traceback" not in refused.stderr
