"""What a unit's monthly report says: which sentences from which figures. No comment's text is ever in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from survey_flow.collection_windows import is_open
from survey_flow.language import Language
from survey_flow.organisation import Unit
from survey_flow.publication import month_of
from survey_flow.report_group import GroupFacts, GroupPart, group_part
from survey_flow.report_words import Speech

# Nobody asked for so long is said in the report.
SILENCE = timedelta(weeks=3)


@dataclass(frozen=True, slots=True)
class MonthlyFacts:
    """What is known of a unit on the `day` of its report; `month` ("2026-10") is the month that it is of.

    `asked_before` and `asked_now` are the openings that left in that month and since; `silent` is whether none has left
    for three weeks. `comments_overdue` wait for longer than the organisation's `comment_days`.
    """

    unit: Unit
    month: str
    day: date
    asked_before: int
    asked_now: int
    silent: bool
    groups: tuple[GroupFacts, ...]
    comments_overdue: int
    comment_days: int
    actions_overdue: int


@dataclass(frozen=True, slots=True)
class Monthly:
    """The report in words, in the order in which it is read."""

    subject: str
    heading: str
    asked: tuple[str, ...]
    groups: tuple[GroupPart, ...]
    safety: str
    waiting: tuple[str, ...]
    reminder: str


def monthly(speech: Speech, facts: MonthlyFacts, language: Language) -> Monthly:
    """The report on these facts."""
    unit, month = facts.unit, speech.months([facts.month])
    return Monthly(
        subject=speech.say("monthly_subject", unit=unit.name[language], month=month),
        heading=speech.say("monthly_heading", month=month),
        asked=_asked(speech, facts),
        groups=tuple(group_part(speech, group, unit.goals, language) for group in facts.groups),
        safety=_safety(speech, facts.groups),
        waiting=_waiting(speech, facts),
        reminder="" if unit.windows else speech.say("midway"),  # a window's client is asked in the next window
    )


def may_be_silent(unit: Unit, today: date) -> bool:
    """Whether a silence of three weeks means anything: not when the unit's window was closed meanwhile."""
    return all(is_open(today - timedelta(days=back), unit.windows) for back in range(SILENCE.days + 1))


def _asked(speech: Speech, facts: MonthlyFacts) -> tuple[str, ...]:
    this_month = month_of(facts.day)
    sentence = speech.say(
        "asked",
        in_month=speech.in_month(facts.month),
        before=facts.asked_before,
        in_this_month=speech.in_month(this_month),
        now=facts.asked_now,
        day=speech.day_of_this_year(facts.day),
    )
    return (sentence, speech.say("silent")) if facts.silent else (sentence,)


def _safety(speech: Speech, groups: Sequence[GroupFacts]) -> str:
    """Of the groups of which it may be said, together; otherwise where it is said."""
    told = [number for group in groups if (number := group.figures.safety_texts) is not None]
    return speech.say("safety", n=sum(told)) if told else speech.say("safety_elsewhere")


def _waiting(speech: Speech, facts: MonthlyFacts) -> tuple[str, ...]:
    comments = speech.say("comments_overdue", n=facts.comments_overdue, days=facts.comment_days)
    actions = speech.say("actions_overdue", n=facts.actions_overdue)
    counted = ((facts.comments_overdue, comments), (facts.actions_overdue, actions))
    return tuple(sentence for number, sentence in counted if number)
