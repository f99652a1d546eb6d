"""CSV of any make: which delimiter, where a quote was never closed, and on which line each row stands."""

import csv
import re
from collections.abc import Iterator

from handler.outside.encodings import decoded
from handler.outside.table import LONGEST_CELL, MOST_COLUMNS, FaultyFile, FileFault, FileKind, Table, filled_rows

# What Excel writes, and reads, as the first line: sep=;
_SEPARATOR = re.compile(r'"?sep=([;,\t|])"?\s*', re.IGNORECASE)
_DELIMITERS = (";", "\t", ",")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_LOOKED_AT = 200
# Roughly a phone number, or what is left of one in exponent form: enough to tell the delimiters apart.
_NUMBERISH = re.compile(
    r"[\"'=(+ ]*(?:tel:)?\+?[\d ()./\-\u00a0\u2010-\u2015\u202f]{6,}\"?|\d[.,]\d+E\+\d+ *", re.IGNORECASE
)
_SWALLOWED = re.compile(r"[\r\n].*(?:\d[ -]?){7}", re.DOTALL)
_ONE_COLUMN = "\x1f"  # stands in no text that got here


def read_csv(content: bytes) -> Table:
    """Raises FaultyFile."""
    text, encoding = decoded(content)
    lines = _LINE.findall(text)
    separator = _SEPARATOR.fullmatch(lines[0]) if lines else None
    delimiter = separator[1] if separator else _likeliest_delimiter(lines)
    first = 1 if separator else 0
    rows = filled_rows(_rows(lines[first:], delimiter, first_line=first + 1))
    if not rows:
        raise FaultyFile(FileFault.EMPTY)
    return Table(FileKind.CSV, rows, encoding=encoding, delimiter=delimiter)


def _rows(lines: list[str], delimiter: str, *, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins. A row that runs on over the last line has an open quote."""
    end = len(lines)
    reader = csv.reader([*lines, "\n"], delimiter=delimiter or _ONE_COLUMN)
    begin = 0
    while begin < end:
        line = first_line + begin
        try:
            cells = next(reader)
        except csv.Error:  # a cell of more than 131,072 characters
            raise FaultyFile(FileFault.TOO_LONG_CELL, line, most=LONGEST_CELL) from None
        begin = reader.line_num
        if begin > end or any(_holds_rows(cell, delimiter) for cell in cells):
            raise FaultyFile(FileFault.TOO_LONG_CELL, line, most=LONGEST_CELL)
        yield line, cells


def _holds_rows(cell: str, delimiter: str) -> bool:
    """Whether a quote that was not closed until another row's has swallowed rows: they would be lost unseen."""
    return len(cell) <= LONGEST_CELL and delimiter in cell and _SWALLOWED.search(cell) is not None


def _likeliest_delimiter(lines: list[str]) -> str:
    """The one by which most rows have a cell that looks like a number, then the one that most rows have at all."""
    sample = [line for line in lines if line.strip()][:_LOOKED_AT]
    weights = {delimiter: _weigh(sample, delimiter) for delimiter in ("", *_DELIMITERS)}
    return max(weights, key=lambda delimiter: weights[delimiter])


def _weigh(lines: list[str], delimiter: str) -> tuple[int, int]:
    numbers = divided = 0
    try:
        for cells in csv.reader(lines, delimiter=delimiter or _ONE_COLUMN):
            numbers += any(_NUMBERISH.fullmatch(cell[:60]) for cell in cells[:MOST_COLUMNS])
            divided += len(cells) > 1
    except csv.Error:
        pass  # a cell without end; reading the rows names its line
    return numbers, divided
