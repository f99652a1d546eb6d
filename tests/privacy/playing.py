"""Conversations played through every door of the app as it is wired for real, over moto's AWS; everything that is told
on the way, but to the phone itself and to the carrier, is kept to be searched.

Fakes stand at the edges: the carrier writes down, and so does the post.
"""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import boto3
from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.commands import add_commands
from handler.jobs import deliver_batch, every_morning, make_delivery, make_rescuing, rescue_batch
from handler.outside.send_queue import SendQueue
from handler.settings import settings_from
from handler.start import make_parts
from handler.tables import limits
from handler.work.reports import Reporting
from handler.work.tick import tick
from local.one_app import make_missing
from local.queue import QueueWorker, make_missing_queue, make_missing_rescue_queue
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.environment import AUTH_TOKEN, ENVIRONMENT, PUBLIC_URL
from tests.handler.bulk import CHOICES, Staff
from tests.handler.looking import invitation_in
from tests.handler.reporting import RecordingPost
from tests.privacy.speakers import Door, Speaker
from tests.world import REGION, RecordingCarrier, StillClock

PREFIX = ENVIRONMENT["KUULOLLA_TABLE_PREFIX"]
A_CHUNK = 25
_EVERY_RIGHT = ("--right", "send", "--right", "opt-out", "--right", "results")
_COUNTERS = ("SentTimestamp", "ApproximateFirstReceiveTimestamp", "SequenceNumber")
Told = dict[str, list[str]]


@dataclass(slots=True)
class FaultyClock(StillClock):
    """`fault` is raised by the next look: whoever asks for the time fails with it."""

    fault: Exception | None = None

    def __call__(self) -> datetime:
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
        return self.now


class Play:
    """`told` holds what was told, by where."""

    def __init__(self, library: Library) -> None:
        settings, self.clock = settings_from(ENVIRONMENT), FaultyClock()
        self.told: Told = defaultdict(list)
        self.parts = make_parts(settings, clock=self.clock, library=library)
        make_missing(settings)
        self.carrier, self.post = RecordingCarrier(clock=self.clock), RecordingPost()
        delivery = replace(make_delivery(settings, self.parts, spread=lambda: 0.0), carrier=self.carrier)
        rescuing = replace(make_rescuing(settings, self.parts), carrier=self.carrier)
        self.delivery = replace(delivery, is_holiday=lambda _: False)
        self.queue = SendQueue(settings.sending_queue, region=REGION)
        self.queues = {"the sending queue": make_missing_queue(settings)}
        self.queues["the rescue's queue"] = make_missing_rescue_queue(settings)
        self.workers = [
            self._worker("the sending queue", lambda event: deliver_batch(self.delivery, event)),
            self._worker("the rescue's queue", partial(rescue_batch, rescuing)),
        ]
        app = create_app(("web", "sms", "fallback"), environment=ENVIRONMENT, clock=self.clock, library=library)
        self.app, self.client, self.messages = app, app.test_client(), 0
        made = self.command("keys", "create", "--unit", "kotka", "--unit", "kouvola", *_EVERY_RIGHT)
        self.key = made.strip().splitlines()[-1]

    def _worker(self, name: str, handle: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> QueueWorker:
        def watched(event: Mapping[str, Any]) -> Mapping[str, Any]:
            self.told[name].append(json.dumps([without_counters(record) for record in event["Records"]]))
            return handle(event)

        return QueueWorker(watched, self.queues[name], region=REGION)

    # --- the doors

    def ask(self, place: str, method: str, path: str, **given: Any) -> TestResponse:
        """A request whose answer is kept, headers and all."""
        answer = self.client.open(path, method=method, **given)
        self.told[place].append(f"{answer.headers}\n{_text_of(answer)}")
        return answer

    def invite(self, asked: Iterable[Speaker]) -> None:
        """Each by their own door; lists by unit."""
        by_door: dict[tuple[Door, str], list[Speaker]] = defaultdict(list)
        for speaker in asked:
            by_door[speaker.door, speaker.unit].append(speaker)
        for (door, unit), group in by_door.items():
            match door:
                case Door.FORM:
                    for speaker in group:
                        self._by_form(speaker)
                case Door.API:
                    for speaker in group:
                        self._by_api(speaker)
                case Door.LIST:
                    self._by_list(unit, group)
                case Door.LIST_API:
                    self._by_list_api(unit, group)

    def _by_form(self, speaker: Speaker) -> None:
        fields = {
            **CHOICES,
            "unit": speaker.unit,
            "phone": f"0{speaker.number[4:]}",
            "request_key": speaker.number[-7:],
        }
        answer = self.ask("pages", "POST", "/", data=fields)
        assert answer.status_code == 303, answer.text
        self.ask("pages", "GET", answer.location)

    def _by_api(self, speaker: Speaker) -> None:
        body = {"phone": speaker.number, "unit": speaker.unit, "respondent": "youth", "confirmed": True}
        answer = self.api("answers of the API", "POST", "/api/invitations", body)
        assert answer.status_code == 201, answer.text
        self.api("answers of the API", "GET", f"/api/invitations/{answer.json['id']}")

    def api(self, place: str, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers}
        return self.ask(place, method, path, data=data if method != "GET" else None, headers=headers)

    def _by_list(self, unit: str, group: list[Speaker]) -> None:
        """What is checked is told to whoever chose the file, numbers and all; what is sent is not."""
        staff = Staff(self.client)
        results = staff.send(staff.check(_list_of(group), unit=unit))
        assert set(results) == {"sending"}, results
        self.told["answers to lists"] += staff.answers[1:]

    def _by_list_api(self, unit: str, group: list[Speaker]) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        query = urlencode({**CHOICES, "unit": unit})
        checked = self.client.post(
            f"/api/bulk/check?{query}", data=_list_of(group), content_type="text/csv", headers=headers
        ).json
        for at in range(0, len(checked["rows"]), A_CHUNK):
            body = {"file_key": checked["file_key"], "confirmed": True, "rows": checked["rows"][at : at + A_CHUNK]}
            answer = self.api("answers of the API", "POST", "/api/bulk", body)
            assert answer.status_code == 200, answer.text

    def webhook(self, path: str, fields: dict[str, str], *, fails: bool = False) -> None:
        """Signed as Twilio signs."""
        signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}{path}", fields)
        headers = {"X-Twilio-Signature": signature}
        answer = self.ask("answers to the carrier", "POST", path, data=fields, headers=headers)
        assert (answer.status_code in (200, 204)) is not fails, answer.status_code

    def text(self, number: PhoneNumber, body: str, *, path: str = "/sms/inbound", fails: bool = False) -> None:
        self.messages += 1
        fields = {"MessageSid": f"SMin{self.messages}", "From": number, "To": "+358450000000", "Body": body}
        self.carrier.log.note(fields["MessageSid"], number, "inbound", body, self.clock.now)
        self.webhook(path, fields, fails=fails)

    def tell_what_became_of_them(self, status: str, *, error_code: str = "") -> None:
        """The carrier's callbacks about every opening so far."""
        for message in self.carrier.sent:
            if invitation := invitation_in(message.status_callback):
                query = urlencode({"invitation": invitation})
                fields = {"MessageSid": "SM1", "MessageStatus": status, "To": message.to, "ErrorCode": error_code}
                self.webhook(f"/sms/status?{query}", fields)

    def command(self, *words: str, typed: str = "") -> str:
        """What a command prints."""
        app = Flask(__name__)
        add_commands(app, lambda: self.parts)
        output = app.test_cli_runner().invoke(args=words, input=typed, env=dict(ENVIRONMENT)).output
        self.told["commands"].append(output)
        return output

    # --- what runs by itself

    def round(self) -> None:
        tick(self.parts, self.queue.put)
        for worker in self.workers:
            worker.drain()

    def lapse(self, *, hours: int, every: int = 12) -> None:
        for _ in range(0, hours, every):
            self.clock.now += timedelta(hours=every)
            # The sending columns are set in the last round: it takes longer than all the rest.
            limits.mark("fold_sends", now=self.clock.now, window=timedelta(minutes=1))
            self.round()
        self.clock.forward(minutes=1)
        self.round()

    def morning(self, now: datetime) -> None:
        self.clock.now = now
        every_morning(Reporting(self.parts, self.post, PUBLIC_URL))

    def fail_at_once(self) -> None:
        """From now on what fails is handed out again without a pause, until it is with the dead letters."""
        attributes = {"VisibilityTimeout": "0"}
        boto3.client("sqs", region_name=REGION).set_queue_attributes(
            QueueUrl=self.queues["the sending queue"], Attributes=attributes
        )

    # --- what is left

    def tables(self) -> Told:
        """Every row of every table, as it is now."""
        dynamodb, found = boto3.client("dynamodb", region_name=REGION), dict[str, list[str]]()
        for name in dynamodb.list_tables()["TableNames"]:
            pages = dynamodb.get_paginator("scan").paginate(TableName=name)
            table = name.removeprefix(PREFIX)
            found[f"the table {table}"] = [_plain(row) for page in pages for row in page["Items"]]
        return found

    def waiting(self) -> Told:
        """What is in the queues, dead letters included. Whoever looks again finds nothing for a minute."""
        sqs = boto3.client("sqs", region_name=REGION)
        found: Told = defaultdict(list)
        for address in sqs.list_queues()["QueueUrls"]:
            asked = {"QueueUrl": address, "MaxNumberOfMessages": 10, "AttributeNames": ["All"], "VisibilityTimeout": 60}
            while messages := sqs.receive_message(**asked, MessageAttributeNames=["All"]).get("Messages", []):
                found[f"the queue {address.rpartition('/')[2]}"] += map(_plain, map(without_counters, messages))
        return found


def _list_of(group: Iterable[Speaker]) -> bytes:
    return "".join(["Puhelin\n", *(f"{speaker.number}\n" for speaker in group)]).encode()


def without_counters(message: Mapping[str, Any]) -> dict[str, Any]:
    """Without the queue's own moments, in milliseconds by the machine's clock, and its sequence numbers, random here:
    of thousands one or another holds by chance the nine digits of a speaker's number, as 1795402256358 did."""
    kept = dict(message)
    for name in {"attributes", "Attributes"} & message.keys():
        kept[name] = {each: told for each, told in message[name].items() if each not in _COUNTERS}
    return kept


def _plain(value: Any) -> str:
    """All that a row or a message says, bytes as they are."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_plain(each)}" for name, each in value.items())
    return "\n".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _text_of(answer: TestResponse) -> str:
    """What an answer says; of a workbook what stands in its parts."""
    if not answer.data.startswith(b"PK"):
        return answer.data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as workbook:
        return "\n".join(workbook.read(name).decode("utf-8", "replace") for name in workbook.namelist())
