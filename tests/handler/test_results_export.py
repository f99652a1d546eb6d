"""Results as files: the same figures as on the page, readable by a spreadsheet, and nothing that runs there."""

import csv
import io

import openpyxl
import pytest
from flask.testing import FlaskClient

from handler.outside.sheets import as_csv, as_workbook
from handler.tables import counts
from handler.tables.responses import Place
from tests.world import World

YOUTH = Place("kotka", "nuorten-matala-nuori", "youth", "2026-10")
GUARDIAN = Place("kotka", "nuorten-matala-huoltaja", "guardian", "2026-10")
ANSWERED = {"finished": 6, "broken_off_apu": 1, "invited": 20, "delivered": 19, "nps_10": 4, "nps_8": 2, "nps_0": 1}
STATEMENTS = {"apu_5": 3, "apu_4": 2, "apu_dont_know": 1, "hyoty_4": 2}


@pytest.fixture(autouse=True)
def _answered(world: World) -> None:
    counts.add_alone(YOUTH, {**ANSWERED, **STATEMENTS})
    counts.add_alone(GUARDIAN, {"finished": 4, "nps_9": 4, "invited": 9, "delivered": 9})


def sheet(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_a_file_has_a_figure_a_row_with_the_questions_text_beside_its_code(client: FlaskClient) -> None:
    answer = client.get("/results/export.csv?unit=kotka")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kuulolla-kotka.csv"'
    rows = sheet(answer.data)
    index = next(row for row in rows if row["Luku"] == "Suositteluindeksi")
    assert (index["Koodi"], index["Arvo"], index["Vastauksia"], index["Huomautus"]) == (
        "nps",
        "42,9",
        "7",
        "Suuntaa antava",
    )
    assert index["Kysymys"].startswith("Kuinka todennäköisesti")
    assert (index["Alkaen"], index["Asti"], index["Ryhmä"]) == ("2026-10", "2026-10", "Nuoret")
    fives = next(row for row in rows if row["Koodi"] == "apu" and row["Vastaus"] == "5")
    assert (fives["Arvo"], fives["Vastauksen teksti"]) == ("3", "täysin samaa mieltä")


def test_a_file_holds_what_the_page_shows_and_no_more(client: FlaskClient) -> None:
    rows = sheet(client.get("/results/export.csv?unit=kotka").data)
    assert {row["Ryhmä"] for row in rows} == {"Nuoret"}
    assert "hyoty" not in {row["Koodi"] for row in rows}


def test_a_workbook_has_the_same_rows_with_numbers_as_numbers(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/results/export.xlsx?unit=kotka").data))
    (one,) = book.worksheets
    head, *rows = one.iter_rows(values_only=True)
    listed = sheet(client.get("/results/export.csv?unit=kotka").data)
    assert list(head) == list(listed[0])
    assert len(rows) == len(listed)
    assert {type(row[list(head).index("Arvo")]) for row in rows} <= {int, float}


def test_thls_summary_has_the_index_and_each_themes_mean(client: FlaskClient) -> None:
    rows = sheet(client.get("/results/thl.csv?unit=kotka&lang=en").data)
    assert [
        (row["Theme"], row["Figure"], row["Value"], row["Answers"])
        for row in rows
        if row["Theme"] or "limit" not in row["Figure"]
    ] == [
        ("", "Net promoter score", "42,9", "7"),
        ("Availability", "Mean of the theme", "4,6", "5"),
    ]


def test_an_unknown_unit_is_not_found_and_a_wrong_month_is_told_on_the_page(client: FlaskClient) -> None:
    assert client.get("/results/export.csv?unit=nowhere").status_code == 404
    answer = client.get("/results/export.xlsx?unit=kotka&from=2026-13")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/results?unit=kotka&from=2026-13")


BYTES = {"percent-encoded": "unit=kotka&from=%ff", "raw": "unit=kotka&from=\xff"}


@pytest.mark.parametrize("query", BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("path", ["/results/export.csv", "/results/thl.csv"])
def test_bytes_that_are_no_text_are_told_on_the_page_as_any_fault(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(path, environ_overrides={"QUERY_STRING": query})
    assert answer.status_code == 302
    told = client.get(answer.headers["Location"])
    assert told.status_code == 400
    assert "Kirjoita kuukausi muodossa 2026-09" in told.text


@pytest.mark.parametrize("path", ["/", "/results", "/comments", "/actions", "/units/kotka", "/nowhere"])
def test_no_page_breaks_over_bytes_in_its_address(client: FlaskClient, path: str) -> None:
    assert client.get(path, environ_overrides={"QUERY_STRING": "x=\xff&lang=\xc3"}).status_code in (200, 404)


FORMULAS = ("=1+1", "+358401234567", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_never_a_formula(text: str) -> None:
    (row,) = sheet(as_csv(["a", "b"], [[text, -3.5]]))
    assert (row["a"], row["b"]) == (f"'{text}", "-3,5")
    cell = openpyxl.load_workbook(io.BytesIO(as_workbook("t", ["a"], [[text]]))).active["A2"]
    assert cell.data_type == "s"


def test_a_units_name_need_not_be_a_name_for_a_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook("Lasten/nuorten [matala]: " + "a" * 40, ["a"], [["b"]])))
    assert len(book.active.title) <= 31
