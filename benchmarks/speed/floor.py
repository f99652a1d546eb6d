"""The floor: what no SMS bot on Flask, Twilio's validator and PynamoDB can do without.

A bare route checks the signature, reads one row consistently, writes it back under a condition, and answers; it reads
no text and knows no survey. Twice: with our very row, and with a row of few attributes of the same size.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, abort, request
from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model
from twilio.request_validator import RequestValidator

from benchmarks.machine import ENVIRONMENT
from benchmarks.twilio_posts import PATH, PUBLIC_URL
from handler.phone_keys import PhoneKeys
from handler.tables import base
from handler.tables.conversations import ConversationRow

_REPLY = "Thank you. " + "x" * 250


class _Waits:
    """The same time-outs as ours; everything else as the library has it."""

    region = ENVIRONMENT["AWS_REGION"]
    connect_timeout_seconds = base.CONNECT_SECONDS
    read_timeout_seconds = base.READ_SECONDS
    max_retry_attempts = base.RETRIES


class FewAttributes(Model):
    """A row as one would begin with, filled up to the size of ours."""

    class Meta(_Waits):
        table_name = "benchmark-few"

    number = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    answers: ListAttribute[Any] = ListAttribute(default=list)
    filling = UnicodeAttribute()


class SameRow(ConversationRow):
    """Our own row, attribute by attribute, read and written by the library as it comes."""

    class Meta(_Waits):
        table_name = "benchmark-same"


def prepare(numbers: Iterable[str], keys: PhoneKeys) -> None:
    """Rows for both, copied from those of open conversations."""
    for model in (FewAttributes, SameRow):
        if not model.exists():
            model.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    with FewAttributes.batch_write() as few, SameRow.batch_write() as same:
        for number in numbers:
            row = ConversationRow.get(keys.all(number)[0]).to_dynamodb_dict()  # type: ignore[arg-type]
            same.save(SameRow.from_raw_data({**row, "phone_key": {"S": number}}))
            few.save(FewAttributes(number, version=1, filling="x" * (size_of(row) - 40)))


def size_of(row: dict[str, Any]) -> int:
    """About what DynamoDB takes for it, in bytes."""
    return sum(len(name) + len(str(value)) for name, typed in row.items() for value in typed.values())


def few_attributes() -> Flask:
    def answer(number: str, text: str) -> None:
        row = FewAttributes.get(number, consistent_read=True)
        actions = [
            FewAttributes.version.set(row.version + 1),
            FewAttributes.answers.set([*row.answers, text]),
        ]
        row.update(actions, condition=FewAttributes.version == row.version)

    return _app(answer)


def same_row() -> Flask:
    def answer(number: str, text: str) -> None:
        row = SameRow.get(number, consistent_read=True)
        dialogue = {**row.dialogue, "answers": {"nps": text}}
        actions = [
            SameRow.version.set(row.version + 1),
            SameRow.dialogue.set(dialogue),
            SameRow.message_ids.set([*row.message_ids, request.form["MessageSid"]]),
            SameRow.last_reply.set(_REPLY),
        ]
        unchanged = (SameRow.conversation_id == row.conversation_id) & (SameRow.version == row.version)
        row.update(actions, condition=unchanged)

    return _app(answer)


def _app(answer: Any) -> Flask:
    app = Flask(__name__)
    validator = RequestValidator(ENVIRONMENT["TWILIO_AUTH_TOKEN"])

    @app.post(PATH)
    def inbound() -> Response:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(f"{PUBLIC_URL}{request.path}", request.form, signature):
            abort(403)
        answer(request.form["From"], request.form["Body"])
        return Response(f"<Response><Message>{_REPLY}</Message></Response>", content_type="text/xml")

    return app
