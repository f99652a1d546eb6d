"""What the counts hold of a unit's groups, and what of it is published: where every figure and comment begins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.parts import Parts
from survey_flow.figures import response_cells
from survey_flow.organisation import Unit
from survey_flow.publication import Book, Cell, Slot, calendar, month_of, months_between
from survey_flow.survey import Survey


@dataclass(frozen=True, slots=True)
class GroupBook:
    """A group's book with a survey, its unit's calendar, and the published cells."""

    respondent: str
    survey_id: str
    slots: tuple[Slot, ...]
    book: Book
    shown: tuple[Cell, ...]


def group_books(parts: Parts, unit: Unit, groups: Iterable[tuple[str, str]]) -> list[GroupBook]:
    """The books of some groups, each a respondent and a survey's id, since the unit's first month: a hundred rows a
    call."""
    groups = list(groups)
    months = months_between(parts.library.organisation.first_month(unit), month_of(parts.today()))
    books = counts.books(Place(unit.id, survey, group, month) for group, survey in groups for month in months)
    return [
        _group_book(parts, unit, respondent, survey, books.get((unit.id, survey, respondent), {}))
        for respondent, survey in groups
    ]


def books_of_survey(parts: Parts, survey: Survey) -> Iterator[tuple[Unit, GroupBook]]:
    """The books of every unit that asks the survey, in the organisation's order: whole rows, in one query."""
    organisation = parts.library.organisation
    firsts = [organisation.first_month(unit) for unit in organisation.units.values()]
    books = counts.of_survey(survey.id, first=min(firsts), last=month_of(parts.today()))
    for unit in organisation.units.values():
        for respondent, survey_id in unit.asks(parts.library.surveys):
            if survey_id == survey.id:
                yield unit, _group_book(parts, unit, respondent, survey.id, books.get((unit.id, respondent), {}))


def _group_book(parts: Parts, unit: Unit, respondent: str, survey_id: str, rows: Book) -> GroupBook:
    first, today = parts.library.organisation.first_month(unit), parts.today()
    slots = calendar(unit.windows, first=first, today=today)
    book = {month: columns for month, columns in rows.items() if month >= first}
    return GroupBook(respondent, survey_id, slots, book, response_cells(slots, book, today=today))
