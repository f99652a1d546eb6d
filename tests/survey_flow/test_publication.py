"""What is shown of a small group, and when. What all of it together gives away: test_reconstruction.py."""

from datetime import date, timedelta

import pytest

from survey_flow.collection_windows import window_from
from survey_flow.figures import response_cells
from survey_flow.publication import (
    Book,
    Period,
    added,
    books_are_closed,
    calendar,
    counted_in,
    month_after,
    months_between,
    next_shown,
    with_data,
    within,
)

WINDOWS = (window_from("1.4.-31.5."), window_from("1.10.-30.11."))
# cells as they are named here: first month, last month, n, live
Named = tuple[str, str, int, bool]


def book(**responses: int) -> Book:
    """By month: book(m09=5) is five finished surveys in September 2026, m13 is January 2027."""
    return {month_after("2026-01", int(name[1:]) - 1): {"finished": number} for name, number in responses.items()}


def shown(of: Book, today: str, *, first: str = "2026-09") -> list[Named]:
    day = date.fromisoformat(today)
    found = response_cells(calendar((), first=first, today=day), of, today=day)
    return [(cell.months[0], cell.months[-1], cell.n, cell.live) for cell in found]


# responses by month, the day of looking -> the cells shown
CELLS = {
    "nothing before anybody answered": ({}, "2026-11-24", []),
    "a month before its books are closed": ({"m10": 19}, "2026-11-07", []),
    "a month from the eighth of the next one": ({"m10": 19}, "2026-11-08", [("2026-09", "2026-10", 19, False)]),
    "four are not shown": ({"m10": 4}, "2026-11-24", []),
    "five are": ({"m09": 5}, "2026-11-24", [("2026-09", "2026-09", 5, False)]),
    "four are joined to what comes after them": (
        {"m09": 4, "m10": 2},
        "2026-11-24",
        [("2026-09", "2026-10", 6, False)],
    ),
    "and wait for it as long as it takes": (
        {"m09": 1, "m10": 1, "m11": 1, "m12": 1, "m13": 1},
        "2027-02-08",
        [("2026-09", "2027-01", 5, False)],
    ),
    "a small month after a large one waits for the next": (
        {"m09": 30, "m10": 4},
        "2026-11-24",
        [("2026-09", "2026-09", 30, False)],
    ),
    "nineteen of this month do not show": ({"m11": 19}, "2026-11-24", []),
    "twenty of this month show live": ({"m11": 20}, "2026-11-24", [("2026-09", "2026-11", 20, True)]),
    "this month's twenty with what has waited": (
        {"m09": 6, "m10": 4, "m11": 16},
        "2026-11-24",
        [("2026-09", "2026-09", 6, False), ("2026-10", "2026-11", 20, True)],
    ),
    "a large month beside one that will stand alone": (
        {"m09": 6, "m10": 5, "m11": 20},
        "2026-11-03",
        [("2026-09", "2026-09", 6, False), ("2026-11", "2026-11", 20, True)],
    ),
    "a large month does not show while the one before may still be joined to it": (
        {"m09": 6, "m10": 4, "m11": 22},
        "2026-11-03",
        [("2026-09", "2026-09", 6, False)],
    ),
    "two large months live side by side": (
        {"m10": 20, "m11": 21},
        "2026-11-03",
        [("2026-09", "2026-10", 20, True), ("2026-11", "2026-11", 21, True)],
    ),
}


@pytest.mark.parametrize(("responses", "today", "cells"), CELLS.values(), ids=CELLS)
def test_which_cells_are_shown(responses: dict[str, int], today: str, cells: list[Named]) -> None:
    assert shown(book(**responses), today) == cells


def test_what_was_shown_once_is_shown_ever_after() -> None:
    """Day by day through a year of uneven months: a cell whose books are closed never changes and never goes."""
    of = book(m09=3, m10=4, m11=25, m12=1, m13=2, m14=9, m15=0, m16=4, m17=30, m18=6)
    before: list[Named] = []
    day = date(2026, 9, 1)
    while day < date(2027, 8, 1):
        until_today = {month: columns for month, columns in of.items() if month <= day.isoformat()[:7]}
        final = [cell for cell in shown(until_today, day.isoformat()) if not cell[3]]
        assert final[: len(before)] == before
        before = final
        day += timedelta(days=1)
    assert [cell[2] for cell in before] == [7, 25, 12, 34, 6]


def test_each_cell_belongs_to_one_of_two_periods_side_by_side() -> None:
    today = date(2027, 3, 10)
    found = response_cells(calendar((), first="2026-09", today=today), book(m11=3, m12=1, m13=2, m14=9), today=today)
    autumn, spring = (within(found, period) for period in (Period("2026-09", "2026-12"), Period("2027-01", "2027-06")))
    assert [cell.n for cell in autumn] == []
    assert [cell.n for cell in spring] == [6, 9]


def test_a_unit_with_windows_publishes_by_them() -> None:
    slots = calendar(WINDOWS, first="2026-01", today=date(2026, 11, 24))
    assert [(slot.months[0], slot.months[-1], slot.shown_from.isoformat()) for slot in slots] == [
        ("2026-01", "2026-05", "2026-06-08"),
        ("2026-06", "2026-11", "2026-12-08"),
    ]


def test_the_slot_of_today_is_there_when_its_window_ends_only_next_year() -> None:
    slots = calendar(WINDOWS, first="2026-06", today=date(2026, 12, 1))
    assert slots[-1].months == months_between("2026-12", "2027-05")


def test_a_month_is_named_by_its_data() -> None:
    filled = {"2026-10": {"invited": 3}, "2026-11": {"finished": 5}}
    assert with_data(months_between("2026-06", "2026-12"), filled) == ("2026-10", "2026-11")
    assert with_data(("2026-06",), {}) == ("2026-06",)


@pytest.mark.parametrize(
    ("opened", "today", "month"),
    [
        ("2026-11", "2026-11-30", "2026-11"),
        ("2026-11", "2026-12-06", "2026-11"),
        ("2026-11", "2026-12-07", "2026-12"),
        ("2026-12", "2027-02-20", "2027-02"),
    ],
)
def test_a_late_closing_counts_to_its_own_month(opened: str, today: str, month: str) -> None:
    """Between the last day of writing and the first of showing lies a whole day."""
    assert counted_in(opened, date.fromisoformat(today)) == month
    assert not (
        counted_in(opened, date.fromisoformat(today)) == opened and books_are_closed(opened, date.fromisoformat(today))
    )


def test_when_more_is_shown() -> None:
    for today, day in (("2026-11-07", "2026-11-08"), ("2026-11-08", "2026-12-08"), ("2026-12-01", "2026-12-08")):
        slots = calendar((), first="2026-01", today=date.fromisoformat(today))
        assert next_shown(slots, date.fromisoformat(today)).isoformat() == day


def test_months_are_added_column_by_column() -> None:
    assert added([{"finished": 2, "nps_9": 1}, {}, {"finished": 1}]) == {"finished": 3, "nps_9": 1}
