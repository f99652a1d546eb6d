"""What the counts hold of a unit's groups, and what of it is published: where every figure and comment begins."""

from collections.abc import Iterable
from dataclasses import dataclass

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.parts import Parts
from survey_flow.figures import response_cells
from survey_flow.organisation import Unit
from survey_flow.publication import Book, Cell, Slot, calendar, months_between


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
    today = parts.today()
    slots = calendar(unit.windows, first=parts.library.organisation.first_month(unit), today=today)
    months = months_between(slots[0].months[0], today.isoformat()[:7]) if slots else ()
    books = counts.books(Place(unit.id, survey, group, month) for group, survey in groups for month in months)
    found = []
    for respondent, survey_id in groups:
        book = books.get((unit.id, survey_id, respondent), {})
        found.append(GroupBook(respondent, survey_id, slots, book, response_cells(slots, book, today=today)))
    return found
