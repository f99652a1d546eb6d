"""A list of contacts from the rows of a file: whom a survey can go to, and of each other line why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey_flow.contact_columns import Columns, FaultyList, ListFault, find_columns
from survey_flow.contact_number import ContactFault, NotAContact, is_formula, number_in
from survey_flow.contact_row import MOST_ROWS, Row
from survey_flow.contact_words import meanings, plain
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Contact:
    """`fields` (unit, respondent, language, occasion) by the form's names, where the line has them: a word that we
    know is its code, another stands as written. `facts` by question id, as written."""

    line: int
    number: PhoneNumber = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class LineFault:
    """`other_line` is the line on which the number of a duplicate stands first."""

    line: int
    fault: ContactFault
    other_line: int | None = None


@dataclass(frozen=True, slots=True)
class ContactList:
    columns: Columns
    entries: tuple[Contact, ...]
    faults: tuple[LineFault, ...]


def contact_list(rows: Sequence[Row], library: Library) -> ContactList:
    """Every line below the header is an entry or a fault. Raises FaultyList."""
    if not rows:
        raise FaultyList(ListFault.NO_NUMBERS)
    codes = library.organisation.calling_codes
    columns, body = find_columns(rows, _fact_names(library), codes)
    if len(body) > MOST_ROWS:
        raise FaultyList(ListFault.TOO_MANY_ROWS)
    known = meanings(library.organisation)
    found = list(_without_duplicates(_read(row, columns, known, codes) for row in body))
    return ContactList(
        columns,
        tuple(one for one in found if isinstance(one, Contact)),
        tuple(one for one in found if isinstance(one, LineFault)),
    )


def _fact_names(library: Library) -> frozenset[str]:
    """The questions whose answers an invitation may tell."""
    questions = [question for survey in library.surveys.values() for question in survey.questions]
    return frozenset(question.id for question in questions if question.prefill and question.prefill.fact)


def _read(
    row: Row, columns: Columns, known: Mapping[str, Mapping[str, str]], codes: tuple[str, ...]
) -> Contact | LineFault:
    try:
        number = number_in(row.cell(columns.phone.index), codes)
    except NotAContact as error:
        return LineFault(row.line, error.fault)
    written = {name: row.cell(column.index) for name, column in columns.fields.items()}
    facts = {name: row.cell(column.index) for name, column in columns.facts.items()}
    if any(is_formula(text) for text in (*written.values(), *facts.values())):
        return LineFault(row.line, ContactFault.FORMULA)
    fields = {name: known[name].get(plain(text), text) for name, text in written.items() if plain(text)}
    return Contact(row.line, number, fields, {name: text for name, text in facts.items() if plain(text)})


def _without_duplicates(found: Iterator[Contact | LineFault]) -> Iterator[Contact | LineFault]:
    first: dict[PhoneNumber, int] = {}
    for one in found:
        if isinstance(one, Contact) and first.setdefault(one.number, one.line) != one.line:
            yield LineFault(one.line, ContactFault.DUPLICATE, first[one.number])
        else:
            yield one
