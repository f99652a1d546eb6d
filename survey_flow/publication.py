"""What may be shown of a small group, and when. Every door takes its figures from here: page, API, export, mail.

The rule: everything published is a sum of published cells. A cell is a run of whole slots of a unit's calendar with at
least five answers; a slot with fewer waits, and is joined to those after it. No sum holds anything that is hidden, so
no total minus what is shown reveals it, over months, groups or units. docs/decisions/0015 tells why.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from survey_flow.collection_windows import Window

# Under five answers nothing is shown; from five to nineteen figures are indicative; from twenty on they may be shown
# while they still grow, compared between units and published.
HIDDEN_UNDER = 5
INDICATIVE_UNDER = 20
# The books of a month close when this day of the next one begins: an opening of its last day, its reminder and the 72
# hours after it have run out by then. What closes later counts to the month in which it closes.
BOOKS_CLOSE_ON = 7
SHOWN_FROM = 8

Columns = Mapping[str, int]
# One unit's, survey's and group's columns by month ("2026-11").
Book = Mapping[str, Columns]


@dataclass(frozen=True, slots=True)
class Slot:
    """The smallest piece of a unit's calendar: a month, or a collection window with the months since the one before.

    Its figures no longer change from `shown_from` on.
    """

    months: tuple[str, ...]
    shown_from: date


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, "2026-09" to "2026-11", both included."""

    first: str
    last: str

    def __contains__(self, month: str) -> bool:
        return self.first <= month <= self.last


@dataclass(frozen=True, slots=True)
class Cell:
    """What is published as one: some whole slots, n answers in them. `live`: it still grows."""

    months: tuple[str, ...]
    columns: Columns
    n: int
    live: bool

    @property
    def period(self) -> Period:
        return Period(self.months[0], self.months[-1])


def month_from(written: str) -> str:
    """A month as files, commands and addresses write it, "2026-01". Raises ValueError with a sentence."""
    if re.fullmatch(r"20[0-9][0-9]-(0[1-9]|1[0-2])", written) is None:
        raise ValueError(f'a month is written "2026-01", not {written!r}.')
    return written


def month_of(day: date) -> str:
    """The month of a day, as it is written everywhere."""
    return day.isoformat()[:7]


def month_after(month: str, count: int = 1) -> str:
    """The month so many later (earlier when negative).

    >>> month_after("2026-11", 3)
    '2027-02'
    """
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + count, 12)
    return f"{year}-{number + 1:02}"


def months_between(first: str, last: str) -> tuple[str, ...]:
    """The months from one to the other, both included; none when the first comes after the last."""
    found = []
    while first <= last:
        found.append(first)
        first = month_after(first)
    return tuple(found)


def counted_in(opened: str, today: date) -> str:
    """The month that a closing counts to: the one in which its opening left, or today's once those books are closed."""
    return opened if today < _day_after(opened, BOOKS_CLOSE_ON) else month_of(today)


def shown_from(month: str) -> date:
    """The day from which the month's figures no longer change, and may be shown."""
    return _day_after(month, SHOWN_FROM)


def books_are_closed(month: str, today: date) -> bool:
    """Whether the month's figures no longer change."""
    return today >= shown_from(month)


def calendar(windows: Sequence[Window], *, first: str, today: date) -> tuple[Slot, ...]:
    """A unit's slots from its first month on, the last one being that of today: months, or its collection windows.

    A window's slot begins after the window before it, so that no answer falls between two. A unit whose first month is
    still to come has the slot of that month.
    """
    this_month = month_of(today)
    ends = {window.last[0] for window in windows} or set(range(1, 13))
    slots: list[Slot] = []
    months: list[str] = []
    month = first
    while month <= this_month or months or not slots:
        months.append(month)
        if int(month[5:]) in ends:
            slots.append(Slot(tuple(months), shown_from(month)))
            months = []
        month = month_after(month)
    return tuple(slots)


def cells(slots: Iterable[Slot], book: Book, counted: Callable[[Columns], int], *, today: date) -> tuple[Cell, ...]:
    """The published cells of a unit's calendar, oldest first, by how many answers `counted` finds in some columns."""
    return _joined(((slot.months, today < slot.shown_from) for slot in slots), book, counted)


def cells_within(
    shown: Iterable[Cell], book: Book, counted: Callable[[Columns], int], *, at_least: int = HIDDEN_UNDER
) -> tuple[Cell, ...]:
    """Cells made of whole cells, by the same rule: of what only some answered (a question), or of more answers.

    A question has no calendar of its own, or its sums would tell of months whose responses are still hidden.
    """
    return _joined(((cell.months, cell.live) for cell in shown), book, counted, at_least=at_least)


def _joined(
    pieces: Iterable[tuple[tuple[str, ...], bool]],
    book: Book,
    counted: Callable[[Columns], int],
    *,
    at_least: int = HIDDEN_UNDER,
) -> tuple[Cell, ...]:
    """Joins pieces, each some months and whether they still grow, until there are enough answers to show.

    What still grows is shown from twenty answers on, and only once it is known where its cell begins: a piece under
    five may still be joined to the next, and what had been shown of the next alone would then give it away.
    """
    found: list[Cell] = []
    months: tuple[str, ...] = ()
    for more, growing in pieces:
        months += more
        columns = added(book.get(month, {}) for month in months)
        n = counted(columns)
        if n >= (INDICATIVE_UNDER if growing else at_least):
            found.append(Cell(months, columns, n, live=growing))
        elif n < at_least:
            if growing:
                break
            continue
        months = ()
    return tuple(found)


def within(found: Iterable[Cell], period: Period) -> tuple[Cell, ...]:
    """The cells of a period: those that end in it, so that each belongs to exactly one of two periods side by side."""
    return tuple(cell for cell in found if cell.months[-1] in period)


def next_shown(slots: Sequence[Slot], today: date) -> date:
    """The day from which more may be shown: when the next books close."""
    return min(slot.shown_from for slot in slots if slot.shown_from > today)


def added(rows: Iterable[Columns]) -> dict[str, int]:
    """The columns of several months together."""
    total: dict[str, int] = {}
    for row in rows:
        for name, number in row.items():
            total[name] = total.get(name, 0) + number
    return total


def with_data(months: Sequence[str], book: Book) -> tuple[str, ...]:
    """The months from the first to the last for which the book has a row: what a cell's figures are said to be of."""
    filled = [month for month in months if book.get(month)]
    return months_between(filled[0], filled[-1]) if filled else tuple(months)


def _day_after(month: str, day: int) -> date:
    """That day of the month after."""
    return date.fromisoformat(f"{month_after(month)}-{day:02}")
