"""What a supervisor marks on a comment: how far it has come, what kind it is, its theme, who handled it and when."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class CommentStatus(StrEnum):
    NEW = "new"
    READ = "read"
    SHARED = "shared"
    HANDLED = "handled"


class CommentKind(StrEnum):
    THANKS = "thanks"
    COMPLAINT = "complaint"
    IDEA = "idea"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Marks:
    """`shared`: the senders may read it, and go on reading it once it is handled. Without a kind or a theme: ""."""

    status: CommentStatus = CommentStatus.NEW
    kind: str = ""
    theme: str = ""
    shared: bool = False
    handled_by: str = ""
    handled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be marked. None leaves it as it is; "" takes a kind or a theme away. `by` is who handled it."""

    status: CommentStatus | None = None
    kind: str | None = None
    theme: str | None = None
    by: str = ""


def marked(marks: Marks, change: Change, *, today: date) -> Marks:
    """The marks after the change.

    A handled comment that is shared stays handled, and one that is handled again keeps its first handler and day, so
    that many can be marked at once. Back to new or read takes it from the senders.
    """
    kind = marks.kind if change.kind is None else change.kind
    theme = marks.theme if change.theme is None else change.theme
    return _moved(replace(marks, kind=kind, theme=theme), change, today)


def _moved(marks: Marks, change: Change, today: date) -> Marks:
    handled = marks.status is CommentStatus.HANDLED
    match change.status:
        case None:
            return marks
        case CommentStatus.SHARED:
            return replace(marks, shared=True, status=marks.status if handled else CommentStatus.SHARED)
        case CommentStatus.HANDLED if handled:
            return marks
        case CommentStatus.HANDLED:
            return replace(marks, status=CommentStatus.HANDLED, handled_by=change.by, handled_on=today)
        case back:
            return replace(marks, status=back, shared=False, handled_by="", handled_on=None)
