"""Everything on one machine: the embedded AWS, the carrier with its desk, people to sign in as, and the app.

Ctrl-C stops all of it.
"""

import os
import secrets
import subprocess
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from local.clock import next_weekday_afternoon
from local.ministack import Missing, aws_at, start_ministack, stop
from local.serve import refuse
from local.servers import is_taken, wait_for
from local.stopping import heed_wishes_to_stop, ignore_wishes_to_stop

SENDER = "+358457300000"
ACCOUNT = "AC" + "0" * 32
READY_WITHIN = 60


def run(options: Namespace) -> int:
    """Starts the four, prints one address, waits. Gives an exit code."""
    for port, option in (
        (options.port, "--port"),
        (options.desk_port, "--desk-port"),
        (options.people_port, "--people-port"),
        (options.aws_port, "--aws-port"),
    ):
        if is_taken(port):
            return refuse(f"Port {port} is taken. Stop what uses it, or choose another: python -m local {option} PORT")
    options.state.mkdir(parents=True, exist_ok=True)
    heed_wishes_to_stop()
    running: list[subprocess.Popen[bytes]] = []
    try:
        _start(options, running)
        print(
            f"Kuulolla is at http://127.0.0.1:{options.desk_port} (open it in a browser).\n"
            "Ctrl-C stops it; what was done is kept.",
            flush=True,
        )
        _wait(running)
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    except Missing as missing:
        return refuse(str(missing))
    finally:
        ignore_wishes_to_stop()  # a Ctrl-C now would leave the rest running
        for process in reversed(running):
            stop(process)
    return 0


def _start(options: Namespace, running: list[subprocess.Popen[bytes]]) -> None:
    fresh = not (options.state / "clock").exists()
    environment = {**os.environ, **local_settings(options)}
    running.append(start_ministack(options.aws_port, state=options.state / "aws", log=options.state / "aws.log"))
    start = next_weekday_afternoon(datetime.now(UTC))
    if fresh and not options.no_examples:
        examples = _python(["-m", "local.examples", "--now", start.isoformat()], environment)
        running.append(examples)
        if examples.wait():
            raise Missing("The made-up answers could not be written; the lines above say why.")
        running.remove(examples)
    app = ["-m", "local", "--only", "app", "--port", str(options.port), "--tick", str(options.tick)]
    app += ["--now", start.isoformat(), "--keep-clock", str(options.state / "clock")]
    app += ["--keep-mail", str(options.state / "mail")]
    running.append(_python(app, environment))
    _ready(f"http://127.0.0.1:{options.port}/health", running[-1], "The app")
    people = ["-m", "local.people", "--port", str(options.people_port)]
    running.append(_python(people, environment))
    _ready(f"{environment['KUULOLLA_OIDC_ISSUER']}/keys", running[-1], "The people to sign in as")
    desk = ["-m", "local.carrier", "--port", str(options.desk_port), "--app", f"http://127.0.0.1:{options.port}"]
    desk += ["--account", ACCOUNT, "--sender", SENDER, "--opt-out", "advanced"]
    desk += ["--fallback", f"http://127.0.0.1:{options.port}/sms/fallback"]
    desk += ["--state", str(options.state / "carrier.json"), "--mail", str(options.state / "mail")]
    running.append(_python(desk, environment))
    _ready(f"http://127.0.0.1:{options.desk_port}/phones", running[-1], "The carrier")


def local_settings(options: Namespace) -> dict[str, str]:
    """The settings of one machine; its secrets are made once and kept in the state folder, readable to the owner."""
    return {
        "KUULOLLA_STAGE": "local",
        "KUULOLLA_PUBLIC_URL": f"http://127.0.0.1:{options.port}",
        "KUULOLLA_TWILIO_URL": f"http://127.0.0.1:{options.desk_port}",
        "KUULOLLA_SENDER": SENDER,
        "KUULOLLA_OIDC_ISSUER": f"http://127.0.0.1:{options.people_port}",
        "KUULOLLA_OIDC_CLIENT_ID": "kuulolla-local",
        "KUULOLLA_OIDC_CLIENT_SECRET": _secret(options.state / "client"),
        "KUULOLLA_SESSION_KEY": _secret(options.state / "sessions"),
        "KUULOLLA_PEPPER": _secret(options.state / "pepper"),
        "KUULOLLA_TABLE_PREFIX": "kuulolla-local-",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": _secret(options.state / "token"),
        **aws_at(f"http://127.0.0.1:{options.aws_port}"),
    }


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text().strip()


def _python(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches the runner alone, which then stops the others in order. Their addresses stay
    # unsaid, so that one is printed; what goes wrong is on standard error.
    return subprocess.Popen(
        [sys.executable, *arguments], env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )


def _ready(url: str, process: subprocess.Popen[bytes], name: str) -> None:
    if not wait_for(url, seconds=READY_WITHIN, alive=lambda: process.poll() is None):
        raise Missing(f"{name} did not start; the lines above say why.")


def _wait(running: list[subprocess.Popen[bytes]]) -> None:
    """Until Ctrl-C, or until one of them ends by itself."""
    while True:
        for process in running:
            try:
                process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
            raise Missing("One of the parts ended by itself; the lines above say why.")
