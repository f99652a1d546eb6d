"""A phone number as a person types it: "040 123 4567", "+358-40-1234567", "00358401234567"."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from survey_flow.phone import NotAPhoneNumber, PhoneFault, PhoneNumber, is_listed

# A mobile number of Finland begins with 04 or 050, on Åland too. Numbers of machines (049) are none to the library;
# service, premium and business numbers are of other types.
# Sources: Traficom, Regulation 32 on public telephone network numbering; libphonenumber's FAQ on M2M numbers.
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# Who shares a code without being another country to whoever lists it: Åland with Finland, Canada with the USA.
# The rest of +1 is the Caribbean, where texts cost many times as much; +7 and +44 have such neighbours, too.
_BESIDE = {"AX", "CA"}
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
    if not is_listed(number, calling_codes) or not _is_of_the_code(parsed):
        raise NotAPhoneNumber(PhoneFault.FOREIGN)
    if phonenumbers.number_type(parsed) not in _MOBILE:
        raise NotAPhoneNumber(PhoneFault.NOT_MOBILE)
    return number


def _is_of_the_code(parsed: phonenumbers.PhoneNumber) -> bool:
    """Whether the number is of the country that its calling code is known for."""
    main = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return phonenumbers.region_code_for_number(parsed) in {main, *_BESIDE}
