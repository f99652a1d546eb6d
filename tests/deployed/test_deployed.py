"""serverless.yml as it is, deployed with roles enforced: respondents, staff and schedules, through AWS's parts."""

import re
import urllib.request
from collections.abc import Iterator

import pytest

from handler.work.inbound import TWILIO_TRIES_FOR
from local.deployed_stage import STACK, TABLE_PREFIX, client, new_key
from local.deployment import deployed
from tests.deployed.stage import Stage
from tests.polling import happens, until

pytestmark = [pytest.mark.osls, pytest.mark.runtime, pytest.mark.engine]
# A round of the schedule comes every minute, and the machine may be busy.
A_ROUND = 150
# What was set aside within half a minute of a question may have been written before it, and is no answer to it then.
ASKED_LONG_AGO = "+358401230040"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with deployed(tmp_path_factory.mktemp("deployed")) as made:
        key = new_key(made, "kotka", "send", "results", "opt-out")
        Stage(made, key).asked(ASKED_LONG_AGO)
        yield Stage(made, key)


def phone(n: int) -> str:
    return f"+35840123{n:04d}"


def everything_logged(stage: Stage) -> str:
    functions = ("sms", "fallback", "web", "deliver", "rescue", "tick", "report")
    lines = [line for function in functions for line in stage.logged(function)]
    return "\n".join([*lines, *(path.read_text(errors="replace") for path in stage.made.folder.glob("*.log"))])


# --- a survey


def test_a_whole_survey_goes_through_the_api_the_queue_and_the_webhook_to_the_counts(stage: Stage) -> None:
    stage.asked(phone(1))
    (opening,) = stage.messages(phone(1))
    assert opening.startswith("Hei Nuorten Matalasta!")
    assert "A Sain apua" in stage.text(phone(1), "9 koska kuunneltiin")
    assert "Mikä oli hyvää" in stage.text(phone(1), "3524")
    assert stage.text(phone(1), "Oli kiva käydä. Soittakaa 040 123 0001").startswith("Kiitos vastauksistasi!")
    (response,) = stage.rows("responses")
    assert re.fullmatch(r"\d{4}-\d\d#youth#[0-9a-f-]{36}", response["month_group_id"])
    (counts,) = stage.rows("counts")
    for column in ("nps_9", "apu_3", "tosissaan_5", "vaikutus_2", "hyoty_4", "jatkuu_2", "avoin_written", "finished"):
        assert counts[column] == "1", column
    (comment,) = stage.rows("comments")
    assert "0123" not in comment["text"]
    assert "closed" in [row["state"] for row in stage.rows("conversations")]


def test_a_second_contact_is_refused_and_a_stop_is_remembered(stage: Stage) -> None:
    stage.asked(phone(2))
    assert "START" in stage.text(phone(2), "STOP")
    status, refusal = stage.try_to_invite(phone(2))
    assert (status, refusal["type"].rpartition("/")[2]) == (409, "opted-out")
    stage.asked(phone(3))
    status, refusal = stage.try_to_invite(phone(3))
    assert (status, refusal["type"].rpartition("/")[2]) == (409, "throttled")


def test_what_the_carrier_told_of_a_message_stands_on_its_invitation(stage: Stage) -> None:
    accepted = stage.invite(phone(4))
    until(lambda: stage.api("GET", f"/api/invitations/{accepted['id']}")[1]["status"] == "delivered", what="a callback")


def test_opt_outs_told_to_the_staff_are_recorded_and_lifted(stage: Stage) -> None:
    assert stage.api("POST", "/api/opt-outs", {"phone": phone(5)})[0] == 204
    status, _ = stage.try_to_invite(phone(5))
    assert status == 409
    assert stage.api("POST", "/api/opt-outs/withdraw", {"phone": phone(5)})[0] == 204
    stage.asked(phone(5))


def test_pages_for_everybody_are_there_and_those_for_staff_are_closed_until_people_sign_in(stage: Stage) -> None:
    for path in ("/handbook", "/units/kotka", "/units/kotka/poster", "/openapi.json", "/static/pages.css"):
        assert stage.call("GET", stage.made.api + path)[0] == 200, path
    for path in ("/", "/bulk", "/results", "/comments", "/actions", "/opt-outs"):
        assert stage.call("GET", stage.made.api + path)[0] == 403, path
    assert stage.api("GET", "/api/results?unit=kotka")[0] == 200


def test_every_answer_has_strict_headers_and_none_lets_another_site_in(stage: Stage) -> None:
    asking = urllib.request.Request(f"{stage.made.api}/handbook", headers={"Origin": "https://elsewhere.example"})
    with urllib.request.urlopen(asking, timeout=30) as answer:
        headers = {name.lower(): value for name, value in answer.getheaders()}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_nobody_is_heard_whom_twilio_did_not_sign(stage: Stage) -> None:
    for path in ("/sms/inbound", "/sms/status", "/sms/fallback"):
        status, body = stage.call("POST", stage.made.api + path, Content_Type="application/x-www-form-urlencoded")
        assert (status, body) == (403, ""), path


# --- at once, and when something breaks


def test_messages_that_come_at_once_are_answered_by_processes_of_their_own(stage: Stage) -> None:
    numbers = [phone(n) for n in range(10, 16)]
    for number in numbers:
        stage.asked(number)
    replies = stage.texts_at_once([(number, "10") for number in numbers])
    assert all("A Sain apua" in reply for reply in replies)
    log = (stage.made.folder / "aws.log").read_text(errors="replace")
    assert log.count(f"Lambda worker spawned for {STACK}-sms") >= 2


def test_two_answers_at_once_from_one_phone_are_one_answer(stage: Stage) -> None:
    stage.asked(phone(20))
    before = promoters(stage)
    replies = stage.texts_at_once([(phone(20), "9"), (phone(20), "10")])
    assert len([reply for reply in replies if "A Sain apua" in reply]) == 1
    assert "START" in stage.text(phone(20), "STOP")
    assert promoters(stage) == before + 1


def promoters(stage: Stage) -> int:
    return sum(int(row.get(column, 0)) for row in stage.rows("counts") for column in ("nps_9", "nps_10"))


def test_the_schedule_s_rounds_come_by_themselves(stage: Stage) -> None:
    seen = len(stage.logged("tick"))
    assert happens(lambda: any('"RoundDone": 1' in line for line in stage.logged("tick")[seen:]), within=A_ROUND)


def test_a_poison_item_reaches_the_dead_letters_and_its_neighbours_the_phone(stage: Stage) -> None:
    sqs = client(stage.made, "sqs")
    url = sqs.get_queue_url(QueueName=f"{TABLE_PREFIX}sending")["QueueUrl"]
    spoil_a_row(stage, key="1.poison")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    try:
        sqs.send_message(QueueUrl=url, MessageBody="1.poison")
        stage.asked(phone(30))
        assert happens(lambda: stage.waiting_in("sending-dead") == 1, within=90)
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "900"})
    assert any('"ItemFailed": 1' in line for line in stage.logged("deliver"))


def spoil_a_row(stage: Stage, key: str) -> None:
    """A conversation that cannot be read."""
    row = {"phone_key": {"S": key}, "state": {"S": "queued"}, "conversation_id": {"S": "1"}, "version": {"N": "1"}}
    client(stage.made, "dynamodb").put_item(TableName=f"{TABLE_PREFIX}conversations", Item=row)


def test_what_the_webhook_cannot_answer_is_set_aside_and_answered_later(stage: Stage) -> None:
    assert happens(lambda: stage.age() > TWILIO_TRIES_FOR.total_seconds() + 2, within=60)
    functions = client(stage.made, "lambda")
    functions.put_function_concurrency(FunctionName=f"{STACK}-sms", ReservedConcurrentExecutions=0)
    try:
        assert stage.text(ASKED_LONG_AGO, "8") == ""
        until(lambda: len(stage.messages(ASKED_LONG_AGO)) == 2, what="the answer of the rescue")
    finally:
        functions.put_function_concurrency(FunctionName=f"{STACK}-sms", ReservedConcurrentExecutions=50)
    assert "A Sain apua" in stage.messages(ASKED_LONG_AGO)[-1]
    assert "Mikä oli hyvää" in stage.text(ASKED_LONG_AGO, "3524")


def test_a_report_is_mailed_by_the_function_s_own_role(stage: Stage) -> None:
    client(stage.made, "ses").verify_email_identity(EmailAddress="kuulolla@kuulolla.example")
    answer = client(stage.made, "lambda").invoke(FunctionName=f"{STACK}-report", Payload=b"{}")
    assert answer["Payload"].read() == b"null", stage.logged("report")[-5:]


def test_a_list_is_checked_and_sent_by_another_system(stage: Stage) -> None:
    numbers = [phone(n) for n in range(50, 53)]
    query = "unit=kotka&respondent=youth&occasion=end&confirmed=true"
    status, checked = stage.api(
        "POST", f"/api/bulk/check?{query}", "\n".join(["numero", *numbers]), Content_Type="text/csv"
    )
    assert status == 200, checked
    sending = {"file_key": checked["file_key"], "confirmed": True, "rows": checked["rows"]}
    status, sent = stage.api("POST", "/api/bulk", sending)
    assert status == 200, sent
    until(lambda: all(stage.messages(number) for number in numbers), what="three openings")


# --- afterwards


def test_no_number_stands_in_any_log_queue_or_table(stage: Stage) -> None:
    written = everything_logged(stage) + repr([stage.rows(name.removeprefix(TABLE_PREFIX)) for name in tables(stage)])
    assert not re.search(r"40 ?123 ?\d{4}", written)


def tables(stage: Stage) -> list[str]:
    names: list[str] = client(stage.made, "dynamodb").list_tables()["TableNames"]
    return [name for name in names if name.startswith(TABLE_PREFIX)]


def test_no_secret_stands_in_the_settings_of_a_function_or_in_a_log(stage: Stage) -> None:
    ssm = client(stage.made, "ssm")
    names = [f"/kuulolla/test/{name}" for name in ("pepper", "twilio-token", "session-key")]
    secrets = [ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] for name in names]
    shown = repr(client(stage.made, "lambda").list_functions()["Functions"]) + everything_logged(stage)
    for secret in secrets:
        assert secret.partition(":")[2] not in shown or not secret.partition(":")[2]
        assert secret not in shown
