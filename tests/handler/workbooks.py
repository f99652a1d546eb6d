"""Workbooks for the tests: as openpyxl writes them, with parts replaced, with strings shared as in Excel."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

FIRST_SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHARED_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def saved(workbook: Workbook) -> bytes:
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def workbook_of(rows: Iterable[Sequence[object]]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(list(row))
    return saved(workbook)


def with_parts(parts: Mapping[str, str]) -> bytes:
    """A workbook in which these parts stand instead of its own, or beside them."""
    file = BytesIO()
    with ZipFile(BytesIO(workbook_of([["x"]]))) as package, ZipFile(file, "w", ZIP_DEFLATED) as changed:
        for name in package.namelist():
            if name not in parts:
                changed.writestr(name, package.read(name))
        for name, part in parts.items():
            changed.writestr(name, part)
    return file.getvalue()


def sheet_of(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'


def with_shared_strings(texts: Sequence[str]) -> bytes:
    """One column of texts, each kept in the table of strings."""
    with ZipFile(BytesIO(workbook_of([["x"]]))) as package:
        types = package.read("[Content_Types].xml").decode()
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHARED_STRINGS}"/></Types>'
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    rows = "".join(f'<row><c t="s"><v>{place}</v></c></row>' for place in range(len(texts)))
    return with_parts(
        {
            "[Content_Types].xml": types.replace("</Types>", override),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
            FIRST_SHEET: sheet_of(rows),
        }
    )
