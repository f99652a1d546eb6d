"""The text of a file that does not say its encoding: UTF-8, UTF-16, or Windows-1252 as Excel on Windows saves CSV."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from handler.outside.table import FaultyFile, FileFault

# A letter beyond ASCII as UTF-8 writes it, or a byte that is none.
_BEYOND_ASCII = re.compile(
    rb"(?P<utf8>[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})|[\x80-\xff]"
)
_LINE_END = re.compile(rb"\r\n|\n|\r")
# No text has these; pictures, programs and documents do.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
# PDF, RTF, and web pages or XML, which some programs save under the name of a spreadsheet.
_OTHER = ("%PDF", "{\\rtf", "<")
_END_OF_FILE = "\x1a"


def decoded(content: bytes) -> tuple[str, str]:
    """The text without its byte order mark, and the encoding by Python's name. Raises FaultyFile."""
    encoding = _encoding(content)
    try:
        text = content.decode(encoding).removeprefix("\ufeff").rstrip(_END_OF_FILE)
    except UnicodeDecodeError:
        raise FaultyFile(FileFault.NOT_A_TABLE) from None
    if _CONTROL.search(text) or text.lstrip().startswith(_OTHER):
        raise FaultyFile(FileFault.NOT_A_TABLE)
    return text, encoding


def _encoding(content: bytes) -> str:
    if content.startswith(BOM_UTF16_LE):
        return "utf-16-le"
    if content.startswith(BOM_UTF16_BE):
        return "utf-16-be"
    if b"\0" in content:
        return _without_mark(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if not _has_utf8(content):
            return "cp1252"
    return "utf-8"


def _without_mark(content: bytes) -> str:
    """In UTF-16, every other byte of a list of numbers and western names is NUL."""
    high_first, low_first = content[::2].count(0), content[1::2].count(0)
    return "utf-16-be" if high_first > low_first else "utf-16-le"


def _has_utf8(content: bytes) -> bool:
    """Whether a file that is not all UTF-8 has some of it. Raises FaultyFile when it has the other too: read either
    way, half of it would be wrong."""
    kinds: set[bool] = set()
    for found in _BEYOND_ASCII.finditer(content):
        kinds.add(found["utf8"] is not None)
        if len(kinds) > 1:
            line = len(_LINE_END.findall(content, 0, found.start())) + 1
            raise FaultyFile(FileFault.MIXED_ENCODINGS, line)
    return True in kinds
