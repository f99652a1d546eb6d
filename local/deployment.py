"""A deployment of serverless.yml to an embedded AWS that holds functions to their roles, with the carrier beside it."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import boto3

from infra.packaging.build import build
from infra.packaging.platforms import this_machine
from local.clock import next_weekday_afternoon
from local.front_door import front_door
from local.ministack import ROOT, Missing, start_ministack, stop
from local.runner import ACCOUNT, SENDER
from local.servers import free_port, wait_for

OSLS = ROOT / ".tools" / "osls" / "node_modules" / ".bin" / "osls"
REGION = "eu-north-1"
STAGE = "test"
STACK = f"kuulolla-{STAGE}"
TABLE_PREFIX = f"kuulolla-{STAGE}-"
_DEPLOYED_WITHIN = 300
_READY_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was deployed, by address: `api` is the HTTP API's, `carrier` that of the desk with phones, `aws` of the
    embedded AWS. `environment` is an administrator's: it may do everything. `ahead` is how far the clock of the
    functions and of the embedded AWS is before this machine's, in seconds. Logs lie in `folder`.
    """

    api: str
    carrier: str
    aws: str
    environment: Mapping[str, str]
    token: str = field(repr=False)
    ahead: int
    folder: Path


@contextmanager
def deployed(folder: Path, *, carrier_port: int | None = None, api_port: int | None = None) -> Iterator[Deployment]:
    """Builds the package for this machine, starts what is needed, deploys; stops all of it at the end. Logs and the
    package lie in `folder`. The functions' clock stands at the next weekday afternoon. Raises Missing."""
    if not OSLS.exists():
        raise Missing("The Serverless Framework is not installed: run 'make tools'.")
    folder.mkdir(parents=True, exist_ok=True)
    package = build(folder / "package", this_machine())
    aws_port, api_port, carrier_port = free_port(), api_port or free_port(), carrier_port or free_port()
    ahead = seconds_to_an_afternoon(datetime.now(UTC))
    aws = start_ministack(aws_port, log=folder / "aws.log", more=_aws_settings(ahead))
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


def client(made: Deployment, service: str) -> Any:
    """A client of the embedded AWS as its administrator."""
    return boto3.client(
        service,
        endpoint_url=made.aws,
        region_name=REGION,
        aws_access_key_id=made.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=made.environment["AWS_SECRET_ACCESS_KEY"],
    )


def seconds_to_an_afternoon(now: datetime) -> int:
    """How long it is to the next afternoon at which everybody may be asked."""
    return int((next_weekday_afternoon(now) - now).total_seconds())


def _aws_settings(ahead: int) -> dict[str, str]:
    return {
        "AUTH": "true",
        "PYTHONPATH": str(ROOT / "local" / "lambda_clock"),
        "KUULOLLA_LAMBDA_AHEAD": str(ahead),
    }


def _administrator(aws: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KUULOLLA_", "TWILIO_"))}
    return ours | {
        "AWS_ENDPOINT_URL": aws,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SLS_TELEMETRY_DISABLED": "1",
        "SLS_NOTIFICATIONS_MODE": "off",
    }


def settings_of(made: Deployment) -> dict[str, str]:
    """What an administrator sets to run our commands against the stage: the functions' own settings."""
    return {
        **made.environment,
        "KUULOLLA_STAGE": STAGE,
        "KUULOLLA_PUBLIC_URL": made.api,
        "KUULOLLA_TWILIO_URL": made.carrier,
        "KUULOLLA_SENDER": SENDER,
        "KUULOLLA_PEPPER": f"/kuulolla/{STAGE}/pepper",
        "KUULOLLA_TABLE_PREFIX": TABLE_PREFIX,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": f"/kuulolla/{STAGE}/twilio-token",
    }


def new_key(made: Deployment, unit: str, *rights: str) -> str:
    """An API key, made by the command as an administrator makes it."""
    command = [sys.executable, "-m", "flask", "--app", "handler.app", "keys", "create", "--unit", unit]
    for right in rights:
        command += ["--right", right]
    done = subprocess.run(command, cwd=ROOT, env=settings_of(made), capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


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
