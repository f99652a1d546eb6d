"""A phone number as people write it: on a poster, in a sentence."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from survey_flow.phone import PhoneNumber

_HOME = 358


def written(number: PhoneNumber) -> str:
    """A Finnish number as Finns write it, a foreign one with its country code.

    >>> written(PhoneNumber("+358451234567"))
    '045 123 4567'
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    if parsed.country_code != _HOME:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    # The library writes "045 1234567": seven digits in a row are hard to copy from a wall.
    area, _, rest = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL).partition(" ")
    half = len(rest) // 2
    return " ".join(part for part in (area, rest[:half], rest[half:]) if part)
