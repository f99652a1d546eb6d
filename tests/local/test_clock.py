from datetime import UTC, datetime, timedelta

import pytest

from local.clock import MovableClock, next_weekday_afternoon
from survey_flow.helsinki import HELSINKI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def is_near(clock: MovableClock, moment: datetime) -> bool:
    """The clock runs on while the test does."""
    return timedelta() <= clock() - moment.astimezone(UTC) < timedelta(minutes=1)


MOVES = {
    "a day": ("2026-11-24 15:00", "P1D", "2026-11-25 15:00"),
    "an hour": ("2026-11-24 15:00", "PT1H", "2026-11-24 16:00"),
    "minutes and seconds": ("2026-11-24 15:00", "PT5M30S", "2026-11-24 15:05:30"),
    "a week": ("2026-11-24 15:00", "P1W", "2026-12-01 15:00"),
    "all at once": ("2026-11-24 15:00", "P1Y1M1DT1H", "2027-12-25 16:00"),
    "three months clip at the month's end": ("2026-11-30 15:00", "P3M", "2027-02-28 15:00"),
    "a year clips from the leap day": ("2028-02-29 15:00", "P1Y", "2029-02-28 15:00"),
    "a day over the beginning of summer time is a calendar day": ("2026-03-28 15:00", "P1D", "2026-03-29 15:00"),
    "24 hours over it are not": ("2026-03-28 15:00", "PT24H", "2026-03-29 16:00"),
    "a day over the end of summer time": ("2026-10-24 15:00", "P1D", "2026-10-25 15:00"),
    "no time at all": ("2026-11-24 15:00", "P0D", "2026-11-24 15:00"),
}


@pytest.mark.parametrize(("start", "duration", "end"), MOVES.values(), ids=MOVES.keys())
def test_the_clock_moves_forward_by_a_duration(start: str, duration: str, end: str) -> None:
    clock = MovableClock(at(start))
    clock.forward(duration)
    assert is_near(clock, at(end))


@pytest.mark.parametrize("text", ["", "P", "PT", "1D", "P1", "P1H", "PT1D", "P-1D", "p1d", "P1D ", "P1.5D", "huomenna"])
def test_what_is_no_duration_is_refused_and_moves_nothing(text: str) -> None:
    clock = MovableClock(at("2026-11-24 15:00"))
    with pytest.raises(ValueError, match="not a duration"):
        clock.forward(text)
    assert is_near(clock, at("2026-11-24 15:00"))


def test_the_clock_can_be_set_back() -> None:
    clock = MovableClock(at("2026-11-24 15:00"))
    clock.set(at("2026-11-23 09:00"))
    assert is_near(clock, at("2026-11-23 09:00"))


def test_the_clock_runs_on_by_itself_and_tells_universal_time() -> None:
    clock = MovableClock(at("2026-11-24 15:00"))
    earlier = clock()
    assert clock() >= earlier
    assert earlier.utcoffset() == timedelta()


def test_a_clock_that_nobody_set_tells_the_time_that_it_is() -> None:
    assert is_near(MovableClock(), datetime.now(UTC))


AFTERNOONS = {
    "on a Monday, Tuesday": ("2026-11-23 10:00", "2026-11-24 15:00"),
    "on a Friday, Monday": ("2026-11-27 10:00", "2026-11-30 15:00"),
    "on a Saturday, Monday": ("2026-11-28 23:59", "2026-11-30 15:00"),
    "on a Sunday, Monday": ("2026-11-29 00:00", "2026-11-30 15:00"),
    "over the end of summer time": ("2026-10-23 10:00", "2026-10-26 15:00"),
}


@pytest.mark.parametrize(("moment", "afternoon"), AFTERNOONS.values(), ids=AFTERNOONS.keys())
def test_the_next_weekday_begins_at_three_in_the_afternoon(moment: str, afternoon: str) -> None:
    assert next_weekday_afternoon(at(moment)) == at(afternoon)


def test_what_is_too_far_to_count_is_refused() -> None:
    with pytest.raises(ValueError, match="too far"):
        MovableClock().forward("PT99999999999999H")
