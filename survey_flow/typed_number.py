"""A phone number as a person types it: "040 123 4567", "+358-40-1234567", "00358401234567"."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from survey_flow.phone import NotAPhoneNumber, PhoneFault, PhoneNumber, is_listed

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_HOME = "FI"
_LONGEST = 40
# Digits of any script with the usual signs between them. The library would read letters as keypad digits and cut off
# what follows "#", ",", ";" or "~" as an extension: neither is what was meant.
_NUMBER = re.compile(r"[\d\s()./+\uff0b\-\u2010-\u2015]+")
# A spreadsheet's "401234567.0": its nought would become a digit of another number.
_DECIMAL = re.compile(r"\d{7,}\.\d{1,2}")
# Marks of writing direction, which phones add when a number is copied out of the contacts.
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def typed_number(text: str, calling_codes: tuple[str, ...]) -> PhoneNumber:
    """The E.164 number of a mobile phone in an allowed country. Raises NotAPhoneNumber."""
    text = _INVISIBLE.sub("", text).strip()
    if not text:
        raise NotAPhoneNumber(PhoneFault.MISSING)
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text) or _DECIMAL.fullmatch(text.lstrip("+")):
        raise NotAPhoneNumber(PhoneFault.NOT_A_NUMBER)
    try:
        parsed = phonenumbers.parse(text, _HOME)
    except NumberParseException as error:
        raise NotAPhoneNumber(PhoneFault.NOT_A_NUMBER) from error
    if not phonenumbers.is_valid_number(parsed):
        raise NotAPhoneNumber(PhoneFault.NOT_A_NUMBER)
    number = PhoneNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))
    if not is_listed(number, calling_codes):
        raise NotAPhoneNumber(PhoneFault.FOREIGN)
    if phonenumbers.number_type(parsed) not in _MOBILE:
        raise NotAPhoneNumber(PhoneFault.NOT_MOBILE)
    return number
