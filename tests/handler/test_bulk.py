"""A list by the page's doors: what is found before anything is sent, and what becomes of its lines."""

import json
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from handler.app import create_app
from handler.outside.sealing import Sealing
from handler.settings import settings_from
from handler.tables import opt_outs
from handler.tables.invitations import InvitationRow
from handler.templates import page_texts
from handler.web_app import add_web, make_inviting
from local.one_app import make_missing
from survey_flow.conversation import OptOutHow
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.calls import calls
from tests.environment import ENVIRONMENT
from tests.handler.bulk import CHOICES, Staff, csv_of, faults, lines_of, made, number, totals
from tests.handler.looking import held, key_of
from tests.handler.workbooks import workbook_of
from tests.world import StillClock, World, made_world

SAYS = page_texts()[Language.FI]


@pytest.fixture
def staff(client: FlaskClient) -> Staff:
    return Staff(client)


def opt_out(world: World, *numbers: str) -> None:
    for each in numbers:
        opt_outs.record(key_of(world, PhoneNumber(each)), how=OptOutHow.SMS, today=world.parts.today())


def contact(world: World, *numbers: str) -> None:
    for each in numbers:
        world.invite(number=PhoneNumber(each))


class Killed(BaseException):
    """The process is gone: nothing of ours catches it."""


@dataclass(slots=True)
class FailingSealing:
    """Seals by `inner`, but for the number that is so many ahead, at which it fails."""

    inner: Sealing
    fault: BaseException | None = None
    ahead: int = 0

    def fail(self, fault: BaseException, *, at: int) -> None:
        self.fault, self.ahead = fault, at

    def seal(self, number: PhoneNumber, *, conversation_id: str) -> bytes:
        self.ahead -= 1
        if self.ahead == 0 and self.fault is not None:
            raise self.fault
        return self.inner.seal(number, conversation_id=conversation_id)

    def unseal(self, sealed: bytes, *, conversation_id: str) -> PhoneNumber:
        return self.inner.unseal(sealed, conversation_id=conversation_id)


@pytest.fixture
def sealing(world: World) -> FailingSealing:
    return FailingSealing(world.delivery.sealing)


@pytest.fixture
def staff_at_a_fault(world: World, sealing: FailingSealing) -> Staff:
    """At the pages as they are wired for real, but for the sealing."""
    settings = settings_from(ENVIRONMENT)
    make_missing(settings)
    app = Flask("pages", static_folder=None)
    add_web(app, replace(make_inviting(settings, world.parts), sealing=sealing), settings)
    return Staff(app.test_client())


# --- the check


def test_a_list_is_read_and_nothing_is_sent_or_stored(staff: Staff, world: World) -> None:
    with calls() as seen:
        checked = staff.check(csv_of(60))
    assert checked["read_as"] == "Numerot sarakkeesta A (Puhelin), rivejä 60. Merkistö UTF-8, yksi sarake."
    assert (checked["ready"], len(checked["rows"]), checked["faults"]) == (60, 60, [])
    assert re.fullmatch("[0-9a-f]{64}", checked["file_key"])
    assert totals(checked) == {
        "read": "60",
        "ready": "60",
        "now": "enintään 60",
        "contacted": "alle 5",
        "opted_out": "alle 5",
    }
    # The request and the check, each among those of its window; and that somebody checked a list.
    noted = ("UpdateItem limits", "PutItem audit")
    assert {call.partition(" ")[0] for call in seen if call not in noted} == {"BatchGetItem", "GetItem"}
    assert made() == []


def test_a_row_holds_what_it_is_sent_with_and_no_more(staff: Staff) -> None:
    checked = staff.check(lines_of("Puhelin;Yksikkö;palvelu;Ryhmä", "0401000000;Nemova;1;asiakas", "0401000001;;;"))
    first, second = checked["rows"]
    assert first == {
        "line": 2,
        "phone": number(0),
        "unit": "nemova",
        "respondent": "client",
        "language": "fi",
        "occasion": "end",
        "facts": {"palvelu": 1},
    }
    assert second == {
        "line": 3,
        "phone": number(1),
        "unit": "kotka",
        "respondent": "youth",
        "language": "fi",
        "occasion": "end",
    }


def test_a_workbook_is_read_as_a_list_is(staff: Staff) -> None:
    checked = staff.check(workbook_of([["Gsm", "Kieli"], ["040 100 0000", "ruotsi"], [401000001, "fi"]]))
    assert checked["read_as"] == (
        "Numerot sarakkeesta A (Gsm), rivejä 2. Excel-tiedosto, välilehti Sheet. Luettiin myös: B (Kieli)."
    )
    assert [(row["phone"], row["language"]) for row in checked["rows"]] == [(number(0), "sv"), (number(1), "fi")]


def test_the_same_file_has_the_same_key_and_another_has_another(staff: Staff) -> None:
    keys = [staff.check(content)["file_key"] for content in (csv_of(2), csv_of(2), csv_of(3))]
    assert keys[0] == keys[1] != keys[2]


def test_every_line_left_out_has_its_reason_and_never_the_number(staff: Staff) -> None:
    checked = staff.check(
        lines_of(
            "Puhelin;Yksikkö;Ryhmä;Kieli;Tilanne;palvelu",
            "0401000000;;;;;",
            "040 1000000;;;;;",
            "äiti;;;;;",
            "09 310 1691;;;;;",
            "+46701234567;;;;;",
            "4,01E+08;;;;;",
            "0401000001;Helsinki;;;;",
            "0401000002;;ammattilainen;;;",
            "0401000003;;kissa;;;",
            "0401000004;;;saksa;;",
            "0401000005;;;;joskus;",
            "0401000006;;;;;1",
            "0401000007;nemova;asiakas;;;ehkä",
            "0401000008;=A1;;;;",
            ";kotka;;;;",
        )
    )
    assert [row["line"] for row in checked["rows"]] == [2]
    expected = {
        3: SAYS["bulk_server_line_duplicate"].format(line="2"),
        4: SAYS["bulk_server_line_not_a_number"],
        5: SAYS["bulk_server_line_not_mobile"],
        6: SAYS["bulk_server_line_foreign"],
        7: SAYS["bulk_server_line_rounded"],
        8: SAYS["bulk_server_row_unit_unknown"],
        9: SAYS["bulk_server_row_respondent_not_offered"],
        10: SAYS["bulk_server_row_respondent_unknown"],
        11: SAYS["bulk_server_row_language_unknown"],
        12: SAYS["bulk_server_row_occasion_unknown"],
        13: SAYS["bulk_server_row_facts_not_a_fact"],
        14: SAYS["bulk_server_row_facts_not_a_fact"],
        15: SAYS["bulk_server_line_formula"],
        16: SAYS["bulk_server_line_missing"],
    }
    assert faults(checked) == expected
    assert (totals(checked)["left_out"], totals(checked)["duplicates"]) == ("13", "1")


def test_a_group_that_could_not_leave_within_a_month_is_left_out_with_the_day(staff: Staff, world: World) -> None:
    world.clock.forward(days=7)  # 1 December: the unit collects again from April
    checked = staff.check(csv_of(1), unit="varkaus", respondent="client")
    assert checked["rows"] == []
    assert "1.4.2027" in faults(checked)[2]


FILES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "file_empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file_not_a_table"),
    "a document": (b"%PDF-1.7\n", "file_not_a_table"),
    "an old workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le"),
        "file_old_excel",
    ),
    "half a workbook": (workbook_of([["0401000000"]])[:900], "file_broken_workbook"),
    "names alone": (lines_of("Nimi;Kaupunki", "Matti;Kotka", "Maija;Kouvola"), "list_no_numbers"),
    "a wrong column of numbers": (lines_of("Puhelin;Summa", "ei;12,50", "ei;13,50"), "list_no_numbers"),
}


@pytest.mark.parametrize(("content", "sentence"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_list_is_answered_with_a_sentence(staff: Staff, content: bytes, sentence: str) -> None:
    answer = staff.try_check(content)
    assert answer.status_code == 422
    assert answer.json == {"sentence": SAYS[f"bulk_server_{sentence}"]}
    assert made() == []


def test_a_fault_of_the_file_names_its_line(staff: Staff) -> None:
    mixed = "Puhelin;Nimi\n0401000000;Äijälä\n".encode() + "0401000001;Äijälä\n".encode("cp1252")
    answer = staff.try_check(mixed)
    assert answer.status_code == 422
    assert answer.json["sentence"] == f"Rivi 3: {SAYS['bulk_server_file_mixed_encodings']}"


def test_formulas_are_faults_of_their_lines(staff: Staff) -> None:
    checked = staff.check(lines_of("Puhelin", "0401000000", "=A2", '=cmd|"/C calc"!A0'))
    assert faults(checked) == dict.fromkeys((3, 4), SAYS["bulk_server_line_formula"])


def test_two_columns_of_numbers_are_named(staff: Staff) -> None:
    answer = staff.try_check(lines_of("Puhelin;Gsm", "0401000000;0401000001", "0401000002;0401000003"))
    assert answer.status_code == 422
    assert "A (Puhelin), B (Gsm)" in answer.json["sentence"]


def test_more_than_five_thousand_rows_are_refused(staff: Staff) -> None:
    answer = staff.try_check(csv_of(5001))
    assert answer.status_code == 422
    assert "5\u00a0000" in answer.json["sentence"]


@pytest.mark.parametrize("size", [2 * 1024 * 1024 + 1, 3 * 1024 * 1024])
def test_a_file_over_two_megabytes_is_refused_in_words(staff: Staff, size: int) -> None:
    answer = staff.try_check(b"0401000000\n".ljust(size, b"\n"))
    assert (answer.status_code, answer.json) == (413, {"sentence": SAYS["bulk_server_file_too_large"].format(most=2)})


def test_a_file_of_nearly_two_megabytes_is_read(staff: Staff) -> None:
    assert staff.check(b"0401000000\n".ljust(2 * 1024 * 1024, b"\n"))["ready"] == 1


def test_a_file_is_never_put_on_disk(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/there/is/none")  # where every file that a library puts aside would be
    assert staff.check(b"0401000000\n".ljust(1024 * 1024, b"\n"))["ready"] == 1


def test_a_body_that_is_no_form_is_answered_with_what_is_missing(client: FlaskClient) -> None:
    for body, kind in ((b"", ""), (b"x", "multipart/form-data"), (b"--x\r\n", "multipart/form-data; boundary=x")):
        answer = client.post("/bulk/check", data=body, content_type=kind)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["confirmed"])


FAULTY_CHOICES = {
    "no tick": ({"without": "confirmed"}, "confirmed"),
    "an unknown unit": ({"unit": "helsinki"}, "unit"),
    "an unknown group": ({"respondent": "cat"}, "respondent"),
    "an unknown language": ({"language": "de"}, "language"),
    "an unknown moment": ({"when": "someday"}, "when"),
    "a field of its own": ({"survey": "thl-yhteensopiva"}, "survey"),
}


@pytest.mark.parametrize(("differs", "field"), FAULTY_CHOICES.values(), ids=FAULTY_CHOICES)
def test_a_faulty_choice_is_named(staff: Staff, differs: dict[str, str], field: str) -> None:
    answer = staff.try_check(csv_of(1), **differs)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert answer.json["sentence"] == SAYS["bulk_server_fields"]


def test_without_a_file_a_sentence_says_so(client: FlaskClient) -> None:
    answer = client.post("/bulk/check", data=CHOICES)
    assert (answer.status_code, answer.json) == (422, {"sentence": SAYS["bulk_server_file_empty"]})


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_sentence_stands_in_the_language_of_the_page(client: FlaskClient, language: str) -> None:
    client.get(f"/bulk?lang={language}")
    says = page_texts()[Language(language)]
    checked = Staff(client).check(lines_of("Puhelin", "0401000000", "x", "0401000000"))
    assert faults(checked)[3] == says["bulk_server_line_not_a_number"]
    assert checked["totals"][0]["sentence"] == says["bulk_server_total_read"].format(n="3")
    refused = Staff(client).try_check(b"")
    assert refused.json["sentence"] == says["bulk_server_file_empty"]


def test_a_heading_that_may_be_a_number_is_named_by_its_letter_alone(staff: Staff) -> None:
    checked = staff.check(lines_of("Puhelin;0409999999 Matti", "0401000000;x"))
    assert "B." in checked["read_as"]
    assert "0409999999" not in checked["read_as"]


# --- totals


def test_those_contacted_refusing_and_in_conversation_are_counted_apart(staff: Staff, world: World) -> None:
    contact(world, *(number(n) for n in range(6)))
    opt_out(world, *(number(n) for n in range(4, 10)))
    assert totals(staff.check(csv_of(60))) == {
        "read": "60",
        "ready": "60",
        "now": "enintään 60",
        # Of the six contacted, two refuse surveys: each is counted once.
        "contacted": "alle 5",
        "opted_out": "6",
    }
    contact(world, number(20))
    assert totals(staff.check(csv_of(60))) == {
        "read": "60",
        "ready": "60",
        "now": "49",
        "contacted": "5",
        "opted_out": "6",
    }


def test_a_number_is_found_under_every_pepper(staff: Staff, world: World, library: Library) -> None:
    opt_out(world, *(number(n) for n in range(5)))
    environment = {**ENVIRONMENT, "KUULOLLA_PEPPER": "2:new,1:pepper"}
    app = create_app(("web",), environment=environment, clock=world.clock, library=library)
    assert totals(Staff(app.test_client()).check(csv_of(60)))["opted_out"] == "5"


def test_what_was_hidden_cannot_be_reckoned_from_what_is_told(staff: Staff, world: World) -> None:
    """The answers of lists with one to four refusing persons differ in nothing but rows and keys."""
    told = []
    for n in range(4):
        opt_out(world, number(n))
        checked = staff.check(csv_of(60))
        told.append((checked["totals"], checked["cost"], checked["faults"], checked["ready"]))
    assert told == [told[0]] * 4


def test_of_one_number_it_is_not_told_why_it_is_held_back(staff: Staff, world: World) -> None:
    opt_out(world, number(0))
    contact(world, number(1))
    refusing, contacted = (staff.check(csv_of(1, first=n))["totals"] for n in range(2))
    assert refusing == contacted


def test_outside_the_hours_the_list_waits_until_they_open(staff: Staff, world: World) -> None:
    world.clock.forward(hours=5)
    told = totals(staff.check(csv_of(60)))
    assert told["now"] == "0"
    assert told["queued"] == "enintään 60. Viimeinen lähtee keskiviikkona 25.11. klo 14.00."


def test_tomorrow_waits_for_the_next_sending_day_after_noon(staff: Staff, world: World) -> None:
    told = totals(staff.check(csv_of(60), when="tomorrow", respondent="guardian"))
    assert told["queued"] == "enintään 60. Viimeinen lähtee keskiviikkona 25.11. klo 12.00."


@pytest.fixture
def narrow(app: Flask, world: World, library: Library) -> FlaskClient:
    """The app with ceilings: 20 openings of Kotka a day, 30 of all."""
    organisation = library.organisation
    kotka = replace(organisation.units["kotka"], daily_ceiling=20)
    units = {**organisation.units, "kotka": kotka}
    library = replace(library, organisation=replace(organisation, units=units, daily_ceiling=30))
    return create_app(("web",), environment=ENVIRONMENT, clock=world.clock, library=library).test_client()


def test_ceilings_are_played_through_and_no_place_is_taken(narrow: FlaskClient, world: World) -> None:
    for _ in range(2):
        told = totals(Staff(narrow).check(csv_of(50)))
        assert (told["now"], told["queued"]) == (
            "enintään 20",
            "enintään 30. Viimeinen lähtee torstaina 26.11. klo 14.00.",
        )


def test_ceilings_give_nothing_hidden_away(narrow: FlaskClient, world: World) -> None:
    """Of 42 numbers the last would leave a day earlier if two of them or more were held back."""
    told = []
    for n in range(4):
        opt_out(world, number(n))
        told.append(totals(Staff(narrow).check(csv_of(42))))
    assert told == [told[0]] * 4
    assert told[0]["queued"] == "enintään 22. Viimeinen lähtee torstaina 26.11. klo 14.00."


def test_what_the_play_foretold_comes_to_pass(narrow: FlaskClient, world: World) -> None:
    staff = Staff(narrow)
    mixed = lines_of("Puhelin;Yksikkö", *(f"{number(n)};{('kotka', 'kouvola')[n % 2]}" for n in range(70)))
    checked = staff.check(mixed)
    results = staff.send(checked)
    told = totals(checked)
    assert told["now"] == f"enintään {results.count('sending')}" == "enintään 30"
    assert told["queued"].startswith(f"enintään {results.count('queued')}. ")
    last = max(int(row.send_at) for row in made())
    assert last == int(world.clock.now.replace(day=26, hour=14).timestamp())
    assert "torstaina 26.11. klo 14.00" in told["queued"]


def test_the_cost_is_that_of_the_openings_still_ahead(staff: Staff) -> None:
    assert "60 viestiosaa, noin 4,80\u00a0USD" in staff.check(csv_of(60))["cost"]
    staff.send(staff.check(csv_of(60)))
    assert staff.check(csv_of(60))["cost"] == SAYS["bulk_server_cost_none"]


def test_without_prices_the_segments_are_told_alone(world: World, app: Flask, library: Library) -> None:
    library = replace(library, organisation=replace(library.organisation, prices=None))
    client = create_app(("web",), environment=ENVIRONMENT, clock=world.clock, library=library).test_client()
    cost = Staff(client).check(csv_of(60))["cost"]
    assert cost == SAYS["bulk_server_cost_segments"].format(n="60")


def test_five_thousand_rows_are_looked_up_a_hundred_a_call(staff: Staff) -> None:
    with calls() as seen:
        checked = staff.check(csv_of(5000))
    assert checked["ready"] == 5000
    # Invitations, opt-outs, throttles and conversations, under one pepper; the day's two ceilings and two
    # rates at most, and the audit's row.
    assert seen.count("BatchGetItem") == 4 * 50
    assert len(seen) <= 4 * 50 + 5
    assert len(staff.answers[-1]) < 1024 * 1024


# --- sending


def test_every_line_is_sent_once_however_often_the_file_is_chosen(staff: Staff, world: World) -> None:
    assert staff.send(staff.check(csv_of(60))) == ["sending"] * 60
    world.tick()
    assert sorted(message.to for message in world.carrier.sent) == [number(n) for n in range(60)]
    again = staff.check(csv_of(60))
    assert totals(again) == {"read": "60", "ready": "60", "now": "0", "already": "60"}
    assert staff.send(again) == ["already"] * 60
    world.tick()
    assert len(world.carrier.sent) == 60


def test_after_a_crash_within_a_chunk_the_rest_goes_on(
    sealing: FailingSealing, staff_at_a_fault: Staff, world: World
) -> None:
    staff = staff_at_a_fault
    checked = staff.check(csv_of(60))
    sealing.fail(Killed(), at=13)
    with pytest.raises(Killed):
        staff.send(checked)
    assert len(made()) == 12
    assert totals(staff.check(csv_of(60)))["already"] == "12"
    assert staff.send(staff.check(csv_of(60))) == ["already"] * 12 + ["sending"] * 48
    world.tick()
    assert sorted(message.to for message in world.carrier.sent) == [number(n) for n in range(60)]


def test_a_line_handled_with_other_choices_was_handled(staff: Staff, world: World) -> None:
    staff.send(staff.check(csv_of(3)))
    assert staff.send(staff.check(csv_of(3), language="sv", when="tomorrow"), when="tomorrow") == ["already"] * 3


def test_why_a_number_is_not_sent_to_is_not_told(staff: Staff, world: World) -> None:
    opt_out(world, number(0))
    contact(world, number(1))
    checked = staff.check(csv_of(3))
    results = staff.try_send(checked["rows"], checked["file_key"]).json["results"]
    assert [one["result"] for one in results] == ["not_sent", "not_sent", "sending"]
    assert results[0]["sentence"] == results[1]["sentence"]


def test_what_waits_tells_until_when(staff: Staff, world: World) -> None:
    checked = staff.check(csv_of(1), when="tomorrow")
    (result,) = staff.try_send(checked["rows"], checked["file_key"], when="tomorrow").json["results"]
    assert result == {"line": 2, "result": "queued", "sentence": "Lähtee keskiviikkona 25.11. klo 14.00."}


def test_a_neutral_list_names_the_county_alone(staff: Staff, world: World) -> None:
    staff.send(staff.check(csv_of(1), neutral="on"), neutral=True)
    world.tick()
    (message,) = world.carrier.sent
    assert "Kymenlaakson hyvinvointialue" in message.text
    assert "Matala" not in message.text


def test_facts_of_a_line_go_with_it(staff: Staff, world: World) -> None:
    checked = staff.check(lines_of("Puhelin;palvelu", "0401000000;1"), unit="nemova", respondent="client")
    assert staff.send(checked) == ["sending"]
    dialogue = held(world, PhoneNumber(number(0))).dialogue
    assert dialogue is not None
    assert dialogue.facts["palvelu"] == 1


FAULTY_ROWS: dict[str, dict[str, Any]] = {
    "no number": {"phone": ""},
    "a number as a number": {"phone": 401000000},
    "a landline": {"phone": "+35893101691"},
    "an unknown unit": {"unit": "helsinki"},
    "a unit as a list": {"unit": ["kotka"]},
    "a group that the unit does not ask": {"respondent": "professional"},
    "null": {"respondent": None},
    "facts as a list": {"facts": [1]},
    "a fact of another survey": {"facts": {"palvelu": 1}},
    "a survey of its own": {"survey": "thl-yhteensopiva"},
    "a moment of its own": {"send_after": "2026-11-25T15:00:00+02:00"},
    "a tick of its own": {"confirmed": True},
    "half a surrogate pair": {"phone": "\ud800"},
}


@pytest.mark.parametrize("differs", FAULTY_ROWS.values(), ids=FAULTY_ROWS)
def test_a_faulty_line_stops_no_other(staff: Staff, differs: dict[str, Any]) -> None:
    rows = staff.check(csv_of(3))["rows"]
    rows[1] = {**rows[1], **differs}
    results = staff.try_send(rows).json["results"]
    assert [(one["line"], one["result"]) for one in results] == [(2, "sending"), (3, "faulty"), (4, "sending")]
    assert results[1]["sentence"].endswith(".")
    assert len(made()) == 2


def test_a_fault_of_ours_is_logged_by_its_kind_and_the_others_go_on(
    sealing: FailingSealing, staff_at_a_fault: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    staff = staff_at_a_fault
    checked = staff.check(csv_of(3))
    sealing.fail(ZeroDivisionError(f"no place for {number(1)}"), at=2)
    assert staff.send(checked) == ["sending", "try_again", "sending"]
    assert "ZeroDivisionError" in caplog.text
    assert number(1)[-7:] not in caplog.text
    assert staff.send(checked) == ["already", "sending", "already"]


def test_when_no_day_has_room_the_line_can_be_tried_again(world: World, app: Flask, library: Library) -> None:
    organisation = replace(library.organisation, daily_ceiling=1)
    app = create_app(
        ("web",),
        environment=ENVIRONMENT,
        clock=world.clock,
        library=replace(library, organisation=organisation),
    )
    staff = Staff(app.test_client())
    checked = staff.check(csv_of(40))
    results = staff.send(checked)
    assert totals(checked)["no_room"] == f"enintään {results.count('try_again')}"
    assert results[-1] == "try_again"


ROW = {"line": 2, "phone": number(0), "unit": "kotka", "respondent": "youth"}
CHUNKS: dict[str, dict[str, Any]] = {
    "no tick": {"confirmed": False},
    "a tick as a word": {"confirmed": "true"},
    "no key": {"file_key": None},
    "a short key": {"file_key": "ab"},
    "a key of other letters": {"file_key": "Z" * 64},
    "a key with a line's end": {"file_key": "ab" * 32 + "\n"},
    "an unknown moment": {"when": "someday"},
    "a moment as a list": {"when": ["now"]},
    "neutral as a word": {"neutral": "no"},
    "no rows": {"rows": None},
    "rows as an object": {"rows": {}},
    "a row as a list": {"rows": [[]]},
    "a row without a line": {"rows": [{"phone": number(0)}]},
    "a line as text": {"rows": [{**ROW, "line": "2"}]},
    "a line as true": {"rows": [{**ROW, "line": True}]},
    "a line below the first": {"rows": [{**ROW, "line": 0}]},
    "a line beyond every file": {"rows": [{**ROW, "line": 10**30}]},
    "a line twice": {"rows": [ROW, {**ROW, "phone": number(1)}]},
    "26 rows": {"rows": [{**ROW, "line": line, "phone": number(line)} for line in range(2, 28)]},
    "a field of its own": {"caller": "key:1"},
}


@pytest.mark.parametrize("differs", CHUNKS.values(), ids=CHUNKS)
def test_a_malformed_chunk_is_refused_whole(staff: Staff, differs: dict[str, Any]) -> None:
    answer = staff.try_send(**{"rows": [ROW], **differs})
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == set(differs)
    assert made() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 16_000, b'{"rows": "\xff"}'])
def test_a_chunk_that_is_no_json_object_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/bulk/send", data=body, content_type="application/json")
    assert (answer.status_code, answer.json) == (422, {"sentence": SAYS["bulk_server_malformed"]})


def test_a_chunk_over_32_kilobytes_is_refused(staff: Staff) -> None:
    answer = staff.try_send([{**ROW, "unit": "x" * 33_000}])
    assert (answer.status_code, answer.json) == (413, {"sentence": SAYS["bulk_server_chunk_too_large"]})


def test_no_answer_but_the_rows_and_no_log_holds_a_number(
    staff: Staff, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="kuulolla")
    opt_out(world, number(1))
    content = lines_of("Puhelin;0409998887", *(f"{number(n)};x" for n in range(5)), "0401000001;", "=0401000009;", "x;")
    checked = staff.check(content)
    staff.send(checked)
    staff.send(staff.check(content))
    staff.try_check(lines_of("0401000000;0401000001", "0401000002;0401000003"))
    told = json.dumps({name: value for name, value in checked.items() if name not in ("rows", "file_key")})
    told += "".join(answer for answer in staff.answers if '"rows"' not in answer) + caplog.text
    assert not re.search(r"\d{5}", re.sub(r"[0-9a-f]{64}", "", told))
    stored = json.dumps([row.to_simple_dict() for row in InvitationRow.scan()])
    assert "100000" not in re.sub(r'"[0-9a-f.]{32,}"', "", stored)


# --- who may


@pytest.fixture
def deployed(app: Flask, world: World, library: Library) -> FlaskClient:
    environment = {**ENVIRONMENT, "KUULOLLA_STAGE": "test"}
    return create_app(("web",), environment=environment, clock=world.clock, library=library).test_client()


def test_outside_one_machine_nothing_opens_until_there_is_sign_in(deployed: FlaskClient) -> None:
    assert deployed.get("/bulk").status_code == 403
    assert Staff(deployed).try_check(csv_of(1)).status_code == 403
    assert Staff(deployed).try_send([ROW]).status_code == 403
    assert made() == []


@pytest.mark.parametrize("path", ["/bulk/check", "/bulk/send"])
def test_a_form_of_another_site_is_refused(client: FlaskClient, path: str) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(path, data={"file": (BytesIO(csv_of(1)), "x")}, headers=headers).status_code == 403


# --- at once


@pytest.fixture
def raced(engine: str, library: Library) -> Callable[[], Staff]:
    """Staff of one app over an engine that keeps DynamoDB's promises."""
    environment = {**ENVIRONMENT, "KUULOLLA_TABLE_PREFIX": f"bulk-{uuid4().hex[:8]}-"}
    settings = settings_from(environment)
    made_world(library, prefix=settings.table_prefix)
    make_missing(settings)
    app = create_app(("web",), environment=environment, clock=StillClock(), library=library)
    return lambda: Staff(app.test_client())


@pytest.mark.engine
def test_a_chunk_posted_twice_at_once_is_sent_once(raced: Callable[[], Staff]) -> None:
    checked = raced().check(csv_of(25))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: raced().send(checked), range(4)))
    assert len(made()) == 25
    for each in zip(*results, strict=True):
        assert set(each) <= {"sending", "already", "try_again"}
        assert each.count("sending") <= 1
    assert raced().send(checked) == ["already"] * 25
