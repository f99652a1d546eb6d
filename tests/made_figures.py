"""Made-up figures for what is said of figures: whoever asks states only what matters."""

from collections.abc import Sequence
from typing import Any

from survey_flow.figures import GroupFigures
from survey_flow.question_figures import QuestionFigures
from survey_flow.statistics import nps
from survey_flow.survey import Kind, Survey


def figures(
    survey: Survey, scores: tuple[int, int, int] = (18, 6, 3), means: Sequence[float] = (), **differs: Any
) -> GroupFigures:
    """A month's figures: promoters, passives and detractors, and the means of the first statements."""
    n = sum(scores)
    left = list(means)
    questions = []
    for question in survey.questions:
        if question.kind is Kind.NPS and n:
            questions.append(QuestionFigures(question, n=n, hidden=False, nps=nps(*scores)))
        elif question.kind is Kind.SCALE and left:
            questions.append(QuestionFigures(question, n=n, hidden=False, mean=left.pop(0)))
        else:
            questions.append(QuestionFigures(question))
    usual: dict[str, Any] = {
        "responses": n,
        "hidden": False,
        "indicative": n < 20,
        "months": ("2026-10",),
        "invited": 3 * n,
        "questions": tuple(questions),
    }
    return GroupFigures(**(usual | differs))
