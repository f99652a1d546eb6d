"""Every door with everybody at it: who may, who may not, and in whose units.

The table is written by hand, from what the roles are for, not from the code: a door that is not in it fails.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.routes.rules import public
from handler.work.staff_key import make_key
from survey_flow.access import Right
from survey_flow.library import Library
from tests.people import ADDRESS, ADMINISTRATORS, SENDERS, SIGN_IN, SUPERVISORS, signed_in
from tests.world import World

SENDER, SUPERVISOR, ADMINISTRATOR = "sender", "supervisor", "administrator"
OWN, OTHERS = "kotka", "kouvola"
GROUPS = {
    SENDER: SENDERS.format(OWN),
    SUPERVISOR: SUPERVISORS.format(OWN),
    ADMINISTRATOR: ADMINISTRATORS,
}
EVERYBODY, SIGNED, SIGNING_IN = "everybody", "signed", "signing in"
PHONE = "040 123 4567"


@dataclass(frozen=True, slots=True)
class Door:
    """`roles` of people who may, `right` of keys; `unit_in` where a request names the unit, "" where it names none."""

    roles: frozenset[str] = frozenset()
    right: Right | None = None
    unit_in: str = ""


def people(*roles: str, unit_in: str = "") -> Door:
    return Door(frozenset(roles), unit_in=unit_in)


def keys(right: Right, unit_in: str = "") -> Door:
    return Door(right=right, unit_in=unit_in)


DOORS: Mapping[str, Door | str] = {
    "POST /sms/inbound": SIGNED,
    "POST /sms/status": SIGNED,
    "POST /sms/fallback": SIGNED,
    "GET /health": EVERYBODY,
    "GET /static/<path:filename>": EVERYBODY,
    "GET /openapi.json": EVERYBODY,
    "GET /handbook": EVERYBODY,
    "GET /handbook/<page_name>": EVERYBODY,
    "GET /handbook/pictures/<picture>": EVERYBODY,
    "GET /units/<unit_id>": EVERYBODY,
    "GET /units/<unit_id>/poster": EVERYBODY,
    "GET /login": SIGNING_IN,
    "GET /login/back": SIGNING_IN,
    "POST /logout": SIGNING_IN,
    "GET /login/out": SIGNING_IN,
    "GET /": people(SENDER),
    "POST /": people(SENDER, unit_in="form"),
    "GET /sent/<invitation_id>": people(SENDER),
    "POST /sent/<invitation_id>/cancel": people(SENDER),
    "GET /bulk": people(SENDER),
    "POST /bulk/check": people(SENDER, unit_in="file"),
    "POST /bulk/send": people(SENDER),
    "GET /opt-outs": people(SENDER),
    "POST /opt-outs": people(SENDER),
    "POST /opt-outs/withdraw": people(SENDER),
    "GET /results": people(SENDER, SUPERVISOR, ADMINISTRATOR, unit_in="query"),
    "GET /results/meeting": people(SENDER, SUPERVISOR, ADMINISTRATOR, unit_in="query"),
    "GET /results/export.csv": people(SENDER, SUPERVISOR, ADMINISTRATOR, unit_in="query"),
    "GET /results/export.xlsx": people(SENDER, SUPERVISOR, ADMINISTRATOR, unit_in="query"),
    "GET /results/thl.csv": people(SENDER, SUPERVISOR, ADMINISTRATOR, unit_in="query"),
    "GET /results/units": people(SUPERVISOR, ADMINISTRATOR),
    "GET /comments/shared": people(SENDER, SUPERVISOR, ADMINISTRATOR, unit_in="query"),
    "GET /comments": people(SUPERVISOR, unit_in="query"),
    "POST /comments": people(SUPERVISOR, unit_in="query"),
    "GET /comments/<unit_id>/<comment_id>": people(SUPERVISOR, unit_in="path"),
    "POST /comments/<unit_id>/<comment_id>": people(SUPERVISOR, unit_in="path"),
    "GET /comments/<unit_id>/<comment_id>/delete": people(SUPERVISOR, unit_in="path"),
    "POST /comments/<unit_id>/<comment_id>/delete": people(SUPERVISOR, unit_in="path"),
    "GET /actions": people(SUPERVISOR, unit_in="query"),
    "POST /actions": people(SUPERVISOR, unit_in="query"),
    "GET /actions/<unit_id>/<action_id>": people(SUPERVISOR, unit_in="path"),
    "POST /actions/<unit_id>/<action_id>": people(SUPERVISOR, unit_in="path"),
    "POST /actions/<unit_id>/<action_id>/mark": people(SUPERVISOR, unit_in="path"),
    "GET /actions/<unit_id>/<action_id>/remove": people(SUPERVISOR, unit_in="path"),
    "POST /actions/<unit_id>/<action_id>/remove": people(SUPERVISOR, unit_in="path"),
    "GET /keys": people(ADMINISTRATOR),
    "POST /keys": people(ADMINISTRATOR),
    "GET /keys/<key_id>/rotate": people(ADMINISTRATOR),
    "GET /keys/<key_id>/revoke": people(ADMINISTRATOR),
    "POST /keys/<key_id>/rotate": people(ADMINISTRATOR),
    "POST /keys/<key_id>/revoke": people(ADMINISTRATOR),
    "GET /audit": people(ADMINISTRATOR),
    "GET /audit/export.csv": people(ADMINISTRATOR),
    "GET /settings": people(ADMINISTRATOR),
    "POST /api/invitations": keys(Right.SEND, unit_in="json"),
    "GET /api/invitations/<invitation_id>": keys(Right.SEND),
    "POST /api/invitations/<invitation_id>/cancel": keys(Right.SEND),
    "POST /api/bulk/check": keys(Right.SEND, unit_in="query"),
    "POST /api/bulk": keys(Right.SEND),
    "POST /api/opt-outs": keys(Right.OPT_OUT),
    "POST /api/opt-outs/withdraw": keys(Right.OPT_OUT),
    "GET /api/results": keys(Right.RESULTS, unit_in="query"),
}
NAMES = ("comment_id", "action_id", "invitation_id", "key_id")


@pytest.fixture
def app(world: World, library: Library) -> Flask:
    return create_app(("sms", "fallback", "web"), environment=SIGN_IN, clock=world.clock, library=library)


def doors(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield f"{method} {rule.rule}"


def of_people() -> dict[str, Door]:
    return {name: door for name, door in DOORS.items() if isinstance(door, Door) and door.right is None}


def of_keys() -> dict[str, Door]:
    return {name: door for name, door in DOORS.items() if isinstance(door, Door) and door.right is not None}


def knock(client: FlaskClient, name: str, door: Door, unit: str = OWN, **more: Any) -> TestResponse:
    """A request as good as can be, for this unit where the door names one."""
    method, _, path = name.partition(" ")
    for placeholder in NAMES:
        path = path.replace(f"<{placeholder}>", "unknown")
    path = path.replace("<unit_id>", unit)
    sent: dict[str, Any] = {"base_url": ADDRESS, **more}
    asked = {"phone": PHONE, "unit": unit, "respondent": "youth"}
    if door.unit_in == "form":
        sent["data"] = {**asked, "confirmed": "on"}
    elif door.unit_in == "file":
        sent["data"] = {"unit": unit, "confirmed": "on", "file": (BytesIO(b"numero\n0401234567\n"), "lista.csv")}
    elif door.unit_in == "json":
        sent["json"] = {**asked, "confirmed": True}
    elif door.unit_in == "query":
        sent["query_string"] = {"unit": unit, "confirmed": "on"} if "bulk" in path else {"unit": unit}
    return client.open(path, method=method, **sent)


def let_in(answer: TestResponse) -> bool:
    elsewhere = answer.status_code == 303 and answer.headers["Location"] in ("/results", "/login?next=%2F")
    return answer.status_code not in (401, 403) and not elsewhere


def test_every_door_is_in_the_table_and_no_other(app: Flask) -> None:
    assert set(doors(app)) == set(DOORS)


@pytest.mark.parametrize("role", GROUPS)
def test_people_come_through_the_doors_of_their_role_alone(app: Flask, world: World, role: str) -> None:
    client = signed_in(app, world, [GROUPS[role]])
    opened = {name for name, door in of_people().items() if let_in(knock(client, name, door))}
    assert opened == {name for name, door in of_people().items() if role in door.roles}


@pytest.mark.parametrize("role", [SENDER, SUPERVISOR])
def test_people_come_into_their_own_units_alone(app: Flask, world: World, role: str) -> None:
    client = signed_in(app, world, [GROUPS[role]])
    named = {name: door for name, door in of_people().items() if role in door.roles and door.unit_in}
    assert named
    for name, door in named.items():
        assert knock(client, name, door, OTHERS).status_code == 403, name


def test_an_administrator_sees_every_unit(app: Flask, world: World, library: Library) -> None:
    client = signed_in(app, world, [ADMINISTRATORS])
    for unit in library.organisation.units:
        assert client.get("/results", query_string={"unit": unit}, base_url=ADDRESS).status_code == 200


def test_whoever_has_several_roles_has_each_in_its_own_unit(app: Flask, world: World) -> None:
    client = signed_in(app, world, [SENDERS.format(OWN), SUPERVISORS.format(OTHERS)])
    assert client.get(f"/results?unit={OWN}", base_url=ADDRESS).status_code == 200
    assert client.get(f"/results?unit={OTHERS}", base_url=ADDRESS).status_code == 200
    assert client.get(f"/comments?unit={OTHERS}", base_url=ADDRESS).status_code == 200
    assert client.get(f"/comments?unit={OWN}", base_url=ADDRESS).status_code == 403
    door = DOORS["POST /"]
    assert isinstance(door, Door)
    assert knock(client, "POST /", door, OTHERS).status_code == 403


@pytest.mark.parametrize("groups", [["somebody-elses-group"], []], ids=["groups of others", "no groups"])
def test_whoever_has_none_of_our_groups_comes_nowhere(app: Flask, world: World, groups: list[str]) -> None:
    client = signed_in(app, world, groups)
    assert [name for name, door in of_people().items() if let_in(knock(client, name, door))] == []


def test_nobody_is_led_to_signing_in_and_what_would_change_something_is_refused(app: Flask) -> None:
    client = app.test_client()
    for name, door in of_people().items():
        answer = knock(client, name, door)
        if name.startswith("GET "):
            assert answer.status_code == 303, name
            assert answer.headers["Location"].startswith("/login?next=%2F"), name
        else:
            assert answer.status_code == 401, name


def test_a_key_opens_no_page_and_a_person_no_door_of_keys(app: Flask, world: World) -> None:
    shown = {"Authorization": f"Bearer {key(world, *Right)}"}
    client = app.test_client()
    for name, door in of_people().items():
        assert knock(client, name, door, headers=shown).status_code in (303, 401), name
    person = signed_in(app, world, GROUPS.values())
    for name, door in of_keys().items():
        assert knock(person, name, door).status_code == 401, name


@pytest.mark.parametrize("right", Right)
def test_keys_come_through_the_doors_of_their_right_alone(app: Flask, world: World, right: Right) -> None:
    shown = {"Authorization": f"Bearer {key(world, right)}"}
    client = app.test_client()
    opened = {name for name, door in of_keys().items() if let_in(knock(client, name, door, headers=shown))}
    assert opened == {name for name, door in of_keys().items() if door.right is right}


def test_keys_come_into_their_own_units_alone(app: Flask, world: World) -> None:
    shown = {"Authorization": f"Bearer {key(world, *Right)}"}
    named = {name: door for name, door in of_keys().items() if door.unit_in}
    assert named
    for name, door in named.items():
        answer = knock(app.test_client(), name, door, OTHERS, headers=shown)
        assert (answer.status_code, answer.json["type"].rpartition("/")[2]) == (403, "unit-not-allowed"), name


def key(world: World, *rights: Right) -> str:
    made = make_key(units=frozenset({OWN}), rights=frozenset(rights), today=world.parts.today())
    return made.key


def test_lines_of_a_list_for_others_units_are_not_sent(app: Flask, world: World) -> None:
    client = signed_in(app, world, [SENDERS.format(OWN)])
    row = {"line": 2, "phone": PHONE, "unit": OTHERS, "respondent": "youth", "language": "fi"}
    chunk = {"file_key": "0" * 64, "confirmed": True, "rows": [row]}
    answer = client.post("/bulk/send", data=json.dumps(chunk), base_url=ADDRESS)
    assert [each["result"] for each in answer.json["results"]] == ["faulty"]


def test_an_invitation_of_somebody_else_is_not_found(app: Flask, world: World) -> None:
    accepted = world.opened(caller="person:somebody-else")
    client = signed_in(app, world, [SENDERS.format(OWN)])
    assert client.get(f"/sent/{accepted.id}", base_url=ADDRESS).status_code == 404
    assert client.post(f"/sent/{accepted.id}/cancel", base_url=ADDRESS).status_code == 404


def test_a_view_that_does_not_say_for_whom_it_is_is_refused(app: Flask) -> None:
    app.add_url_rule("/said", view_func=public(lambda: "ok"), endpoint="said")
    app.add_url_rule("/unsaid", view_func=lambda: "ok", endpoint="unsaid")
    assert app.test_client().get("/said", base_url=ADDRESS).status_code == 200
    assert app.test_client().get("/unsaid", base_url=ADDRESS).status_code == 403


def test_the_menu_shows_the_doors_that_one_may_open(app: Flask, world: World) -> None:
    for role, group in GROUPS.items():
        client = signed_in(app, world, [group], subject=role)
        shown = client.get("/results", base_url=ADDRESS).text
        menu = shown[shown.index('<nav class="doors"') : shown.index("</nav>", shown.index('<nav class="doors"'))]
        for path in ("/", "/bulk", "/results", "/comments", "/actions", "/opt-outs", "/keys"):
            door = DOORS[f"GET {path}"]
            assert isinstance(door, Door)
            assert (f'href="{path}"' in menu) == (role in door.roles), (role, path)


@pytest.mark.parametrize("role", [SUPERVISOR, ADMINISTRATOR])
def test_home_is_the_results_for_those_who_do_not_send(app: Flask, world: World, role: str) -> None:
    answer = signed_in(app, world, [GROUPS[role]]).get("/", base_url=ADDRESS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/results")


def test_the_handbook_shows_the_menu_to_whoever_is_signed_in(app: Flask, world: World) -> None:
    shown = signed_in(app, world, [GROUPS[SUPERVISOR]]).get("/handbook", base_url=ADDRESS).text
    assert 'href="/comments"' in shown
    assert 'href="/comments"' not in app.test_client().get("/handbook", base_url=ADDRESS).text


# --- forms that others make a browser send


def test_a_form_without_our_token_changes_nothing(app: Flask, world: World) -> None:
    client = signed_in(app, world, [SENDERS.format(OWN)])
    wrong = {"X-CSRFToken": "somebody's guess"}
    assert client.post("/opt-outs", data={"phone": PHONE}, base_url=ADDRESS, headers=wrong).status_code == 403
    assert client.post("/opt-outs", data={"phone": PHONE}, base_url=ADDRESS).status_code == 200


def test_a_token_of_another_session_is_not_ours(app: Flask, world: World) -> None:
    client = signed_in(app, world, [SENDERS.format(OWN)])
    with client.session_transaction(base_url=ADDRESS) as session:
        session["csrf_token"] = "another"
    token = client._token(ADDRESS)  # type: ignore[attr-defined]
    other = signed_in(app, world, [SENDERS.format(OWN)], subject="other")
    answer = other.post("/opt-outs", data={"phone": PHONE}, base_url=ADDRESS, headers={"X-CSRFToken": token})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "https://kuulolla.example.elsewhere.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=["another origin", "one that looks like ours", "a sandboxed frame", "a site beside ours"],
)
def test_a_form_of_another_site_is_refused_with_any_token(app: Flask, world: World, headers: dict[str, str]) -> None:
    client = signed_in(app, world, [SENDERS.format(OWN)])
    answer = client.post("/opt-outs", data={"phone": PHONE}, base_url=ADDRESS, headers=headers)
    assert answer.status_code == 403
