"""The rows of an Excel workbook, read by openpyxl from a copy that was unpacked within bounds.

A ZIP's directory may lie about sizes, its parts may overlap, and its XML may hold far more elements than its bytes let
one think: none of it reaches the library before it is measured.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from handler.outside.table import MOST_COLUMNS, FaultyFile, FileFault, FileKind, Table, filled_rows

MOST_UNPACKED = 50 * 1024 * 1024
# 5,000 rows of 30 texts have 1.2 million. Of the slowest that a sheet can hold, so many take openpyxl ten seconds.
MOST_TAGS = 1_500_000
# The parts of which there is one element a cell; of the others (formats, names of sheets) there are few.
_CELLS = ("xl/worksheets/", "xl/sharedStrings")
MOST_OTHER_TAGS = 200_000
_ENCRYPTED = 0x1
# Excel's own last row.
_LAST_ROW = 1_048_576
# A formula copied down a column stands there once, and openpyxl would write it out for every row. That it is a formula
# is all that we need to know.
_SHARED_FORMULA = re.compile(rb"""\bt\s*=\s*(["'])shared\1""")


def read_workbook(content: bytes) -> Table:
    """The first visible sheet that has content. Raises FaultyFile."""
    try:
        return _first_filled(_unpacked(content))
    except FaultyFile:
        raise
    except Exception:  # the library raises whatever the file's faults lead to, and its texts hold what stands in it
        raise FaultyFile(FileFault.BROKEN_WORKBOOK) from None


def _first_filled(package: BytesIO) -> Table:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that it does not keep
        workbook = load_workbook(package, read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in workbook.worksheets:
                if sheet.sheet_state == "visible" and (rows := filled_rows(_lines(sheet))):
                    return Table(FileKind.XLSX, rows, sheet=sheet.title)
        finally:
            workbook.close()
    raise FaultyFile(FileFault.EMPTY)


def _lines(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Bounded here, whatever size the sheet says that it has."""
    rows = sheet.iter_rows(min_row=1, max_row=_LAST_ROW, min_col=1, max_col=MOST_COLUMNS, values_only=True)
    for line, values in enumerate(rows, start=1):
        if any(value is not None for value in values):
            yield line, [_text(value) for value in values]


def _text(value: object) -> str:
    """The value as a person would type it: 401234567 without ".0" or exponent, dates as ISO 8601."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(value, ".0f") if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, date | time):
        return _iso(value)
    if hasattr(value, "ref"):  # a formula over several cells
        return getattr(value, "text", None) or "="
    return "" if value is None else str(value)


def _iso(value: date | time) -> str:
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat()


# --- unpacking within bounds


class _ReadFewTimes(BytesIO):
    """Openpyxl opens a part each time that something refers to it: a file can have it read without end."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.left = 4 * len(content) + 1_000_000

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.left -= len(data)
        if self.left < 0:
            raise FaultyFile(FileFault.TOO_LARGE, most=MOST_UNPACKED)
        return data


def _unpacked(content: bytes) -> BytesIO:
    """The same package, not compressed, with sizes that are true."""
    copy = BytesIO()
    with ZipFile(BytesIO(content)) as package, ZipFile(copy, "w", ZIP_STORED) as plain:
        for name, part in _parts(package):
            plain.writestr(name, part)
    return _ReadFewTimes(copy.getvalue())


def _parts(package: ZipFile) -> Iterator[tuple[str, bytes]]:
    left, tags, others = MOST_UNPACKED, MOST_TAGS, MOST_OTHER_TAGS
    for name in dict.fromkeys(package.namelist()):
        part = _part(package, name, left)
        left -= len(part)
        tags -= part.count(b"<")
        others -= 0 if name.startswith(_CELLS) else part.count(b"<")
        if min(left, tags, others) < 0:
            raise FaultyFile(FileFault.TOO_LARGE, most=MOST_UNPACKED)
        # No workbook declares a document type; with one, a few bytes of XML can stand for gigabytes.
        if b"<!DOCTYPE" in part.replace(b"\0", b""):
            raise FaultyFile(FileFault.BROKEN_WORKBOOK)
        yield name, _SHARED_FORMULA.sub(b"", part)


def _part(package: ZipFile, name: str, most: int) -> bytes:
    """One byte more than `most` at the most: reading all would unpack all, whatever the directory says."""
    entry = package.getinfo(name)
    if entry.flag_bits & _ENCRYPTED:
        raise FaultyFile(FileFault.PASSWORD_PROTECTED)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # the others unpack without a bound
        raise FaultyFile(FileFault.BROKEN_WORKBOOK)
    with package.open(entry) as unpacking:
        part = unpacking.read(most + 1)
    if len(part) < min(entry.file_size, most):
        raise FaultyFile(FileFault.BROKEN_WORKBOOK)
    return part
