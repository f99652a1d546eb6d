"""Who did what: noted without numbers or texts, never overwritten, read and taken along by the administrator alone."""

import ast
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pynamodb.exceptions import PutError
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.tables import audit, opt_outs, staff_keys
from handler.tables.audit import AuditRow, Did, Noted, Wanted
from handler.tables.invitations import InvitationRow
from handler.templates import page_texts
from handler.work import audit_log
from handler.work.audit_log import TooMany
from handler.work.comments_marking import Marking, Outcome, mark
from handler.work.opt_out import staff_opt_out, staff_withdraw
from handler.work.staff_key import make_key
from survey_flow.access import Act, Right
from survey_flow.comment_marks import Change, CommentStatus
from survey_flow.conversation import OptOutHow
from survey_flow.language import Language
from survey_flow.library import Library
from tests.calls import calls
from tests.environment import ENVIRONMENT
from tests.handler.commenting import answered, unit_of, written
from tests.handler.looking import key_of
from tests.handler.page_words import words
from tests.roles import acting_as
from tests.world import PHONE, START, World, made_world

SAYS = page_texts()[Language.FI]
ROOT = Path(__file__).resolve().parents[2]
TYPED = "040 123 4567"
PERSON = "person:local"
FORM = {
    "phone": TYPED,
    "unit": "kotka",
    "respondent": "youth",
    "language": "fi",
    "occasion": "end",
    "when": "now",
    "confirmed": "on",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the audit without its time."""

    who: str
    did: str
    unit: str | None = None
    about: str | None = None


def rows() -> list[Row]:
    """All of them, oldest first."""
    found = sorted(AuditRow.scan(), key=lambda row: row.time_id)
    return [Row(row.who, row.did, row.unit, row.about) for row in found]


def note(world: World, did: Did = Did.INVITED, **differs: Any) -> None:
    audit.note(world.clock(), **{"who": PERSON, "did": did, "unit": "kotka", **differs})
    world.clock.forward(seconds=1)


# --- rows


def test_rows_stand_under_their_month_in_the_order_of_their_moments(world: World) -> None:
    world.clock.now = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)  # summer time ends: 03:59:59 is followed by 03:00
    note(world, about="1")
    note(world, about="2")
    assert [row.about for row in audit.newest_first("2026-10", Wanted(), most=5)] == ["2", "1"]
    world.clock.now = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)  # in Helsinki it is November
    note(world, about="3")
    assert [row.about for row in audit.newest_first("2026-11", Wanted(), most=5)] == ["3"]


def test_a_row_is_never_written_over_and_a_repeated_call_is_no_fault(world: World) -> None:
    for who in ("first", "second"):
        audit.add(AuditRow("2026-11", "2026-11-24T13:00:00.000Z#1", who=who, did="invited"))
    assert rows() == [Row("first", "invited")]


def test_a_row_that_cannot_be_written_is_a_fault(world: World) -> None:
    AuditRow.delete_table()
    with pytest.raises(PutError):
        note(world)


def test_nobody_writes_an_audit_row_but_by_adding() -> None:
    """Neither an update nor an overwriting save: `audit.note` is the one way."""
    writers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "handler").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "AuditRow"
    }
    assert writers <= {
        "handler/tables/audit.py",
        "handler/tables/all_tables.py",
        "handler/tables/outlived.py",  # deletes whole months, in the role of the function of the mornings
    }


# --- what is noted


@pytest.fixture
def key(world: World) -> dict[str, str]:
    """The header of a key for Kotka with every right."""
    made = make_key(units=frozenset({"kotka"}), rights=frozenset(Right), today=world.parts.today())
    return {"Authorization": f"Bearer {made.key}"}


def key_id() -> str:
    (kept,) = staff_keys.every()
    return f"key:{kept.id}"


def test_who_sent_by_the_form_and_who_cancelled_is_noted(client: FlaskClient, world: World) -> None:
    world.clock.now = START.replace(hour=20)
    sent = client.post("/", data=FORM)
    assert sent.status_code == 303, words(sent)
    world.clock.forward(seconds=1)
    for _ in range(2):
        client.post(f"{sent.location}/cancel")
    assert rows() == [Row(PERSON, "invited", "kotka"), Row(PERSON, "cancelled", "kotka")]


def test_what_is_refused_or_sent_a_second_time_under_its_key_is_not_noted_as_sent(
    client: FlaskClient, world: World
) -> None:
    for _ in range(2):
        client.post("/", data={**FORM, "request_key": "1"})
    client.post("/", data={**FORM, "request_key": "2"})
    assert {row.did for row in rows()} == {"invited", "refusal_told"}
    assert len(rows()) == 2


def test_a_key_s_invitation_and_cancelling_are_noted_as_the_key_s(
    client: FlaskClient, world: World, key: dict[str, str]
) -> None:
    world.clock.now = START.replace(hour=20)
    body = {"phone": TYPED, "unit": "kotka", "respondent": "youth", "confirmed": True}
    made = client.post("/api/invitations", json=body, headers=key)
    world.clock.forward(seconds=1)
    client.post(f"/api/invitations/{made.json['id']}/cancel", headers=key)
    assert rows() == [Row(key_id(), "invited", "kotka"), Row(key_id(), "cancelled", "kotka")]


def test_a_chunk_of_a_list_is_one_row_a_unit_with_a_count(client: FlaskClient, world: World) -> None:
    lines = [
        {"line": number, "phone": f"+35840123456{number}", "unit": unit, "respondent": "youth", "language": "fi"}
        for number, unit in enumerate(("kotka", "kotka", "kouvola", "kotka"), 1)
    ]
    lines[3]["phone"] = lines[0]["phone"]
    chunk = {"file_key": "a" * 64, "when": "now", "confirmed": True, "rows": lines[:3]}
    answer = client.post("/bulk/send", json=chunk)
    assert answer.status_code == 200, answer.text
    assert {Row(PERSON, "list_sent", "kotka", "2"), Row(PERSON, "list_sent", "kouvola", "1")} == set(rows())
    client.post("/bulk/send", json=chunk)
    assert len(rows()) == 2


def test_a_message_is_sent_even_when_nothing_can_be_noted(client: FlaskClient, world: World) -> None:
    """It would be refused to whoever tried again; its own row tells who made it."""
    AuditRow.delete_table()
    assert client.post("/", data=FORM).status_code == 303
    (kept,) = InvitationRow.scan()
    assert kept.by == PERSON


def test_an_opt_out_told_to_the_staff_stands_even_when_nothing_can_be_noted(world: World) -> None:
    AuditRow.delete_table()
    with pytest.raises(PutError):
        staff_opt_out(world.parts, PHONE, who="test")
    assert opt_outs.stands(key_of(world))


def test_an_opt_out_is_not_lifted_when_nothing_can_be_noted(world: World) -> None:
    opt_outs.record(key_of(world), how=OptOutHow.STAFF, today=world.parts.today())
    AuditRow.delete_table()
    with pytest.raises(PutError):
        staff_withdraw(world.parts, PHONE, who="test")
    assert opt_outs.stands(key_of(world))


READ = {
    "the list": ("/comments?unit=kotka", None),
    "one comment": ("/comments/kotka/COMMENT", None),
    "before it is deleted": ("/comments/kotka/COMMENT/delete", None),
    "shared ones": ("/comments/shared?unit=kotka", "shared"),
    "on the page for the meeting": ("/results/meeting?unit=kotka", "meeting"),
}


@pytest.mark.parametrize(("path", "about"), READ.values(), ids=READ)
def test_who_read_comments_of_which_unit_is_noted_and_not_which_comment(
    client: FlaskClient, world: World, path: str, about: str | None
) -> None:
    answered()
    assert client.get(path.replace("COMMENT", written())).status_code == 200
    assert rows() == [Row(PERSON, "comments_read", "kotka", about)]


@pytest.mark.parametrize("path", [path for path, _ in READ.values()], ids=READ)
def test_comments_are_not_shown_when_nothing_can_be_noted(
    client: FlaskClient, app: Flask, world: World, path: str
) -> None:
    answered()
    one = written("Kiitos Matti")
    shared = Marking(Change(CommentStatus.SHARED), for_meeting=True)
    assert mark(world.parts, unit_of(world), {one: 0}, shared, who="test") == {one: Outcome.DONE}
    app.config["PROPAGATE_EXCEPTIONS"] = False
    AuditRow.delete_table()
    page = client.get(path.replace("COMMENT", one))
    assert page.status_code == 500
    assert "Matti" not in page.text


EXPORTS = {"csv": "/results/export.csv", "xlsx": "/results/export.xlsx", "thl": "/results/thl.csv"}


@pytest.mark.parametrize(("kind", "path"), EXPORTS.items(), ids=EXPORTS)
def test_who_took_which_figures_along_is_noted(client: FlaskClient, world: World, kind: str, path: str) -> None:
    assert client.get(f"{path}?unit=kotka").status_code == 200
    assert rows() == [Row(PERSON, "exported", "kotka", kind)]


def test_figures_fetched_by_a_key_are_noted(client: FlaskClient, world: World, key: dict[str, str]) -> None:
    assert client.get("/api/results?unit=kotka", headers=key).status_code == 200
    assert rows() == [Row(key_id(), "exported", "kotka", "api")]


def test_a_key_refused_for_a_unit_is_noted_once_an_hour(client: FlaskClient, world: World, key: dict[str, str]) -> None:
    for _ in range(3):
        assert client.get("/api/results?unit=kouvola", headers=key).status_code == 403
    assert rows() == [Row(key_id(), "refused", "kouvola", "results")]
    world.clock.forward(hours=1)
    client.get("/api/results?unit=kouvola", headers=key)
    world.clock.forward(seconds=1)
    client.post("/api/invitations", json={"unit": "kouvola"}, headers=key)
    assert rows()[1:] == [
        Row(key_id(), "refused", "kouvola", "results"),
        Row(key_id(), "refused", "kouvola", "send"),
    ]


def test_nothing_that_somebody_typed_gets_into_a_row_of_a_refusal(
    client: FlaskClient, world: World, key: dict[str, str]
) -> None:
    client.post("/", data={"unit": TYPED}, headers={"Sec-Fetch-Site": "cross-site"})
    world.clock.forward(seconds=1)
    client.post("/keys/0123abcd/revoke?unit=%2B358401234567", headers={"Sec-Fetch-Site": "cross-site"})
    assert rows() == [Row(PERSON, "refused", None, "send"), Row(PERSON, "refused", None, "keys")]


def test_who_is_unknown_leaves_no_row(world: World, library: Library) -> None:
    deployed = create_app(("web",), environment={**ENVIRONMENT, "KUULOLLA_STAGE": "prod"}, library=library)
    for path in ("/comments", "/keys", "/audit", "/settings"):
        assert deployed.test_client().get(path).status_code == 403
    assert rows() == []


def test_a_refusal_is_answered_though_it_cannot_be_noted(
    client: FlaskClient, world: World, key: dict[str, str]
) -> None:
    AuditRow.delete_table()
    assert client.get("/api/results?unit=kouvola", headers=key).status_code == 403


def test_no_row_holds_a_number_a_text_or_an_invitation(client: FlaskClient, world: World, key: dict[str, str]) -> None:
    answered()
    one = written("Kiitos Matti")
    body = {"phone": TYPED, "unit": "kotka", "respondent": "youth", "confirmed": True}
    made = client.post("/api/invitations", json=body, headers=key).json["id"]
    client.post("/opt-outs", data={"phone": TYPED})
    client.post("/opt-outs/withdraw", data={"phone": TYPED})
    client.get(f"/comments/kotka/{one}")
    client.post(f"/comments/kotka/{one}", data={"word": "1", "shown": "x"})
    kept = json.dumps([row.attribute_values for row in AuditRow.scan()])
    assert len(rows()) >= 4
    for trace in ("123 4567", "1234567", key_of(world), made, "Matti"):
        assert trace not in kept


def test_what_comes_by_text_message_writes_no_row(world: World) -> None:
    world.opened()
    for body in ("9", "3524", "STOP", "START"):
        world.text(body)
    assert rows() == []


# --- reading


def page_of(client: FlaskClient, **asked: str) -> TestResponse:
    return client.get("/audit", query_string=asked)


def test_the_page_says_who_did_what_where_newest_first(client: FlaskClient, world: World) -> None:
    note(world)
    note(world, Did.LIST_SENT, who="key:0123abcd", about="12")
    said = words(page_of(client))
    lately = f"24.11.2026 15.00 key:0123abcd {SAYS['audit_did_list_sent']} Nuorten Matala, Kotka 12 kyselyä"
    before = f"24.11.2026 15.00 {SAYS['audit_who_person:local']} {SAYS['audit_did_invited']} Nuorten Matala, Kotka"
    assert lately in said
    assert said.index(lately) < said.index(before)


def test_people_have_the_name_that_they_signed_in_with_and_keys_their_purpose(
    client: FlaskClient, world: World
) -> None:
    client.post("/keys", data={"purpose": "ajanvaraus", "unit": "kotka", "right": "send", "days": "1"})
    (kept,) = staff_keys.every()
    note(world, Did.SIGNED_IN, who="person:1", unit=None, about="Sanna Sovittaja")
    note(world, who="person:1")
    note(world, who=f"key:{kept.id}")
    note(world, who="person:2")
    said = words(page_of(client))
    assert f"Sanna Sovittaja {SAYS['audit_did_invited']}" in said
    assert f"ajanvaraus {SAYS['audit_did_invited']}" in said
    assert f"person:2 {SAYS['audit_did_invited']}" in said


FILTERS: dict[str, tuple[dict[str, str], list[str]]] = {
    "everything of the month": ({}, ["d", "c", "b"]),
    "another month": ({"month": "2026-10"}, ["a"]),
    "who": ({"who": "key:0123abcd"}, ["c"]),
    "what": ({"what": "exported"}, ["d", "c"]),
    "unit": ({"unit": "kouvola"}, ["d"]),
    "all at once": ({"who": PERSON, "what": "exported", "unit": "kouvola"}, ["d"]),
    "nobody": ({"who": "person:nobody"}, []),
}


@pytest.mark.parametrize(("asked", "found"), FILTERS.values(), ids=FILTERS)
def test_rows_are_filtered_on_the_page_and_in_the_file(
    client: FlaskClient, world: World, asked: dict[str, str], found: list[str]
) -> None:
    world.clock.now = START - timedelta(days=30)
    note(world, about="a")
    world.clock.now = START
    note(world, about="b")
    note(world, Did.EXPORTED, who="key:0123abcd", about="c")
    note(world, Did.EXPORTED, unit="kouvola", about="d")
    shown = [cell for cell in words(page_of(client, **asked)).split() if cell in tuple("abcd")]
    assert shown == found
    file = client.get("/audit/export.csv", query_string=asked)
    assert [line.rpartition(";")[2] for line in file.text.splitlines()[1:] if line[-1:] in tuple("abcd")] == found


UNKNOWN = {
    "a month that is not kept": ("month", "2020-01"),
    "a month to come": ("month", "2026-12"),
    "no month": ("month", "marraskuu"),
    "a deed that is none": ("what", "danced"),
    "no unit": ("unit", "<b>"),
    "a number": ("who", TYPED),
    "another number": ("who", "+358401234567"),
}


@pytest.mark.parametrize(("field", "value"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_filter_that_is_not_known_is_named_and_not_said_again(
    client: FlaskClient, world: World, field: str, value: str
) -> None:
    note(world)
    page = page_of(client, **{field: value})
    assert page.status_code == 422
    assert SAYS[f"fault_audit_{field}_unknown"] in words(page)
    assert f'value="{value}"' not in page.text
    led = client.get("/audit/export.csv", query_string={field: value})
    assert (led.status_code, led.location.partition("?")[0]) == (302, "/audit")


def test_a_long_month_is_read_page_by_page_without_gaps(client: FlaskClient, world: World) -> None:
    for number in range(audit_log.A_PAGE * 2 + 1):
        note(world, Did.EXPORTED if number % 2 else Did.INVITED, about=f"n{number}n")
    seen: list[Noted] = []
    older: str | None = None
    for size in (50, 50, 1):
        found = audit_log.on_page("2026-11", Wanted(), before=older)
        assert len(found.rows) == size
        seen += found.rows
        older = found.older
    assert older is None
    assert [row.about for row in seen] == [f"n{number}n" for number in reversed(range(101))]
    half = audit_log.on_page("2026-11", Wanted(did="exported"))
    assert (len(half.rows), half.older) == (50, None)
    first = page_of(client)
    assert SAYS["audit_older"] in words(first)
    assert SAYS["audit_newest"] not in words(first)


def test_months_are_offered_as_long_as_they_are_kept(client: FlaskClient, world: World) -> None:
    months = audit_log.months_kept(world.parts)
    assert (months[0], months[-1], len(months)) == ("2026-11", "2024-11", 25)


def test_the_file_is_formula_safe_and_taking_it_is_noted(client: FlaskClient, world: World) -> None:
    note(world, Did.SIGNED_IN, who="person:1", unit=None, about='=HYPERLINK("x")')
    note(world, who="person:1")
    file = client.get("/audit/export.csv?month=2026-11")
    assert file.headers["Content-Disposition"] == 'attachment; filename="kuulolla-2026-11.csv"'
    assert file.content_type == "text/csv; charset=utf-8"
    assert file.data.startswith(b"\xef\xbb\xbf")
    head, *lines = file.data.decode("utf-8-sig").splitlines()
    assert head == "Aika;Kuka;Tunnus;Mitä teki;Koodi;Yksikkö;Lisätieto"
    assert lines[0].startswith("2026-11-24 15:00:02;Tämä kone;person:local;")
    assert lines[1].startswith("2026-11-24 15:00:01;\"'=HYPERLINK")
    assert rows()[-1] == Row(PERSON, "audit_exported", None, "2026-11")


def test_a_file_is_not_cut_short_unsaid(world: World, client: FlaskClient) -> None:
    for _ in range(3):
        note(world)
    assert len(audit_log.exported(world.parts, "2026-11", Wanted(unit="kotka"), who=PERSON, most=3)) == 3
    with pytest.raises(TooMany):
        audit_log.exported(world.parts, "2026-11", Wanted(), who=PERSON, most=3)
    assert SAYS["audit_too_many_title"] in words(page_of(client, told="too_many"))


def test_the_audit_is_not_given_when_that_cannot_be_noted(world: World) -> None:
    AuditRow.delete_table()
    with pytest.raises(PutError):
        audit_log.exported(world.parts, "2026-11", Wanted(), who=PERSON)


@pytest.mark.parametrize("language", Language)
def test_every_deed_refusal_and_kind_of_file_has_its_words(language: Language) -> None:
    says = page_texts()[language]
    assert [did for did in Did if f"audit_did_{did}" not in says] == []
    acts = [act.replace(" ", "_") for act in Act]
    assert [act for act in acts if f"audit_about_refused_{act}" not in says] == []
    assert [kind for kind in (*EXPORTS, "api") if f"audit_about_exported_{kind}" not in says] == []


@pytest.mark.engine
def test_reading_the_audit_s_page_is_few_calls(engine: str, library: Library) -> None:
    world = made_world(library, prefix=f"{uuid4().hex[:8]}-")
    for _ in range(60):
        note(world)
    with acting_as("web"), calls() as seen:
        audit_log.on_page("2026-11", Wanted(did="invited"))
        audit_log.names("2026-11")
    assert seen == ["Query audit", "Scan staff_keys", "Query audit"]
