"""A deployed stage as its users see it: an organisation's system with a key, phones, and an administrator who looks."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.deployed_stage import STACK, TABLE_PREFIX, Deployment, client
from local.ministack import PROGRAM
from tests.polling import until

ACCOUNT = "000000000000"
AS_ROLE = Path(__file__).parent / "as_role.py"


@dataclass(frozen=True, slots=True)
class Stage:
    """`since` is when a test first met it, by the clock of its age."""

    made: Deployment
    key: str
    since: float = field(default_factory=time.monotonic)

    def age(self) -> float:
        """In seconds."""
        return time.monotonic() - self.since

    def call(self, method: str, url: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status, and parsed JSON or the text; a body that is a text goes as it is."""
        request = urllib.request.Request(url, data=_bytes(body), method=method)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, _parsed(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _parsed(error.read())

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        return self.call(method, self.made.api + path, body, Authorization=f"Bearer {self.key}", **headers)

    def try_to_invite(self, number: str) -> tuple[int, Any]:
        asked = {"phone": number, "unit": "kotka", "respondent": "youth", "occasion": "end", "confirmed": True}
        return self.api("POST", "/api/invitations", asked)

    def invite(self, number: str) -> dict[str, Any]:
        status, answer = self.try_to_invite(number)
        assert status == 201, answer
        return dict(answer)

    def asked(self, number: str) -> None:
        """The opening is on the phone."""
        self.invite(number)
        until(lambda: bool(self.messages(number)), what="an opening on the phone")

    def messages(self, number: str) -> list[str]:
        _, answer = self.call("GET", f"{self.made.carrier}/_control/phones/{number}/messages")
        return [message["body"] for message in answer["messages"] if message["direction"] != "inbound"]

    def text(self, number: str, body: str) -> str:
        """The reply to one message from the phone, "" for silence."""
        _, answer = self.call("POST", f"{self.made.carrier}/_control/phones/{number}/messages", {"body": body})
        return "\n".join(reply["body"] for reply in answer["replies"])

    def texts_at_once(self, texts: list[tuple[str, str]]) -> list[str]:
        with ThreadPoolExecutor(len(texts)) as pool:
            return list(pool.map(lambda sent: self.text(*sent), texts))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table, without DynamoDB's types."""
        found = client(self.made, "dynamodb").scan(TableName=TABLE_PREFIX + table)["Items"]
        return [{name: next(iter(value.values())) for name, value in row.items()} for row in found]

    def logged(self, function: str) -> list[str]:
        group = f"/aws/lambda/{STACK}-{function}"
        found = client(self.made, "logs").filter_log_events(logGroupName=group)
        return [event["message"] for event in found["events"]]

    def waiting_in(self, queue: str) -> int:
        sqs = client(self.made, "sqs")
        url = sqs.get_queue_url(QueueName=TABLE_PREFIX + queue)["QueueUrl"]
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(told["Attributes"]["ApproximateNumberOfMessages"])

    def ended(self, role: str, calls: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
        """How each call of AWS ended that the role made: "" when done, else the error's code."""
        return [told["error"] for told in self.as_role(role, calls)]

    def sealed(self, role: str, key: str) -> str:
        """Something that the role sealed with the key, in base64."""
        (told,) = self.as_role(role, [("kms", "encrypt", {"KeyId": key, "Plaintext": "number"})])
        return str(told["sealed"])

    def as_role(self, role: str, calls: list[tuple[str, str, dict[str, Any]]]) -> list[dict[str, str]]:
        asked = {"aws": self.made.aws, "role": role_arn(role), "calls": calls}
        environment = {
            **self.made.environment,
            "PYTHONPATH": str(Path(__file__).parents[2] / "local" / "lambda_clock"),
            "KUULOLLA_LAMBDA_AHEAD": str(self.made.ahead),
        }
        done = subprocess.run(
            [PROGRAM.parent / "python", AS_ROLE],
            input=json.dumps(asked),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))


def role_arn(role: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{TABLE_PREFIX}{role}"


def _bytes(body: Any) -> bytes | None:
    if body is None or isinstance(body, str):
        return body.encode() if body else None
    return json.dumps(body).encode()


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
