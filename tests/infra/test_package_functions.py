"""The package's functions, run by AWS's own runtime client on recorded events, over the embedded AWS."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from handler.outside.carrier import OutcomeUnknown
from handler.settings import settings_from
from handler.tables.conversations import State
from local.carrier.testing import ACCOUNT, SENDER, TOKEN
from local.carrier.testing import World as Carrier
from local.mailbox import make_missing_sender
from survey_flow.library import Library
from survey_flow.prompts import opening
from tests.handler.looking import held, key_of
from tests.infra.made_events import http_event, multipart, recorded, sqs_event, twilio_event
from tests.infra.runtime_api import Failed, running
from tests.infra.stage import Stage, stage
from tests.world import PHONE, World

pytestmark = [pytest.mark.engine, pytest.mark.runtime]

SMS, WEB = "handler.app.sms", "handler.app.web"
DELIVER, RESCUE, TICK, REPORT = (f"handler.jobs.{name}" for name in ("deliver", "rescue", "tick", "report"))


@pytest.fixture
def aws(engine: str, net: Carrier, unpacked: Path, tmp_path: Path, library: Library) -> Iterator[Stage]:
    """A stage whose functions start when they are asked for; what they logged tells nobody's number."""
    carrier = {"KUULOLLA_TWILIO_URL": net.url, "TWILIO_ACCOUNT_SID": ACCOUNT, "KUULOLLA_SENDER": SENDER}
    with stage(engine, unpacked, tmp_path, library, TWILIO_AUTH_TOKEN=TOKEN, **carrier) as made:
        yield made
        assert PHONE.removeprefix("+358") not in made.told()


def inbound(body: str, message_id: str = "SMin1", **differs: str) -> dict[str, str]:
    usual = {"MessageSid": message_id, "From": PHONE, "To": SENDER, "Body": body, "NumMedia": "0", "FromCity": ""}
    return {**usual, **differs}


def text(aws: Stage, body: str, message_id: str) -> str:
    answer = aws.function(SMS).invoke(twilio_event("/sms/inbound", inbound(body, message_id), token=TOKEN))
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, False)
    assert answer["headers"]["content-type"] == "text/xml; charset=utf-8"
    return str(answer["body"])


# --- sms


def test_a_signed_message_is_answered_and_moves_the_conversation(aws: Stage) -> None:
    world = aws.world()
    world.opened()
    assert "<Message>" in text(aws, "9 koska kuunneltiin", "SMin1")
    assert held(world).dialogue.asking == ("apu", "tosissaan", "vaikutus", "hyoty")
    text(aws, "3524", "SMin2")
    assert "<Message>Kiitos" in text(aws, "OHITA", "SMin3")
    assert held(world).state is State.CLOSED
    assert [response.answers["apu"] for response in world.responses()] == [3]


def test_the_same_message_again_gives_the_same_answer(aws: Stage) -> None:
    aws.world().opened()
    first = text(aws, "9", "SMin1")
    assert text(aws, "9", "SMin1") == first


def test_a_status_callback_with_a_query_is_heard(aws: Stage) -> None:
    world = aws.world()
    accepted = world.opened()
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": PHONE, "From": SENDER}
    path = f"/sms/status?invitation={accepted.id}"
    answer = aws.function(SMS).invoke(twilio_event(path, fields, token=TOKEN))
    assert (answer["statusCode"], answer["body"]) == (204, "")


REFUSED: dict[str, tuple[Callable[[], Any], int]] = {
    "a wrong signature": (lambda: twilio_event("/sms/inbound", inbound("9"), token="another"), 403),
    "no signature": (lambda: twilio_event("/sms/inbound", inbound("9"), signature=""), 403),
    "a body that is too large": (lambda: twilio_event("/sms/inbound", inbound("9" * 33_000), token=TOKEN), 413),
    "a path that is no door": (lambda: twilio_event("/sms/elsewhere", inbound("9"), token=TOKEN), 404),
}


@pytest.mark.parametrize(("event", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_answered_without_a_word(aws: Stage, event: Callable[[], Any], status: int) -> None:
    answer = aws.function(SMS).invoke(event())
    assert (answer["statusCode"], answer["body"]) == (status, "")


def test_a_secret_that_is_missing_fails_the_function_with_a_sentence(
    aws: Stage, unpacked: Path, tmp_path: Path
) -> None:
    settings = {**aws.settings, "TWILIO_AUTH_TOKEN": "/kuulolla/test/twilio-token"}
    with running(unpacked, SMS, settings, log=tmp_path / "missing.log") as function, pytest.raises(Failed) as failed:
        function.invoke(twilio_event("/sms/inbound", inbound("9"), token=TOKEN))
    assert failed.value.kind == "SettingsMissing"


def test_secrets_are_fetched_by_their_names(aws: Stage, unpacked: Path, tmp_path: Path) -> None:
    import boto3

    ssm = boto3.client("ssm", region_name="eu-north-1")
    for name, value in (("twilio-token", f"new,{TOKEN}"), ("pepper", "1:pepper")):
        ssm.put_parameter(Name=f"/kuulolla/test/{name}", Value=value, Type="SecureString")
    aws.world().opened()
    named = {"TWILIO_AUTH_TOKEN": "/kuulolla/test/twilio-token", "KUULOLLA_PEPPER": "/kuulolla/test/pepper"}
    with running(unpacked, SMS, {**aws.settings, **named}, log=tmp_path / "named.log") as function:
        answer = function.invoke(twilio_event("/sms/inbound", inbound("9"), token=TOKEN))
    assert "<Message>" in answer["body"]


# --- web


def get(aws: Stage, address: str, **more: Any) -> Any:
    return aws.function(WEB).invoke(http_event("GET", address, **more))


def content(answer: Any) -> bytes:
    return b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()


def test_pages_files_and_the_api_are_answered(aws: Stage) -> None:
    assert json.loads(content(get(aws, "/health")))["tables"] == "ok"
    assert b"Kuulolla" in content(get(aws, "/handbook"))
    assert content(get(aws, "/handbook/tietosuojaseloste"))
    assert json.loads(content(get(aws, "/openapi.json")))["openapi"]
    assert content(get(aws, "/units/kotka"))
    picture = get(aws, "/static/kuulolla.svg")
    assert (picture["isBase64Encoded"], content(picture)[:4]) == (True, b"<svg")
    assert get(aws, "/static/pages.css")["headers"]["content-type"].startswith("text/css")


def test_head_has_headers_and_no_body(aws: Stage) -> None:
    answer = aws.function(WEB).invoke(http_event("HEAD", "/units/kotka"))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert answer["headers"]["content-type"].startswith("text/html")


def test_a_form_is_sent_and_its_cookie_comes_in_the_list(aws: Stage) -> None:
    fields = b"phone=040+123+4567&unit=kouvola&respondent=youth&language=fi&occasion=end&confirmed=on&request_key=k1"
    form = "application/x-www-form-urlencoded"
    sent = aws.function(WEB).invoke(
        http_event("POST", "/", body=fields, content_type=form, sec_fetch_site="same-origin")
    )
    assert sent["statusCode"] == 303, content(sent).decode()
    assert sent["headers"]["location"].startswith("/sent/")
    (cookie,) = sent["cookies"]
    # The browser came by https, as the forwarded headers say.
    assert cookie.startswith("__Host-kuulolla_form=")
    assert "; Secure" in cookie
    assert "set-cookie" not in sent["headers"]
    known = get(aws, "/", cookies=("other=1", cookie.partition(";")[0]))
    assert b'<option value="kouvola" selected>' in content(known)


def test_a_file_comes_through_a_form(aws: Stage) -> None:
    body, kind = multipart(
        "file", "lista.csv", b"puhelin\n040 123 4567\n", unit="kotka", respondent="youth", confirmed="on"
    )
    answer = aws.function(WEB).invoke(
        http_event("POST", "/bulk/check", body=body, content_type=kind, sec_fetch_site="same-origin")
    )
    assert answer["statusCode"] == 200, content(answer).decode()


def test_a_query_that_names_one_thing_twice_is_read(aws: Stage) -> None:
    assert get(aws, "/results?unit=kotka&group=youth&group=guardian")["statusCode"] == 200


STRANGE = {
    "an escape in a known path": ("/handbook/tieto%73uojaseloste", 200),
    "letters with dots": ("/units/k%C3%A4", 404),
    "a sign beyond Latin-1": ("/units/%E2%82%AC", 404),
    "an escaped percent sign": ("/units/%2525", 404),
    "a way out of the folder": ("/static/..%2F..%2Fhandler%2Fapp.py", 404),
}


@pytest.mark.parametrize(("address", "status"), STRANGE.values(), ids=STRANGE)
def test_a_strange_path_is_answered_and_fails_nothing(aws: Stage, address: str, status: int) -> None:
    assert get(aws, address)["statusCode"] == status


def test_a_named_stage_is_no_part_of_the_path(aws: Stage) -> None:
    """A deployment has the stage `$default`; behind a named one the same doors answer."""
    assert get(aws, "/health", stage="test")["statusCode"] == 200


# --- the jobs


def test_a_batch_names_the_poison_and_only_it(aws: Stage, net: Carrier) -> None:
    """The good item is a send of which nobody knew: the carrier's list, read by Twilio's client, settles it."""
    world = aws.world()
    world.carrier.faults.append(OutcomeUnknown())
    world.invite()
    with suppress(OutcomeUnknown):
        world.tick()
    assert held(world).state is State.UNKNOWN
    left(world, net)
    answer = aws.function(DELIVER).invoke(sqs_event("no phone key", key_of(world)))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "00000000-0000-4000-8000-000000000000"}]}
    assert held(world).state is State.OPEN


def left(world: World, net: Carrier) -> None:
    """The opening left after all, and is in the carrier's list."""
    dialogue = held(world).dialogue
    assert dialogue is not None
    http = TwilioHttpClient(timeout=10)
    client = Client(ACCOUNT, TOKEN, http_client=http)
    client.api.base_url = net.url
    client.messages.create(to=PHONE, from_=SENDER, body=opening(world.parts.script(dialogue), dialogue))
    http.session.close()


def test_a_message_that_cannot_be_unsealed_is_tried_once(aws: Stage) -> None:
    answer = aws.function(RESCUE).invoke(sqs_event("{}", recording="sqs_fifo"))
    assert answer["batchItemFailures"] in ([], [{"itemIdentifier": "00000000-0000-4000-8000-000000000000"}])


@pytest.mark.parametrize("job", [TICK, REPORT])
def test_a_schedule_runs_its_job(aws: Stage, library: Library, job: str) -> None:
    make_missing_sender(settings_from(aws.settings), library.organisation.reports_from)
    assert aws.function(job).invoke(recorded("schedule")) is None
