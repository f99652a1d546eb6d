"""One machine for tests: the app and the carrier as processes of their own, on free ports, over a MiniStack."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from local.ministack import ROOT, aws_at, stop
from local.servers import free_port, wait_for
from tests.polling import until

ACCOUNT = "AC" + "1" * 32
SENDER = "+358457300000"
PREFIX = "machine-"
START = "2026-11-24T15:00:00+02:00"


@dataclass(frozen=True, slots=True)
class Machine:
    app: str
    carrier: str
    environment: dict[str, str]
    logs: tuple[Path, ...]

    def call(self, method: str, url: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and parsed JSON (or None) of one request."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, _parsed(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _parsed(error.read())

    def key(self, unit: str, *rights: str) -> str:
        """A new API key, made by the command as an administrator makes it."""
        command = [sys.executable, "-m", "flask", "--app", "handler.app", "keys", "create", "--unit", unit]
        for right in rights:
            command += ["--right", right]
        made = subprocess.run(command, env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True)
        return made.stdout.strip().splitlines()[-1]

    def invite(self, key: str, **fields: Any) -> tuple[int, Any]:
        usual = {"phone": "040 123 4567", "unit": "kotka", "respondent": "youth", "occasion": "end", "confirmed": True}
        return self.call("POST", f"{self.app}/api/invitations", usual | fields, Authorization=f"Bearer {key}")

    def messages(self, number: str) -> list[dict[str, Any]]:
        """What is on the phone, oldest first."""
        return list(self.call("GET", f"{self.carrier}/_control/phones/{number}/messages")[1]["messages"])

    def wait_for_messages(self, number: str, count: int) -> list[dict[str, Any]]:
        """The messages on the phone once there are at least so many."""
        until(lambda: len(self.messages(number)) >= count, what=f"{count} messages on the phone")
        return self.messages(number)

    def text(self, number: str, body: str) -> str:
        """The reply to one message from the phone, "" for silence."""
        answer = self.call("POST", f"{self.carrier}/_control/phones/{number}/messages", {"body": body})[1]
        return "\n".join(reply["body"] for reply in answer["replies"])

    def forward(self, duration: str) -> None:
        status, answer = self.call("POST", f"{self.app}/_clock", {"forward": duration})
        assert status == 200, answer

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table, as DynamoDB holds them."""
        dynamodb = boto3.client("dynamodb", endpoint_url=self.environment["AWS_ENDPOINT_URL"], region_name="eu-north-1")
        names = [name for name in dynamodb.list_tables()["TableNames"] if name.startswith(PREFIX)]
        return {name.removeprefix(PREFIX): dynamodb.scan(TableName=name)["Items"] for name in names}


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


@contextmanager
def machine(aws: str, folder: Path) -> Iterator[Machine]:
    """Starts the carrier and the app; stops both at the end."""
    app_port, carrier_port = free_port(), free_port()
    environment = {
        **os.environ,
        "KUULOLLA_STAGE": "local",
        "KUULOLLA_PUBLIC_URL": f"http://127.0.0.1:{app_port}",
        "KUULOLLA_TWILIO_URL": f"http://127.0.0.1:{carrier_port}",
        "KUULOLLA_SENDER": SENDER,
        "KUULOLLA_PEPPER": "a pepper for tests",
        "KUULOLLA_TABLE_PREFIX": PREFIX,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": "a token for tests",
        **aws_at(aws),
    }
    app_log, carrier_log = folder / "app.log", folder / "carrier.log"
    carrier = ["local.carrier", "--port", str(carrier_port), "--app", f"http://127.0.0.1:{app_port}"]
    carrier += ["--account", ACCOUNT, "--sender", SENDER, "--opt-out", "off"]
    carrier += ["--fallback", f"http://127.0.0.1:{app_port}/sms/fallback"]
    app = ["local", "--only", "app", "--port", str(app_port), "--tick", "0.2", "--now", START]
    processes = [_start(carrier, environment, carrier_log), _start(app, environment, app_log)]
    try:
        for url, log in (
            (f"http://127.0.0.1:{carrier_port}/phones", carrier_log),
            (f"http://127.0.0.1:{app_port}/health", app_log),
        ):
            assert wait_for(url, seconds=60), log.read_text()
        yield Machine(
            f"http://127.0.0.1:{app_port}", f"http://127.0.0.1:{carrier_port}", environment, (app_log, carrier_log)
        )
    finally:
        for process in processes:
            stop(process)


def _start(arguments: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
