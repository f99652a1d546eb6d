"""Files that nobody thought of: any bytes are a table or a fault, and a list that was written is read back."""

import csv
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handler.outside.spreadsheet import read_table
from handler.outside.table import FaultyFile, Table
from survey_flow.contact_list import contact_list
from survey_flow.library import Library
from tests.handler.workbooks import FIRST_SHEET, sheet_of, with_parts, with_shared_strings, workbook_of

PIECES = [
    b"0401234567", b";", b",", b"\t", b'"', b"\n", b"\r", b"\r\n", b"\x00", b"sep=;", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xe4", "ä".encode(), b"=A1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Puhelin", b"\x1a", b"\x81",
]  # fmt: skip
BYTES = st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
WORKBOOKS = [
    workbook_of([["Puhelin", "Yksikkö"], [401234567, "kotka"]]),
    with_shared_strings(["Puhelin", "0401234567"]),
]
XML = st.lists(
    st.sampled_from(
        ["<row>", "</row>", "<c>", '<c t="s">', '<c t="b">', '<c t="d">', '<c r="B9">', "</c>", "<v>", "</v>", "1",
         "-1", "1e999", "<f>", "</f>", "<f t='array'/>", "<f t='dataTable'/>", "<is/>", '<row r="9">', '<row r="-1">']
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=500)
@given(content=BYTES)
@example(b"\xff\xfe\x00\xd8")
@example(b'"\n')
def test_any_bytes_are_a_table_or_a_fault(content: bytes) -> None:
    try:
        table = read_table(content)
    except FaultyFile:
        return
    assert isinstance(table, Table)
    assert all(any(cell.strip() for cell in row.cells) for row in table.rows)
    assert [row.line for row in table.rows] == sorted({row.line for row in table.rows})


@settings(max_examples=200, deadline=None)
@given(workbook=st.sampled_from(WORKBOOKS), place=st.integers(min_value=0), damage=st.binary(min_size=1, max_size=30))
def test_a_damaged_workbook_is_a_table_or_a_fault(workbook: bytes, place: int, damage: bytes) -> None:
    at = place % len(workbook)
    try:
        read_table(workbook[:at] + damage + workbook[at + len(damage) :])
    except FaultyFile:
        return


@settings(max_examples=150, deadline=None)
@given(rows=XML)
def test_a_sheet_of_odd_cells_is_a_table_or_a_fault(rows: str) -> None:
    try:
        read_table(with_parts({FIRST_SHEET: sheet_of(rows)}))
    except FaultyFile:
        return


# --- written and read back

NUMBERS = st.lists(
    st.integers(min_value=1_000_000, max_value=9_999_999).map(lambda tail: f"+35840{tail}"),
    min_size=1,
    max_size=12,
    unique=True,
)
SPELLINGS = [
    lambda number: number,
    lambda number: f"0{number[4:]}",
    lambda number: f"0{number[4:6]} {number[6:9]} {number[9:]}",
    lambda number: number[1:],
    lambda number: f'="0{number[4:]}"',
]
NAMES = st.text(st.sampled_from("aäöåÅé ;,\t\"'x"), max_size=8)
ROWS = NUMBERS.flatmap(
    lambda numbers: st.tuples(
        *[
            st.tuples(st.just(number), st.sampled_from(SPELLINGS).map(lambda spell, n=number: spell(n)), NAMES)
            for number in numbers
        ]
    )
)
Rows = tuple[tuple[str, str, str], ...]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@settings(max_examples=25, deadline=None)
@given(rows=ROWS, header=st.booleans())
def test_a_list_written_as_csv_gives_the_same_numbers(
    library: Library, delimiter: str, encoding: str, rows: Rows, header: bool
) -> None:
    file = StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=("\n", "\r\n", "\r")[len(rows) % 3])
    writer.writerows([("Nimi", "Puhelin")] * header)
    writer.writerows((name, written) for _, written, name in rows)

    table = read_table(file.getvalue().encode(encoding))

    found = contact_list(table.rows, library)
    assert [(one.line, one.number) for one in found.entries] == [
        (line, number) for line, (number, _, _) in enumerate(rows, start=1 + header)
    ]


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, header=st.booleans(), as_digits=st.booleans())
def test_a_list_written_as_a_workbook_gives_the_same_numbers(
    library: Library, rows: Rows, header: bool, as_digits: bool
) -> None:
    written = [(name, int(number[4:]) if as_digits else text) for number, text, name in rows]
    table = read_table(workbook_of([("Nimi", "Puhelin")] * header + written))

    assert [one.number for one in contact_list(table.rows, library).entries] == [number for number, _, _ in rows]
