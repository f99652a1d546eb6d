"""A question's figures over a period, of its own published cells; figures.py has its group's."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from survey_flow.conversation import Mark
from survey_flow.publication import HIDDEN_UNDER, Book, Cell, Columns, Period, added, cells_within, with_data, within
from survey_flow.statistics import Nps, mean, median, nps_of
from survey_flow.survey import Kind, Question


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question's answers. `hidden`: fewer than five answered, and nothing below may be shown.

    `months` are those that the figures are of; fewer than the group's where too few answered the question.
    `rescaled`: there are answers to another scale, too, which are not in the figures.
    """

    question: Question
    n: int = 0
    hidden: bool = True
    distribution: Mapping[int, int] = field(default_factory=dict)
    dont_know: int = 0
    skipped: int = 0
    mean: float | None = None
    median: float | None = None
    nps: Nps | None = None
    months: tuple[str, ...] = ()
    rescaled: bool = False


def question_cells(
    question: Question, shown: Sequence[Cell], book: Book, *, at_least: int = HIDDEN_UNDER
) -> tuple[Cell, ...]:
    """The cells of one question, made of whole cells of its group's responses (`shown`)."""

    def counted(columns: Columns) -> int:
        return sum(_counted(question, columns).values())

    return enlarged(cells_within(shown, book, counted), book, counted, at_least)


def enlarged(shown: Sequence[Cell], book: Book, counted: Callable[[Columns], int], at_least: int) -> tuple[Cell, ...]:
    """Larger cells are made of whole smaller ones, or the one minus the other would be what is in neither."""
    return tuple(shown) if at_least == HIDDEN_UNDER else cells_within(shown, book, counted, at_least=at_least)


def question_figures(
    question: Question, shown: Sequence[Cell], book: Book, period: Period, *, at_least: int = HIDDEN_UNDER
) -> QuestionFigures:
    """One question over a period, of its own published cells."""
    chosen = within(question_cells(question, shown, book, at_least=at_least), period)
    rescaled = any(_of_another_scale(question, name) for cell in within(shown, period) for name in cell.columns)
    if not chosen:
        return QuestionFigures(question, rescaled=rescaled)
    columns = added(cell.columns for cell in chosen)
    counted = _counted(question, columns)
    ordered = question.kind is Kind.SCALE
    return QuestionFigures(
        question=question,
        n=sum(counted.values()),
        hidden=False,
        distribution=counted,
        dont_know=columns.get(f"{question.stem}_{Mark.DONT_KNOW}", 0),
        skipped=columns.get(f"{question.stem}_{Mark.SKIPPED}", 0),
        mean=mean(counted) if ordered else None,
        median=median(counted) if ordered else None,
        nps=nps_of(counted) if question.kind is Kind.NPS else None,
        months=with_data(months_of(chosen), book),
        rescaled=rescaled,
    )


def _counted(question: Question, columns: Columns) -> dict[int, int]:
    return {digit: columns.get(f"{question.stem}_{digit}", 0) for digit in sorted(question.values)}


def _of_another_scale(question: Question, column: str) -> bool:
    """Whether the column holds answers to this question as it was asked on another scale."""
    found = re.fullmatch(rf"({re.escape(question.id)}(?:_\d+-\d+)?)_-?\d+", column)
    return found is not None and found[1] != question.stem


def months_of(chosen: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(month for cell in chosen for month in cell.months)
