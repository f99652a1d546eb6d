"""One A4 for the unit's meeting: the index and its change, best and weakest statement, comments, open actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from handler.routes.results_view import GroupView
from handler.tables.actions import Action
from handler.work.meeting import agenda
from handler.work.parts import Parts
from survey_flow.access import Person
from survey_flow.best_weakest import BestWeakest, best_and_weakest
from survey_flow.organisation import Unit

# What one page has room for, in letters.
LONGEST_COMMENT, LONGEST_ACTION, LONGEST_NAME = 190, 90, 40


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    segment: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """`extremes`: the best and the weakest statement; `further`: open actions that the page has no room for."""

    view: GroupView
    extremes: BestWeakest | None
    quotes: tuple[Quote, ...]
    actions: tuple[Action, ...]
    further: int


def meeting_of(parts: Parts, unit: Unit, view: GroupView, *, reader: Person) -> Meeting:
    found = agenda(parts, unit, view.group, reader=reader)
    return Meeting(
        view=view,
        extremes=best_and_weakest(view.group.figures.questions),
        quotes=tuple(Quote(shortened(each.text, LONGEST_COMMENT), each.segment) for each in found.comments),
        actions=found.actions,
        further=found.further,
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
