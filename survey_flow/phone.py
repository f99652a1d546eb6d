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


# Numbers that are charged or shared rather than somebody's own: the ITU's international services (freephone, shared
# cost, personal, humanitarian and premium numbers), and Finland's business, service and premium numbers. Whoever has
# one may be paid for each text that is sent to it.
# Sources: ITU-T E.164, list of assigned country codes; Traficom, Regulation 32 on public telephone network numbering.
_SERVICES = ("+800", "+808", "+878", "+888", "+979")
_SERVICES_OF_FINLAND = ("10", "20", "29", "30", "39", "60", "70", "71", "73", "75", "80")


def is_service(number: PhoneNumber) -> bool:
    """Whether it is a number that nobody's own phone has."""
    return number.startswith((*_SERVICES, *(f"+358{area}" for area in _SERVICES_OF_FINLAND)))


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
