"""Statements of one scale side by side, and choices with their shares: what the results page draws of each question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handler.routes.results_charts import Segment, Spark, Strip, shade, spark, stacked, strip
from handler.work.results import GroupResults, TrendPoint
from survey_flow.language import Language
from survey_flow.question_figures import QuestionFigures
from survey_flow.statistics import Interval, difference_of_means, mean_interval, share_interval
from survey_flow.survey import USUAL_RANGE, Kind, labels

# Finnish school marks, 4-10.
GRADES = (4, 10)


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a scale. Of a hidden one only its words are shown; `change` is in digits since before."""

    figures: QuestionFigures
    segments: tuple[Segment, ...] = ()
    strip: Strip | None = None
    interval: Interval | None = None
    change: Interval | None = None
    spark: Spark | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """The questions that share a scale. `labels` are what its digits mean, where the survey's words say so."""

    low: int
    high: int
    labels: Mapping[int, str]
    shades: Mapping[int, int]
    rows: tuple[Row, ...]
    goal: float | None

    @property
    def is_grades(self) -> bool:
        return (self.low, self.high) == GRADES

    @property
    def shown(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.figures.hidden)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice, with its share of those who chose."""

    digit: int
    word: str
    count: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Choices:
    figures: QuestionFigures
    choices: tuple[Choice, ...]


def is_for(group: GroupResults, figures: QuestionFigures) -> bool:
    """Whether a question belongs on a group's page: one that it is not asked has nothing to hide.

    Who answered (client, guardian) is the group itself, and no figure.
    """
    question = figures.question
    if question.prefill and question.prefill.respondent:
        return False
    return not figures.hidden or (
        question.asked and (not question.respondents or group.respondent in question.respondents)
    )


def scales_of(
    group: GroupResults, points: tuple[TrendPoint, ...], language: Language, mean_goal: float | None
) -> tuple[Scale, ...]:
    """The scales in the order in which the survey uses them."""
    families: dict[tuple[int, int, str], list[QuestionFigures]] = {}
    for figures in _of_kind(group, Kind.SCALE):
        question = figures.question
        families.setdefault((question.low, question.high, question.how.get(language, "")), []).append(figures)
    return tuple(_scale(group, theirs, points, language, mean_goal) for theirs in families.values())


def choices_of(group: GroupResults, language: Language) -> tuple[Choices, ...]:
    return tuple(Choices(figures, tuple(_choices(figures, language))) for figures in _of_kind(group, Kind.CHOICE))


def change_of_mean(now: QuestionFigures, before: QuestionFigures | None) -> Interval | None:
    """How a mean has moved since before, where there is something to compare and answers that vary."""
    if now.hidden or before is None or before.hidden:
        return None
    return difference_of_means(now.distribution, before.distribution)


def _of_kind(group: GroupResults, kind: Kind) -> list[QuestionFigures]:
    return [each for each in group.figures.questions if each.question.kind is kind and is_for(group, each)]


def _scale(
    group: GroupResults,
    theirs: list[QuestionFigures],
    points: tuple[TrendPoint, ...],
    language: Language,
    mean_goal: float | None,
) -> Scale:
    first = theirs[0].question
    goal = mean_goal if (first.low, first.high) == USUAL_RANGE else None
    digits = sorted(first.values)
    return Scale(
        low=first.low,
        high=first.high,
        labels=labels(first, language),
        shades={digit: shade(place, len(digits)) for place, digit in enumerate(digits)},
        rows=tuple(_row(group, figures, points, goal) for figures in theirs),
        goal=goal,
    )


def _row(group: GroupResults, figures: QuestionFigures, points: tuple[TrendPoint, ...], goal: float | None) -> Row:
    if figures.mean is None:
        return Row(figures)
    question = figures.question
    interval = mean_interval(figures.distribution)
    return Row(
        figures=figures,
        segments=stacked(figures.distribution),
        strip=strip(figures.mean, interval, goal, low=question.low, high=question.high),
        interval=interval,
        change=change_of_mean(figures, group.before.question(question.id)),
        spark=spark(points, question.id, low=question.low, high=question.high),
    )


def _choices(figures: QuestionFigures, language: Language) -> Iterable[Choice]:
    words = labels(figures.question, language)
    for digit, count in figures.distribution.items():
        if interval := share_interval(count, figures.n):
            yield Choice(digit, words.get(digit, ""), count, interval)
