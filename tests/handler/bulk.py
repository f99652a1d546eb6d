"""Lists for the tests, and a member of staff who sends them by the page's doors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from handler.tables.invitations import InvitationRow, InvitationState

CHOICES = {
    "unit": "kotka",
    "respondent": "youth",
    "language": "fi",
    "occasion": "end",
    "when": "now",
    "confirmed": "on",
}


def number(n: int) -> str:
    return f"+35840{1_000_000 + n}"


def csv_of(count: int, *, first: int = 0) -> bytes:
    """A list of so many numbers, the first on line 2."""
    return "".join(["Puhelin\n", *(f"{number(first + n)}\n" for n in range(count))]).encode()


def lines_of(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@dataclass(slots=True)
class Staff:
    """Checks and sends as the page's script does; each test states only what differs."""

    client: FlaskClient
    answers: list[str] = field(default_factory=list)

    def try_check(self, content: bytes, *, without: str = "", **differs: str) -> TestResponse:
        fields: dict[str, Any] = {name: value for name, value in {**CHOICES, **differs}.items() if name != without}
        file = FileStorage(BytesIO(content), "lista.csv", "file", "text/csv")
        # In memory: the client by itself leaves a large body open on disk.
        body, _, boundary = stream_encode_multipart({**fields, "file": file}, use_tempfile=False)
        kind = f"multipart/form-data; boundary={boundary}"
        answer = self.client.post("/bulk/check", data=body.read(), content_type=kind)
        self.answers.append(answer.text)
        return answer

    def check(self, content: bytes, **differs: str) -> dict[str, Any]:
        answer = self.try_check(content, **differs)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def try_send(self, rows: object, file_key: str = "ab" * 32, **differs: object) -> TestResponse:
        body = {"file_key": file_key, "when": "now", "neutral": False, "confirmed": True, "rows": rows, **differs}
        answer = self.client.post("/bulk/send", data=json.dumps(body), content_type="application/json")
        self.answers.append(answer.text)
        return answer

    def send(self, checked: dict[str, Any], rows: Sequence[object] | None = None, **differs: object) -> list[str]:
        """The results of all rows, or of these, line after line, 25 a chunk."""
        rows = checked["rows"] if rows is None else rows
        results = []
        for chunk in (rows[at : at + 25] for at in range(0, len(rows), 25)):
            answer = self.try_send(chunk, checked["file_key"], **differs)
            assert answer.status_code == 200, answer.text
            results += [one["result"] for one in answer.json["results"]]
        return results


def totals(checked: dict[str, Any]) -> dict[str, str]:
    """What is told beside each name: the number in words, and until when."""
    return {total["name"]: total["sentence"].partition(": ")[2] for total in checked["totals"]}


def faults(checked: dict[str, Any]) -> dict[int, str]:
    return {fault["line"]: fault["sentence"] for fault in checked["faults"]}


def made() -> list[InvitationRow]:
    """The invitations that were not refused."""
    return [row for row in InvitationRow.scan() if row.state != InvitationState.BLOCKED]
