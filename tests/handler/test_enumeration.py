"""What can be found out about a number, a unit or an invitation by asking often: little, and it is audited.

A refusal by form, API or list tells that a number has opted out or was contacted. So few of them are given a day.
"""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.tables import opt_outs
from handler.tables.audit import AuditRow
from handler.tables.invitations import InvitationRow
from handler.tables.limits import LimitRow
from handler.work import rates
from handler.work.rates import Rate
from survey_flow.access import Right
from survey_flow.conversation import OptOutHow
from survey_flow.phone import PhoneNumber
from tests.calls import calls
from tests.handler.bulk import Staff, csv_of, number
from tests.handler.looking import key_of
from tests.handler.test_api import TYPED, USUAL, Api, new_key, problem
from tests.handler.test_bulk_api import System
from tests.world import PHONE, World

LOCAL = "person:local"
FORM = {"phone": TYPED, "unit": "kotka", "respondent": "youth", "occasion": "end", "language": "fi", "confirmed": "on"}
FREE = "040 765 4321"
_TOKEN = re.compile(r'(?<=name="csrf_token" value=)"[^"]*"')


@pytest.fixture
def api(world: World, client: FlaskClient) -> Api:
    return Api(client, new_key(world, *Right))


@pytest.fixture
def opted_out(world: World) -> None:
    opt_outs.record(key_of(world), how=OptOutHow.SMS, today=world.parts.today())


def fill(world: World, rate: Rate, who: str, *, but: int = 0) -> None:
    """Leaves `but` places of the day."""
    rates.take(world.parts, rate, who, places=rate.most_for(who) - but)


def left(world: World, rate: Rate, who: str) -> int:
    taken = sum(int(row.taken) for row in LimitRow.scan() if row.what.startswith(f"rate#{rate.name}#{who}#"))
    return rate.most_for(who) - taken


def told_alike(answers: list[TestResponse]) -> None:
    """Nothing in status, body or headers tells one from the other; each form has a token of its own."""
    first, *others = [(one.status_code, _TOKEN.sub("", one.text), _headers(one)) for one in answers]
    assert others == [first] * len(others)


def _headers(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}


# --- what was told by a list cannot be asked again by itself


def test_a_line_of_a_list_is_no_repeat_for_the_form(client: FlaskClient, world: World) -> None:
    """Else a list for tomorrow told at the lists' rate who is free, and each line was cancelled."""
    staff = Staff(client)
    checked = staff.check(csv_of(3), when="tomorrow")
    assert staff.send(checked, when="tomorrow", neutral=False) == ["queued"] * 3
    before = left(world, rates.TOLD, LOCAL)
    for row in checked["rows"]:
        typed = {**FORM, "phone": row["phone"], "when": "tomorrow"}
        answer = client.post("/", data={**typed, "request_key": f"bulk-{checked['file_key']}-{row['line']}"})
        assert answer.status_code == 409
    assert left(world, rates.TOLD, LOCAL) == before - 3


def test_a_line_of_a_list_is_no_repeat_for_the_api(api: Api, world: World) -> None:
    system = System(api.client, api.key)
    checked = system.check(csv_of(3))
    system.send(checked)
    for row in checked["rows"]:
        again = api.invite(phone=row["phone"], repeat_as=f"bulk-{checked['file_key']}-{row['line']}")
        assert problem(again) == (409, "throttled")
    assert left(world, rates.TOLD, f"key:{api.key.id}") == rates.TOLD.most["key"] - 3


# --- refusals by form and API


@pytest.mark.usefixtures("opted_out")
def test_after_so_many_refusals_a_day_the_api_tells_nothing_more_of_any_number(api: Api, world: World) -> None:
    who = f"key:{api.key.id}"
    fill(world, rates.TOLD, who, but=1)
    assert problem(api.invite()) == (409, "opted-out")
    rows = InvitationRow.count()
    answers = [api.invite(), api.invite(phone=FREE), api.invite(phone="040 765 4322")]
    assert problem(answers[0]) == (429, "too-many")
    told_alike(answers)
    assert InvitationRow.count() == rows
    assert [(row.who, row.about) for row in AuditRow.scan() if row.did == "limit_reached"] == [(who, "told")]


@pytest.mark.usefixtures("opted_out")
def test_after_so_many_refusals_a_day_the_form_tells_nothing_more_of_any_number(
    client: FlaskClient, world: World
) -> None:
    fill(world, rates.TOLD, LOCAL, but=1)
    assert client.post("/", data=FORM).status_code == 409
    answers = [client.post("/", data=FORM), client.post("/", data={**FORM, "phone": FREE})]
    told_alike(answers)
    assert answers[0].status_code == 429
    assert "huomenna" in answers[0].text
    assert answers[0].headers["Retry-After"] == str(9 * 3600)
    world.clock.forward(hours=9)
    assert client.post("/", data={**FORM, "phone": FREE}).status_code == 303


def test_a_number_that_was_contacted_counts_as_one_that_refuses(api: Api, world: World) -> None:
    who = f"key:{api.key.id}"
    assert api.invite().status_code == 201
    before = left(world, rates.TOLD, who)
    assert problem(api.invite()) == (409, "throttled")
    assert left(world, rates.TOLD, who) == before - 1


def test_what_tells_nothing_of_a_number_takes_no_place(api: Api, world: World) -> None:
    who = f"key:{api.key.id}"
    answers = [
        api.invite(repeat_as="1"),
        api.invite(repeat_as="1"),  # the same once more
        api.invite(repeat_as="1", respondent="guardian"),  # another request under the same key
        api.invite(phone=FREE, send_after="2027-02-01T15:00:00+02:00"),  # too late to be queued
        api.invite(phone="x"),
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 409, 422, 422]
    assert left(world, rates.TOLD, who) == rates.TOLD.most_for(who)


# --- lists


def test_a_check_is_one_of_few_a_day(client: FlaskClient, world: World) -> None:
    staff = Staff(client)
    fill(world, rates.CHECKS, LOCAL, but=1)
    staff.check(csv_of(6))
    answer = staff.try_check(csv_of(6))
    assert (answer.status_code, set(answer.json)) == (429, {"sentence"})
    assert "huomenna" in answer.json["sentence"]


def test_a_file_that_cannot_be_read_takes_no_check(client: FlaskClient, world: World) -> None:
    assert Staff(client).try_check(b"\x00").status_code == 422
    assert left(world, rates.CHECKS, LOCAL) == rates.CHECKS.most_for(LOCAL)


def test_a_key_checks_few_lists_a_day(world: World, client: FlaskClient) -> None:
    system = System(client, new_key(world, Right.SEND))
    fill(world, rates.CHECKS, f"key:{system.key.id}")
    assert problem(system.try_check(csv_of(6))) == (429, "too-many")


def test_lines_that_are_not_sent_to_are_counted_and_others_not(world: World, client: FlaskClient) -> None:
    system = System(client, new_key(world, Right.SEND))
    who = f"key:{system.key.id}"
    for n in (1, 3):
        opt_outs.record(key_of(world, PhoneNumber(number(n))), how=OptOutHow.SMS, today=world.parts.today())
    checked = system.check(csv_of(6))
    assert system.send(checked).count("not_sent") == 2
    assert left(world, rates.TOLD_OF_LISTS, who) == rates.TOLD_OF_LISTS.most_for(who) - 2


def test_a_chunk_that_could_tell_too_much_is_not_begun(world: World, client: FlaskClient) -> None:
    system = System(client, new_key(world, Right.SEND))
    checked = system.check(csv_of(6))
    fill(world, rates.TOLD_OF_LISTS, f"key:{system.key.id}", but=5)
    assert problem(system.try_send(checked)) == (429, "too-many")
    assert InvitationRow.count() == 0
    assert system.try_send(checked | {"rows": checked["rows"][:5]}).status_code == 200


# --- opt-outs tell nothing


def nothing(_: World) -> None:
    """The number is unknown."""


def refused_itself(world: World) -> None:
    opt_outs.record(key_of(world), how=OptOutHow.SMS, today=world.parts.today())


def told_to_staff(world: World) -> None:
    opt_outs.record(key_of(world), how=OptOutHow.STAFF, today=world.parts.today())


def survey_over(world: World) -> None:
    world.opened()
    world.lapse(days=5)


BEFORE = {"unknown": nothing, "refused": refused_itself, "told to staff": told_to_staff, "survey over": survey_over}


@pytest.mark.parametrize("path", ["/api/opt-outs", "/api/opt-outs/withdraw"])
def test_recording_and_withdrawing_look_alike_whatever_stood(api: Api, world: World, path: str) -> None:
    """Alike in the answer, and in what is called: what takes as long tells nothing by the clock."""
    answers, called = [], []
    for before in BEFORE.values():
        opt_outs.lift(key_of(world))
        before(world)
        with calls() as seen:
            answers.append(api.post(path, {"phone": TYPED}))
        called.append([call for call in seen if "staff_keys" not in call])  # its first use of a day is noted
    told_alike(answers)
    assert answers[0].status_code == 204
    assert called == [called[0]] * len(BEFORE)


def test_the_page_answers_alike_whatever_stood(client: FlaskClient, world: World) -> None:
    for path in ("/opt-outs", "/opt-outs/withdraw"):
        answers = []
        for before in (nothing, refused_itself, told_to_staff):
            opt_outs.lift(key_of(world))
            before(world)
            answers.append(client.post(path, data={"phone": TYPED}))
        told_alike(answers)


# --- what is not one's own


def test_another_units_invitation_is_answered_as_one_that_does_not_exist(api: Api, world: World) -> None:
    made = world.invite(number=PHONE, unit="kouvola")
    for path in ("/api/invitations/{}", "/api/invitations/{}/cancel"):
        send = api.post if path.endswith("cancel") else lambda address, _: api.get(address)
        told_alike([send(path.format(made.id), ""), send(path.format("0" * 32), "")])
    assert world.held() is not None


def test_an_invitation_of_somebody_else_is_answered_as_one_that_does_not_exist(client: FlaskClient, api: Api) -> None:
    of_a_key = api.invite().json["id"]
    for path in ("/sent/{}", "/sent/{}/cancel"):
        send = client.post if path.endswith("cancel") else client.get
        told_alike([send(path.format(of_a_key)), send(path.format("0" * 32))])


def test_the_id_of_an_invitation_cannot_be_worked_out(api: Api) -> None:
    first, second = (api.invite(phone=phone, repeat_as="1").json for phone in (TYPED, FREE))
    assert len(first["id"]) == 32
    assert second["type"].endswith("idempotency-conflict")  # bound to the key, and to a secret of ours
    assert api.invite(phone=FREE).json["id"] != first["id"]


def test_a_key_learns_of_its_own_units_alone(api: Api) -> None:
    assert problem(api.invite(unit="kouvola")) == (403, "unit-not-allowed")
    assert problem(api.get("/api/results?unit=kouvola")) == (403, "unit-not-allowed")
    assert USUAL["unit"] == "kotka"
