"""What is taken out of a comment before it is stored anywhere: numbers, addresses, identity codes, sign-offs.

Names within a sentence are not found by machine: the question asks not to write them, and the supervisor blacks them
out before anybody else reads.
"""

import re

MASK = "***"

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}")
# A Finnish personal identity code, with the century signs in force since 2023 (decree 690/2022), valid or mistyped:
# a code with a slip in it tells as much of a person as a right one.
_IDENTITY_CODE = re.compile(r"(?<!\d)\d{6}\s?[-+A-FU-Y]\s?\d{3}[0-9A-Y](?!\w)", re.IGNORECASE)
# Seven or more digits in a row, however they are spaced, are a way to reach or to know somebody; a date is not.
_BETWEEN_DIGITS = r"[\s().\-/\u2010-\u2015\u200b-\u200d\u2060\ufe0f\u20e3]{0,3}"
_DATE_OR_LONG_NUMBER = re.compile(
    r"(?P<date>(?<!\d)(?:[0-3]?\d\.\s?[01]?\d\.\s?(?:19|20)\d\d|(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d))"
    rf"|(?<!\d)\+?\d(?:{_BETWEEN_DIGITS}\d){{6,}}+"
)
# "t. Matti", "terv. Liisa V", "Hälsningar Anna", "Best regards, John", with or without a number or a smile after it.
# After a blank alone the name must have its capital letter, for "t on vitamiini" is no sign-off; a full stop ends a
# sentence after a whole word ("sitä jokainen toivoo. Kiva paikka").
_SHORT = r"(?:t|terv|yst\.? ?terv|yt|mvh|br)"
_WHOLE = (
    r"(?:terveisin|terkuin|ystävällisin terveisin|toivoo|hälsar|hälsningar|med vänlig hälsning|vänligen"
    r"|best regards|kind regards|regards|sincerely|yours)"
)
_NEVER_ELSE = r"(?:terveisin|terkuin|hälsningar|mvh)"
_NAME = r"[^\W\d_][\w-]*(?:[^\S\n][\w-]+){0,2}"
_CAPITAL_NAME = r"(?=[A-ZÅÄÖ])" + _NAME
_AFTER_NAME = r"\W*(?:(?i:puh|p|tel|gsm|nro)\W+)?$"
_SIGN_OFF = re.compile(
    rf"(?<![\w-])(?i:{_SHORT}[^\S\n]?[.,:!]|{_WHOLE}[,:]|(?:{_SHORT}|{_WHOLE})[^\S\n]*\n)\s*{_NAME}{_AFTER_NAME}"
    rf"|(?<![\w-])(?i:{_SHORT}|{_WHOLE})\s{_CAPITAL_NAME}{_AFTER_NAME}"
    rf"|(?<![\w-])(?i:{_NEVER_ELSE})\s{_NAME}{_AFTER_NAME}"
    rf"|(?:(?<=[.!?,\n])|^)[^\S\n]?(?i:from)[:,]?\s{_CAPITAL_NAME}{_AFTER_NAME}"
)
# No sign-off is longer, and nobody signs so often: searching the end alone, and not without end, keeps the work small.
_LONGEST_SIGN_OFF = 120
_MOST_SIGN_OFFS = 40


def mask(text: str) -> str:
    """The comment with phone numbers, e-mail addresses and identity codes masked and the sign-off cut.

    >>> mask("kiva paikka, soittakaa 040 123 4567")
    'kiva paikka, soittakaa ***'
    """
    for pattern in (_EMAIL, _IDENTITY_CODE):
        text = pattern.sub(MASK, text)
    text = _DATE_OR_LONG_NUMBER.sub(lambda found: found[0] if found["date"] else MASK, text)
    text = _trimmed(text)
    for _ in range(_MOST_SIGN_OFFS):
        found = _SIGN_OFF.search(text, max(0, len(text) - _LONGEST_SIGN_OFF))
        if found is None:
            break
        text = _trimmed(text[: found.start()])
    return text


def _trimmed(text: str) -> str:
    return text.strip(" ,;-\t\r\n")
