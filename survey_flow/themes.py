"""A survey's statements by theme: what THL's national structure compares, and what comments and actions belong to."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey_flow.figures import GroupFigures
from survey_flow.statistics import mean
from survey_flow.survey import USUAL_RANGE, Kind


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """The mean (1-5) of all answers to a theme's statements; n counts answers, so one respondent may be in it twice."""

    theme: str
    mean: float
    n: int


def theme_figures(figures: GroupFigures) -> tuple[ThemeFigures, ...]:
    """Of the statements that may be shown, on the scale 1-5 alone: other scales cannot be averaged with it."""
    answers: dict[str, dict[int, int]] = {}
    for each in figures.questions:
        question = each.question
        if each.hidden or not question.theme or question.kind is not Kind.SCALE:
            continue
        if (question.low, question.high) == USUAL_RANGE:
            _add(answers.setdefault(question.theme, {}), each.distribution)
    return tuple(
        ThemeFigures(theme, found, sum(counts.values()))
        for theme, counts in answers.items()
        if (found := mean(counts)) is not None
    )


def answers_by_theme(figures: GroupFigures) -> dict[str, int]:
    """How many answers each theme has, on whatever scale, of the questions that may be shown."""
    found: dict[str, int] = {}
    for each in figures.questions:
        if each.question.theme and not each.hidden:
            found[each.question.theme] = found.get(each.question.theme, 0) + each.n
    return found


def _add(to: dict[int, int], distribution: Mapping[int, int]) -> None:
    for digit, count in distribution.items():
        to[digit] = to.get(digit, 0) + count
