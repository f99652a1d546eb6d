"""A file of rows as staff have it: CSV of any make, or an Excel workbook. Its content tells which, never its name."""

from zipfile import BadZipFile, ZipFile

from handler.outside.csv_text import read_csv
from handler.outside.table import MOST_BYTES, FaultyFile, FileFault, Table

__all__ = ["read_table"]

# Compound File Binary: Excel 97-2003, Word 97-2003, and the shell around a workbook with a password ([MS-CFB] 2.2).
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"


def read_table(content: bytes) -> Table:
    """The rows with content, each with its line. Raises FaultyFile and nothing else, in bounded time and memory."""
    if len(content) > MOST_BYTES:
        raise FaultyFile(FileFault.TOO_LARGE, most=MOST_BYTES)
    if content.startswith(_COMPOUND):
        raise FaultyFile(_compound(content))
    if not content.startswith(_ZIP):
        return read_csv(content)
    if fault := _packed(content):
        raise FaultyFile(fault)
    from handler.outside.workbook import read_workbook

    return read_workbook(content)


def _compound(content: bytes) -> FileFault:
    """The names of its streams stand in its directory as UTF-16 ([MS-OFFCRYPTO] 2.3.4.4, [MS-XLS] 2.1.2)."""

    def has(name: str) -> bool:
        return f"{name}\0".encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return FileFault.PASSWORD_PROTECTED
    return FileFault.OLD_EXCEL if has("Workbook") or has("Book") else FileFault.NOT_A_TABLE


def _packed(content: bytes) -> FileFault | None:
    """What a ZIP that is no workbook is. An .xlsb has the old format's kind of content in the new one's package."""
    from io import BytesIO

    try:
        with ZipFile(BytesIO(content)) as package:
            names = set(package.namelist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return FileFault.BROKEN_WORKBOOK
    if _OPEN_DOCUMENT in content[:200] or "content.xml" in names:
        return FileFault.OPEN_DOCUMENT
    if "xl/workbook.bin" in names:
        return FileFault.OLD_EXCEL
    is_workbook = "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)
    return None if is_workbook else FileFault.NOT_A_TABLE
