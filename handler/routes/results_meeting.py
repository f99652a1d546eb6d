"""One A4 for the unit's meeting: the index and its change, best and weakest statement, comments, open actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from handler.routes.results_aloud import best_and_weakest
from handler.routes.results_view import GroupView
from handler.tables.actions import Action
from handler.tables.comments import Comment
from handler.work import actions, comments
from handler.work.parts import Parts
from survey_flow.figures import QuestionFigures
from survey_flow.organisation import Unit

# What one page has room for, in letters and in lines.
MOST_ACTIONS = 5
LONGEST_COMMENT, LONGEST_ACTION, LONGEST_NAME = 190, 90, 40


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    segment: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """`extremes`: the best and the weakest statement; `further`: open actions that the page has no room for."""

    view: GroupView
    extremes: tuple[QuestionFigures, QuestionFigures] | None
    quotes: tuple[Quote, ...]
    actions: tuple[Action, ...]
    further: int


def meeting_of(parts: Parts, unit: Unit, view: GroupView) -> Meeting:
    found = actions.open_actions(parts, unit)
    quotes = [] if view.hidden else _of_group(comments.for_meeting(parts, unit), view)
    return Meeting(
        view=view,
        extremes=best_and_weakest(view.group.figures),
        quotes=tuple(Quote(shortened(each.text, LONGEST_COMMENT), each.segment) for each in quotes),
        actions=tuple(found[:MOST_ACTIONS]),
        further=max(0, len(found) - MOST_ACTIONS),
    )


def chosen_view(views: Sequence[GroupView]) -> GroupView | None:
    """The first group that has something to show, else the first: a page is about one group."""
    return next((view for view in views if not view.hidden), views[0] if views else None)


def shortened(text: str, most: int) -> str:
    """At most so many letters, cut between words and marked: the whole text is on its own page.

    >>> shortened("Odotustila voisi olla rauhallisempi", 20)
    'Odotustila voisi…'
    """
    told = " ".join(text.split())
    if len(told) <= most:
        return told
    return told[: most - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _of_group(found: Sequence[Comment], view: GroupView) -> list[Comment]:
    shown = (view.group.respondent, view.group.survey.id)
    return [comment for comment in found if (comment.respondent, comment.survey) == shown]
