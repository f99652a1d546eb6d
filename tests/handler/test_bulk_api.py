"""Lists from another system: its key's units, the file as it is, errors as problem+json, English sentences."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.tables import staff_keys
from handler.templates import page_texts
from handler.work.staff_key import NewKey, Right, make_key
from survey_flow.language import Language
from tests.handler.bulk import Staff, csv_of, faults, lines_of, made, number, totals
from tests.handler.workbooks import workbook_of
from tests.world import World

SAYS = page_texts()[Language.EN]
CHOICES = {"unit": "kotka", "respondent": "youth", "confirmed": "true"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def new_key(world: World, *rights: Right, units: frozenset[str] = frozenset({"kotka", "nemova"})) -> NewKey:
    return make_key(units=units, rights=frozenset(rights), today=world.parts.today())


@dataclass(slots=True)
class System:
    """A caller with a key; each test states only what differs."""

    client: FlaskClient
    key: NewKey
    answers: list[str] = field(default_factory=list)

    def try_check(
        self, content: bytes, *, content_type: str = "text/csv", without: str = "", **differs: str
    ) -> TestResponse:
        query = urlencode({name: value for name, value in {**CHOICES, **differs}.items() if name != without})
        return self._post(f"/api/bulk/check?{query}", content, content_type)

    def check(self, content: bytes, *, content_type: str = "text/csv", **differs: str) -> dict[str, Any]:
        answer = self.try_check(content, content_type=content_type, **differs)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def try_send(self, checked: dict[str, Any], **differs: object) -> TestResponse:
        body = {"file_key": checked["file_key"], "confirmed": True, "rows": checked["rows"], **differs}
        return self._post("/api/bulk", json.dumps(body).encode(), "application/json")

    def send(self, checked: dict[str, Any], **differs: object) -> list[str]:
        answer = self.try_send(checked, **differs)
        assert answer.status_code == 200, answer.text
        return [one["result"] for one in answer.json["results"]]

    def _post(self, path: str, body: bytes, content_type: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key.key}"}
        answer = self.client.post(path, data=body, content_type=content_type, headers=headers)
        self.answers.append(answer.text)
        return answer


@pytest.fixture
def system(world: World, client: FlaskClient) -> System:
    return System(client, new_key(world, Right.SEND))


def problem(response: TestResponse) -> tuple[int, str]:
    """The status and the end of the problem's type."""
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == response.status_code
    return response.status_code, response.json["type"].rpartition("/")[2]


def test_a_list_is_checked_and_sent(system: System, world: World) -> None:
    checked = system.check(csv_of(20))
    assert checked["read_as"] == "Numbers from column A (Puhelin), rows: 20. Encoding UTF-8, one column."
    assert totals(checked) == {
        "read": "20",
        "ready": "20",
        "now": "at most 20",
        "contacted": "under 5",
        "opted_out": "under 5",
    }
    assert made() == []
    assert system.send(checked) == ["sending"] * 20
    assert system.send(system.check(csv_of(20))) == ["already"] * 20
    world.tick()
    assert sorted(message.to for message in world.carrier.sent) == [number(n) for n in range(20)]
    assert {row.by for row in made()} == {f"key:{system.key.id}"}


def test_a_workbook_is_taken_as_it_is(system: System) -> None:
    checked = system.check(workbook_of([["Phone", "Language"], ["0401000000", "sv"]]), content_type=XLSX)
    assert [row["language"] for row in checked["rows"]] == ["sv"]


def test_the_page_and_a_key_are_two_senders(system: System, client: FlaskClient) -> None:
    assert system.check(csv_of(2))["file_key"] != Staff(client).check(csv_of(2))["file_key"]


def test_a_line_of_another_unit_is_a_fault_of_that_line(system: System) -> None:
    content = lines_of("Phone;Unit", "0401000000;kotka", "0401000001;kouvola", "0401000002;nowhere")
    checked = system.check(content)
    assert [row["unit"] for row in checked["rows"]] == ["kotka"]
    assert faults(checked) == {
        3: SAYS["bulk_server_row_unit_not_allowed"],
        4: SAYS["bulk_server_row_unit_unknown"],
    }


def test_a_chunk_cannot_send_for_another_unit(system: System) -> None:
    checked = system.check(csv_of(2))
    checked["rows"][1]["unit"] = "kouvola"
    answer = system.try_send(checked)
    assert [one["result"] for one in answer.json["results"]] == ["sending", "faulty"]
    assert answer.json["results"][1]["sentence"] == SAYS["bulk_server_row_unit_not_allowed"]
    assert [row.unit for row in made()] == ["kotka"]


def test_another_unit_for_the_whole_list_is_refused(system: System) -> None:
    assert problem(system.try_check(csv_of(1), unit="kouvola")) == (403, "unit-not-allowed")


def test_without_a_word_on_neutral_each_units_own_rule_holds(system: System, world: World) -> None:
    system.send(system.check(csv_of(1)))
    system.send(system.check(csv_of(1, first=1), neutral="true"), neutral=True)
    world.tick()
    named = {message.to: "Nuorten Matala" in message.text for message in world.carrier.sent}
    assert named == {number(0): True, number(1): False}


def test_keys_are_asked_for_and_need_the_right(system: System, client: FlaskClient, world: World) -> None:
    for path in ("/api/bulk/check", "/api/bulk"):
        assert problem(client.post(path, data=b"{}")) == (401, "key-needed")
    system.key = new_key(world, Right.OPT_OUT, Right.RESULTS)
    assert problem(system.try_check(csv_of(1))) == (403, "right-missing")
    assert problem(system.try_send({"file_key": "ab" * 32, "rows": []})) == (403, "right-missing")


def test_a_revoked_key_sends_no_further_chunk(system: System, world: World) -> None:
    checked = system.check(csv_of(1))
    staff_keys.revoke(system.key.id, today=world.parts.today())
    assert problem(system.try_send(checked)) == (401, "key-needed")


FAULTY_CHOICES = {
    "no tick": ({"without": "confirmed"}, "confirmed"),
    "an unknown unit": ({"unit": "helsinki"}, "unit"),
    "an unknown moment": ({"when": "someday"}, "when"),
    "neutral as a word": ({"neutral": "perhaps"}, "neutral"),
    "a field of its own": ({"survey": "thl-yhteensopiva"}, "survey"),
}


@pytest.mark.parametrize(("differs", "name"), FAULTY_CHOICES.values(), ids=FAULTY_CHOICES)
def test_a_faulty_choice_is_named(system: System, differs: dict[str, str], name: str) -> None:
    refused = system.try_check(csv_of(1), **differs)
    assert problem(refused) == (422, "invalid-fields")
    assert list(refused.json["errors"]) == [name]


def test_a_file_that_cannot_be_read_is_a_problem_with_its_line(system: System) -> None:
    mixed = "Phone;Name\n0401000000;Äijälä\n".encode() + "0401000001;Äijälä\n".encode("cp1252")
    refused = system.try_check(mixed)
    assert problem(refused) == (422, "unreadable-file")
    assert (refused.json["line"], refused.json["detail"]) == (
        3,
        f"Line 3: {SAYS['bulk_server_file_mixed_encodings']}",
    )
    for content in (b"", b"\x89PNG\r\n\x1a\n\x00", lines_of("Name", "Matti")):
        assert problem(system.try_check(content)) == (422, "unreadable-file")


def test_a_file_over_two_megabytes_is_refused(system: System) -> None:
    refused = system.try_check(b"x" * (2 * 1024 * 1024 + 1))
    assert problem(refused) == (413, "too-large")
    assert "2 MB" in refused.json["detail"]


def test_a_large_file_is_taken_though_other_doors_take_32_kilobytes(system: System) -> None:
    assert system.check(csv_of(5000))["ready"] == 5000


def test_a_chunk_over_32_kilobytes_is_refused(system: System) -> None:
    refused = system.try_send({"file_key": "ab" * 32, "rows": [{"line": 2, "phone": "x" * 33_000}]})
    assert problem(refused) == (413, "too-large")


def test_a_chunk_of_26_rows_is_refused_with_a_sentence(system: System) -> None:
    refused = system.try_send(system.check(csv_of(26)))
    assert problem(refused) == (422, "invalid-fields")
    assert refused.json["errors"] == {"rows": SAYS["bulk_server_field_rows"]}


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
def test_a_chunk_that_is_no_json_object_is_refused(system: System, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {system.key.key}"}
    assert problem(system.client.post("/api/bulk", data=body, headers=headers)) == (400, "malformed-json")


def test_no_answer_but_the_rows_holds_a_number(system: System, world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.text("STOP")
    checked = system.check(lines_of("Phone", "0401234567", "0401000000", "0401000000", "09 3101691"))
    system.send(checked)
    system.try_check(lines_of("0401000000;0401000001", "0401000002;0401000003"))
    told = json.dumps({name: value for name, value in checked.items() if name not in ("rows", "file_key")})
    told += "".join(answer for answer in system.answers if '"rows"' not in answer) + caplog.text
    assert not re.search(r"\d{5}", told)
