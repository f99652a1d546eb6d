"""A unit's comments as they may be read: those of published cells, each with the whole cell as its time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from handler.tables import comments
from handler.tables.comments import Comment
from handler.work.books import GroupBook, group_books
from handler.work.parts import Parts
from survey_flow.comment_marks import CommentStatus
from survey_flow.comment_times import days_taken, due, median_days, seen_from
from survey_flow.organisation import Unit
from survey_flow.publication import INDICATIVE_UNDER, with_data
from survey_flow.question_figures import question_cells
from survey_flow.survey import Kind

# What a meeting's one page has room for.
MOST_FOR_MEETING = 5


@dataclass(frozen=True, slots=True)
class Handling:
    """How a unit's comments are handled; `median` is in days, None until one has been handled."""

    comments: int
    waiting: int
    overdue: int
    median: float | None


def readable(parts: Parts, unit: Unit) -> list[Comment]:
    """Comments of published cells, the newest cell first, within a cell by their random ids: no order tells time.

    A survey that is asked no longer has its comments still.
    """
    found = list(comments.of_unit(unit.id))
    places: dict[tuple[str, str, str], _Place] = {}
    for book in group_books(parts, unit, {(comment.respondent, comment.survey) for comment in found}):
        scored = _well_scored(parts, book)
        for cell in book.shown:
            named = with_data(cell.months, book.book)
            for month in cell.months:
                places[book.respondent, book.survey_id, month] = _Place(named, cell.months[-1], month in scored)
    shown = [
        replace(
            comment,
            months=place.named,
            seen_from=seen_from(place.last),
            segment=comment.segment if place.scored else "",
        )
        for comment in found
        if (place := places.get((comment.respondent, comment.survey, comment.month)))
    ]
    return sorted(sorted(shown, key=lambda comment: comment.id), key=lambda comment: comment.seen_from, reverse=True)


@dataclass(frozen=True, slots=True)
class _Place:
    """A month's published cell: as it is named, its last month, and whether segments may stand beside its comments."""

    named: tuple[str, ...]
    last: str
    scored: bool


def _well_scored(parts: Parts, book: GroupBook) -> frozenset[str]:
    """The months in final cells of twenty scores or more.

    In a smaller one promoter or detractor beside each comment would tell the scores one by one, hidden or not.
    """
    survey = parts.library.surveys.get(book.survey_id)
    final = [cell for cell in book.shown if not cell.live]
    return frozenset(
        month
        for question in (survey.questions if survey else ())
        if question.kind is Kind.NPS
        for cell in question_cells(question, final, book.book, at_least=INDICATIVE_UNDER)
        for month in cell.months
    )


def find(parts: Parts, unit: Unit, comment_id: str) -> Comment | None:
    """One that may be read; None when it may not, or is gone."""
    return next((comment for comment in readable(parts, unit) if comment.id == comment_id), None)


def shared(parts: Parts, unit: Unit) -> list[Comment]:
    """What the supervisor has shared with the senders, handled or not."""
    return [comment for comment in readable(parts, unit) if comment.marks.shared]


def for_meeting(parts: Parts, unit: Unit) -> list[Comment]:
    """At most five chosen for the unit's meeting."""
    return [comment for comment in readable(parts, unit) if comment.chosen_for_meeting][:MOST_FOR_MEETING]


def due_on(parts: Parts, comment: Comment) -> date:
    """The last day on which handling it is in time."""
    return due(comment.seen_from, parts.library.organisation.comment_days)


def is_overdue(parts: Parts, comment: Comment) -> bool:
    return comment.marks.status is not CommentStatus.HANDLED and due_on(parts, comment) < parts.today()


def handling(parts: Parts, found: Iterable[Comment]) -> Handling:
    every = list(found)
    taken = [days_taken(comment.seen_from, comment.marks.handled_on) for comment in every if comment.marks.handled_on]
    return Handling(
        comments=len(every),
        waiting=sum(comment.marks.status is not CommentStatus.HANDLED for comment in every),
        overdue=sum(is_overdue(parts, comment) for comment in every),
        median=median_days(taken),
    )
