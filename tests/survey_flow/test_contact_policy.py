from datetime import date

import pytest

from survey_flow.contact_policy import allowed_from

CONTACTS = {
    "an ordinary day": (date(2026, 11, 24), date(2027, 2, 24)),
    "the end of November clips to February's": (date(2026, 11, 30), date(2027, 2, 28)),
    "the day before it clips to the same": (date(2026, 11, 29), date(2027, 2, 28)),
    "a leap year has its 29th": (date(2027, 11, 29), date(2028, 2, 29)),
    "and clips to it": (date(2027, 11, 30), date(2028, 2, 29)),
    "from the leap day": (date(2028, 2, 29), date(2028, 5, 29)),
    "a month of 31 days to one of 30": (date(2026, 8, 31), date(2026, 11, 30)),
    "over the new year": (date(2026, 12, 31), date(2027, 3, 31)),
}


@pytest.mark.parametrize(("contacted_on", "again"), CONTACTS.values(), ids=CONTACTS.keys())
def test_a_number_is_contacted_again_three_calendar_months_later(contacted_on: date, again: date) -> None:
    assert allowed_from(contacted_on) == again
