"""`setup check` over MiniStack and the stand-in carrier: a line a thing, and what to do where something is missing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import Result
from flask import Flask, jsonify

from handler.outside.secret_parameters import PEPPER, SESSION_KEY, TWILIO_TOKEN
from handler.outside.stage_look import StageLook
from handler.tables.all_tables import TABLES
from local.carrier.server import LocalServer
from local.carrier.testing import ACCOUNT, TOKEN, World, world
from tests.handler.setting_up import NEW, OLD, SECRET, make_all, make_table, put, run
from tests.world import REGION

pytestmark = pytest.mark.engine
SERVICE = "MG0123456789abcdef0123456789abcdef"
SENDER_OF_REPORTS = "kuulolla@kuulolla.example"
PREFIX = "kuulolla-test-"


@pytest.fixture
def net() -> Iterator[World]:
    with world(service=SERVICE) as made:
        yield made


@pytest.fixture
def app() -> Iterator[str]:
    """Somebody who answers at the public address."""
    flask = Flask("healthy")
    flask.add_url_rule("/health", view_func=lambda: jsonify(status="ok", tables="ok", surveys=6))
    with LocalServer(flask, LocalServer.listen()) as server:
        yield server.url


def aws(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


def deploy(public_url: str) -> None:
    """What the stack makes, as far as the command looks at it."""
    for table in TABLES:
        make_table(table.Meta.short_name)
    for name in ("sending", "sending-dead"):
        aws("sqs").create_queue(QueueName=f"{PREFIX}{name}")
    for name in ("rescue.fifo", "rescue-dead.fifo"):
        aws("sqs").create_queue(QueueName=f"{PREFIX}{name}", Attributes={"FifoQueue": "true"})
    for name in ("sealing", "inbound"):
        key_id = aws("kms").create_key()["KeyMetadata"]["KeyId"]
        aws("kms").create_alias(AliasName=f"alias/{PREFIX}{name}", TargetKeyId=key_id)
    topic = aws("sns").create_topic(Name=f"{PREFIX}alarms")["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="admin@kuulolla.example")
    aws("sesv2").create_email_identity(EmailIdentity=SENDER_OF_REPORTS)
    outputs = {"PublicUrl": public_url, "Sender": SERVICE, "TwilioAccountSid": ACCOUNT}
    template = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "of-the-stack"}}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    aws("cloudformation").create_stack(StackName="kuulolla-test", TemplateBody=json.dumps(template))
    aws("cloudformation").get_waiter("stack_create_complete").wait(
        StackName="kuulolla-test", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )


@pytest.fixture
def ready(engine: str, net: World, app: str, tmp_path: Path) -> World:
    """A stage that has everything, found by its stack's outputs."""
    make_all()
    put(TWILIO_TOKEN, TOKEN)
    deploy(app)
    assert run("secrets", "--back-up", str(tmp_path / "pepper")).exit_code == 0
    assert run("twilio", "--apply", KUULOLLA_TWILIO_URL=net.url).exit_code == 0
    return net


def check(net: World, **differs: str) -> Result:
    return run("check", KUULOLLA_TWILIO_URL=net.url, **differs)


def missing(result: Result) -> list[str]:
    assert SECRET.search(result.output.replace(SERVICE, "")) is None
    assert result.exit_code == 1
    return [line.removeprefix("to do  ") for line in result.output.splitlines() if line.startswith("to do")]


def test_a_stage_that_has_everything_is_told_so_line_by_line(ready: World, app: str) -> None:
    result = check(ready)
    assert result.output.splitlines() == [
        f"Stage test, AWS account 000000000000, eu-north-1, {app}, sent from {SERVICE}",
        "ok     /kuulolla/test/pepper: key ids 1, the first one writes; backed up",
        "ok     /kuulolla/test/twilio-token: one token",
        "ok     /kuulolla/test/session-key: there",
        "ok     /kuulolla/test/oidc-client-secret: not there: the pages stay closed unless staff can sign in "
        "(docs/sign-in.md)",
        "ok     kuulolla-test: the stack stands at CREATE_COMPLETE",
        f"ok     tables: all {len(TABLES)} are there",
        "ok     queues: all 4 are there",
        "ok     keys: all 2 are there",
        f"ok     mail: SES may send from {SENDER_OF_REPORTS}",
        "ok     alarms: 1 addresses have confirmed",
        f"ok     {app}/health: it answers",
        "ok     twilio account: active",
        "ok     twilio webhooks: as they are to be",
        "ok     twilio sender: the Messaging Service has 1 number",
    ]
    assert result.exit_code == 0


def test_before_anything_is_done_every_line_says_what_to_do(engine: str, net: World) -> None:
    result = check(net, KUULOLLA_SENDER=SERVICE, KUULOLLA_PUBLIC_URL="http://127.0.0.1:9", TWILIO_ACCOUNT_SID=ACCOUNT)
    told = missing(result)
    # The stage's own line, and sign-in, which may come later.
    assert len(told) == len(result.output.splitlines()) - 2
    assert told[0] == (
        "/kuulolla/test/pepper: it is not there: run `flask --app handler.app setup secrets --stage test`."
    )
    assert "http://127.0.0.1:9/health: it does not answer (URLError)" in result.output


def test_what_the_stack_does_not_tell_has_to_be_given(engine: str, net: World) -> None:
    result = check(net)
    assert result.exit_code == 1
    assert result.output == "Error: --sender or KUULOLLA_SENDER is needed: the stack kuulolla-test does not tell it.\n"


def test_a_pepper_that_changed_after_its_backup_is_missing_a_backup(ready: World) -> None:
    put(PEPPER, f"1:{OLD},2:{NEW}")
    (told,) = missing(check(ready))
    assert told.startswith("/kuulolla/test/pepper: it has no backup as it stands now")


BAD_SECRETS = {
    "a short pepper": (PEPPER, "1:abc", "The pepper with the key id 1 is shorter than 32 bytes."),
    "a pepper twice": (PEPPER, f"1:{OLD},1:{NEW}", "The pepper names a key id twice."),
    "an empty token": (TWILIO_TOKEN, f"{TOKEN},", "The token has an empty token beside a comma."),
    "a short session key": (SESSION_KEY, "abc", "it is shorter than 32 bytes"),
}


@pytest.mark.parametrize(("secret", "value", "sentence"), BAD_SECRETS.values(), ids=BAD_SECRETS)
def test_a_malformed_secret_is_named_and_not_told(ready: World, secret: str, value: str, sentence: str) -> None:
    put(secret, value)
    told = missing(check(ready))
    assert any(line.startswith(f"/kuulolla/test/{secret}: ") and sentence in line for line in told)


def test_a_secret_that_is_not_encrypted_is_found(ready: World) -> None:
    aws("ssm").delete_parameter(Name="/kuulolla/test/session-key")
    aws("ssm").put_parameter(Name="/kuulolla/test/session-key", Value=OLD, Type="String")
    (told,) = missing(check(ready))
    assert told.startswith("/kuulolla/test/session-key: it is not encrypted")


def test_a_token_that_is_being_changed_is_told(ready: World) -> None:
    put(TWILIO_TOKEN, f"{TOKEN},{OLD}")
    result = check(ready)
    assert result.exit_code == 0
    assert "twilio-token: 2 tokens accepted, the first one sends: being changed" in result.output


def test_parts_of_the_stack_that_are_gone_are_named(ready: World) -> None:
    aws("dynamodb").delete_table(TableName=f"{PREFIX}limits")
    sqs = aws("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=f"{PREFIX}rescue.fifo")["QueueUrl"])
    kms = aws("kms")
    kms.disable_key(KeyId=kms.describe_key(KeyId=f"alias/{PREFIX}inbound")["KeyMetadata"]["KeyId"])
    assert [line.rpartition(":")[0] for line in missing(check(ready))] == [
        f"tables: {PREFIX}limits cannot be used",
        f"queues: {PREFIX}rescue.fifo cannot be used",
        f"keys: alias/{PREFIX}inbound cannot be used",
    ]


def test_mail_that_may_not_leave_and_alarms_that_reach_nobody_are_named(ready: World) -> None:
    aws("sesv2").delete_email_identity(EmailIdentity=SENDER_OF_REPORTS)
    sns = aws("sns")
    topic = f"arn:aws:sns:{REGION}:000000000000:{PREFIX}alarms"
    for each in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
    mail, alarms = missing(check(ready))
    assert mail.startswith("mail: SES may not send reports from the address: verify kuulolla@kuulolla.example")
    assert alarms.startswith("alarms: 0 addresses have confirmed, 0 have not")


def test_a_verified_domain_is_enough_for_the_mail(ready: World) -> None:
    aws("sesv2").delete_email_identity(EmailIdentity=SENDER_OF_REPORTS)
    look = StageLook(region=REGION)
    assert not look.may_send_from(SENDER_OF_REPORTS)
    aws("sesv2").create_email_identity(EmailIdentity="kuulolla.example")
    assert look.may_send_from(SENDER_OF_REPORTS)


def test_webhooks_that_point_elsewhere_and_a_service_without_a_number_are_named(ready: World) -> None:
    settings = ready.flask.extensions["sender_settings"]
    settings.service["fallback_url"], settings.pooled = "https://x.example", False
    webhooks, sender = missing(check(ready))
    assert webhooks == (
        "twilio webhooks: fallback_url differ: run `flask --app handler.app setup twilio --stage test`, "
        "which shows them."
    )
    assert sender == "twilio sender: the Messaging Service has no number: add the Finnish number to it."


def test_a_token_that_twilio_refuses_keeps_no_other_line_back(ready: World) -> None:
    put(TWILIO_TOKEN, OLD)
    told = missing(check(ready))
    assert [line.split(":")[0] for line in told] == ["twilio account", "twilio webhooks", "twilio sender"]
    assert [line for line in told if "Twilio does not know this account by this token" not in line] == []


def test_something_else_at_the_public_address_is_noticed(ready: World) -> None:
    (told, *_) = missing(check(ready, KUULOLLA_PUBLIC_URL=ready.url))
    assert told.startswith(f"{ready.url}/health: it answers with status 404")
