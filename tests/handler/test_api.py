"""The API over HTTP: its keys, what it takes and refuses, and that no answer and no log holds a number."""

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.tables import audit, opt_outs, staff_keys
from handler.tables.invitations import InvitationRow
from handler.work.staff_key import NewKey, Right, make_key
from survey_flow.conversation import OptOutHow
from tests.handler.looking import key_of
from tests.world import PHONE, World

TYPED = "040 123 4567"
USUAL: dict[str, Any] = {"phone": TYPED, "unit": "kotka", "respondent": "youth", "confirmed": True}


@dataclass(slots=True)
class Api:
    """A caller with a key; each test states only what differs from a usual request."""

    client: FlaskClient
    key: NewKey

    def post(self, path: str, body: object, *, key: str | None = None, **headers: str) -> TestResponse:
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.post(path, data=data, headers={**self._bearer(key), **headers})

    def get(self, path: str, *, key: str | None = None) -> TestResponse:
        return self.client.get(path, headers=self._bearer(key))

    def invite(self, *, without: str = "", repeat_as: str = "", **differs: object) -> TestResponse:
        body = {name: value for name, value in {**USUAL, **differs}.items() if name != without}
        headers = {"Idempotency-Key": repeat_as} if repeat_as else {}
        return self.post("/api/invitations", body, **headers)

    def state(self, invitation: TestResponse) -> str:
        return str(self.get(f"/api/invitations/{invitation.json['id']}").json["status"])

    def _bearer(self, key: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key.key if key is None else key}"}


def new_key(world: World, *rights: Right, units: frozenset[str] = frozenset({"kotka", "nemova", "varkaus"})) -> NewKey:
    return make_key(units=units, rights=frozenset(rights), today=world.parts.today())


@pytest.fixture
def api(world: World, client: FlaskClient) -> Api:
    return Api(client, new_key(world, *Right))


def problem(response: TestResponse) -> tuple[int, str]:
    """The status and the end of the problem's type."""
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == response.status_code
    return response.status_code, response.json["type"].rpartition("/")[2]


# --- keys


def test_an_invitation_with_a_key_leaves_and_can_be_asked_after(api: Api, world: World) -> None:
    made = api.invite()
    assert made.status_code == 201
    assert made.json["status"] == "sending"
    assert made.json["send_at"] == "2026-11-24T15:00:00+02:00"
    world.tick()
    assert [message.to for message in world.carrier.sent] == [PHONE]
    assert api.state(made) == "sent"
    assert set(api.get(f"/api/invitations/{made.json['id']}").json) == {"id", "status", "send_at"}


NOT_KEYS = {
    "nothing": "",
    "a word": "kuulolla",
    "no secret": "kuulolla_0123abcd_",
    "an unknown id": "kuulolla_0123abcd_secret",
    "longer than a key of DynamoDB's": f"kuulolla_{'a' * 3000}_secret",
    "signs beyond ASCII": "kuulolla_0123abcd_ääkkönen",
}


@pytest.mark.parametrize("text", NOT_KEYS.values(), ids=NOT_KEYS)
def test_what_is_no_key_is_refused(api: Api, text: str) -> None:
    assert problem(api.post("/api/invitations", USUAL, key=text)) == (401, "key-needed")


def test_a_request_without_the_header_is_refused(client: FlaskClient) -> None:
    assert problem(client.post("/api/invitations", json=USUAL)) == (401, "key-needed")


def test_a_key_with_another_secret_is_refused(api: Api) -> None:
    assert problem(api.post("/api/invitations", USUAL, key=f"{api.key.key}x")) == (401, "key-needed")


def test_a_key_given_as_a_password_is_refused(api: Api) -> None:
    refused = api.post("/api/invitations", USUAL, Authorization=f"Basic {api.key.key}")
    assert problem(refused) == (401, "key-needed")


def test_a_key_holds_until_the_day_it_expires(api: Api, world: World) -> None:
    world.clock.forward(days=364)
    assert api.get("/api/invitations/none").status_code == 404
    world.clock.forward(days=1)
    assert problem(api.get("/api/invitations/none")) == (401, "key-needed")


def test_a_revoked_key_is_refused_at_once(api: Api, world: World) -> None:
    staff_keys.revoke(api.key.id, today=world.parts.today())
    assert problem(api.invite()) == (401, "key-needed")


OTHER_RIGHTS = {
    "inviting": ("POST", "/api/invitations", Right.OPT_OUT),
    "asking after": ("GET", "/api/invitations/none", Right.RESULTS),
    "cancelling": ("POST", "/api/invitations/none/cancel", Right.OPT_OUT),
    "recording an opt-out": ("POST", "/api/opt-outs", Right.SEND),
    "lifting an opt-out": ("POST", "/api/opt-outs/withdraw", Right.SEND),
}


@pytest.mark.parametrize(("method", "path", "right"), OTHER_RIGHTS.values(), ids=OTHER_RIGHTS)
def test_a_key_opens_only_what_it_has_the_right_to(
    client: FlaskClient, world: World, method: str, path: str, right: Right
) -> None:
    key = new_key(world, right)
    refused = client.open(path, method=method, json=USUAL, headers={"Authorization": f"Bearer {key.key}"})
    assert problem(refused) == (403, "right-missing")


def test_a_key_of_another_unit_neither_invites_nor_asks_nor_cancels(api: Api, world: World) -> None:
    made = api.invite()
    api.key = new_key(world, Right.SEND, units=frozenset({"varkaus"}))
    assert problem(api.invite()) == (403, "unit-not-allowed")
    assert problem(api.get(f"/api/invitations/{made.json['id']}")) == (404, "not-found")
    assert problem(api.post(f"/api/invitations/{made.json['id']}/cancel", "")) == (404, "not-found")


# --- repeats


def test_a_repeat_under_the_same_key_is_the_same_invitation(api: Api, world: World) -> None:
    made = api.invite(repeat_as="visit 1")
    world.tick()
    again = api.invite(repeat_as="visit 1")
    assert (again.status_code, again.json["id"], again.json["status"]) == (201, made.json["id"], "sent")
    assert len(world.carrier.sent) == 1


def test_another_request_under_the_same_key_is_a_conflict(api: Api) -> None:
    api.invite(repeat_as="visit 1")
    assert problem(api.invite(repeat_as="visit 1", phone="040 765 4321")) == (409, "idempotency-conflict")


def test_two_callers_may_choose_the_same_idempotency_key(api: Api, world: World) -> None:
    first = api.invite(repeat_as="1")
    api.key = new_key(world, Right.SEND)
    second = api.invite(repeat_as="1", phone="040 765 4321")
    assert second.status_code == 201
    assert second.json["id"] != first.json["id"]


def test_an_overlong_idempotency_key_is_refused(api: Api) -> None:
    assert problem(api.invite(repeat_as="x" * 201)) == (400, "idempotency-key-too-long")


# --- who may not be asked


def test_a_number_contacted_already_is_answered_with_the_day(api: Api, world: World) -> None:
    api.invite()
    world.tick()
    refused = api.invite()
    assert problem(refused) == (409, "throttled")
    assert refused.json["allowed_from"] == "2027-02-24"


def test_a_number_that_opted_out_is_refused(api: Api, world: World) -> None:
    world.text("STOP")
    assert problem(api.invite()) == (409, "opted-out")


def test_what_could_leave_only_after_31_days_is_refused_with_the_day_on_which_it_could(api: Api) -> None:
    refused = api.invite(send_after="2026-12-26T15:00:00+02:00")  # a Saturday, and Boxing Day
    assert problem(refused) == (422, "too-late")
    assert refused.json["allowed_from"] == "2026-12-28"
    assert "2026-12-28" in refused.json["errors"]["send_after"]


def test_outside_its_collection_windows_a_unit_is_told_when_the_next_one_opens(api: Api, world: World) -> None:
    world.clock.forward(days=7)  # 1 December
    refused = api.invite(unit="varkaus", respondent="client")
    assert problem(refused) == (422, "too-late")
    assert refused.json["allowed_from"] == "2027-04-01"
    assert "2027-04-01" in refused.json["errors"]["unit"]


def test_a_window_that_opens_within_31_days_is_waited_for(api: Api, world: World) -> None:
    world.clock.forward(days=112)  # 16 March 2027
    made = api.invite(unit="varkaus", respondent="client")
    assert (made.json["status"], made.json["send_at"]) == ("queued", "2027-04-01T09:00:00+03:00")


def test_an_opening_wished_for_later_is_queued_until_the_hours_after_that(api: Api, world: World) -> None:
    made = api.invite(send_after="2026-11-28T12:00:00+02:00")  # a Saturday
    assert (made.json["status"], made.json["send_at"]) == ("queued", "2026-11-30T14:00:00+02:00")
    world.tick()
    assert api.state(made) == "queued"


@pytest.mark.parametrize("written", ["kouvola", " kouvola", "kouvola ", "\tkouvola\n"])
def test_a_blank_beside_a_units_name_does_not_open_it(api: Api, written: str) -> None:
    assert problem(api.invite(unit=written)) == (403, "unit-not-allowed")


# --- bad input

NEMOVA = {"unit": "nemova", "respondent": "client"}
FAULTY_FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "no number": ({"phone": ""}, "phone"),
    "letters": ({"phone": "soita äidille"}, "phone"),
    "too few digits": ({"phone": "040 12"}, "phone"),
    "a landline": ({"phone": "09 310 1691"}, "phone"),
    "a foreign number": ({"phone": "+46 70 123 45 67"}, "phone"),
    "a number as a number": ({"phone": 401234567}, "phone"),
    "a NUL within": ({"phone": "040\x001234567"}, "phone"),
    "half a surrogate pair": ({"phone": "\ud800"}, "phone"),
    "very long": ({"phone": "0" * 5000}, "phone"),
    "unknown unit": ({"unit": "helsinki"}, "unit"),
    "unit as a list": ({"unit": ["kotka"]}, "unit"),
    "a control character in the unit": ({"unit": "kot\x1bka"}, "unit"),
    "unknown group": ({"respondent": "cat"}, "respondent"),
    "a group that the unit does not ask": ({"respondent": "professional"}, "respondent"),
    "unknown survey": ({"survey": "none"}, "survey"),
    "another group's survey": ({"survey": "nuorten-matala-huoltaja"}, "survey"),
    "no tick": ({"confirmed": False}, "confirmed"),
    "a tick as a word": ({"confirmed": "true"}, "confirmed"),
    "a tick as a digit": ({"confirmed": 1}, "confirmed"),
    "unknown language": ({"language": "de"}, "language"),
    "unknown occasion": ({"occasion": "sometimes"}, "occasion"),
    "neutral as a word": ({"neutral": "no"}, "neutral"),
    "an unknown field": ({"name": "Matti"}, "name"),
    "facts as a list": ({"facts": []}, "facts"),
    "facts as a word": ({"facts": "1"}, "facts"),
    "a fact of no question": ({"facts": {"none": 1}}, "facts"),
    "a fact that the sender may not tell": ({"facts": {"nps": 9}}, "facts"),
    "a fact beyond the choices": ({**NEMOVA, "facts": {"palvelu": 99}}, "facts"),
    "a fact as text": ({**NEMOVA, "facts": {"palvelu": "1"}}, "facts"),
    "a fact as true, which Python counts as 1": ({**NEMOVA, "facts": {"palvelu": True}}, "facts"),
    "a time without offset": ({"send_after": "2026-11-25T15:00:00"}, "send_after"),
    "a time in words": ({"send_after": "huomenna"}, "send_after"),
    "a time as a number": ({"send_after": 1795532400}, "send_after"),
}


@pytest.mark.parametrize(("differs", "field"), FAULTY_FIELDS.values(), ids=FAULTY_FIELDS)
def test_a_faulty_field_is_named_with_a_sentence(api: Api, differs: dict[str, Any], field: str) -> None:
    refused = api.invite(**differs)
    assert problem(refused) == (422, "invalid-fields")
    assert list(refused.json["errors"]) == [field]
    assert refused.json["errors"][field].endswith(".")


@pytest.mark.parametrize("field", sorted(USUAL))
def test_a_missing_field_is_named(api: Api, field: str) -> None:
    assert list(api.invite(without=field).json["errors"]) == [field]


def test_every_faulty_field_is_named_at_once(api: Api) -> None:
    refused = api.invite(phone="x", unit="x", language="x", confirmed=False)
    assert set(refused.json["errors"]) == {"phone", "unit", "language", "confirmed"}


def test_the_times_at_the_ends_of_the_calendar_are_read(api: Api) -> None:
    assert problem(api.invite(send_after="9999-12-31T23:59:59-12:00")) == (422, "too-late")
    assert api.invite(send_after="0001-01-01T00:00:00+14:00").json["status"] == "sending"


def test_a_fact_that_the_sender_may_tell_is_taken(api: Api) -> None:
    assert api.invite(**NEMOVA, facts={"palvelu": 1}).status_code == 201


BAD_BODIES = {
    "nothing": b"",
    "half an object": b'{"phone": ',
    "a list": b"[]",
    "a word": b'"kotka"',
    "null": b"null",
    "no UTF-8": b'{"phone": "\xff"}',
    "a form": b"phone=040+123+4567",
    "16,000 brackets": b"[" * 16_000,
    "5,000 digits": b'{"phone": ' + b"1" * 5_000 + b"}",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
@pytest.mark.parametrize("path", ["/api/invitations", "/api/opt-outs", "/api/opt-outs/withdraw"])
def test_a_body_that_is_no_json_object_is_refused(api: Api, path: str, body: bytes) -> None:
    assert problem(api.post(path, body)) == (400, "malformed-json")


def test_a_body_over_32_kilobytes_is_refused(api: Api) -> None:
    assert problem(api.invite(name="x" * 32 * 1024)) == (413, "too-large")


# --- its state, and cancelling


def test_an_unknown_invitation_is_not_found(api: Api) -> None:
    for path in ("/api/invitations/none", f"/api/invitations/{'x' * 3000}"):
        assert problem(api.get(path)) == (404, "not-found")


def test_a_queued_invitation_is_cancelled_and_is_no_contact(api: Api, world: World) -> None:
    made = api.invite(send_after="2026-11-25T15:00:00+02:00")
    cancelled = api.post(f"/api/invitations/{made.json['id']}/cancel", "")
    assert (cancelled.status_code, cancelled.json["status"]) == (200, "cancelled")
    world.clock.forward(days=2)
    world.tick()
    assert world.carrier.sent == []
    assert api.invite().status_code == 201


def test_cancelling_twice_is_as_cancelling_once(api: Api) -> None:
    made = api.invite(send_after="2026-11-25T15:00:00+02:00")
    path = f"/api/invitations/{made.json['id']}/cancel"
    assert [api.post(path, "").status_code for _ in range(2)] == [200, 200]


def test_what_has_left_is_too_late_to_cancel(api: Api, world: World) -> None:
    made = api.invite()
    world.tick()
    assert problem(api.post(f"/api/invitations/{made.json['id']}/cancel", "")) == (409, "not-queued")
    assert api.state(made) == "sent"


def test_an_opening_put_off_by_the_hours_is_shown_as_queued_for_the_next_day(api: Api, world: World) -> None:
    made = api.invite()
    world.clock.forward(hours=5)  # nothing was delivered until the evening
    world.tick()
    shown = api.get(f"/api/invitations/{made.json['id']}").json
    assert (shown["status"], shown["send_at"]) == ("queued", "2026-11-25T14:00:00+02:00")


def test_the_state_never_tells_that_somebody_answered(api: Api, world: World) -> None:
    made = api.invite()
    world.tick()
    world.text("9")
    world.text("STOP")
    assert api.state(made) == "sent"


# --- opt-outs


def test_an_opt_out_and_its_withdrawal_are_answered_alike_whatever_stood(api: Api) -> None:
    for path in ("/api/opt-outs", "/api/opt-outs", "/api/opt-outs/withdraw", "/api/opt-outs/withdraw"):
        answer = api.post(path, {"phone": TYPED})
        assert (answer.status_code, answer.data) == (204, b"")


def test_an_opt_out_told_to_staff_blocks_until_it_is_withdrawn(api: Api) -> None:
    api.post("/api/opt-outs", {"phone": TYPED})
    assert problem(api.invite()) == (409, "opted-out")
    api.post("/api/opt-outs/withdraw", {"phone": TYPED})
    assert api.invite().status_code == 201


@pytest.mark.parametrize("how", [OptOutHow.SMS, OptOutHow.CARRIER, OptOutHow.WRONG_NUMBER])
def test_staff_do_not_lift_what_the_respondent_said(api: Api, world: World, how: OptOutHow) -> None:
    opt_outs.record(key_of(world), how=how, today=world.parts.today())
    api.post("/api/opt-outs", {"phone": TYPED})
    api.post("/api/opt-outs/withdraw", {"phone": TYPED})
    assert problem(api.invite()) == (409, "opted-out")


def test_an_opt_out_closes_what_is_open_and_stops_what_is_queued(api: Api, world: World) -> None:
    made = api.invite(send_after="2026-11-25T15:00:00+02:00")
    api.post("/api/opt-outs", {"phone": TYPED})
    assert api.state(made) == "cancelled"
    world.clock.forward(days=2)
    world.tick()
    assert world.carrier.sent == []


@pytest.mark.parametrize("path", ["/api/opt-outs", "/api/opt-outs/withdraw"])
def test_an_opt_out_of_no_number_is_a_fault_of_its_field(api: Api, path: str) -> None:
    refused = api.post(path, {"phone": "x"})
    assert problem(refused) == (422, "invalid-fields")
    assert list(refused.json["errors"]) == ["phone"]


def test_the_audit_tells_which_key_did_it_and_not_about_whom(api: Api) -> None:
    api.post("/api/opt-outs", {"phone": TYPED})
    api.post("/api/opt-outs/withdraw", {"phone": TYPED})
    rows = sorted(audit.AuditRow.scan(), key=lambda row: row.did)
    assert [(row.who, row.did, row.about) for row in rows] == [
        (f"key:{api.key.id}", "opt_out_recorded", None),
        (f"key:{api.key.id}", "opt_out_withdrawn", None),
    ]


# --- the rest


def test_an_unknown_path_and_method_are_problems_too(api: Api) -> None:
    assert problem(api.get("/api/none"))[0] == 404
    assert problem(api.get("/api/opt-outs"))[0] == 405


def test_the_description_is_open_to_everybody_and_names_every_api_route(client: FlaskClient) -> None:
    paths = set(client.get("/openapi.json").json["paths"])
    ours = {
        rule.rule.replace("<invitation_id>", "{id}")
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert ours <= paths


def test_no_answer_no_log_and_no_invitation_row_holds_a_number(
    api: Api, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # as in the functions; the AWS libraries tell their bodies when debugging
    made = api.invite(repeat_as="1")
    answers = [
        made,
        api.invite(repeat_as="1", unit="nemova", respondent="client"),
        api.invite(confirmed=False),
        api.invite(phone="+1 401234567"),
        api.invite(),
    ]
    world.tick()
    api.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    InvitationRow.delete_table()  # a fault within
    answers += [api.invite(repeat_as="1"), api.post("/api/opt-outs", {"phone": TYPED})]
    assert [answer.status_code for answer in answers] == [201, 409, 422, 422, 409, 500, 204]
    for trace in ("401234567", "1234567", "123 4567"):
        assert trace not in caplog.text
        assert trace not in "".join(answer.text + str(answer.headers) for answer in answers)


def test_a_day_of_the_world_is_long_enough_for_a_key(world: World) -> None:
    key = make_key(
        units=frozenset({"kotka"}),
        rights=frozenset({Right.SEND}),
        today=world.parts.today(),
        lifetime=timedelta(days=1),
    )
    kept = staff_keys.read(key.id)
    assert kept is not None
    assert kept.holds(world.parts.today())
    assert key.key.rpartition("_")[2] not in repr(kept)
