"""What everybody may read of a unit: what was done about the feedback, and figures of groups of twenty or more."""

from collections.abc import Sequence
from dataclasses import dataclass

from handler.work.actions import Published, published_actions
from handler.work.parts import Parts
from handler.work.results import LargeResults, large_results, latest_year
from survey_flow.organisation import Unit
from survey_flow.question_figures import QuestionFigures
from survey_flow.statistics import Nps
from survey_flow.survey import Survey


@dataclass(frozen=True, slots=True)
class DoneForTheme:
    theme: str
    actions: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class MeansOfTheme:
    """The statements of one theme that have a mean; None are those without a theme."""

    theme: str | None
    statements: tuple[QuestionFigures, ...]


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """One respondent group's figures of the latest twelve months; `months` are those with data."""

    respondent: str
    survey: Survey
    months: tuple[str, ...]
    responses: int
    examples: int
    nps: Nps | None
    themes: tuple[MeansOfTheme, ...]


def done_by_theme(parts: Parts, unit: Unit) -> list[DoneForTheme]:
    """In the order of the organisation's themes, the newest action first; a theme no longer listed comes last."""
    known = list(parts.library.organisation.themes)
    found: dict[str, list[Published]] = {}
    for action in published_actions(unit):
        found.setdefault(action.theme, []).append(action)
    ordered = sorted(found, key=lambda theme: (known.index(theme) if theme in known else len(known), theme))
    return [DoneForTheme(theme, tuple(found[theme])) for theme in ordered]


def public_figures(parts: Parts, unit: Unit) -> list[PublicFigures]:
    """Groups of under twenty are left out without a word, and so are questions that fewer than twenty answered."""
    found = large_results(parts, unit, latest_year(parts))
    return [_public(results) for results in found if not results.figures.hidden]


def _public(results: LargeResults) -> PublicFigures:
    figures = results.figures
    shown = [question for question in figures.questions if not question.hidden]
    return PublicFigures(
        respondent=results.respondent,
        survey=results.survey,
        months=figures.months,
        responses=figures.responses,
        examples=figures.examples,
        nps=figures.index,
        themes=_by_theme([question for question in shown if question.mean is not None]),
    )


def _by_theme(statements: Sequence[QuestionFigures]) -> tuple[MeansOfTheme, ...]:
    found: dict[str | None, list[QuestionFigures]] = {}
    for statement in statements:
        found.setdefault(statement.question.theme, []).append(statement)
    return tuple(MeansOfTheme(theme, tuple(theirs)) for theme, theirs in found.items())
