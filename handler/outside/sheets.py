"""Tables for spreadsheet programs: CSV as Excel opens it in Finland, and a workbook. No text becomes a formula."""

import csv
import io
from collections.abc import Sequence

Cell = str | int | float | None

# A cell that begins like this is a formula to a spreadsheet program (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_WIDEST = 60


def as_csv(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Semicolons, decimal commas and a byte order mark: what Excel needs here to open it right by a double click."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def as_workbook(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet with a fixed first row; numbers are numbers, and every text is written as text."""
    import xlsxwriter  # only when somebody asks for it

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(title))
        bold = workbook.add_format({"bold": True, "bottom": 1})
        for column, word in enumerate(head):
            sheet.write_string(0, column, word, bold)
            longest = max([len(word), *(len(str(row[column] or "")) for row in rows)])
            sheet.set_column(column, column, min(longest + 2, _WIDEST))
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(head) - 1)
    return made.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return str(cell).replace(".", ",")


def _sheet_name(title: str) -> str:
    """Excel allows 31 characters, and not all of them."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)[:31].strip() or "1"
