"""What a report says of one respondent group: its figures beside the unit's goals, or from when there may be some."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from survey_flow.best_weakest import best_and_weakest
from survey_flow.figures import GroupFigures
from survey_flow.language import Language
from survey_flow.question_figures import QuestionFigures
from survey_flow.report_words import Speech
from survey_flow.statistics import Nps, difference_of_nps
from survey_flow.survey import USUAL_RANGE

Goals = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group's figures and those of the cell before; both may be hidden.

    `title` tells two surveys of one group apart. `newer_from` is the day from which newer figures may be shown, when
    these are not of the report's month, or there are none.
    """

    respondent: str
    figures: GroupFigures
    before: GroupFigures = field(default_factory=GroupFigures)
    title: str = ""
    newer_from: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, how much, and what is said beside it."""

    name: str
    value: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gauge:
    """The picture of an index on its scale; `alt` says the same in words, `caption` what is what in it."""

    nps: Nps
    goal: float | None
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A group's part of the report, in words."""

    title: str
    when: str
    tag: str
    gauge: Gauge | None
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


def group_part(speech: Speech, group: GroupFacts, goals: Goals, language: Language) -> GroupPart:
    """What is said of the group. Of hidden figures nothing but that there are too few answers."""
    figures = group.figures
    title = ", ".join(filter(None, (speech.say(f"group_{group.respondent}"), group.title)))
    if figures.hidden:
        notes = (speech.say("too_few"), *_newer(speech, "too_few_until", group.newer_from))
        return GroupPart(title, "", "", None, (), notes)
    return GroupPart(
        title=title,
        when=speech.months(figures.months),
        tag=speech.say("indicative") if figures.indicative else "",
        gauge=_gauge(speech, figures.index, goals.get("nps")) if figures.index else None,
        facts=(
            Fact(speech.say("responses"), speech.whole(figures.responses)),
            *_rate(speech, figures, goals),
            *_index(speech, group, goals),
            *_statements(speech, figures.questions, goals, language),
        ),
        notes=(
            *((speech.say("examples", n=figures.examples),) if figures.examples else ()),
            *_newer(speech, "newer_from", group.newer_from),
        ),
    )


def _goal(speech: Speech, goal: str | None) -> tuple[str, ...]:
    return () if goal is None else (speech.say("goal", goal=goal),)


def _interval(speech: Speech, low: str, high: str) -> str:
    return speech.say("interval", low=low, high=high)


def _newer(speech: Speech, key: str, day: date | None) -> tuple[str, ...]:
    return () if day is None else (speech.say(key, day=speech.day(day)),)


def _gauge(speech: Speech, nps: Nps, goal: float | None) -> Gauge:
    said = {"index": speech.whole(nps.index), "low": speech.whole(nps.low), "high": speech.whole(nps.high)}
    alt, caption = speech.say("gauge_alt", **said), speech.say("gauge_caption")
    if goal is not None:
        alt += " " + speech.say("gauge_goal_alt", goal=speech.whole(goal))
        caption += " " + speech.say("gauge_goal_caption")
    return Gauge(nps, goal, alt, caption)


def _rate(speech: Speech, figures: GroupFigures, goals: Goals) -> tuple[Fact, ...]:
    if figures.rate is None:
        return ()
    goal = speech.percent(goals["response_rate"]) if "response_rate" in goals else None
    return (Fact(speech.say("response_rate"), speech.percent(figures.rate), _goal(speech, goal)),)


def _index(speech: Speech, group: GroupFacts, goals: Goals) -> tuple[Fact, ...]:
    nps, before = group.figures.index, group.before.index
    if nps is None:
        return ()
    goal = speech.whole(goals["nps"]) if "nps" in goals else None
    beside = (_interval(speech, speech.whole(nps.low), speech.whole(nps.high)), *_goal(speech, goal))
    index = Fact(speech.say("index"), speech.whole(nps.index), beside)
    return (index,) if before is None else (index, _change(speech, nps, before, group.before.months))


def _change(speech: Speech, now: Nps, before: Nps, months: Sequence[str]) -> Fact:
    change = difference_of_nps(now, before)
    beside = (
        speech.say("before", index=speech.whole(before.index), months=speech.months(months)),
        _interval(speech, speech.signed(change.low), speech.signed(change.high)),
        *((speech.say("may_be_chance"),) if change.holds_zero else ()),
    )
    return Fact(speech.say("change"), speech.signed(change.value), beside)


def _statements(
    speech: Speech, questions: Sequence[QuestionFigures], goals: Goals, language: Language
) -> tuple[Fact, ...]:
    """The best and the weakest of the statements, with a word of caution where their difference may be chance."""
    if (found := best_and_weakest(questions)) is None:
        return ()
    low, high = found.scale
    goal = speech.tenths(goals["mean"]) if "mean" in goals and found.scale == USUAL_RANGE else None
    beside = (speech.say("scale", low=low, high=high), *_goal(speech, goal))
    caution = (speech.say("may_be_chance"),) if found.close else ()
    named = (("best", found.best, found.means.high, ()), ("weakest", found.weakest, found.means.low, caution))
    return tuple(
        Fact(
            speech.say(key),
            speech.tenths(mean),
            (speech.say("quoted", text=each.question.text[language]), *beside, *more),
        )
        for key, each, mean, more in named
    )
