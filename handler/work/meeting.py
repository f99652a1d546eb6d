"""What one A4 for the unit's meeting has beside the figures: comments chosen for it, open actions.

As far as its reader may see them: one who may not read the unit's comments sees of the chosen ones those that are
shared, and one to whom its actions do not belong sees none.
"""

from dataclasses import dataclass

from handler.tables.actions import Action
from handler.tables.comments import Comment
from handler.work.actions import open_actions
from handler.work.comments import for_meeting
from handler.work.parts import Parts
from handler.work.results import GroupResults
from survey_flow.access import Act, Person
from survey_flow.organisation import Unit

# One page has room for so many.
MOST_ACTIONS = 5


@dataclass(frozen=True, slots=True)
class Agenda:
    """`further`: open actions that the page has no room for."""

    comments: tuple[Comment, ...]
    actions: tuple[Action, ...]
    further: int


def agenda(parts: Parts, unit: Unit, group: GroupResults, *, reader: Person) -> Agenda:
    """The group's own comments, none of a group that is hidden, and the actions of the unit as a whole."""
    found = open_actions(unit) if unit.id in reader.units_for(Act.ACTIONS) else []
    shown = (group.respondent, group.survey.id)
    chosen = [] if group.figures.hidden else for_meeting(parts, unit)
    if unit.id not in reader.units_for(Act.COMMENTS):
        chosen = [comment for comment in chosen if comment.marks.shared]
    return Agenda(
        comments=tuple(comment for comment in chosen if (comment.respondent, comment.survey) == shown),
        actions=tuple(found[:MOST_ACTIONS]),
        further=max(0, len(found) - MOST_ACTIONS),
    )
