import pytest

from survey_flow.phone import NotAPhoneNumber, PhoneFault, from_carrier
from survey_flow.typed_number import typed_number

NUMBER = "+358401234567"
FINLAND = ("+358",)

SPELLINGS = [
    "0401234567",
    "040 123 4567",
    "040-1234567",
    "(040) 123 4567",
    "040.123.4567",
    "040/1234567",
    "+358401234567",
    "+358 40 123 4567",
    "+358 (0)40 123 4567",
    "+3580401234567",  # the zero kept after the country's code
    "00358401234567",
    "358401234567",
    "  0401234567\n",
    "040\u00a0123\u00a04567",  # no-break spaces
    "040–123–4567",
    "０４０１２３４５６７",  # full-width digits
    "\u202a+358401234567\u202c",  # as a phone copies it out of its contacts
]

REFUSED = {
    "nothing": ("", PhoneFault.MISSING),
    "blanks": (" \n\t", PhoneFault.MISSING),
    "nothing to be seen": ("\u200b\u202a", PhoneFault.MISSING),
    "words": ("Matti", PhoneFault.NOT_A_NUMBER),
    "letters for digits": ("040 FLOWERS", PhoneFault.NOT_A_NUMBER),
    "a label": ("puh 0401234567", PhoneFault.NOT_A_NUMBER),
    "too short": ("040123", PhoneFault.NOT_A_NUMBER),
    "too long": ("04012345678901", PhoneFault.NOT_A_NUMBER),
    "endless": ("0" * 1000, PhoneFault.NOT_A_NUMBER),
    "two numbers": ("0401234567, 0407654321", PhoneFault.NOT_A_NUMBER),
    "two numbers, one blank": ("0401234567 0407654321", PhoneFault.NOT_A_NUMBER),
    "an extension": ("0401234567#5", PhoneFault.NOT_A_NUMBER),
    "an extension after a pause": ("0401234567,,5", PhoneFault.NOT_A_NUMBER),
    "an extension in words": ("0401234567 ext 5", PhoneFault.NOT_A_NUMBER),
    "a tail": ("0401234567~1", PhoneFault.NOT_A_NUMBER),
    "NUL within": ("040\x001234567", PhoneFault.NOT_A_NUMBER),
    "NUL after": ("0401234567\x00", PhoneFault.NOT_A_NUMBER),
    "emergency": ("112", PhoneFault.NOT_A_NUMBER),
    "a helpline": ("116111", PhoneFault.NOT_A_NUMBER),
    "a landline": ("09 2525 0111", PhoneFault.NOT_MOBILE),
    "a premium number": ("0600 123456", PhoneFault.NOT_MOBILE),
    "a company's number": ("020 123456", PhoneFault.NOT_MOBILE),
    "a free number": ("0800 123456", PhoneFault.NOT_MOBILE),
    "Sweden": ("+46701234567", PhoneFault.FOREIGN),
    "the United States": ("+1 202 555 0123", PhoneFault.FOREIGN),
}


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_mobile_number_is_read_in_every_spelling(text: str) -> None:
    assert typed_number(text, FINLAND) == NUMBER


@pytest.mark.parametrize(("text", "fault"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_mobile_number_of_an_allowed_country_is_refused(text: str, fault: PhoneFault) -> None:
    with pytest.raises(NotAPhoneNumber) as refused:
        typed_number(text, FINLAND)
    assert refused.value.fault is fault


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(NotAPhoneNumber) as refused:
        typed_number("+46701234567", FINLAND)
    assert "4670" not in str(refused.value)


def test_another_country_on_the_list_is_allowed() -> None:
    assert typed_number("+46 70 123 45 67", ("+358", "+46")) == "+46701234567"


def test_of_the_carriers_senders_only_numbers_are_taken() -> None:
    assert from_carrier(NUMBER) == NUMBER
    assert [from_carrier(text) for text in ("16400", "Elisa", "", "+0401234567", "+358401234567\n")] == [None] * 5
