"""Which numbers a survey may go to: mobile phones of listed countries, and nothing that somebody is paid for.

Sources: Traficom, Regulation 32 on public telephone network numbering, and its pages on mobile, service and premium
numbers; ITU-T E.164, list of assigned country codes. What is asked is phonenumberslite, which knows types by prefix and
length; what it does not know is in survey_flow/typed_number.py and phone.py.
"""

import pytest

from survey_flow.contact_number import NotAContact, number_in
from survey_flow.phone import NotAPhoneNumber, PhoneFault, PhoneNumber, is_service
from survey_flow.typed_number import typed_number

FINLAND = ("+358",)
NONE, FIXED, FOREIGN = PhoneFault.NOT_A_NUMBER, PhoneFault.NOT_MOBILE, PhoneFault.FOREIGN

MOBILE = {
    "040": "040 123 4567",
    "0400, of the oldest": "0400 123 456",
    "041": "041 123 4567",
    "042": "042 123 4567",
    "043": "043 123 4567",
    "044": "044 123 4567",
    "045": "045 123 4567",
    "046": "046 123 4567",
    "0457, six digits": "0457 123 456",
    "0457, on Åland": "0457 312 3456",
    "050": "050 123 4567",
    "0500, of the oldest": "0500 123 456",
}

REFUSED = {
    "a machine's, 049": ("+358 49 123 4567", NONE),
    "a machine's, 049 and long": ("+358 49 1012 345678", NONE),
    "Helsinki": ("09 2525 0111", FIXED),
    "Lapland": ("016 123 456", FIXED),
    "Åland, a landline": ("018 12345", FIXED),
    "Åland, a landline from abroad": ("+358 18 12345", FIXED),
    "a company's, 010": ("010 123 456", FIXED),
    "a company's, 020": ("020 123 456", FIXED),
    "a company's, 029": ("029 123 456", FIXED),
    "a company's, 030": ("030 123 456", FIXED),
    "a company's, 071": ("071 123 456", NONE),
    "a company's, 073": ("073 123 456", NONE),
    "a company's, 075": ("075 3 123456", FIXED),
    "a service's, 0100": ("0100 123", FIXED),
    "a service's, 0200": ("0200 12345", FIXED),
    "a service's, 0202": ("0202 123", FIXED),
    "a service's, 0300": ("0300 123 456", FIXED),
    "premium, 0600": ("0600 123 456", FIXED),
    "premium, 0601": ("0601 12345", FIXED),
    "premium, 0602": ("0602 12345", FIXED),
    "premium, 0606": ("0606 123 456", NONE),
    "premium, 0700": ("0700 123 456", FIXED),
    "premium, 0700 from abroad": ("+358 700 123 456", FIXED),
    "free to call, 0800": ("0800 123 456", FIXED),
    "emergencies": ("112", NONE),
    "emergencies, with the country": ("+358 112", NONE),
    "children's helpline": ("116 111", NONE),
    "medical helpline": ("116 117", NONE),
    "directory enquiries": ("118", NONE),
    "a short code": ("16400", NONE),
    "a short code, with the country": ("+358 16400", NONE),
    "GMSS satellites": ("+881 612 345 678", FOREIGN),
    "Inmarsat": ("+870 773 111 632", FOREIGN),
    "international networks": ("+882 16 12345678", FOREIGN),
    "international networks, machines": ("+883 510 012 345 678", FOREIGN),
    "international premium": ("+979 123 456 789", FOREIGN),
    "international freephone": ("+800 1234 5678", FOREIGN),
    "Jamaica": ("+1 876 210 1234", FOREIGN),
    "the Bahamas": ("+1 242 557 1234", FOREIGN),
    "the Dominican Republic": ("+1 809 850 1234", FOREIGN),
    "premium of North America": ("+1 900 555 1234", FOREIGN),
    "Sweden": ("+46 70 123 45 67", FOREIGN),
    "Estonia": ("+372 5412 3456", FOREIGN),
    "Russia": ("+7 916 123 45 67", FOREIGN),
    "Somalia": ("+252 61 5123456", FOREIGN),
    "Cuba": ("+53 5 1234567", FOREIGN),
    "Latvia": ("+371 21 234 567", FOREIGN),
    "from abroad, written with 00": ("00 46 70 123 45 67", FOREIGN),
    "from abroad, written with 990": ("990 46 70 123 45 67", FOREIGN),
}


@pytest.mark.parametrize("typed", MOBILE.values(), ids=MOBILE)
def test_a_finnish_mobile_number_may_be_sent_to(typed: str) -> None:
    number = typed_number(typed, FINLAND)
    assert number.startswith(("+3584", "+35850"))
    assert not is_service(number)
    assert number_in(typed, FINLAND) == number


@pytest.mark.parametrize(("typed", "fault"), REFUSED.values(), ids=REFUSED)
def test_no_other_number_is_sent_to_by_form_api_or_list(typed: str, fault: PhoneFault) -> None:
    with pytest.raises(NotAPhoneNumber) as refused:
        typed_number(typed, FINLAND)
    assert refused.value.fault is fault
    with pytest.raises(NotAContact):
        number_in(typed, FINLAND)


LISTED = {
    "the Bahamas beside the United States": ("+1", "+1 242 557 1234", "+1 202 555 0123"),
    "Jamaica beside the United States": ("+1", "+1 876 210 1234", "+1 416 555 0123"),
    "premium of the United States": ("+1", "+1 900 555 1234", "+1 202 555 0123"),
    "Kazakhstan beside Russia": ("+7", "+7 701 123 45 67", "+7 916 123 45 67"),
    "the Isle of Man beside the United Kingdom": ("+44", "+44 7624 123456", "+44 7400 000000"),
    "a personal number of the United Kingdom": ("+44", "+44 70 1234 5678", "+44 7400 000000"),
    "an area alone": ("+1202", "+1 416 555 0123", "+1 202 555 0123"),
}


@pytest.mark.parametrize(("code", "refused", "taken"), LISTED.values(), ids=LISTED)
def test_a_listed_code_does_not_open_its_dearer_neighbours(code: str, refused: str, taken: str) -> None:
    with pytest.raises(NotAPhoneNumber):
        typed_number(refused, (code,))
    assert typed_number(taken, (code,))


SERVICES = [
    "+35810123456",
    "+35820123456",
    "+358600123456",
    "+358700123456",
    "+358800123456",
    "+979123456789",
    "+80012345678",
]
PERSONS = ["+358401234567", "+3584573123456", "+35850123456", "+35892525011", "+35818123456", "+46701234567"]


def test_a_number_that_is_charged_or_shared_is_no_persons() -> None:
    assert [is_service(PhoneNumber(number)) for number in SERVICES] == [True] * len(SERVICES)
    assert [is_service(PhoneNumber(number)) for number in PERSONS] == [False] * len(PERSONS)
