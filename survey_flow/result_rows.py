"""Results as rows of a table, for other programs: a figure a row, question texts beside codes, nothing of one response.

What a row may hold is decided before: the rows are made of figures that are published.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_flow.figures import GroupFigures
from survey_flow.language import Language
from survey_flow.question_figures import QuestionFigures
from survey_flow.survey import Survey, labels
from survey_flow.themes import theme_figures

Number = int | float


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `measure` is a code that the pages have a word for (`export_<measure>`)."""

    question: str
    text: str
    measure: str
    value: Number
    n: int
    answer: int | None = None
    answer_text: str = ""


def result_rows(survey: Survey, figures: GroupFigures, language: Language) -> Iterator[Row]:
    """Every figure of a group: what was sent and answered, then each question with its answers."""
    if figures.hidden:
        return
    for measure in ("invited", "delivered", "responses", "finished"):
        yield Row("", "", measure, getattr(figures, measure), figures.responses)
    for each in figures.questions:
        if not each.hidden:
            yield from _of_question(each, language)
    for measure, stopped in (("broken_off", figures.broken_off), ("opted_out_at", figures.opted_out_at)):
        for question, count in stopped.items():
            yield Row(question, survey.question(question).text[language], measure, count, figures.responses)


def _of_question(each: QuestionFigures, language: Language) -> Iterator[Row]:
    code, text = each.question.id, each.question.text[language]
    if each.nps is not None:
        for measure, value in (
            ("nps", each.nps.index),
            ("nps_low", each.nps.low),
            ("nps_high", each.nps.high),
            ("promoters", each.nps.promoters),
            ("passives", each.nps.passives),
            ("detractors", each.nps.detractors),
        ):
            yield Row(code, text, measure, round(value, 1), each.n)
    for measure, average in (("mean", each.mean), ("median", each.median)):
        if average is not None:
            yield Row(code, text, measure, round(average, 2), each.n)
    named = labels(each.question, language)
    for digit, count in each.distribution.items():
        yield Row(code, text, "answers", count, each.n, answer=digit, answer_text=named.get(digit, ""))
    yield Row(code, text, "dont_know", each.dont_know, each.n)
    yield Row(code, text, "skipped", each.skipped, each.n)


def thl_rows(figures: GroupFigures) -> Iterator[Row]:
    """The summary in the shape of THL's national structure: the recommendation index, and each theme's mean.

    Our own reconstruction of that shape; `text` is a theme's id, for which the organisation's file has a name.
    """
    if figures.index is not None:
        index = figures.index
        for measure, value in (("nps", index.index), ("nps_low", index.low), ("nps_high", index.high)):
            yield Row("", "", measure, round(value, 1), index.n)
    for theme in theme_figures(figures):
        yield Row("", theme.theme, "theme_mean", round(theme.mean, 2), theme.n)
