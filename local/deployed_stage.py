"""A deployment on this machine as its administrator has it: AWS's clients, our commands, a key."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from local.ministack import REGION, ROOT
from local.runner import ACCOUNT, SENDER

STAGE = "test"
STACK = f"kuulolla-{STAGE}"
TABLE_PREFIX = f"kuulolla-{STAGE}-"


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


def client(made: Deployment, service: str) -> Any:
    """A client of the embedded AWS as its administrator."""
    return boto3.client(
        service,
        endpoint_url=made.aws,
        region_name=REGION,
        aws_access_key_id=made.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=made.environment["AWS_SECRET_ACCESS_KEY"],
    )


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
