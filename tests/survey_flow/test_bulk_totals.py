"""What is told of a list before it is sent, and what cannot be reckoned from it."""

from datetime import datetime
from itertools import product

import pytest

from survey_flow.bulk_totals import Found, Plan, Told, Total, TotalName, totals
from survey_flow.helsinki import HELSINKI

LATER = datetime(2026, 11, 25, 14, 0, tzinfo=HELSINKI)
PERSONS = (TotalName.CONTACTED, TotalName.OPTED_OUT, TotalName.HELD_BACK)


def found(*, ahead: int, contacted: int = 0, opted_out: int = 0, already: int = 0, left_out: int = 0) -> Found:
    """A list whose first half leaves now and whose other half is queued."""
    free = ahead - contacted - opted_out
    return Found(
        read=ahead + already + left_out,
        left_out=left_out,
        duplicates=0,
        ready=ahead + already,
        already=already,
        contacted=contacted,
        opted_out=opted_out,
        plan=Plan(free - free // 2, free // 2, 0, LATER),
        plan_of_all=Plan(ahead - ahead // 2, ahead // 2, 0, LATER),
    )


def by_name(told: list[Total]) -> dict[TotalName, tuple[Told, int]]:
    return {total.name: (total.told, total.number) for total in told}


def test_what_hides_nobody_is_told_exactly() -> None:
    assert by_name(totals(found(ahead=100, contacted=10, opted_out=6, already=3, left_out=2))) == {
        TotalName.READ: (Told.EXACTLY, 105),
        TotalName.READY: (Told.EXACTLY, 103),
        TotalName.NOW: (Told.EXACTLY, 42),
        TotalName.QUEUED: (Told.EXACTLY, 42),
        TotalName.CONTACTED: (Told.EXACTLY, 10),
        TotalName.OPTED_OUT: (Told.EXACTLY, 6),
        TotalName.ALREADY: (Told.EXACTLY, 3),
        TotalName.LEFT_OUT: (Told.EXACTLY, 2),
    }


@pytest.mark.parametrize(("contacted", "opted_out"), [(3, 0), (0, 3), (1, 4), (3, 50), (50, 3)])
def test_with_a_small_number_of_persons_what_leaves_is_told_as_if_nobody_were_held_back(
    contacted: int, opted_out: int
) -> None:
    told = by_name(totals(found(ahead=100, contacted=contacted, opted_out=opted_out)))
    assert told[TotalName.NOW] == (Told.AT_MOST, 50)
    assert told[TotalName.QUEUED] == (Told.AT_MOST, 50)
    small = [name for name, number in ((PERSONS[0], contacted), (PERSONS[1], opted_out)) if number < 5]
    assert [name for name in PERSONS if told.get(name) == (Told.UNDER_FIVE, 0)] == small


def test_two_lists_that_differ_in_a_small_number_alone_are_told_alike() -> None:
    """Nothing that is told may depend on which number from one to four it is."""
    for ahead, other in product((5, 8, 100), (0, 5, 60)):
        for small in ("contacted", "opted_out"):
            large = "opted_out" if small == "contacted" else "contacted"
            if ahead < other + 4:
                continue
            alike = [totals(found(ahead=ahead, **{small: number, large: other})) for number in range(1, 5)]
            assert alike == [alike[0]] * 4


def test_of_fewer_than_five_it_is_not_told_why_they_are_held_back() -> None:
    for ahead in range(1, 5):
        contacted, opted_out = totals(found(ahead=ahead, contacted=1)), totals(found(ahead=ahead, opted_out=1))
        assert contacted == opted_out
        assert by_name(contacted)[TotalName.HELD_BACK] == (Told.UNDER_FIVE, 0)


def test_when_everybody_was_handled_nothing_is_said_of_persons() -> None:
    assert not {total.name for total in totals(found(ahead=0, already=60))} & set(PERSONS)


def test_what_is_queued_tells_until_when() -> None:
    (queued,) = [total for total in totals(found(ahead=10)) if total.name is TotalName.QUEUED]
    assert queued.until == LATER
