"""What a phone number is, told by the number alone."""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType


class Line(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    INVALID = "invalid"


_MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_TYPED = re.compile(r"\+(?!3580)[1-9][0-9]{8,14}")  # not only valid ones: a phone may be made up
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def e164(text: str) -> str | None:
    """The number without the spaces, dashes and brackets that Twilio forgives; None if that is not E.164."""
    plain = re.sub(r"[\s().-]", "", text)
    return plain if _E164.fullmatch(plain) else None


def typed(text: str) -> str | None:
    """A number as a person types it in Finland: 040 123 4567 and +358 40 123 4567 are the same."""
    try:
        parsed = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return number if _TYPED.fullmatch(number) else None


def line_of(number: str) -> Line:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return Line.INVALID
    if not phonenumbers.is_valid_number(parsed):
        return Line.INVALID
    return Line.MOBILE if phonenumbers.number_type(parsed) in _MOBILE_TYPES else Line.LANDLINE


def country_of(number: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def spaced(number: str) -> str:
    """The number as people read it; as it is, if it is not one."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
