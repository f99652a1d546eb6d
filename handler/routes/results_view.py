"""One group's results as the page draws them: sentences, charts, how far those asked came, where they stopped."""

from collections.abc import Sequence
from dataclasses import dataclass

from handler.routes.results_aloud import aloud
from handler.routes.results_asked import AskedResults
from handler.routes.results_charts import Trend, trend
from handler.routes.results_choices import Calendar
from handler.routes.results_hidden import Hidden, why_hidden
from handler.routes.results_scales import Choices, Scale, choices_of, scales_of
from handler.routes.results_words import ResultsWords
from handler.work.results import GroupResults, TrendPoint
from survey_flow.figures import GroupFigures
from survey_flow.language import Language
from survey_flow.question_figures import QuestionFigures
from survey_flow.survey import Kind

# So many of the latest cells are drawn and listed: a year of months.
_MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many came so far, in per cent of those asked."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A question, and how many left there: by falling silent, or by STOP."""

    text: str
    broken_off: int
    opted_out: int


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    title: str
    group: GroupResults
    hidden: Hidden | None
    sentences: tuple[str, ...]
    index: QuestionFigures | None
    scales: tuple[Scale, ...]
    choices: tuple[Choices, ...]
    trend: Trend | None
    points: tuple[TrendPoint, ...]
    stages: tuple[FunnelStep, ...]
    rate: float | None
    stops: tuple[Stop, ...]
    # The period takes in months before it that had too few answers of their own; and more of it may come.
    earlier_months: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Share:
    title: str
    responses: int
    months: tuple[str, ...]
    share: float


def group_view(
    group: GroupResults, asked: AskedResults, of: Calendar, words: ResultsWords, language: Language, *, titled: bool
) -> GroupView:
    """`titled`: the survey's title tells this group from another of the same respondents."""
    figures, goals = group.figures, of.unit.goals
    points = group.trend[-_MOST_POINTS:]
    title = words.texts[f"group_{group.respondent}"]
    return GroupView(
        id=f"{group.respondent}-{group.survey.id}",
        title=f"{title}: {group.survey.title[language]}" if titled else title,
        group=group,
        hidden=why_hidden(group, asked.period, first=of.first, today=of.today),
        sentences=tuple(aloud(group, asked.compare, words, language)),
        index=next((each for each in figures.questions if each.question.kind is Kind.NPS), None),
        scales=scales_of(group, points, language, goals.get("mean")),
        choices=choices_of(group, language),
        trend=trend(points, goals.get("nps")),
        points=points,
        stages=_stages(figures),
        rate=figures.rate,
        stops=_stops(group, language),
        earlier_months=bool(asked.period and figures.months and figures.months[0] < asked.period.first),
        goes_on=asked.period is None or asked.period.last >= of.this_month,
    )


def group_views(
    groups: Sequence[GroupResults], asked: AskedResults, of: Calendar, words: ResultsWords, language: Language
) -> list[GroupView]:
    respondents = [group.respondent for group in groups]
    return [
        group_view(group, asked, of, words, language, titled=respondents.count(group.respondent) > 1)
        for group in groups
    ]


def shares(views: Sequence[GroupView]) -> list[Share]:
    """Each group's share of those who answered; nothing to tell of one group."""
    told = [(view, view.group.figures) for view in views if not view.group.figures.hidden]
    total = sum(figures.responses for _, figures in told)
    if len(told) < 2 or not total:
        return []
    return [
        Share(view.title, figures.responses, figures.months, 100 * figures.responses / total) for view, figures in told
    ]


def _stages(figures: GroupFigures) -> tuple[FunnelStep, ...]:
    sent = [("invited", figures.invited), ("delivered", figures.delivered)] if figures.rate is not None else []
    counts = [*sent, ("started", figures.responses), ("finished", figures.finished)]
    return tuple(FunnelStep(name, count, 100 * count / counts[0][1]) for name, count in counts if counts[0][1])


def _stops(group: GroupResults, language: Language) -> tuple[Stop, ...]:
    figures = group.figures
    return tuple(
        Stop(question.text[language], figures.broken_off.get(question.id, 0), figures.opted_out_at.get(question.id, 0))
        for question in group.survey.questions
        if question.id in figures.broken_off or question.id in figures.opted_out_at
    )
