"""The real calendar with the sending hours: eves and feasts that the core's own tests only make up."""

from datetime import date, datetime, time

import pytest

from handler.holidays_fi import is_finnish_holiday
from survey_flow.collection_windows import window_from
from survey_flow.helsinki import HELSINKI
from survey_flow.organisation import Hours
from survey_flow.sending_hours import afternoon_of_next_day, next_sending_time

EVERYBODY = Hours(time(9), time(19))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


# What the case shows: (now on Helsinki's clock, when a message leaves)
WAITS = {
    "Christmas: an eve, two holidays, a weekend": ("2026-12-23 19:00", "2026-12-28 09:00"),
    "New Year's Day": ("2026-12-31 19:00", "2027-01-04 09:00"),
    "Epiphany, a Wednesday": ("2027-01-06 12:00", "2027-01-07 09:00"),
    "Thursday evening before Easter": ("2027-03-25 19:00", "2027-03-30 09:00"),
    "May Day, a Friday": ("2026-04-30 19:00", "2026-05-04 09:00"),
    "Ascension Day": ("2026-05-14 10:00", "2026-05-15 09:00"),
    "Midsummer Eve": ("2026-06-18 19:00", "2026-06-22 09:00"),
    "Independence Day, a Monday": ("2027-12-03 20:00", "2027-12-07 09:00"),
    "Independence Day, a Sunday": ("2026-12-04 20:00", "2026-12-07 09:00"),
}


@pytest.mark.parametrize(("moment", "leaves"), WAITS.values(), ids=WAITS.keys())
def test_nothing_leaves_on_a_finnish_holiday(moment: str, leaves: str) -> None:
    assert next_sending_time(at(moment), EVERYBODY, is_finnish_holiday) == at(leaves)


def test_tomorrow_afternoon_is_after_easter_too() -> None:
    found = afternoon_of_next_day(at("2027-03-25 10:00"), EVERYBODY, is_finnish_holiday)
    assert found == at("2027-03-30 12:00")


def test_a_window_may_open_on_a_holiday() -> None:
    from_may_day = (window_from("1.5.-31.5."),)
    found = next_sending_time(at("2026-11-24 15:00"), EVERYBODY, is_finnish_holiday, from_may_day)
    assert found == at("2027-05-03 09:00")


@pytest.mark.parametrize("day", ["2026-12-24", "2026-06-19", "2027-06-25", "2027-03-26", "2027-05-06"])
def test_eves_count_as_holidays(day: str) -> None:
    assert is_finnish_holiday(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-12-23", "2026-06-18", "2026-04-30", "2026-12-31", "2027-03-25"])
def test_the_days_before_are_working_days(day: str) -> None:
    assert not is_finnish_holiday(date.fromisoformat(day))
