"""Excel workbooks: what stands in their cells, and those made to keep a reader busy."""

from datetime import date, datetime, time
from io import BytesIO
from time import process_time
from zipfile import ZIP_BZIP2, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from handler.outside.spreadsheet import read_table
from handler.outside.table import FaultyFile, FileFault, FileKind
from tests.handler.test_spreadsheet import fault_of, lines
from tests.handler.workbooks import FIRST_SHEET, MAIN, saved, sheet_of, with_parts, with_shared_strings, workbook_of

CELLS = {
    "a text": ("040 123 4567", "040 123 4567"),
    "a number": (401234567, "401234567"),
    "a number with its country": (358401234567, "358401234567"),
    "a decimal that is whole": (401234567.0, "401234567"),
    "a number that Excel shows with an exponent": (3.58401234567e11, "358401234567"),
    "a decimal": (1.5, "1.5"),
    "a small decimal": (0.00001, "0.00001"),
    "nothing but zero": (0, "0"),
    "true": (True, "TRUE"),
    "false": (False, "FALSE"),
    "a day": (date(2026, 11, 30), "2026-11-30"),
    "a moment": (datetime.fromisoformat("2026-11-30T08:30:00"), "2026-11-30T08:30:00"),
    "a time": (time(8, 30), "08:30:00"),
    "a formula": ("=A1+1", "=A1+1"),
    "a formula that keeps a text": ('="0401234567"', '="0401234567"'),
    "a formula over cells": (ArrayFormula("B1:B2", "=A1:A2"), "=A1:A2"),
    "an error": ("#N/A", "#N/A"),
}


@pytest.mark.parametrize(("value", "text"), CELLS.values(), ids=CELLS.keys())
def test_a_cell_is_read_as_a_person_would_type_it(value: object, text: str) -> None:
    assert read_table(workbook_of([["x", value]])).rows[0].cells[:2] == ("x", text)


def test_a_row_keeps_its_number_in_the_sheet() -> None:
    table = read_table(workbook_of([["Puhelin"], [], [None, " "], [401234567], [None, "x"]]))

    assert [(line, cells[0]) for line, cells in lines(table)] == [(1, "Puhelin"), (4, "401234567"), (5, "")]


def test_strings_are_read_where_excel_keeps_them() -> None:
    assert [row.cells[0] for row in read_table(with_shared_strings(["Puhelin", "040 123 4567"])).rows] == [
        "Puhelin",
        "040 123 4567",
    ]


def test_the_first_sheet_that_is_seen_and_has_content_is_read() -> None:
    workbook = Workbook()
    workbook.worksheets[0].title = "Tyhjä"
    hidden = workbook.create_sheet("Piilossa")
    hidden["A1"] = "0401234567"
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Lista")["B7"] = 401234567
    workbook.create_sheet("Muut")["A1"] = "0402345678"

    table = read_table(saved(workbook))

    assert (table.kind, table.sheet, table.rows[0].line) == (FileKind.XLSX, "Lista", 7)


def test_a_formula_copied_down_a_column_is_one_on_every_row() -> None:
    shared = '<row><c><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c></row><row><c><f t="shared" si="0"/></c></row>'
    table = read_table(with_parts({FIRST_SHEET: sheet_of(shared)}))

    assert [row.cells[0][0] for row in table.rows] == ["=", "="]


# --- bounds

ROW = '<row r="{0}"><c r="A{0}"><v>401234567</v></c></row>'
BOMB = '<!DOCTYPE x [<!ENTITY a "0401234567"><!ENTITY b "&a;&a;&a;">]>' + sheet_of("<row><c><v>&b;</v></c></row>")


def lying(directory_says: int, really: int) -> bytes:
    """A workbook whose directory gives a part another size than it has."""
    content = with_parts({FIRST_SHEET: sheet_of(" " * really)})
    with ZipFile(BytesIO(content)) as package:
        size = package.getinfo(FIRST_SHEET).file_size
    return content.replace(size.to_bytes(4, "little"), directory_says.to_bytes(4, "little"))


def compressed_otherwise() -> bytes:
    file = BytesIO()
    with ZipFile(BytesIO(workbook_of([["x"]]))) as package, ZipFile(file, "w", ZIP_BZIP2) as changed:
        for name in package.namelist():
            changed.writestr(name, package.read(name))
    return file.getvalue()


def with_a_password() -> bytes:
    """The bit that says so, set in each part's entry in the directory."""
    content = bytearray(workbook_of([["x"]]))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 1)
    return bytes(content)


FAULTY = {
    "empty": (workbook_of([]), FileFault.EMPTY, None),
    "cut short": (workbook_of([["0401234567"]])[:-200], FileFault.BROKEN_WORKBOOK, None),
    "its middle overwritten": (
        (whole := workbook_of([["0401234567"]]))[:200] + b"\x00" * 400 + whole[600:],
        FileFault.BROKEN_WORKBOOK,
        None,
    ),
    "XML that does not end": (with_parts({FIRST_SHEET: "<worksheet"}), FileFault.BROKEN_WORKBOOK, None),
    "entities": (with_parts({FIRST_SHEET: BOMB}), FileFault.BROKEN_WORKBOOK, None),
    "no workbook within": (with_parts({"[Content_Types].xml": "<a/>"}), FileFault.BROKEN_WORKBOOK, None),
    "compressed as no workbook is": (compressed_otherwise(), FileFault.BROKEN_WORKBOOK, None),
    "with a password": (with_a_password(), FileFault.PASSWORD_PROTECTED, None),
    "60 MB unpacked": (with_parts({FIRST_SHEET: sheet_of(" " * 60_000_000)}), FileFault.TOO_LARGE, None),
    "60 MB said to be few": (lying(200, 60_000_000), FileFault.BROKEN_WORKBOOK, None),
    "few said to be gigabytes": (lying(4_000_000_000, 200), FileFault.BROKEN_WORKBOOK, None),
    "a million elements": (with_parts({FIRST_SHEET: sheet_of("<row/>" * 1_600_000)}), FileFault.TOO_LARGE, None),
    "a long cell": (workbook_of([["x"], ["y" * 501]]), FileFault.TOO_LONG_CELL, 2),
    "a cell of a million": (
        with_parts({FIRST_SHEET: sheet_of(f'<row r="3"><c t="str"><v>{"1" * 1_000_000}</v></c></row>')}),
        FileFault.TOO_LONG_CELL,
        3,
    ),
    "a number of a million digits": (
        with_parts({FIRST_SHEET: sheet_of(f"<row><c><v>{'1' * 1_000_000}</v></c></row>")}),
        FileFault.BROKEN_WORKBOOK,
        None,
    ),
    "too many rows": (
        with_parts({FIRST_SHEET: sheet_of("".join(ROW.format(line) for line in range(3, 5_105)))}),
        FileFault.TOO_MANY_ROWS,
        5_004,
    ),
}


@pytest.mark.parametrize(("content", "fault", "line"), FAULTY.values(), ids=FAULTY.keys())
def test_a_workbook_that_cannot_be_read_is_refused(content: bytes, fault: FileFault, line: int | None) -> None:
    assert fault_of(content) == (fault, line)


SPARSE = {
    "the last row of all": ROW.format(1_048_576),
    "a row beyond the last": ROW.format(1) + ROW.format(10**12),
    "the last column of all": '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>',
    "a column beyond the last": '<row r="1"><c r="A1"><v>1</v></c><c r="ZZZ1"><v>1</v></c></row>',
}


@pytest.mark.parametrize("rows", SPARSE.values(), ids=SPARSE.keys())
def test_a_sheet_that_reaches_far_with_little_in_it_takes_no_long(rows: str) -> None:
    begun = process_time()
    table = read_table(with_parts({FIRST_SHEET: sheet_of(rows)}))

    assert len(table.rows) == 1
    assert len(table.rows[0].cells) <= 50
    assert process_time() - begun < 5


def test_a_part_that_is_named_over_and_over_is_not_read_without_end() -> None:
    """Each of 500 sheets is the same part, whose rows are all empty."""
    with ZipFile(BytesIO(workbook_of([["x"]]))) as package:
        workbook = package.read("xl/workbook.xml").decode()
    begin, end = workbook.index("<sheet "), workbook.index("</sheets>")
    sheet = workbook[begin:end]
    many = "".join(sheet.replace('name="Sheet"', f'name="S{place}"') for place in range(500))
    parts = {"xl/workbook.xml": workbook[:begin] + many + workbook[end:], FIRST_SHEET: sheet_of("<row/>" * 20_000)}
    begun = process_time()

    assert fault_of(with_parts(parts)) == (FileFault.TOO_LARGE, None)
    assert process_time() - begun < 20


def test_the_longest_list_is_read_within_two_seconds() -> None:
    content = workbook_of([401_000_000 + place, "kotka", "nuori", "fi"] for place in range(5_000))
    begun = process_time()

    assert len(read_table(content).rows) == 5_000
    assert process_time() - begun < 2


def test_the_librarys_own_error_goes_no_further() -> None:
    with pytest.raises(FaultyFile) as refused:
        read_table(with_parts({FIRST_SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>04x0</v></c></row>'}))
    assert (refused.value.__cause__, refused.value.__suppress_context__) == (None, True)
