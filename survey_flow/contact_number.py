"""The number in a cell, as spreadsheets and the systems that export to them write it."""

import re
from enum import StrEnum

from survey_flow.phone import NotAPhoneNumber, PhoneNumber


class ContactFault(StrEnum):
    """Why a line is left out; the sentence for it is in templates/pages/."""

    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_MOBILE = "not_mobile"
    FOREIGN = "foreign"
    ROUNDED = "rounded"
    FORMULA = "formula"
    DUPLICATE = "duplicate"


class NotAContact(ValueError):
    """The cell holds no number that a survey can go to. Never holds the cell itself."""

    def __init__(self, fault: ContactFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


# How exports keep Excel from dropping the zero: ="0401234567".
_KEPT_AS_TEXT = re.compile(r'=\s*"([^"=+@]*|\+[^"=+@]*)"')
# 4,01E+08: what is left of a number in a column that was too narrow when the file was saved as CSV.
_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+")
_BEFORE = re.compile(r"(?:tel:|['’‘´`])\s*", re.IGNORECASE)
# 401234567.0, a number that a program took for a decimal. Read as it stands it would be somebody else's number.
_DECIMAL = re.compile(r"(\+?\d{7,})[.,]0")
_NOTHING = re.compile(r"[-\u2010-\u2015.\s]*")
_FORMULA = re.compile(r"[=@]|[+-].*[^\W\d_]")


def number_in(cell: str, calling_codes: tuple[str, ...]) -> PhoneNumber:
    """The number of a mobile phone in an allowed country. Raises NotAContact."""
    from survey_flow.typed_number import typed_number

    text = _bare(" ".join(cell.split()))
    if _ROUNDED.fullmatch(text):
        raise NotAContact(ContactFault.ROUNDED)
    if is_formula(text):
        raise NotAContact(ContactFault.FORMULA)
    if _NOTHING.fullmatch(text):
        raise NotAContact(ContactFault.MISSING)
    try:
        return typed_number(text, calling_codes)
    except NotAPhoneNumber as error:
        raise NotAContact(ContactFault(error.fault.value)) from None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would reckon the cell: "=A1", "@SUM(A1)", "+A1"; "+358..." is a number."""
    return _FORMULA.match(text) is not None


def _bare(text: str) -> str:
    """Without what spreadsheets put around a number. Blanks are plain ones already: the library knows few others."""
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        text = kept[1].strip()
    if before := _BEFORE.match(text):
        text = text[before.end() :]
    decimal = _DECIMAL.fullmatch(text)
    return decimal[1] if decimal else text
