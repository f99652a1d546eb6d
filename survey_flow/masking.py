"""What is taken out of a comment before it is stored anywhere: numbers, addresses, identity codes, sign-offs.

Names within a sentence are not found by machine: the question asks not to write them, and the supervisor blacks them
out before anybody else reads.
"""

import re

MASK = "***"

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# A Finnish personal identity code, with the century signs in force since 2023 (decree 690/2022), valid or mistyped:
# a code with a slip in it tells as much of a person as a right one.
_IDENTITY_CODE = re.compile(r"(?<!\d)[0-3]\d[01]\d{3}[-+A-FU-Y]\s?\d{3}[0-9A-Y](?!\w)", re.IGNORECASE)
# Seven or more digits in a row, however they are spaced, are a way to reach or to know somebody.
_LONG_NUMBER = re.compile(r"(?<![\w])\+?\d(?:[\s().\-/]{0,2}\d){6,14}(?!\d)")
# "t. Matti", "terv. Liisa V", "Hälsningar Anna", "Best regards, John": the line's end after a sign-off word.
_SIGN_OFF = re.compile(
    r"(?:(?<=[\s.!,?])|^)"
    r"(?:t|tv|terv|terveisin|terkuin|ystävällisin terveisin|yst\.? ?terv|yt|toivoo|hälsar|hälsningar|mvh"
    r"|med vänlig hälsning|vänligen|regards|best regards|kind regards|br|sincerely|yours|from)"
    r"(?:[.,:]|\s(?=[A-ZÅÄÖ]))\s*[A-ZÅÄÖ][\w-]*(?:\s[A-ZÅÄÖ][\w-]*\.?){0,2}\s*[.!]*\s*$",
)
_SIGN_OFF_ANY_CASE = re.compile(
    r"(?:(?<=[\s.!,?])|^)(?:t|terv)\s?[.:]\s*[\wåäö-]+(?:\s[\wåäö-]+)?\s*[.!]*\s*$", re.IGNORECASE
)


def mask(text: str) -> str:
    """The comment with phone numbers, e-mail addresses and identity codes masked and the sign-off cut.

    >>> mask("kiva paikka, soittakaa 040 123 4567")
    'kiva paikka, soittakaa ***'
    """
    for pattern in (_EMAIL, _IDENTITY_CODE, _LONG_NUMBER):
        text = pattern.sub(MASK, text)
    for pattern in (_SIGN_OFF, _SIGN_OFF_ANY_CASE):
        text = pattern.sub("", text)
    return text.strip(" ,;-\n")
