"""Comments for tests: rows as a closing leaves them, in months whose answers are enough to be shown, or are not."""

from uuid import uuid4

from handler.tables import counts
from handler.tables.comments import Comment, CommentRow
from handler.tables.responses import Place
from handler.work.comments import find, readable
from survey_flow.organisation import Unit
from tests.world import World

YOUTH, GUARDIAN = ("nuorten-matala-nuori", "youth"), ("nuorten-matala-huoltaja", "guardian")
# The world's clock begins on 24 November: October's books have closed.
OCTOBER, NOVEMBER = "2026-10", "2026-11"


def unit_of(world: World, unit: str = "kotka") -> Unit:
    return world.parts.library.organisation.units[unit]


def answered(
    month: str = OCTOBER, *, n: int = 5, group: tuple[str, str] = YOUTH, unit: str = "kotka", **columns: int
) -> None:
    """So many finished surveys of the group in the month; `columns` are their answers, such as apu_4=5."""
    counts.add_alone(Place(unit, group[0], group[1], month), {"finished": n, **columns})


def written(
    text: str = "Kiitos Matti",
    *,
    month: str = OCTOBER,
    group: tuple[str, str] = YOUTH,
    unit: str = "kotka",
    theme: str | None = None,
) -> str:
    """A comment as the closing puts it, without any later column unless a theme is named; gives its id."""
    comment_id = str(uuid4())
    survey, respondent = group
    row = CommentRow(
        unit, f"{month}#{comment_id}", survey=survey, respondent=respondent, text=text, segment=None, status="new"
    )
    if theme:
        row.theme = theme
    row.save()
    return comment_id


def seen(world: World, comment_id: str, unit: str = "kotka") -> Comment:
    """The comment, which must be there to read."""
    found = find(world.parts, unit_of(world, unit), comment_id)
    assert found is not None
    return found


def texts(world: World, unit: str = "kotka") -> list[str]:
    return [comment.text for comment in readable(world.parts, unit_of(world, unit))]
