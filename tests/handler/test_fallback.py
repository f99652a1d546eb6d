"""What Twilio asks when the webhook has failed: the message is sealed and queued, whole, in order, told to nobody."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import boto3
import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.jobs import RESCUE_MOST_RECEIVES, make_rescuing
from handler.outside.rescue_queue import RescueQueue
from handler.outside.sealed_forms import CannotUnseal, KeySilent, KmsForms
from handler.outside.send_queue import NotQueued
from handler.routes.inbound_form import LONGEST_TEXT
from handler.settings import Settings, settings_from
from handler.work.inbound import Inbound, packed, unpacked
from handler.work.metric import Metric
from handler.work.rescue import Rescuing
from local.one_app import make_missing
from local.queue import QueueWorker, make_missing_rescue_queue
from tests.calls import calls
from tests.environment import AUTH_TOKEN, ENVIRONMENT, PUBLIC_URL
from tests.handler.keeping import rescue_batch
from tests.handler.looking import held, key_of
from tests.handler.test_sms_door import said
from tests.world import OTHER_PHONE, PHONE, REGION, START, World

FALLBACK = "/sms/fallback"


@dataclass(slots=True)
class Twilio:
    """Posts to the fallback as Twilio does after the webhook has failed."""

    client: FlaskClient
    token: str = AUTH_TOKEN

    def post(self, fields: dict[str, str], *, signature: str | None = None) -> TestResponse:
        failed = {"ErrorCode": "11200", "ErrorUrl": f"{PUBLIC_URL}/sms/inbound"}
        signed = RequestValidator(self.token).compute_signature(f"{PUBLIC_URL}{FALLBACK}", {**fields, **failed})
        headers = {"X-Twilio-Signature": signed if signature is None else signature}
        return self.client.post(FALLBACK, data={**fields, **failed}, headers=headers)

    def text(self, body: str, **differs: str) -> TestResponse:
        usual = {
            "MessageSid": "SM1",
            "From": PHONE,
            "To": "+358450000000",
            "Body": body,
            "NumMedia": "0",
            "FromCity": "",
        }
        return self.post({**usual, **differs})


@pytest.fixture
def settings(world: World) -> Settings:
    """Of a world whose tables, queues and keys are there."""
    made = settings_from(ENVIRONMENT)
    make_missing(made)
    return made


@pytest.fixture
def twilio(settings: Settings, world: World) -> Twilio:
    return Twilio(create_app(("fallback",), environment=ENVIRONMENT, clock=world.clock).test_client())


def sqs() -> Any:
    return boto3.client("sqs", region_name=REGION)


def queued(settings: Settings) -> list[dict[str, Any]]:
    """The items, as the function of the rescue is given them."""
    answer = sqs().receive_message(
        QueueUrl=make_missing_rescue_queue(settings), MaxNumberOfMessages=10, AttributeNames=["All"]
    )
    return list(answer.get("Messages", []))


def kept(settings: Settings) -> list[Inbound]:
    forms = KmsForms(settings.inbound_key, region=REGION)
    return [unpacked(forms.unseal(item["Body"])) for item in queued(settings)]


def counted(told: str) -> list[str]:
    """The metrics in what was printed."""
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    return [metric["Name"] for line in lines for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]]


# --- what is kept


def test_a_message_is_kept_with_the_moment_and_nothing_is_answered(
    twilio: Twilio, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(twilio.text("9 koska kuunneltiin")) == ""
    assert kept(settings) == [Inbound("SM1", PHONE, "9 koska kuunneltiin", "", START)]
    assert counted(capsys.readouterr().out) == [Metric.FALLBACK_USED]


def test_what_the_carrier_answered_itself_is_kept_as_such(twilio: Twilio, settings: Settings) -> None:
    twilio.text("LOPETA", OptOutType="STOP")
    assert [message.opt_out_type for message in kept(settings)] == ["STOP"]


LONG = {
    "1,600 letters": "a" * 1600,
    "1,600 letters of two bytes": "ä" * 1600,
    "1,600 signs of four bytes": "😀" * 1600,
    "1,600 control characters": "\x01" * 1600,
    "a sign of four bytes across the edge of a part": "a" * 4000 + "😀" * 100,
    "line feeds": "\n\n9\n",
    "quotes and backslashes": '"\\' * 800,
    "half a pair": "\ud83d 9".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "nothing": "",
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_a_text_of_any_kind_is_kept_whole(twilio: Twilio, settings: Settings, body: str) -> None:
    assert said(twilio.text(body)) == ""
    assert [message.text for message in kept(settings)] == [body[:LONGEST_TEXT]]


NOT_KEPT = {
    "an operator's name as sender": {"From": "DNA"},
    "a short code": {"From": "18200"},
    "no sender": {"From": ""},
    "no message id": {"MessageSid": ""},
}


@pytest.mark.parametrize("differs", NOT_KEPT.values(), ids=NOT_KEPT)
def test_what_could_never_be_answered_is_not_kept(twilio: Twilio, settings: Settings, differs: dict[str, str]) -> None:
    assert said(twilio.text("9", **differs)) == ""
    assert queued(settings) == []


def test_one_message_posted_twice_is_kept_once(twilio: Twilio, settings: Settings) -> None:
    for _ in range(2):
        twilio.text("9")
    assert len(queued(settings)) == 1


def test_the_messages_of_one_number_stay_in_order(twilio: Twilio, settings: Settings, world: World) -> None:
    for n in range(3):
        twilio.text(str(n), MessageSid=f"SM{n}")
    twilio.text("9", MessageSid="SM9", From=OTHER_PHONE)
    groups = [item["Attributes"]["MessageGroupId"] for item in queued(settings)]
    assert sorted(groups) == sorted([key_of(world)] * 3 + [key_of(world, OTHER_PHONE)])


def test_the_tables_are_not_asked(twilio: Twilio) -> None:
    with calls() as seen:
        twilio.text("9")
    assert seen == []


# --- who is heard


WRONG_SIGNATURES = {"none": "", "another's": "a" * 28, "not base64": "%%%"}


@pytest.mark.parametrize("signature", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
def test_a_wrong_signature_is_refused_without_a_word_and_counted(
    twilio: Twilio, settings: Settings, signature: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = twilio.post({"From": PHONE, "Body": "STOP", "MessageSid": "SM1"}, signature=signature)
    assert (answer.status_code, answer.data) == (403, b"")
    assert queued(settings) == []
    assert counted(capsys.readouterr().out) == [Metric.SIGNATURE_REFUSED]


def test_a_signature_for_the_webhook_is_none_for_the_fallback(twilio: Twilio) -> None:
    fields = {"From": PHONE, "Body": "9", "MessageSid": "SM1"}
    signed = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}/sms/inbound", fields)
    assert twilio.post(fields, signature=signed).status_code == 403


@pytest.mark.parametrize("token", ["the new one", "the old one"])
def test_both_tokens_are_accepted_while_the_token_is_changed(settings: Settings, world: World, token: str) -> None:
    environment = {**ENVIRONMENT, "TWILIO_AUTH_TOKEN": "the new one,the old one"}
    changing = Twilio(create_app(("fallback",), environment=environment, clock=world.clock).test_client(), token)
    assert said(changing.text("9")) == ""
    assert len(queued(settings)) == 1


OTHER_REQUESTS = {"a GET": ("GET", FALLBACK, 405), "the webhook": ("POST", "/sms/inbound", 404)}


@pytest.mark.parametrize(("method", "path", "status"), OTHER_REQUESTS.values(), ids=OTHER_REQUESTS)
def test_whatever_is_wrong_has_no_body_that_could_be_sent_on(
    twilio: Twilio, method: str, path: str, status: int
) -> None:
    answer = twilio.client.open(path, method=method)
    assert (answer.status_code, answer.data) == (status, b"")


def test_a_body_over_32_kilobytes_is_refused_without_a_word(twilio: Twilio) -> None:
    answer = twilio.text("x" * 40_000)
    assert (answer.status_code, answer.data) == (413, b"")


# --- when even this fails


def lose_the_key(settings: Settings) -> None:
    boto3.client("kms", region_name=REGION).delete_alias(AliasName=settings.inbound_key)


def lose_the_queue(settings: Settings) -> None:
    sqs().delete_queue(QueueUrl=make_missing_rescue_queue(settings))


TROUBLES = {"no key": lose_the_key, "no queue": lose_the_queue}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_message_that_cannot_be_kept_is_refused_and_counted(
    twilio: Twilio, settings: Settings, trouble: Callable[[Settings], None], capsys: pytest.CaptureFixture[str]
) -> None:
    trouble(settings)
    answer = twilio.text("9")
    assert (answer.status_code, answer.data) == (503, b"")
    assert counted(capsys.readouterr().out) == [Metric.FALLBACK_FAILED]


def test_a_message_that_one_try_could_not_keep_is_kept_by_the_next(
    twilio: Twilio, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_the_key(settings)
    assert twilio.text("9").status_code == 503
    make_missing(settings)
    assert said(twilio.text("9")) == ""
    assert [message.text for message in kept(settings)] == ["9"]
    assert counted(capsys.readouterr().out) == [Metric.FALLBACK_FAILED, Metric.FALLBACK_USED]


def test_a_key_service_and_a_queue_that_cannot_be_reached_are_faults_of_ours(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(KeySilent, match="EndpointConnectionError"):
        KmsForms(settings.inbound_key, region=REGION).seal(b"9", about="1")
    with pytest.raises(NotQueued, match="EndpointConnectionError"):
        RescueQueue(settings.rescue_queue, region=REGION).put("9", group="1", about="1")


# --- the seal


@pytest.fixture
def forms(settings: Settings) -> KmsForms:
    return KmsForms(settings.inbound_key, region=REGION)


LONG_MESSAGE = packed(Inbound("SM1", PHONE, "😀" * 1600, "", START))


def resealed(whole: str, **differs: object) -> str:
    return json.dumps({**json.loads(whole), **differs})


def parts(sealed: str) -> list[str]:
    return list(json.loads(sealed)["sealed"])


def test_a_long_message_is_sealed_in_two_parts(forms: KmsForms) -> None:
    sealed = forms.seal(LONG_MESSAGE, about="1")
    assert len(parts(sealed)) == 2
    assert forms.unseal(sealed) == LONG_MESSAGE


SPOILT: dict[str, Callable[[str], str]] = {
    "said to be about another": lambda sealed: resealed(sealed, about="2"),
    "its parts in another order": lambda sealed: resealed(sealed, sealed=parts(sealed)[::-1]),
    "its second part gone": lambda sealed: resealed(sealed, sealed=parts(sealed)[:1]),
    "its first part twice": lambda sealed: resealed(sealed, sealed=parts(sealed)[:1] * 2),
    "no parts": lambda sealed: resealed(sealed, sealed=[]),
    "an empty part": lambda sealed: resealed(sealed, sealed=[""]),
    "not sealed by us": lambda sealed: resealed(sealed, sealed=["aHVtYnVn"]),
    "not base64": lambda sealed: resealed(sealed, sealed=["%"]),
    "parts that are numbers": lambda sealed: resealed(sealed, sealed=[1]),
    "about nothing": lambda sealed: json.dumps({"sealed": parts(sealed)}),
    "cut": lambda sealed: sealed[:100],
    "a list": lambda _: "[]",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_not_whole_or_in_its_place_is_never_unsealed(forms: KmsForms, spoil: Callable[[str], str]) -> None:
    with pytest.raises(CannotUnseal):
        forms.unseal(spoil(forms.seal(LONG_MESSAGE, about="1")))


def test_a_key_that_is_missing_is_no_reason_to_give_a_message_up(settings: Settings, forms: KmsForms) -> None:
    sealed = forms.seal(LONG_MESSAGE, about="1")
    lose_the_key(settings)
    with pytest.raises(KeySilent):
        forms.unseal(sealed)


# --- from the fallback to the phone


@pytest.fixture
def rescuing(settings: Settings, world: World) -> Rescuing:
    made = make_rescuing(settings, world.parts)
    return Rescuing(world.parts, forms=made.forms, carrier=world.carrier, public_url=made.public_url)


@pytest.fixture
def worker(settings: Settings, rescuing: Rescuing) -> QueueWorker:
    return QueueWorker(partial(rescue_batch, rescuing), make_missing_rescue_queue(settings), region=REGION)


def test_what_the_fallback_took_is_answered_and_leaves_the_queue(
    twilio: Twilio, settings: Settings, world: World, worker: QueueWorker
) -> None:
    world.opened()
    world.clock.forward(minutes=1)
    twilio.text("9")
    world.clock.forward(hours=3)
    assert worker.drain() == 1
    assert [message.to for message in world.carrier.sent] == [PHONE, PHONE]
    assert "Mitä mieltä olet?" in world.carrier.sent[-1].text
    assert worker.drain() == 0
    assert queued(settings) == []


def test_messages_of_one_number_are_answered_in_their_order(twilio: Twilio, world: World, worker: QueueWorker) -> None:
    world.opened()
    world.clock.forward(minutes=1)
    twilio.text("9")
    world.clock.forward(minutes=1)
    twilio.text("ja kiva paikka", MessageSid="SM2")
    worker.drain()
    dialogue = held(world).dialogue
    assert dialogue is not None
    assert (dialogue.answers, dialogue.texts) == ({"nps": 9}, {"nps": "ja kiva paikka"})


def test_the_queue_hands_an_item_out_for_half_a_day_and_then_to_the_dead_letters(settings: Settings) -> None:
    address = make_missing_rescue_queue(settings)
    told = sqs().get_queue_attributes(QueueUrl=address, AttributeNames=["All"])["Attributes"]
    assert told["FifoQueue"] == "true"
    redrive = json.loads(told["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(settings.rescue_dead_letters)
    assert int(redrive["maxReceiveCount"]) == RESCUE_MOST_RECEIVES


# --- what is told


def test_neither_number_nor_text_is_anywhere(
    twilio: Twilio, settings: Settings, world: World, all_told: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    """In the queue's items and their names, in what was logged or printed, in good days and bad."""
    caplog.set_level(logging.DEBUG)
    texts = ("salainen asia", "haluan kuolla", "STOP")
    for n, body in enumerate(texts):
        twilio.text(body, MessageSid=f"SM0123456789{n}")
    items = json.dumps(queued(settings), default=str)
    for trouble in TROUBLES.values():
        trouble(settings)
        twilio.text("salainen asia", MessageSid=f"SM0123456789{trouble.__name__}")
    twilio.post({"From": PHONE, "Body": "salainen asia", "MessageSid": "SM01234567899"}, signature="no")
    logged = all_told()
    assert "could not be kept" in logged
    for trace in ("401234567", *texts, "SM01234567", AUTH_TOKEN):
        assert trace not in items
        assert trace not in logged
    assert key_of(world) in items  # which phone it is, nobody can tell without the pepper
    assert key_of(world)[10:40] not in logged
