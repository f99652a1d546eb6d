"""A group's figures over a period: sums of what is published (publication.py), and nothing of what is hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from survey_flow.closing import (
    BROKEN_OFF,
    FINISHED,
    MESSAGES_IN,
    OPTED_OUT,
    OPTED_OUT_AT,
    OPTED_OUT_AT_ONCE,
    SAFETY_CONVERSATIONS,
    SAFETY_TEXTS,
    SEGMENTS_OUT,
)
from survey_flow.publication import (
    HIDDEN_UNDER,
    INDICATIVE_UNDER,
    Book,
    Cell,
    Columns,
    Period,
    Slot,
    added,
    cells,
    with_data,
    within,
)
from survey_flow.question_figures import QuestionFigures, enlarged, months_of, question_figures
from survey_flow.statistics import Nps, share
from survey_flow.survey import Kind, Survey

# Made-up answers for trying the product carry this column, and the page says how many there are.
EXAMPLES = "examples"


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group's figures over one period; `hidden` when nothing of it is published, with nothing else in it.

    `responses` are those who began to answer; `broken_off` and `opted_out_at` tell at which question they stopped.
    """

    responses: int = 0
    hidden: bool = True
    indicative: bool = False
    live: bool = False
    months: tuple[str, ...] = ()
    finished: int = 0
    invited: int = 0
    delivered: int = 0
    examples: int = 0
    segments_out: int = 0
    messages_in: int = 0
    safety_texts: int | None = None
    broken_off: Mapping[str, int] = field(default_factory=dict)
    opted_out_at: Mapping[str, int] = field(default_factory=dict)
    questions: tuple[QuestionFigures, ...] = ()

    def question(self, question_id: str) -> QuestionFigures | None:
        return next((each for each in self.questions if each.question.id == question_id), None)

    @property
    def index(self) -> Nps | None:
        """The recommendation index, if the survey asks for it and it may be shown."""
        return next((each.nps for each in self.questions if each.nps), None)

    @property
    def rate(self) -> float | None:
        """Responses in per cent of those invited; None when nobody was invited, or fewer than responded.

        Sendings are counted some minutes after they left, and a late closing counts to another month.
        """
        return share(self.responses, self.invited) if self.invited >= self.responses else None


def responses_in(columns: Columns) -> int:
    """How many responses the columns hold: finished, broken off and opted out half-way, not refused at once."""
    broken_off = sum(number for name, number in columns.items() if name.startswith(BROKEN_OFF))
    half_way = columns.get(OPTED_OUT, 0) - columns.get(OPTED_OUT_AT_ONCE, 0)
    return columns.get(FINISHED, 0) + half_way + broken_off


def response_cells(slots: Sequence[Slot], book: Book, *, today: date) -> tuple[Cell, ...]:
    """The cells of a group's responses: what every other figure of the group is made of."""
    return cells(slots, book, responses_in, today=today)


def group_figures(
    survey: Survey, shown: Sequence[Cell], book: Book, period: Period | None = None, *, at_least: int = HIDDEN_UNDER
) -> GroupFigures:
    """The figures of a period, of the published cells of the group's responses (`shown`); without one, of the latest.

    With `at_least` twenty they are for everybody: final, and every number a sum of cells of twenty answers.
    """
    shown = shown if at_least == HIDDEN_UNDER else [cell for cell in shown if not cell.live]
    own = enlarged(shown, book, responses_in, at_least)
    period = period or (own[-1].period if own else None)
    chosen = within(own, period) if period else ()
    if not chosen or not period:
        return GroupFigures()
    columns = added(cell.columns for cell in chosen)
    responses = responses_in(columns)
    # By conversations: five texts to one child would point at it.
    many = columns.get(SAFETY_CONVERSATIONS, 0) >= HIDDEN_UNDER
    return GroupFigures(
        responses=responses,
        hidden=False,
        indicative=responses < INDICATIVE_UNDER,
        live=any(cell.live for cell in chosen),
        months=with_data(months_of(chosen), book),
        finished=columns.get(FINISHED, 0),
        invited=columns.get("invited", 0),
        delivered=columns.get("delivered", 0),
        examples=columns.get(EXAMPLES, 0),
        segments_out=columns.get(SEGMENTS_OUT, 0),
        messages_in=columns.get(MESSAGES_IN, 0),
        safety_texts=columns.get(SAFETY_TEXTS, 0) if many else None,
        broken_off=_by_question(survey, columns, BROKEN_OFF),
        opted_out_at=_by_question(survey, columns, OPTED_OUT_AT),
        questions=tuple(
            question_figures(question, shown, book, period, at_least=at_least)
            for question in survey.questions
            if question.kind is not Kind.OPEN
        ),
    )


def _by_question(survey: Survey, columns: Columns, beginning: str) -> dict[str, int]:
    found = {question.id: columns.get(f"{beginning}{question.id}", 0) for question in survey.questions}
    return {name: number for name, number in found.items() if number}
