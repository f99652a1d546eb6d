"""The audit tells who asks much about numbers, and never which answer they got; and who has run a command."""

from datetime import timedelta
from getpass import getuser

import boto3
import pytest
from click.testing import Result
from flask.testing import FlaskClient

from handler.app import create_app
from handler.outside.caller_identity import caller_in_aws
from handler.tables import opt_outs
from handler.tables.audit import AuditRow, Did
from handler.tables.limits import LimitRow
from handler.templates import page_texts
from survey_flow.access import Right
from survey_flow.conversation import OptOutHow
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber
from tests.environment import ENVIRONMENT
from tests.handler.bulk import Staff, csv_of, number
from tests.handler.looking import key_of
from tests.handler.page_words import words
from tests.handler.test_api import Api, new_key, problem
from tests.handler.test_audit import Row, note, rows
from tests.handler.test_bulk_api import System
from tests.handler.test_form import send
from tests.people import SIGN_IN
from tests.world import REGION, World

LOCAL = "person:local"
SAYS = page_texts()[Language.FI]


@pytest.fixture
def api(world: World, client: FlaskClient) -> Api:
    return Api(client, new_key(world, *Right))


def refuse(world: World, *numbers: int) -> None:
    for n in numbers:
        opt_outs.record(key_of(world, PhoneNumber(number(n))), how=OptOutHow.SMS, today=world.parts.today())


def forget() -> None:
    for row in AuditRow.scan():
        row.delete()


def told(who: str, unit: str = "kotka") -> Row:
    return Row(who, "refusal_told", unit)


# --- single refusals


def test_refusals_told_are_one_row_an_hour_for_each_who_asks_and_unit(api: Api, world: World) -> None:
    who = f"key:{api.key.id}"
    refuse(world, 0, 1, 2, 3)
    for n in range(3):
        assert problem(api.invite(phone=number(n))) == (409, "opted-out")
    assert rows() == [told(who)]
    elsewhere = api.invite(phone=number(3), unit="nemova", respondent="client", occasion="end")
    assert problem(elsewhere) == (409, "opted-out")
    assert set(rows()) == {told(who), told(who, "nemova")}
    world.clock.now += timedelta(hours=1)
    api.invite(phone=number(0))
    assert rows().count(told(who)) == 2


def test_a_refusal_told_by_the_form_is_noted_as_the_person_s(client: FlaskClient, world: World) -> None:
    refuse(world, 0)
    assert send(client, phone=number(0)).status_code == 409
    assert rows() == [told(LOCAL)]


def test_the_row_does_not_tell_which_refusal_it_was(api: Api, world: World) -> None:
    refuse(world, 0)
    api.invite(phone=number(1), repeat_as="1")
    forget()
    told_of = []
    for n, why in ((0, "opted-out"), (1, "throttled")):
        assert problem(api.invite(phone=number(n))) == (409, why)
        told_of.append(rows())
        world.clock.now += timedelta(hours=1)
        forget()
    assert told_of[0] == told_of[1] == [told(f"key:{api.key.id}")]


def test_what_tells_nothing_of_a_number_leaves_no_such_row(api: Api) -> None:
    api.invite(phone=number(0), repeat_as="1")
    api.invite(phone=number(0), repeat_as="1")
    api.invite(phone=number(0), repeat_as="1", respondent="guardian")
    api.invite(phone=number(1), send_after="2027-02-01T15:00:00+02:00")
    assert {row.did for row in rows()} == {"invited"}


def test_nothing_is_told_of_a_number_when_it_cannot_be_noted(client: FlaskClient, world: World) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    refuse(world, 0)
    AuditRow.delete_table()
    for _ in range(2):  # nor by trying again: no mark stands without its row
        assert send(client, phone=number(0)).status_code == 500
    assert not [row.what for row in LimitRow.scan() if row.what.startswith("audit-told")]


# --- lists


def test_a_checked_list_is_one_row_for_each_of_its_units_without_a_count(client: FlaskClient, world: World) -> None:
    refuse(world, 0)
    lines = [f"{number(n)};{unit}\n" for n, unit in enumerate(("kotka", "kouvola", "kotka"))]
    Staff(client).check("".join(["Puhelin;Yksikkö\n", *lines]).encode(), without="unit")
    assert sorted(rows(), key=repr) == [Row(LOCAL, "list_checked", unit) for unit in ("kotka", "kouvola")]


def test_a_list_checked_by_a_key_is_noted_as_the_key_s(client: FlaskClient, world: World) -> None:
    system = System(client, new_key(world, Right.SEND))
    for _ in range(2):
        system.check(csv_of(3))
    assert rows() == [Row(f"key:{system.key.id}", "list_checked", "kotka")] * 2


def test_a_check_is_not_answered_when_it_cannot_be_noted(client: FlaskClient) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    AuditRow.delete_table()
    answer = Staff(client).try_check(csv_of(6))
    assert (answer.status_code, "totals" in answer.text) == (500, False)


def test_lines_that_are_not_sent_to_are_noted_as_told_once_an_hour(client: FlaskClient, world: World) -> None:
    refuse(world, 0, 1)
    staff = Staff(client)
    checked = staff.check(csv_of(3))
    assert staff.send(checked).count("not_sent") == 2
    assert staff.send(checked).count("not_sent") == 2
    assert [row for row in rows() if row.did == "refusal_told"] == [told(LOCAL)]


def test_a_chunk_is_answered_even_when_nothing_can_be_noted(client: FlaskClient, world: World) -> None:
    """Its other lines have been sent."""
    refuse(world, 0)
    staff = Staff(client)
    checked = staff.check(csv_of(2))
    AuditRow.delete_table()
    assert sorted(staff.send(checked)) == ["not_sent", "sending"]


# --- commands


def run(*said: str, **differs: str) -> Result:
    result = create_app().test_cli_runner().invoke(args=said, env={**ENVIRONMENT, **differs})
    assert result.exit_code == 0, result.output
    return result


def made_a_key(**differs: str) -> str:
    """Who made a key, as the audit has it."""
    run("keys", "create", "--unit", "kotka", "--right", "send", **differs)
    (row,) = AuditRow.scan()
    assert row.did == "key_created"
    return str(row.who)


@pytest.mark.usefixtures("world")
def test_on_one_machine_a_command_is_its_user_s() -> None:
    assert made_a_key() == f"command:{getuser()}"


@pytest.mark.usefixtures("world")
def test_in_aws_a_command_is_the_user_s_whom_aws_knows() -> None:
    name = boto3.client("sts", REGION).get_caller_identity()["Arn"].rpartition("/")[2]
    assert made_a_key(**SIGN_IN) == f"command:{name}"
    assert name != getuser()


@pytest.mark.usefixtures("world")
def test_of_an_assumed_role_it_is_the_session_s(monkeypatch: pytest.MonkeyPatch) -> None:
    role = boto3.client("iam", REGION).create_role(RoleName="Operator", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    assumed = boto3.client("sts", REGION).assume_role(RoleArn=role, RoleSessionName="sanna@example.fi")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", assumed["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", assumed["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", assumed["SessionToken"])
    assert caller_in_aws(region=REGION) == "sanna@example.fi"


@pytest.mark.usefixtures("world")
def test_when_aws_does_not_say_it_is_the_machine_s_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    assert made_a_key(**SIGN_IN) == f"command:{getuser()}"


@pytest.mark.parametrize("who", ["command:sanna@example.fi", "command"])
def test_the_page_finds_a_command_by_who_ran_it(client: FlaskClient, world: World, who: str) -> None:
    note(world, Did.KEY_CREATED, who=who)
    note(world, Did.KEY_REVOKED, who="command:pekka")
    page = client.get("/audit", query_string={"who": who})
    assert page.status_code == 200
    said = SAYS["audit_who_command_by"].format(name="sanna@example.fi") if ":" in who else SAYS["audit_who_command"]
    assert said in words(page)
    assert "pekka" not in page.text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("did", [Did.LIST_CHECKED, Did.REFUSAL_TOLD])
def test_what_was_asked_has_words_in_every_language(did: Did, language: Language) -> None:
    assert f"audit_did_{did}" in page_texts()[language]
