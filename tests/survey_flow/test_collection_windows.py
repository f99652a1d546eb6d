import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flow.collection_windows import is_open, window_from

DAYS_OF_A_LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=ahead) for ahead in range(366)]

# What the case shows: (the window, the day, whether the window holds it)
DAYS = {
    "the first day": ("1.4.-31.5.", "2027-04-01", True),
    "the day before the first": ("1.4.-31.5.", "2027-03-31", False),
    "the last day": ("1.4.-31.5.", "2027-05-31", True),
    "the day after the last": ("1.4.-31.5.", "2027-06-01", False),
    "another year": ("1.4.-31.5.", "2031-05-15", True),
    "before the new year": ("1.12.-31.1.", "2026-12-31", True),
    "after the new year": ("1.12.-31.1.", "2027-01-01", True),
    "the last day after the new year": ("1.12.-31.1.", "2027-01-31", True),
    "past a window over the new year": ("1.12.-31.1.", "2027-02-01", False),
    "ahead of a window over the new year": ("1.12.-31.1.", "2026-11-30", False),
    "the last of February in a leap year": ("1.2.-29.2.", "2028-02-29", True),
    "the last of February in another year": ("1.2.-29.2.", "2027-02-28", True),
    "the first of March": ("1.2.-29.2.", "2027-03-01", False),
    "a window to the 28th leaves the leap day out": ("1.2.-28.2.", "2028-02-29", False),
    "a window from the leap day, in another year": ("29.2.-31.3.", "2027-03-01", True),
    "a window of one day": ("6.12.-6.12.", "2027-12-06", True),
    "the day after it": ("6.12.-6.12.", "2027-12-07", False),
    "the whole year": ("1.1.-31.12.", "2028-02-29", True),
    "the whole year from midsummer": ("24.6.-23.6.", "2027-06-23", True),
    "with zeros": ("01.04.-31.05.", "2027-04-01", True),
}


@pytest.mark.parametrize(("text", "day", "held"), DAYS.values(), ids=DAYS.keys())
def test_a_window_holds_its_first_and_last_day(text: str, day: str, held: bool) -> None:
    assert window_from(text).holds(date.fromisoformat(day)) is held


def test_a_unit_without_windows_is_always_open() -> None:
    assert all(is_open(day, ()) for day in DAYS_OF_A_LEAP_YEAR)


def test_any_window_opens() -> None:
    windows = (window_from("1.4.-31.5."), window_from("1.10.-30.11."))
    months = {day.month for day in DAYS_OF_A_LEAP_YEAR if is_open(day, windows)}
    assert months == {4, 5, 10, 11}


WRONG_SHAPES = ["", "1.4.-31.5", "1.4-31.5.", "1.4.–31.5.", "1.4. - 31.5.", "1.4.", "2027-04-01", "100.4.-31.5."]
NO_DATES = {"1.4.-31.6.": "31.6.", "0.4.-31.5.": "0.4.", "1.13.-31.5.": "1.13.", "1.2.-30.2.": "30.2."}


@pytest.mark.parametrize("text", WRONG_SHAPES)
def test_a_window_of_another_shape_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape('windows are written "1.4.-31.5."')):
        window_from(text)


@pytest.mark.parametrize(("text", "named"), NO_DATES.items())
def test_a_day_that_no_year_has_is_named(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"names {named}, which is no date")):
        window_from(text)


@settings(max_examples=100, deadline=None)
@given(first=st.integers(0, 365), last=st.integers(0, 365))
def test_a_window_holds_the_days_walked_from_its_first_to_its_last(first: int, last: int) -> None:
    walked = {DAYS_OF_A_LEAP_YEAR[(first + step) % 366] for step in range((last - first) % 366 + 1)}
    begins, ends = DAYS_OF_A_LEAP_YEAR[first], DAYS_OF_A_LEAP_YEAR[last]
    window = window_from(f"{begins.day}.{begins.month}.-{ends.day}.{ends.month}.")
    assert {day for day in DAYS_OF_A_LEAP_YEAR if window.holds(day)} == walked
