"""Lists that were made to hurt the reader: quotes within quotes, marks in the middle, bombs, entities, broken ZIPs."""

import csv
import random
from io import BytesIO, StringIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handler.outside.spreadsheet import read_table
from handler.outside.table import LONGEST_CELL, FaultyFile, FileFault, Table
from tests.handler.workbooks import FIRST_SHEET, MAIN, sheet_of, with_parts, workbook_of
from tests.hostile.trying import tried

LIST = [["Puhelin", "Yksikkö"], ["0401234567", "kotka"]]
WORKBOOK = workbook_of(LIST)


def outcome(content: bytes) -> FileFault | None:
    """What is wrong with the file, or None if it is a table."""
    try:
        table = read_table(content)
    except FaultyFile as fault:
        return fault.fault
    assert isinstance(table, Table)
    return None


# --- CSV

QUOTED = st.text(st.sampled_from('"";,\t\n\r \'=ax1'), max_size=20)


@tried(200)
@given(cells=st.lists(st.lists(QUOTED, min_size=2, max_size=4), min_size=1, max_size=8))
def test_quotes_within_quotes_are_read_back_or_refused(cells: list[list[str]]) -> None:
    """Never a cell that was not written: refused when a row might have been swallowed."""
    file = StringIO()
    csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["0401234567", *row] for row in cells])
    try:
        table = read_table(b"sep=;\r\n" + file.getvalue().encode())
    except FaultyFile:
        return
    assert [row.cells[1:] for row in table.rows] == [tuple(row) for row in cells]


@tried(150)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp437"]),
    cut=st.integers(0, 3),
)  # fmt: skip
def test_any_text_in_any_encoding_is_a_table_or_a_fault(text: str, encoding: str, cut: int) -> None:
    content = f"0401234567;{text}\n".encode(encoding, "replace")
    outcome(content[cut:])
    outcome(content + b"\xef\xbb\xbf0402345678;x\n")
    outcome(b"\x00" * cut + content)


LONG_CELLS = {
    "the longest": ("x" * LONGEST_CELL, None),
    "one too long": ("x" * (LONGEST_CELL + 1), FileFault.TOO_LONG_CELL),
    "Excel's longest": ("x" * 32_767, FileFault.TOO_LONG_CELL),
    "blanks": (" " * 32_767, FileFault.TOO_LONG_CELL),
    "digits": ("1" * 32_767, FileFault.TOO_LONG_CELL),
    "quotes": ('"' * 32_767, FileFault.TOO_LONG_CELL),
}


@pytest.mark.parametrize(("cell", "fault"), LONG_CELLS.values(), ids=LONG_CELLS)
def test_a_cell_has_a_bound_in_every_kind_of_file(cell: str, fault: FileFault | None) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    assert outcome(f"0401234567;{quoted}\n".encode()) is fault
    assert outcome(workbook_of([["0401234567", cell]])) is fault


# --- packages


def package(parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", method) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return file.getvalue()


ROW = "<row><c><v>&b;</v></c></row>"
LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
ENTITIES = {
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY a "ha">{LAUGHS}]>{sheet_of(ROW)}',
    "a file of the server's": f'<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>{sheet_of(ROW)}',
    "another server": f'<!DOCTYPE x [<!ENTITY b SYSTEM "http://127.0.0.1:9/">]>{sheet_of(ROW)}',
    "a parameter": f'<!DOCTYPE x [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]>{sheet_of(ROW)}',
    "a type elsewhere": f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{sheet_of("")}',
}


@pytest.mark.parametrize("sheet", ENTITIES.values(), ids=ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_no_entity_is_ever_unfolded(sheet: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    with ZipFile(BytesIO(with_parts({}))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    assert outcome(package({**parts, FIRST_SHEET: (head + sheet).encode(encoding)})) is FileFault.BROKEN_WORKBOOK


def test_an_entity_in_a_part_beside_the_sheet_is_refused_too() -> None:
    for part in (
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "[Content_Types].xml",
        "docProps/core.xml",
    ):
        assert outcome(with_parts({part: ENTITIES["a billion laughs"]})) is FileFault.BROKEN_WORKBOOK


BOMBS = {
    "one part of 60 MB": {FIRST_SHEET: b" " * 60_000_000},
    "many parts": {f"xl/worksheets/sheet{number}.xml": b" " * 6_000_000 for number in range(1, 11)},
    "a part that nobody reads": {"xl/media/image1.png": b"\0" * 60_000_000},
    "elements without end": {FIRST_SHEET: sheet_of("<row/>" * 1_600_000).encode()},
}


@pytest.mark.parametrize("parts", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_measured_before_it_is_read(parts: dict[str, bytes]) -> None:
    assert outcome(package({"[Content_Types].xml": b"", "xl/workbook.xml": b"", **parts})) is FileFault.TOO_LARGE


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA], ids=["bzip2", "LZMA"])
def test_what_unpacks_without_a_bound_is_not_unpacked(method: int) -> None:
    parts = {"[Content_Types].xml": b"", "xl/workbook.xml": b" " * 1_000_000}
    assert outcome(package(parts, method)) is FileFault.BROKEN_WORKBOOK


def test_names_that_lead_elsewhere_are_never_followed() -> None:
    parts = {
        "[Content_Types].xml": b"",
        "xl/../../../etc/passwd": b"x",
        "/xl/workbook.xml": b"x",
        "xl/workbook.xml": b"x",
    }
    assert outcome(package(parts, ZIP_STORED)) is FileFault.BROKEN_WORKBOOK


def test_two_parts_of_one_name_are_no_way_around_the_bounds() -> None:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"")
        made.writestr(ZipInfo("xl/workbook.xml"), b"<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr(ZipInfo("xl/workbook.xml"), b" " * 60_000_000)
    assert outcome(file.getvalue()) in (FileFault.TOO_LARGE, FileFault.BROKEN_WORKBOOK)


def test_a_package_cut_anywhere_is_refused() -> None:
    for end in range(4, len(WORKBOOK) - 1, max(1, len(WORKBOOK) // 150)):
        assert outcome(WORKBOOK[:end]) is not None


@tried(60)
@given(seed=st.integers(0, 2**32 - 1), flips=st.integers(1, 12))
def test_a_package_with_bits_turned_over_is_a_table_or_a_fault(seed: int, flips: int) -> None:
    dice, content = random.Random(seed), bytearray(WORKBOOK)  # noqa: S311 no secret
    for _ in range(flips):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    outcome(bytes(content))


CELLS = st.lists(
    st.sampled_from(
        [f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("0401234567", "&#x1;", "&#x10FFFF;", "&b;")]
        + ['<c t="s"><v>99999999999</v></c>', '<c t="n"><v>1e9999</v></c>', '<c t="d"><v>0000-00-00</v></c>',
           '<c s="-1"><v>1</v></c>', '<c s="999999"><v>1</v></c>', '<c r="ZZZZ1"><v>1</v></c>', "<c><f>1/0</f></c>",
           "<![CDATA[</row>]]>", "<!-- -- -->", "<?x y?>", f'<x xmlns="{MAIN}x"/>', "\ufeff"]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@tried(60)
@given(cells=CELLS)
def test_odd_cells_are_a_table_or_a_fault(cells: str) -> None:
    outcome(with_parts({FIRST_SHEET: sheet_of(f"<row>{cells}</row>")}))
