from datetime import UTC, date, datetime, time

import pytest

from handler.holidays_fi import is_finnish_holiday
from survey_flow.helsinki import HELSINKI
from survey_flow.organisation import Hours
from survey_flow.sending_hours import closing_time, next_sending_time

EVERYBODY = Hours(time(9), time(19))
YOUTH = Hours(time(14), time(19))


def at(text: str) -> datetime:
    """A moment on Helsinki's clock: "2026-11-24 15:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


WAITS = {
    "within the hours at once": (EVERYBODY, "2026-11-24 15:30", "2026-11-24 15:30"),
    "at the opening minute": (EVERYBODY, "2026-11-24 09:00", "2026-11-24 09:00"),
    "before the hours": (EVERYBODY, "2026-11-24 06:59", "2026-11-24 09:00"),
    "in the last minute": (EVERYBODY, "2026-11-24 18:59", "2026-11-24 18:59"),
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
    "Good Friday to Easter Monday": (EVERYBODY, "2027-03-26 10:00", "2027-03-30 09:00"),
    "May Day, a Friday": (EVERYBODY, "2026-05-01 10:00", "2026-05-04 09:00"),
    "Ascension Day": (EVERYBODY, "2026-05-14 10:00", "2026-05-15 09:00"),
    "Midsummer Eve": (EVERYBODY, "2026-06-19 10:00", "2026-06-22 09:00"),
    "the night when summer time begins": (EVERYBODY, "2027-03-28 02:59", "2027-03-30 09:00"),  # Easter Monday follows
    "an ordinary night when summer time begins": (EVERYBODY, "2026-03-29 02:59", "2026-03-30 09:00"),
    "the night when summer time ends": (EVERYBODY, "2026-10-25 03:30", "2026-10-26 09:00"),
}


@pytest.mark.parametrize(("hours", "moment", "leaves"), WAITS.values(), ids=WAITS.keys())
def test_a_message_leaves_at_the_next_sending_time(hours: Hours, moment: str, leaves: str) -> None:
    assert next_sending_time(at(moment), hours, is_finnish_holiday) == at(leaves)


def test_clock_changes_move_the_opening_in_universal_time() -> None:
    friday, monday = datetime(2026, 3, 27, 18, tzinfo=UTC), datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert next_sending_time(friday, EVERYBODY, is_finnish_holiday) == monday
    friday, monday = datetime(2026, 10, 23, 18, tzinfo=UTC), datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert next_sending_time(friday, EVERYBODY, is_finnish_holiday) == monday


def test_a_moment_is_judged_by_helsinkis_day_whatever_its_own_offset() -> None:
    late_on_monday_in_utc = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert next_sending_time(late_on_monday_in_utc, EVERYBODY, is_finnish_holiday) == at("2026-11-24 09:00")


def test_hours_that_never_open_are_an_error() -> None:
    def always(_: date) -> bool:
        return True

    with pytest.raises(ValueError, match="no sending hours within a month"):
        next_sending_time(at("2026-11-24 15:00"), EVERYBODY, always)


def test_the_hours_end_on_the_same_day() -> None:
    assert closing_time(at("2026-11-24 15:00"), YOUTH) == at("2026-11-24 19:00")
    assert closing_time(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), EVERYBODY) == at("2026-11-24 19:00")
