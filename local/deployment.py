"""A deployment of serverless.yml to an embedded AWS that holds functions to their roles, with the carrier beside it."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from infra.packaging.build import build
from infra.packaging.platforms import this_machine
from local.clock import next_weekday_afternoon
from local.deployed_stage import STACK, STAGE, Deployment, client
from local.front_door import front_door
from local.ministack import ROOT, Missing, aws_at, start_ministack, stop
from local.runner import ACCOUNT, SENDER
from local.servers import free_port, wait_for

OSLS = ROOT / ".tools" / "osls" / "node_modules" / ".bin" / "osls"
_DEPLOYED_WITHIN = 300
_READY_WITHIN = 60


@contextmanager
def deployed(folder: Path, *, carrier_port: int | None = None, api_port: int | None = None) -> Iterator[Deployment]:
    """Builds the package for this machine, starts what is needed, deploys; stops all of it at the end. Logs and the
    package lie in `folder`. The functions' clock stands at the next weekday afternoon. Raises Missing."""
    if not OSLS.exists():
        raise Missing("The Serverless Framework is not installed: run 'make tools'.")
    folder.mkdir(parents=True, exist_ok=True)
    package = build(folder / "package", this_machine())
    aws_port, api_port, carrier_port = free_port(), api_port or free_port(), carrier_port or free_port()
    ahead, unpacked = seconds_to_an_afternoon(datetime.now(UTC)), folder / "unpacked"
    unpacked.mkdir(exist_ok=True)
    aws = start_ministack(aws_port, log=folder / "aws.log", more=_aws_settings(ahead, unpacked))
    carrier = None
    try:
        made = Deployment(
            api=f"http://127.0.0.1:{api_port}",
            carrier=f"http://127.0.0.1:{carrier_port}",
            aws=f"http://127.0.0.1:{aws_port}",
            environment=_administrator(f"http://127.0.0.1:{aws_port}"),
            token=secrets.token_hex(16),
            ahead=ahead,
            folder=folder,
        )
        _make_secrets(made)
        _deploy(made, package.path, folder / "osls.log")
        door = front_door(api_port, aws=made.aws, api_id=_output(made, "HttpApiId"))
        Thread(target=door.serve_forever, daemon=True).start()
        carrier = _start_carrier(made, carrier_port, folder)
        yield made
        door.shutdown()
        door.server_close()
    finally:
        for process in (carrier, aws):
            if process is not None:
                stop(process)
        shutil.rmtree(unpacked, ignore_errors=True)


def seconds_to_an_afternoon(now: datetime) -> int:
    """How long it is to the next afternoon at which everybody may be asked."""
    return int((next_weekday_afternoon(now) - now).total_seconds())


def _aws_settings(ahead: int, unpacked: Path) -> dict[str, str]:
    return {
        "AUTH": "true",
        "TMPDIR": str(unpacked),  # a copy of the package for each process of a function, which it leaves behind
        "PYTHONPATH": str(ROOT / "local" / "lambda_clock"),
        "KUULOLLA_LAMBDA_AHEAD": str(ahead),
    }


def _administrator(aws: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KUULOLLA_", "TWILIO_"))}
    return ours | aws_at(aws) | {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"}


def _make_secrets(made: Deployment) -> None:
    """As an administrator makes them: by the command, with Twilio's token on standard input."""
    command = [sys.executable, "-m", "flask", "--app", "handler.app", "setup", "secrets", "--stage", STAGE]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(made.environment), input=made.token, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(f"The secrets could not be made: {done.stderr.strip()}")


def _deploy(made: Deployment, package: Path, log: Path) -> None:
    """serverless.yml as it is, with this machine's addresses for its parameters; osls finds the embedded AWS by
    AWS_ENDPOINT_URL."""
    parameters = {
        "standIn": "ministack",
        "artifact": os.path.relpath(package, ROOT),
        "publicUrl": made.api,
        "twilioUrl": made.carrier,
        "twilioAccountSid": ACCOUNT,
        "sender": SENDER,
    }
    told = [f"--param={name}={value}" for name, value in parameters.items()]
    with log.open("wb") as output:
        done = subprocess.run(
            [str(OSLS), "deploy", "--stage", STAGE, *told],
            cwd=ROOT,
            env=dict(made.environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=_DEPLOYED_WITHIN,
            check=False,
        )
    if done.returncode:
        raise Missing(f"The deployment failed; {log} says why:\n{log.read_text()[-2000:]}")


def _output(made: Deployment, name: str) -> str:
    (stack,) = client(made, "cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return next(output["OutputValue"] for output in stack["Outputs"] if output["OutputKey"] == name)


def _start_carrier(made: Deployment, port: int, folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "local.carrier", "--port", str(port), "--app", made.api, "--account", ACCOUNT]
    command += ["--sender", SENDER, "--opt-out", "off", "--fallback", f"{made.api}/sms/fallback"]
    with (folder / "carrier.log").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**made.environment, "TWILIO_AUTH_TOKEN": made.token},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if not wait_for(f"{made.carrier}/phones", seconds=_READY_WITHIN, alive=lambda: process.poll() is None):
        stop(process)
        raise Missing(f"The carrier did not start: {(folder / 'carrier.log').read_text()[-1000:]}")
    return process
