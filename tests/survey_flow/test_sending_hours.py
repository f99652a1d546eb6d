from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flow.collection_windows import Window, window_from
from survey_flow.helsinki import HELSINKI, day_of
from survey_flow.organisation import Hours
from survey_flow.sending_hours import IsHoliday, afternoon_of_next_day, closing_time, next_sending_time

EVERYBODY = Hours(time(9), time(19))
YOUTH = Hours(time(14), time(19))
NIGHT = Hours(time(0), time(5))
FROM_THREE = Hours(time(3), time(4))
TWICE_A_YEAR = (window_from("1.4.-31.5."), window_from("1.10.-30.11."))

_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2026-05-01", "2026-05-14", "2026-06-19", "2026-12-24", "2026-12-25"),
        *("2027-01-01", "2027-01-06", "2027-03-26", "2027-03-29", "2027-12-06"),
    )
)


def is_holiday(day: date) -> bool:
    """The calendar of these tests; the real one is tried in tests/handler/test_holidays_fi.py."""
    return day in _HOLIDAYS


def at(text: str) -> datetime:
    """A moment on Helsinki's clock: "2026-11-24 15:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


WAITS = {
    "within the hours at once": (EVERYBODY, "2026-11-24 15:30", "2026-11-24 15:30"),
    "at the opening minute": (EVERYBODY, "2026-11-24 09:00", "2026-11-24 09:00"),
    "before the hours": (EVERYBODY, "2026-11-24 06:59", "2026-11-24 09:00"),
    "a second before the hours": (EVERYBODY, "2026-11-24 08:59:59", "2026-11-24 09:00"),
    "in the last minute": (EVERYBODY, "2026-11-24 18:59", "2026-11-24 18:59"),
    "in the last second": (EVERYBODY, "2026-11-24 18:59:59", "2026-11-24 18:59:59"),
    "at closing the day is over": (EVERYBODY, "2026-11-24 19:00", "2026-11-25 09:00"),
    "in the evening": (EVERYBODY, "2026-11-24 21:00", "2026-11-25 09:00"),
    "just after midnight": (EVERYBODY, "2026-11-25 00:01", "2026-11-25 09:00"),
    "youth at school": (YOUTH, "2026-11-24 10:00", "2026-11-24 14:00"),
    "youth after school": (YOUTH, "2026-11-24 14:00", "2026-11-24 14:00"),
    "Friday evening": (EVERYBODY, "2026-11-27 19:30", "2026-11-30 09:00"),
    "Saturday": (EVERYBODY, "2026-11-28 12:00", "2026-11-30 09:00"),
    "Sunday": (YOUTH, "2026-11-29 23:59", "2026-11-30 14:00"),
    "Epiphany, a Wednesday": (EVERYBODY, "2027-01-06 12:00", "2027-01-07 09:00"),
    "Independence Day, a Monday after a weekend": (EVERYBODY, "2027-12-03 20:00", "2027-12-07 09:00"),
    "Christmas: an eve, two holidays, a weekend": (EVERYBODY, "2026-12-23 19:00", "2026-12-28 09:00"),
    "Thursday evening before Easter": (EVERYBODY, "2027-03-25 19:00", "2027-03-30 09:00"),
    "Good Friday to Easter Monday": (EVERYBODY, "2027-03-26 10:00", "2027-03-30 09:00"),
    "May Day, a Friday": (EVERYBODY, "2026-05-01 10:00", "2026-05-04 09:00"),
    "Ascension Day": (EVERYBODY, "2026-05-14 10:00", "2026-05-15 09:00"),
    "Midsummer Eve": (EVERYBODY, "2026-06-19 10:00", "2026-06-22 09:00"),
    "the night when summer time begins": (EVERYBODY, "2027-03-28 02:59", "2027-03-30 09:00"),  # Easter Monday follows
    "an hour that summer time leaves out": (EVERYBODY, "2027-03-28 03:30", "2027-03-30 09:00"),
    "an ordinary night when summer time begins": (EVERYBODY, "2026-03-29 02:59", "2026-03-30 09:00"),
    "the night when summer time ends": (EVERYBODY, "2026-10-25 03:30", "2026-10-26 09:00"),
    "the Friday before summer time ends": (EVERYBODY, "2026-10-23 19:00", "2026-10-26 09:00"),
    "hours of the night, on a Tuesday": (NIGHT, "2026-11-24 03:30", "2026-11-24 03:30"),
    "hours of the night open at midnight": (NIGHT, "2026-11-24 05:00", "2026-11-25 00:00"),
    "hours of the night when summer time begins": (NIGHT, "2026-03-27 05:00", "2026-03-30 00:00"),
    "hours of the night when summer time ends": (NIGHT, "2026-10-25 03:30", "2026-10-26 00:00"),
    "hours from three when summer time begins": (FROM_THREE, "2026-03-29 03:30", "2026-03-30 03:00"),
    "hours from three when summer time ends": (FROM_THREE, "2026-10-25 03:30", "2026-10-26 03:00"),
    "hours from three before summer time begins": (FROM_THREE, "2026-03-27 03:59:59", "2026-03-27 03:59:59"),
}


@pytest.mark.parametrize(("hours", "moment", "leaves"), WAITS.values(), ids=WAITS.keys())
def test_a_message_leaves_at_the_next_sending_time(hours: Hours, moment: str, leaves: str) -> None:
    assert next_sending_time(at(moment), hours, is_holiday) == at(leaves)


def test_clock_changes_move_the_opening_in_universal_time() -> None:
    friday, monday = datetime(2026, 3, 27, 18, tzinfo=UTC), datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert next_sending_time(friday, EVERYBODY, is_holiday) == monday
    friday, monday = datetime(2026, 10, 23, 18, tzinfo=UTC), datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert next_sending_time(friday, EVERYBODY, is_holiday) == monday


@pytest.mark.parametrize("hour", [0, 1], ids=["summer time", "winter time"])
def test_the_hour_that_comes_twice_is_a_sundays_both_times(hour: int) -> None:
    half_past_three = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    assert next_sending_time(half_past_three, FROM_THREE, is_holiday) == datetime(2026, 10, 26, 1, tzinfo=UTC)
    on_the_wall = half_past_three.astimezone(HELSINKI)
    assert next_sending_time(on_the_wall, FROM_THREE, is_holiday) == datetime(2026, 10, 26, 1, tzinfo=UTC)


def test_a_moment_is_judged_by_helsinkis_day_whatever_its_own_offset() -> None:
    late_on_monday_in_utc = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert next_sending_time(late_on_monday_in_utc, EVERYBODY, is_holiday) == at("2026-11-24 09:00")


def test_the_time_found_is_helsinkis_or_the_moment_as_it_was_given() -> None:
    noon_in_utc = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert next_sending_time(noon_in_utc, EVERYBODY, is_holiday).tzinfo is UTC
    assert next_sending_time(noon_in_utc + timedelta(hours=9), EVERYBODY, is_holiday).tzinfo is HELSINKI


def always(_: date) -> bool:
    return True


def test_hours_that_never_open_are_an_error() -> None:
    with pytest.raises(ValueError, match="no sending hours within a month"):
        next_sending_time(at("2026-11-24 15:00"), EVERYBODY, always)


# What the case shows: (windows, now, when a message leaves)
WINDOWS = {
    "within a window at once": (TWICE_A_YEAR, "2026-11-24 15:30", "2026-11-24 15:30"),
    "the last minute of the autumn": (TWICE_A_YEAR, "2026-11-30 18:59", "2026-11-30 18:59"),
    "when the autumn is over": (TWICE_A_YEAR, "2026-11-30 19:00", "2027-04-01 09:00"),
    "in the winter": (TWICE_A_YEAR, "2027-01-15 12:00", "2027-04-01 09:00"),
    "the last hour before the spring": (TWICE_A_YEAR, "2027-03-31 23:59", "2027-04-01 09:00"),
    "the first minute of the spring": (TWICE_A_YEAR, "2027-04-01 09:00", "2027-04-01 09:00"),
    "in the summer": (TWICE_A_YEAR, "2027-07-15 12:00", "2027-10-01 09:00"),
    "a window that opens on a Saturday": (TWICE_A_YEAR, "2028-03-15 12:00", "2028-04-03 09:00"),
    "a window that opens with two holidays": ((window_from("24.12.-6.1."),), "2026-11-24 15:00", "2026-12-28 09:00"),
    "over the new year": ((window_from("1.12.-31.1."),), "2026-12-31 19:00", "2027-01-04 09:00"),
    "the day that was open today, next year": ((window_from("24.11.-24.11."),), "2026-11-24 19:00", "2027-11-24 09:00"),
    "the same over a leap day": ((window_from("24.11.-24.11."),), "2027-11-24 19:00", "2028-11-24 09:00"),
    "a leap day": ((window_from("1.2.-29.2."),), "2028-02-28 19:00", "2028-02-29 09:00"),
    "the windows' order does not matter": (TWICE_A_YEAR[::-1], "2026-11-30 19:00", "2027-04-01 09:00"),
}


@pytest.mark.parametrize(("windows", "moment", "leaves"), WINDOWS.values(), ids=WINDOWS.keys())
def test_a_message_waits_for_the_units_window(windows: tuple[Window, ...], moment: str, leaves: str) -> None:
    assert next_sending_time(at(moment), EVERYBODY, is_holiday, windows) == at(leaves)


@pytest.mark.parametrize("window", ["6.1.-6.1.", "1.5.-2.5."], ids=["a holiday alone", "a weekend alone"])
def test_a_window_without_a_sending_day_is_an_error(window: str) -> None:
    with pytest.raises(ValueError, match="no sending hours within a year"):
        next_sending_time(at("2026-11-24 15:00"), EVERYBODY, is_holiday, (window_from(window),))


def test_holidays_are_asked_of_weekdays_in_a_window_alone() -> None:
    asked: list[date] = []

    def note(day: date) -> bool:
        asked.append(day)
        return False

    next_sending_time(at("2027-06-01 12:00"), EVERYBODY, note, (window_from("2.10.-31.10."),))
    assert asked == [date(2027, 10, 4)]  # 2 October is a Saturday


# What the case shows: (hours, windows, now, tomorrow afternoon)
AFTERNOONS = {
    "asked in the morning": (EVERYBODY, (), "2026-11-23 09:00", "2026-11-24 12:00"),
    "asked in the evening": (EVERYBODY, (), "2026-11-23 21:00", "2026-11-24 12:00"),
    "asked just after midnight": (EVERYBODY, (), "2026-11-23 00:00", "2026-11-24 12:00"),
    "asked in the last second of the day": (EVERYBODY, (), "2026-11-23 23:59:59", "2026-11-24 12:00"),
    "to youth after school": (YOUTH, (), "2026-11-23 15:00", "2026-11-24 14:00"),
    "from Friday to Monday": (EVERYBODY, (), "2026-11-27 10:00", "2026-11-30 12:00"),
    "from Saturday to Monday": (EVERYBODY, (), "2026-11-28 10:00", "2026-11-30 12:00"),
    "to youth over Easter": (YOUTH, (), "2027-03-25 10:00", "2027-03-30 14:00"),
    "over the beginning of summer time": (EVERYBODY, (), "2026-03-27 10:00", "2026-03-30 12:00"),
    "over the end of summer time": (EVERYBODY, (), "2026-10-23 10:00", "2026-10-26 12:00"),
    "when the window closes today": (EVERYBODY, TWICE_A_YEAR, "2026-11-30 10:00", "2027-04-01 12:00"),
    "when the window closes tomorrow": (EVERYBODY, TWICE_A_YEAR, "2026-11-29 10:00", "2026-11-30 12:00"),
    "hours that end at noon": (Hours(time(8), time(12)), (), "2026-11-23 09:00", "2026-11-24 08:00"),
    "hours that end in the morning": (Hours(time(8), time(11)), (), "2026-11-27 09:00", "2026-11-30 08:00"),
    "hours that end just after noon": (Hours(time(8), time(12, 1)), (), "2026-11-23 09:00", "2026-11-24 12:00"),
    "hours that begin at noon": (Hours(time(12), time(19)), (), "2026-11-23 09:00", "2026-11-24 12:00"),
}


@pytest.mark.parametrize(("hours", "windows", "moment", "afternoon"), AFTERNOONS.values(), ids=AFTERNOONS.keys())
def test_tomorrow_afternoon_is_the_next_sending_days(
    hours: Hours, windows: tuple[Window, ...], moment: str, afternoon: str
) -> None:
    assert afternoon_of_next_day(at(moment), hours, is_holiday, windows) == at(afternoon)


def test_tomorrow_is_helsinkis_tomorrow() -> None:
    late_on_monday_in_utc = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # Tuesday in Helsinki
    assert afternoon_of_next_day(late_on_monday_in_utc, EVERYBODY, is_holiday) == at("2026-11-25 12:00")


def test_no_afternoon_within_a_month_is_an_error() -> None:
    with pytest.raises(ValueError, match="no sending hours within a month"):
        afternoon_of_next_day(at("2026-11-24 15:00"), EVERYBODY, always)


def test_the_hours_end_on_the_same_day() -> None:
    assert closing_time(at("2026-11-24 15:00"), YOUTH) == at("2026-11-24 19:00")
    assert closing_time(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), EVERYBODY) == at("2026-11-24 19:00")


MINUTE = timedelta(minutes=1)
# So many whole minutes are looked at from either end of a wait.
LOOKED_AT = 3 * 24 * 60

clock_times = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
any_hours = (
    st.tuples(clock_times, clock_times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Hours(*sorted(pair)))
)
days_of_a_year = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
any_windows = st.lists(st.builds(Window, first=days_of_a_year, last=days_of_a_year), max_size=2).map(tuple)
clock_changes = st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2027, 3, 26), date(2028, 2, 27)])
moments = st.builds(
    lambda day, second: datetime.combine(day, time(0), UTC) + timedelta(seconds=second),
    st.one_of(st.dates(date(2026, 1, 1), date(2028, 12, 31)), clock_changes),
    st.integers(0, 4 * 24 * 3600),
)


def may_leave(moment: datetime, hours: Hours, holidays: IsHoliday, windows: tuple[Window, ...]) -> bool:
    """The rule itself, asked of one moment."""
    here = moment.astimezone(HELSINKI)
    open_day = here.weekday() < 5 and not holidays(here.date())
    collected = not windows or any(window.holds(here.date()) for window in windows)
    return open_day and collected and hours.opens <= here.time() < hours.closes


def passed_over(moment: datetime, found: datetime, opens: time) -> Iterator[datetime]:
    """Moments after the first and before the found: whole minutes at either end, the openings of all days between."""
    waited = -(-(found - moment) // MINUTE)
    first_minute = moment.replace(second=0)
    for ahead in (*range(1, min(waited, LOOKED_AT)), *range(max(waited - LOOKED_AT, LOOKED_AT), waited)):
        yield first_minute + ahead * MINUTE
    for days in range(1, (day_of(found) - day_of(moment)).days):
        yield datetime.combine(day_of(moment) + timedelta(days=days), opens, HELSINKI)


@settings(max_examples=150, deadline=None)
@given(moment=moments, hours=any_hours, windows=any_windows, free=st.sets(st.integers(0, 14), max_size=6))
def test_the_next_sending_time_is_the_first_that_the_rule_allows(
    moment: datetime, hours: Hours, windows: tuple[Window, ...], free: set[int]
) -> None:
    holidays = {moment.date() + timedelta(days=ahead) for ahead in free}.__contains__
    try:
        found = next_sending_time(moment, hours, holidays, windows)
    except ValueError:
        assert windows
        found = moment + timedelta(days=366)
    else:
        assert may_leave(found, hours, holidays, windows)
    assert found >= moment
    assert (found == moment) is may_leave(moment, hours, holidays, windows)
    for earlier in passed_over(moment, found, hours.opens):
        assert not may_leave(earlier, hours, holidays, windows)
