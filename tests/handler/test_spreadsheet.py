"""CSV files of any make, and files that are none."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from handler.outside.spreadsheet import read_table
from handler.outside.table import MOST_BYTES, FaultyFile, FileFault, FileKind, Table

Lines = list[tuple[int, tuple[str, ...]]]


def lines(table: Table) -> Lines:
    return [(row.line, row.cells) for row in table.rows]


def fault_of(content: bytes) -> tuple[FileFault, int | None]:
    with pytest.raises(FaultyFile) as refused:
        read_table(content)
    return refused.value.fault, refused.value.line


TWO = [(1, ("Puhelin", "Yksikkö")), (2, ("0401234567", "Kotka"))]
TEXT = "Puhelin;Yksikkö\r\n0401234567;Kotka\r\n"
UTF8, UTF16_LE, UTF16_BE, WINDOWS = "utf-8", "utf-16-le", "utf-16-be", "cp1252"

ENCODINGS = {
    "UTF-8": (TEXT.encode(), UTF8),
    "UTF-8 with its mark": (TEXT.encode("utf-8-sig"), UTF8),
    "UTF-16, little end first": (b"\xff\xfe" + TEXT.encode("utf-16-le"), UTF16_LE),
    "UTF-16, big end first": (b"\xfe\xff" + TEXT.encode("utf-16-be"), UTF16_BE),
    "UTF-16, little end first, no mark": (TEXT.encode("utf-16-le"), UTF16_LE),
    "UTF-16, big end first, no mark": (TEXT.encode("utf-16-be"), UTF16_BE),
    "Windows-1252": (TEXT.encode("cp1252"), WINDOWS),
}
SHAPES = {
    "semicolons": (TEXT, ";"),
    "commas": ("Puhelin,Yksikkö\n0401234567,Kotka\n", ","),
    "tabs": ("Puhelin\tYksikkö\n0401234567\tKotka\n", "\t"),
    "old Mac's line ends": ("Puhelin;Yksikkö\r0401234567;Kotka\r", ";"),
    "no end of the last line": ("Puhelin;Yksikkö\n0401234567;Kotka", ";"),
    "the old mark at the end": ("Puhelin;Yksikkö\n0401234567;Kotka\n\x1a", ";"),
    "quotes": ('"Puhelin","Yksikkö"\n"0401234567","Kotka"\n', ","),
}
DELIMITERS = {
    "one column": ("0401234567\n0402345678\n", "", (1, ("0401234567",))),
    "one column, digits lost": ("4,01E+08\n4,02E+08\n", "", (1, ("4,01E+08",))),
    "one column, kept as text": ('="0401234567"\n', "", (1, ('="0401234567"',))),
    "two columns of numbers": ("0401234567\t0402345678\n", "\t", (1, ("0401234567", "0402345678"))),
    "commas in a name": ("040 123 4567;Meikäläinen, Matti\n", ";", (1, ("040 123 4567", "Meikäläinen, Matti"))),
    "semicolons in a note": ("0401234567,ei; kysy\n", ",", (1, ("0401234567", "ei; kysy"))),
    "no number": ("Matti;M, n\nMaija;M\n", ";", (1, ("Matti", "M, n"))),
    "a quoted delimiter": ('"Kotka, keskusta",0401234567\n', ",", (1, ("Kotka, keskusta", "0401234567"))),
    "a quote in quotes": ('0401234567;"""Masa"" M"\n', ";", (1, ("0401234567", '"Masa" M'))),
    "a quote within": ('0401234567;Matti "Masa" M\n', ";", (1, ("0401234567", 'Matti "Masa" M'))),
    "told by the first line": ("sep=;\n0401234567;a,b\n", ";", (2, ("0401234567", "a,b"))),
    "told against the look of it": ("sep=,\r\n0401234567;Kotka,1\r\n", ",", (2, ("0401234567;Kotka", "1"))),
}


@pytest.mark.parametrize(("content", "encoding"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_a_list_is_read_in_every_encoding_that_excel_writes(content: bytes, encoding: str) -> None:
    table = read_table(content)

    assert lines(table) == TWO
    assert (table.kind, table.encoding, table.delimiter) == (FileKind.CSV, encoding, ";")


@pytest.mark.parametrize(("text", "delimiter"), SHAPES.values(), ids=SHAPES.keys())
def test_a_list_is_read_in_every_shape(text: str, delimiter: str) -> None:
    table = read_table(text.encode())

    assert lines(table) == TWO
    assert table.delimiter == delimiter


@pytest.mark.parametrize(("text", "delimiter", "first"), DELIMITERS.values(), ids=DELIMITERS.keys())
def test_the_delimiter_is_the_one_that_leaves_numbers(text: str, delimiter: str, first: tuple[int, object]) -> None:
    table = read_table(text.encode())

    assert (table.delimiter, lines(table)[0]) == (delimiter, first)


def test_a_row_keeps_the_line_on_which_a_person_finds_it() -> None:
    text = '\r\nsep\r\n\r\n;;\r\n0401234567;"soita\r\nilta"\r\n \r\n0402345678;x'
    assert lines(read_table(text.encode())) == [
        (2, ("sep",)),
        (5, ("0401234567", "soita\r\nilta")),
        (8, ("0402345678", "x")),
    ]


def test_columns_beyond_the_fiftieth_are_not_read() -> None:
    assert len(read_table(b"1;" * 100).rows[0].cells) == 50


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
HUNDRED = "0401234567;x\n" * 100


def packed(parts: dict[str, str]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


FAULTY = {
    "nothing": (b"", FileFault.EMPTY, None),
    "a mark alone": (b"\xef\xbb\xbf", FileFault.EMPTY, None),
    "blanks": (b" \r\n\t\r\n;;;\r\n", FileFault.EMPTY, None),
    "its delimiter alone": (b"sep=;\r\n", FileFault.EMPTY, None),
    "too many bytes": (b"0" * (MOST_BYTES + 1), FileFault.TOO_LARGE, None),
    "too many rows": (b"0401234567\n" * 5_002, FileFault.TOO_MANY_ROWS, 5_002),
    "a long cell": (f"{HUNDRED}0401234567;{'x' * 501}".encode(), FileFault.TOO_LONG_CELL, 101),
    "a cell of a million": (f"{HUNDRED}{'1' * 1_000_000}".encode(), FileFault.TOO_LONG_CELL, 101),
    "a quoted cell of a million": (f'\n"{"1" * 1_000_000}"'.encode(), FileFault.TOO_LONG_CELL, 2),
    "an open quote": (f'{HUNDRED}0401234567;"x\n{HUNDRED}'.encode(), FileFault.TOO_LONG_CELL, 101),
    "an open quote near the end": (b'040;x\n0401234567;"x\n0402345678;y\n', FileFault.TOO_LONG_CELL, 2),
    "an open quote on the last line": (b'0401234567;x\n0402345678;"y', FileFault.TOO_LONG_CELL, 2),
    "a quote that swallowed rows": (
        b'0401234567;"x\n040 234 5678;y\n0403456789;"z"\n',
        FileFault.TOO_LONG_CELL,
        1,
    ),
    "NUL in a text": (b"0401234567\x00\n0402345678\n", FileFault.NOT_A_TABLE, None),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", FileFault.NOT_A_TABLE, None),
    "a photograph": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", FileFault.NOT_A_TABLE, None),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n<< >>\n", FileFault.NOT_A_TABLE, None),
    "a web page named .xls": (b"\r\n<html><table><tr><td>0401234567", FileFault.NOT_A_TABLE, None),
    "a letter in RTF": (b"{\\rtf1 0401234567}", FileFault.NOT_A_TABLE, None),
    "half of UTF-16": (b"\xff\xfe0\x004\x000", FileFault.NOT_A_TABLE, None),
    "bytes of no letter": (b"0401234567;\x81\x8d\n", FileFault.NOT_A_TABLE, None),
    "an old workbook": (OLE + "Workbook\0".encode("utf-16-le"), FileFault.OLD_EXCEL, None),
    "a workbook with a password": (OLE + "EncryptedPackage\0".encode("utf-16-le"), FileFault.PASSWORD_PROTECTED, None),
    "an old letter": (OLE + "WordDocument\0".encode("utf-16-le"), FileFault.NOT_A_TABLE, None),
    "an OpenDocument": (
        packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
        FileFault.OPEN_DOCUMENT,
        None,
    ),
    "a binary workbook": (packed({"[Content_Types].xml": "", "xl/workbook.bin": ""}), FileFault.OLD_EXCEL, None),
    "a letter": (packed({"[Content_Types].xml": "", "word/document.xml": ""}), FileFault.NOT_A_TABLE, None),
    "a ZIP of a list": (packed({"lista.csv": TEXT}), FileFault.NOT_A_TABLE, None),
    "an empty ZIP": (packed({}), FileFault.NOT_A_TABLE, None),
}


@pytest.mark.parametrize(("content", "fault", "line"), FAULTY.values(), ids=FAULTY.keys())
def test_what_is_no_list_is_refused_by_its_content(content: bytes, fault: FileFault, line: int | None) -> None:
    assert fault_of(content) == (fault, line)


MIXED = {
    "UTF-8, then Windows": ("ä;1\nb;2\nö;3\n".encode() + "å;4\n".encode("cp1252"), 4),
    "Windows, then UTF-8": ("ä;1\r\nb;2\r\n".encode("cp1252") + "å;3\r\n".encode(), 3),
    "both on a line": (b"a;1\rb;" + "ä".encode() + "ä".encode("cp1252"), 2),
    "a mark, then Windows": (b"\xef\xbb\xbfa;1\n" + "ä;2\n".encode("cp1252"), 2),
}


@pytest.mark.parametrize(("content", "line"), MIXED.values(), ids=MIXED.keys())
def test_two_encodings_in_a_file_are_refused_with_the_first_line_that_differs(content: bytes, line: int) -> None:
    assert fault_of(content) == (FileFault.MIXED_ENCODINGS, line)


def test_nothing_of_the_file_can_get_into_a_log() -> None:
    assert "040" not in repr(read_table(TEXT.encode()))
    with pytest.raises(FaultyFile) as refused:
        read_table(f'0401234567;"{"x" * 1_000_000}'.encode())
    assert (str(refused.value), refused.value.__cause__, refused.value.__suppress_context__) == (
        "too_long_cell",
        None,
        True,
    )
