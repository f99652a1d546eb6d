"""What a reply can mean, and what the reader must know of the question it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from survey_flow.language import Language


class Meaning(StrEnum):
    ANSWER = "answer"
    DONT_KNOW = "dont_know"
    SKIP = "skip"
    STOP = "stop"
    START = "start"
    HELP = "help"
    BACK = "back"
    LANGUAGE = "language"
    WRONG_NUMBER = "wrong_number"
    CRISIS = "crisis"
    UNCLEAR = "unclear"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Expected:
    """The pending question, as far as reading its reply needs it.

    `labels` are the meanings printed in the question, lower-case, with their digits; `printed` our own texts as the
    respondent saw them, so that copies of them in a reply are recognised.
    """

    kind: Literal["nps", "scale", "choice", "open"]
    low: int = 0
    high: int = 0
    dont_know: int | None = None
    choices: frozenset[int] = frozenset()
    labels: Mapping[str, int] = field(default_factory=dict)
    printed: tuple[str, ...] = ()

    def accepts(self, value: int) -> bool:
        """Whether the digit is an answer that counts. Nothing is ever clamped or rounded into the range (rule 1)."""
        if self.kind == "choice":
            return value in self.choices
        return self.kind != "open" and self.low <= value <= self.high and value != self.dont_know


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reply means. `also` names what else in it must be acted on: "STOP haluan kuolla" is both (rule 10)."""

    meaning: Meaning
    value: int | None = None
    comment: str = ""
    also: tuple[Meaning, ...] = ()
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class GroupReading:
    """What a reply to several lettered statements means: `values` by the statement's index, None for don't know."""

    meaning: Meaning
    values: Mapping[int, int | None] = field(default_factory=dict)
    comment: str = ""
    also: tuple[Meaning, ...] = ()
    language: Language | None = None
