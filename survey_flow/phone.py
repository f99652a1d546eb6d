"""Phone numbers: one type, E.164, from what the carrier says or from what a person typed."""

import re
from enum import StrEnum
from typing import NewType

# "+" and 7 to 15 digits (ITU-T E.164).
PhoneNumber = NewType("PhoneNumber", str)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def from_carrier(text: str) -> PhoneNumber | None:
    """The number, or None for a sender that is none (an operator's name, a short code)."""
    return PhoneNumber(text) if _E164.fullmatch(text) else None


def is_listed(number: PhoneNumber, calling_codes: tuple[str, ...]) -> bool:
    """Whether the number is of a country on the allow-list ("+358" holds Åland too)."""
    return number.startswith(calling_codes)


class PhoneFault(StrEnum):
    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_MOBILE = "not_mobile"
    FOREIGN = "foreign"


class NotAPhoneNumber(ValueError):
    """What was typed is no number that a survey can go to; `fault` says why. Never holds the number itself."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
