"""One row a respondent who wrote something: masked text, group and month, no id in common with the response.

Every later write is conditioned on what was read: the marks on the version, a row made before it had one included; what
is blacked out or deleted on the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import uuid4

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DeleteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from handler.tables.base import LostRace
from handler.tables.responses import Place
from survey_flow.comment_marks import CommentStatus, Marks
from survey_flow.comment_times import seen_from

T = TypeVar("T")


class CommentRow(Model):
    class Meta(base.Meta):
        short_name = "comments"

    unit = UnicodeAttribute(hash_key=True)
    month_id = UnicodeAttribute(range_key=True)
    survey = UnicodeAttribute()
    respondent = UnicodeAttribute()
    text = UnicodeAttribute()
    segment = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    kind = UnicodeAttribute(null=True)
    theme = UnicodeAttribute(null=True)
    shared = NumberAttribute(null=True)
    handled_by = UnicodeAttribute(null=True)
    handled_on = UnicodeAttribute(null=True)
    chosen_for_meeting = NumberAttribute(null=True)
    version = NumberAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Comment:
    """`months` are those of the cell that it is published in, `seen_from` the day from which it can be seen: whoever
    reads the cells fills them in (work/comments.py).

    `month_id` is its key and is shown to nobody: its own month may be a smaller group than the cell.
    """

    id: str
    unit: str
    month_id: str
    survey: str
    respondent: str
    text: str
    segment: str
    marks: Marks
    chosen_for_meeting: bool
    version: int
    months: tuple[str, ...]
    seen_from: date

    @property
    def month(self) -> str:
        return self.month_id.partition("#")[0]


def put(together: TransactWrite, place: Place, *, text: str, segment: str) -> None:
    together.save(
        CommentRow(
            place.unit,
            f"{place.month}#{uuid4()}",
            survey=place.survey,
            respondent=place.respondent,
            text=text,
            segment=segment or None,
            status=CommentStatus.NEW.value,
        )
    )


def of_unit(unit: str) -> Iterator[Comment]:
    """Every comment of the unit, also those that may not be shown yet."""
    for row in CommentRow.query(unit, consistent_read=True):
        yield _comment(row)


def mark(comment: Comment, marks: Marks, *, chosen_for_meeting: bool) -> None:
    """Raises LostRace when the comment is no longer as it was read."""
    try:
        _row(comment).update(_marking(comment, marks, chosen_for_meeting), condition=_unchanged(comment))
    except UpdateError as error:
        raise (LostRace() if base.lost(error) else error) from error


def mark_within(together: TransactWrite, comment: Comment, marks: Marks, *, chosen_for_meeting: bool) -> None:
    together.update(_row(comment), _marking(comment, marks, chosen_for_meeting), condition=_unchanged(comment))


def overwrite(comment: Comment, text: str) -> None:
    """The text that was read is gone. Raises LostRace when the comment says something else meanwhile."""
    try:
        _row(comment).update(
            [CommentRow.text.set(text), CommentRow.version.add(1)], condition=CommentRow.text == comment.text
        )
    except UpdateError as error:
        raise (LostRace() if base.lost(error) else error) from error


def delete(comment: Comment) -> None:
    """Raises LostRace when the comment says something else meanwhile, or is gone already."""
    try:
        _row(comment).delete(condition=CommentRow.text == comment.text)
    except DeleteError as error:
        raise (LostRace() if base.lost(error) else error) from error


def _unchanged(comment: Comment) -> Condition:
    """It is there, as it was read. Without the first half a deleted comment without a version would come back."""
    version = CommentRow.version == comment.version if comment.version else CommentRow.version.does_not_exist()
    condition: Condition = CommentRow.month_id.exists() & version
    return condition


def _marking(comment: Comment, marks: Marks, chosen_for_meeting: bool) -> list[Action]:
    handled_on = marks.handled_on.isoformat() if marks.handled_on else None
    return [
        CommentRow.status.set(marks.status.value),
        CommentRow.version.set(comment.version + 1),
        _set(CommentRow.kind, marks.kind),
        _set(CommentRow.theme, marks.theme),
        _set(CommentRow.shared, int(marks.shared)),
        _set(CommentRow.handled_by, marks.handled_by),
        _set(CommentRow.handled_on, handled_on),
        _set(CommentRow.chosen_for_meeting, int(chosen_for_meeting)),
    ]


def _set(column: Attribute[T], value: T | None) -> Action:
    """What is empty has no column."""
    return column.set(value) if value else column.remove()


def _row(comment: Comment) -> CommentRow:
    return CommentRow(comment.unit, comment.month_id)


def _comment(row: CommentRow) -> Comment:
    month, _, comment_id = row.month_id.partition("#")
    return Comment(
        id=comment_id,
        unit=row.unit,
        month_id=row.month_id,
        survey=row.survey,
        respondent=row.respondent,
        text=row.text,
        segment=row.segment or "",
        marks=_marks(row),
        chosen_for_meeting=bool(row.chosen_for_meeting),
        version=int(row.version or 0),
        months=(),
        seen_from=seen_from(month),
    )


def _marks(row: CommentRow) -> Marks:
    return Marks(
        status=CommentStatus(row.status),
        kind=row.kind or "",
        theme=row.theme or "",
        shared=bool(row.shared),
        handled_by=row.handled_by or "",
        handled_on=date.fromisoformat(row.handled_on) if row.handled_on else None,
    )
