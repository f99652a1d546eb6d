"""What a file of rows is read into, by whichever reader; and why it may not be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from survey_flow.contact_row import MOST_ROWS, Row

MOST_BYTES = 2 * 1024 * 1024
MOST_COLUMNS = 50
LONGEST_CELL = 500


class FileFault(StrEnum):
    """The sentence for each is in templates/pages/."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_LONG_CELL = "too_long_cell"
    NOT_A_TABLE = "not_a_table"
    OLD_EXCEL = "old_excel"
    OPEN_DOCUMENT = "open_document"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 (the fault's name)
    BROKEN_WORKBOOK = "broken_workbook"
    MIXED_ENCODINGS = "mixed_encodings"


class FaultyFile(Exception):
    """The file is not read. `line` is where a person finds the fault; `most` the bound that was passed. Never holds
    what stands in the file."""

    def __init__(self, fault: FileFault, line: int | None = None, *, most: int | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.line = line
        self.most = most


class FileKind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with content, and how they were read. Of a CSV file: `encoding` by Python's name, `delimiter`, "" when there
    is one column. Of a workbook: `sheet`, the first that has content."""

    kind: FileKind
    rows: tuple[Row, ...] = field(repr=False)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def filled_rows(lines: Iterable[tuple[int, Sequence[str]]]) -> tuple[Row, ...]:
    """The rows in which anything stands. Reads no further than the bounds. Raises FaultyFile."""
    rows: list[Row] = []
    for line, cells in lines:
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise FaultyFile(FileFault.TOO_LONG_CELL, line, most=LONGEST_CELL)
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) > MOST_ROWS:  # one more than the bound: the header
            raise FaultyFile(FileFault.TOO_MANY_ROWS, line, most=MOST_ROWS)
        rows.append(Row(line, tuple(cells[:MOST_COLUMNS])))
    return tuple(rows)
