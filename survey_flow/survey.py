"""A survey as the dialogue uses it. Files become these types in definitions.py; faults are found in survey_check.py."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from survey_flow.language import Language
from survey_flow.replies import Expected

Texts = Mapping[Language, str]


class Kind(StrEnum):
    NPS = "nps"
    SCALE = "scale"
    CHOICE = "choice"
    OPEN = "open"


# Of statements; the answers to a scale of another range say so in their name.
USUAL_RANGE = (1, 5)


class Respondent(StrEnum):
    """The respondent groups of the API and the form."""

    YOUTH = "youth"
    GUARDIAN = "guardian"
    CLIENT = "client"
    PROFESSIONAL = "professional"


class Occasion(StrEnum):
    END = "end"
    MIDWAY = "midway"


@dataclass(frozen=True, slots=True)
class Prefill:
    """Where an answer comes from when the invitation already tells it; such a question is not asked."""

    occasion: Mapping[str, int] = field(default_factory=dict)
    respondent: Mapping[str, int] = field(default_factory=dict)
    fact: bool = False
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    kind: Kind
    text: Texts
    how: Texts = field(default_factory=dict)
    neutral: Texts = field(default_factory=dict)
    low: int = 0
    high: int = 0
    dont_know: int | None = None
    choices: frozenset[int] = frozenset()
    theme: str | None = None
    asked: bool = True
    respondents: frozenset[str] = frozenset()
    only_if: Mapping[str, frozenset[int]] = field(default_factory=dict)
    prefill: Prefill | None = None

    def wording(self, language: Language, *, neutral: bool = False) -> str:
        return self.neutral[language] if neutral and self.neutral else self.text[language]

    def prompt(self, language: Language, *, neutral: bool = False) -> str:
        """The question as it is asked alone: what is asked, then how to answer."""
        text = self.wording(language, neutral=neutral)
        return f"{text} {self.how[language]}" if self.how else text

    @property
    def values(self) -> frozenset[int]:
        """The digits that are answers, the don't-know digit not among them."""
        return self.choices or frozenset(range(self.low, self.high + 1))

    @property
    def stem(self) -> str:
        """What its answers are kept and counted under: its id, and its range unless that is the usual 1-5.

        So a question whose scale was changed goes on in columns of its own, and old and new answers are never added.
        """
        usual = self.kind is not Kind.SCALE or (self.low, self.high) == USUAL_RANGE
        return self.id if usual else f"{self.id}_{self.low}-{self.high}"

    @property
    def single_digit(self) -> bool:
        return self.kind is Kind.SCALE and self.low >= 0 and self.high <= 9


@dataclass(frozen=True, slots=True)
class Together:
    """Statements joined into one message, lettered A, B, C, D in the order of `questions`."""

    id: str
    questions: tuple[str, ...]
    text: Texts


@dataclass(frozen=True, slots=True)
class Survey:
    id: str
    version: int
    title: Texts
    respondents: frozenset[str]
    opening: Texts
    opening_neutral: Texts
    thanks: Texts
    questions: tuple[Question, ...]
    together: tuple[Together, ...] = ()
    grouped: bool = True

    def question(self, question_id: str) -> Question:
        """Raises KeyError when the survey has no such question."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def has(self, question_id: str) -> bool:
        return any(question.id == question_id for question in self.questions)

    def group_of(self, question_id: str) -> Together | None:
        return (
            next((group for group in self.together if question_id in group.questions), None) if self.grouped else None
        )

    def fixed_facts(self, *, occasion: str | None, respondent: str, facts: Mapping[str, int]) -> dict[str, int]:
        """What the invitation tells already, by question id: from the facts given, the occasion, the group."""
        known: dict[str, int] = {}
        for question in self.questions:
            told = question.prefill
            if told is None:
                continue
            if told.fact and question.id in facts:
                known[question.id] = facts[question.id]
            elif occasion is not None and occasion in told.occasion:
                known[question.id] = told.occasion[occasion]
            elif respondent in told.respondent:
                known[question.id] = told.respondent[respondent]
        return known


# "1=täysin eri mieltä, 5=täysin samaa mieltä": a label ends where the next digit, a bracket or a sentence's end stands.
_LABEL = re.compile(r"(\d{1,2})\s*=\s*([^=\s][^=\n]*?)(?=[,.;]?\s*\d{1,2}\s*=|[).\n]|$)")


def printed_labels(texts: Iterable[str]) -> dict[str, int]:
    """The labels printed in our texts, lower-case, with their digits. A label printed for two digits is none."""
    found: dict[str, int] = {}
    clashing: set[str] = set()
    for text in texts:
        for name, digit in _labels_in(text):
            if found.setdefault(name, digit) != digit:
                clashing.add(name)
    return {name: digit for name, digit in found.items() if name not in clashing}


@cache
def _labels_in(text: str) -> tuple[tuple[str, int], ...]:
    """Of one of our own texts: few, and the same for every message."""
    return tuple((label.strip().lower(), int(digit)) for digit, label in _LABEL.findall(text))


def labels(question: Question, language: Language) -> dict[int, str]:
    """What each digit means, as printed in the question's own words in one language."""
    return {digit: label for label, digit in printed_labels([question.how.get(language, "")]).items()}


def expectation(survey: Survey, question: Question) -> Expected:
    """What the reader needs to know of a question: its range, its labels and our texts that a phone may quote."""
    texts = [*question.text.values(), *question.how.values(), *question.neutral.values()]
    if question is survey.questions[0]:
        texts += [*survey.opening.values(), *survey.opening_neutral.values()]
    found = printed_labels(texts)
    texts += [text for group in survey.together if question.id in group.questions for text in group.text.values()]
    if question.kind is Kind.NPS:  # "0=en": a bare "en" or "no" must never become the worst score
        found = {name: digit for name, digit in found.items() if len(name) > 3}
    valid = question.values | ({question.dont_know} if question.dont_know is not None else set())
    return Expected(
        kind=question.kind.value,
        low=question.low,
        high=question.high,
        dont_know=question.dont_know,
        choices=question.choices,
        labels={name: digit for name, digit in found.items() if digit in valid},
        printed=tuple(texts + [question.prompt(language) for language in question.text]),
    )
