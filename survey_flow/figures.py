"""What may be shown of a group's answers: figures from counts, and nothing of a small group.

n >= 5 to show anything, 5-19 marked as indicative, n counts the answers to the question shown. A group under twenty is
not shown live: only months that have ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_flow.closing import (
    BROKEN_OFF,
    FINISHED,
    MESSAGES_IN,
    OPTED_OUT,
    OPTED_OUT_AT_ONCE,
    SEGMENTS_OUT,
)
from survey_flow.conversation import Mark
from survey_flow.statistics import Nps, mean, nps_of
from survey_flow.survey import Kind, Question, Survey

HIDDEN_UNDER = 5
INDICATIVE_UNDER = 20
# Made-up answers for trying the product carry this column, and the page says how many there are.
EXAMPLES = "examples"

Columns = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question's answers. `hidden`: fewer than five answered, and nothing below may be shown."""

    question: Question
    n: int
    hidden: bool
    distribution: Mapping[int, int]
    dont_know: int
    skipped: int
    mean: float | None
    nps: Nps | None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group's figures over one period; `hidden` when the group is too small, with nothing else in it."""

    responses: int
    hidden: bool
    indicative: bool
    live: bool
    finished: int
    invited: int
    delivered: int
    examples: int
    segments_out: int
    messages_in: int
    questions: tuple[QuestionFigures, ...]


def responses_in(columns: Columns) -> int:
    """How many responses the columns hold: finished, broken off and opted out half-way, not refused at once."""
    broken_off = sum(number for name, number in columns.items() if name.startswith(BROKEN_OFF))
    half_way = columns.get(OPTED_OUT, 0) - columns.get(OPTED_OUT_AT_ONCE, 0)
    return columns.get(FINISHED, 0) + half_way + broken_off


def added(rows: list[dict[str, int]]) -> dict[str, int]:
    """The columns of several months together."""
    total: dict[str, int] = {}
    for row in rows:
        for name, number in row.items():
            total[name] = total.get(name, 0) + number
    return total


def group_figures(survey: Survey, *, live: Columns, ended: Columns) -> GroupFigures:
    """`live` are the three months up to now, `ended` the three latest that are over; the group's size chooses."""
    shows_live = responses_in(live) >= INDICATIVE_UNDER
    columns = live if shows_live else ended
    responses = responses_in(columns)
    if responses < HIDDEN_UNDER:
        return GroupFigures(
            responses=0,
            hidden=True,
            indicative=False,
            live=False,
            finished=0,
            invited=0,
            delivered=0,
            examples=0,
            segments_out=0,
            messages_in=0,
            questions=(),
        )
    return GroupFigures(
        responses=responses,
        hidden=False,
        indicative=responses < INDICATIVE_UNDER,
        live=shows_live,
        finished=columns.get(FINISHED, 0),
        invited=columns.get("invited", 0),
        delivered=columns.get("delivered", 0),
        examples=columns.get(EXAMPLES, 0),
        segments_out=columns.get(SEGMENTS_OUT, 0),
        messages_in=columns.get(MESSAGES_IN, 0),
        questions=tuple(
            _question(question, columns) for question in survey.questions if question.kind is not Kind.OPEN
        ),
    )


def _question(question: Question, columns: Columns) -> QuestionFigures:
    counted = {digit: columns.get(f"{question.id}_{digit}", 0) for digit in sorted(question.values)}
    n = sum(counted.values())
    hidden = n < HIDDEN_UNDER
    return QuestionFigures(
        question=question,
        n=0 if hidden else n,
        hidden=hidden,
        distribution={} if hidden else counted,
        dont_know=0 if hidden else columns.get(f"{question.id}_{Mark.DONT_KNOW}", 0),
        skipped=0 if hidden else columns.get(f"{question.id}_{Mark.SKIPPED}", 0),
        mean=mean(counted) if question.kind is Kind.SCALE and not hidden else None,
        nps=nps_of(counted) if question.kind is Kind.NPS and not hidden else None,
    )
