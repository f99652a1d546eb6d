"""Which column of a list of contacts holds what: by the header's names, or the numbers by what the cells look like."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from survey_flow.contact_number import ContactFault, NotAContact, is_formula, number_in
from survey_flow.contact_row import Row
from survey_flow.contact_words import COLUMN_NAMES, PHONE, plain

# A header may have a title or a note above it.
_HEADER_WITHIN = 10
# Columns are told apart by this many rows, taken evenly from the whole list.
_SAMPLE = 300


class ListFault(StrEnum):
    """Why a list cannot be read as a whole; the sentence for it is in templates/pages/."""

    NO_NUMBERS = "no_numbers"
    TWO_NUMBER_COLUMNS = "two_number_columns"
    TOO_MANY_ROWS = "too_many_rows"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the header's, "" without one."""

    index: int
    name: str = ""

    @property
    def letter(self) -> str:
        """As spreadsheets name it: A, B ... Z, AA, AB."""
        before, last = divmod(self.index, 26)
        return (chr(ord("A") + before - 1) if before else "") + chr(ord("A") + last)


class FaultyList(Exception):
    """The list as a whole cannot be read; `columns` are those among which we do not choose."""

    def __init__(self, fault: ListFault, columns: Sequence[Column] = ()) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.columns = tuple(columns)


@dataclass(frozen=True, slots=True)
class Columns:
    """`fields` by the form's names, `facts` by question id; `ignored` is told to the sender. `header_line` is None
    when the list has no header."""

    phone: Column
    fields: Mapping[str, Column] = field(default_factory=dict)
    facts: Mapping[str, Column] = field(default_factory=dict)
    ignored: tuple[Column, ...] = ()
    header_line: int | None = None


def find_columns(
    rows: Sequence[Row], facts: Collection[str], calling_codes: tuple[str, ...]
) -> tuple[Columns, Sequence[Row]]:
    """The columns, and the rows below the header. Raises FaultyList."""
    names = {**{plain(fact): fact for fact in facts}, **COLUMN_NAMES}
    place = _named_header(rows, names)
    header, body = (None, rows) if place is None else (rows[place], rows[place + 1 :])
    columns = _all_columns(header, body)
    phone = _phone_column(columns, body, calling_codes)
    if header is None and _is_heading(rows[0].cell(phone.index)):
        header, body = rows[0], rows[1:]
        columns = _all_columns(header, body)
        phone = columns[phone.index]
    return _sorted_out(columns, phone, names, facts, header), body


def _named_header(rows: Sequence[Row], names: Mapping[str, str]) -> int | None:
    """The first row that names a column of numbers, else any column; it stands above every number."""
    found = None
    for place, row in enumerate(rows[:_HEADER_WITHIN]):
        if any(_looks_like_number(cell) for cell in row.cells):
            break
        known = {names[plain(cell)] for cell in row.cells if plain(cell) in names}
        if PHONE in known:
            return place
        if known and found is None:
            found = place
    return found


def _all_columns(header: Row | None, body: Sequence[Row]) -> list[Column]:
    """Every column in which anything stands."""
    rows = [header, *body] if header else body
    widest = max((len(row.cells) for row in rows), default=0)
    filled = [index for index in range(widest) if any(row.cell(index) for row in rows)]
    return [Column(index, header.cell(index) if header else "") for index in filled]


def _sorted_out(
    columns: Sequence[Column], phone: Column, names: Mapping[str, str], facts: Collection[str], header: Row | None
) -> Columns:
    fields: dict[str, Column] = {}
    told: dict[str, Column] = {}
    ignored = []
    for column in columns:
        known = names.get(plain(column.name)) if column != phone else PHONE
        place = told if known in facts else fields
        if column != phone and (known is None or known == PHONE or known in place):
            ignored.append(column)
        elif known is not None and column != phone:
            place[known] = column
    return Columns(phone, fields, told, tuple(ignored), header.line if header else None)


# --- the column of numbers


@dataclass(frozen=True, slots=True)
class _Seen:
    """How many cells of a column are numbers, would be one but for a fault, have the shape of one, hold anything."""

    column: Column
    numbers: int
    faulty: int
    shaped: int
    filled: int

    @property
    def mostly(self) -> bool:
        return 2 * max(self.shaped, self.numbers + self.faulty) >= self.filled


def _phone_column(columns: Sequence[Column], body: Sequence[Row], calling_codes: tuple[str, ...]) -> Column:
    """The header decides, if its column holds numbers at all; then the cells. Numbers with faults (landlines, digits
    lost) count when there are no others: each line then tells its own fault."""
    sample = body[:: len(body) // _SAMPLE + 1]
    seen = [_look(column, sample, calling_codes) for column in columns]
    named = [one for one in seen if COLUMN_NAMES.get(plain(one.column.name)) == PHONE]
    unnamed = [one for one in seen if one.mostly]
    for among in (named, unnamed):
        if found := _best(among, {one.column: one.numbers for one in among}):
            return found
    for among in (named, [one for one in unnamed if 2 * one.faulty >= one.filled]):
        if found := _best(among, {one.column: one.faulty for one in among}):
            return found
    if len(named) == 1 and named[0].shaped:
        return named[0].column
    raise FaultyList(ListFault.NO_NUMBERS)


def _best(among: Sequence[_Seen], counts: Mapping[Column, int]) -> Column | None:
    """The column with most of them. Another with half as many is a choice that we do not make: the numbers of young
    people and of their guardians stand side by side in such lists."""
    most = max(counts.values(), default=0)
    if not most:
        return None
    good = [one.column for one in among if 2 * counts[one.column] >= most]
    if len(good) > 1:
        raise FaultyList(ListFault.TWO_NUMBER_COLUMNS, good)
    return good[0]


def _look(column: Column, sample: Sequence[Row], calling_codes: tuple[str, ...]) -> _Seen:
    cells = [cell for row in sample if (cell := row.cell(column.index))]
    numbers = faulty = 0
    for cell in cells:
        try:
            number_in(cell, calling_codes)
            numbers += 1
        except NotAContact as error:
            faulty += _is_telling(cell, error.fault)
    return _Seen(column, numbers, faulty, sum(_looks_like_number(cell) for cell in cells), len(cells))


_SHAPE = re.compile(r"[\"'=(+\s]*(?:tel:)?(?:[\s()./+\-\u2010-\u2015]*\d){6,}[\s()./\"\-]*", re.IGNORECASE)
_LONGEST = 60
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-]\d{2,4}")
_DIALLED = re.compile(r"[\"'=(\s]*(?:tel:)?(?:\+|0|358)")


def _looks_like_number(cell: str) -> bool:
    return len(cell) <= _LONGEST and _SHAPE.fullmatch(cell) is not None and not _DATE.fullmatch(cell)


def _is_telling(cell: str, fault: ContactFault) -> bool:
    """Whether the cell was meant for a number. Dates and clients' ids have digits enough for a landline."""
    if fault in (ContactFault.NOT_MOBILE, ContactFault.FOREIGN):
        return _looks_like_number(cell) and _DIALLED.match(cell) is not None
    return fault in (ContactFault.ROUNDED, ContactFault.FORMULA)


def _is_heading(cell: str) -> bool:
    """A word where the other rows have numbers. A blank or a number with digits missing is a fault to tell instead."""
    return bool(cell) and sum(sign.isdigit() for sign in cell) < 3 and not is_formula(cell) and plain(cell) != ""
