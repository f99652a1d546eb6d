"""What a conversation remembers between two messages, and what a turn of it asks the shell to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from survey_flow.language import Language

# A conversation ends this long after the latest message either way.
LIFETIME = timedelta(hours=72)
# At most this many replies leave in one conversation; safety and opting out are answered beyond it.
MOST_REPLIES = 40


class Mark(StrEnum):
    """What stands in the place of a digit when a question was left without one."""

    DONT_KNOW = "dont_know"
    SKIPPED = "skipped"
    UNCLEAR = "unclear"
    WRITTEN = "written"


Answer = int | Mark


class Outcome(StrEnum):
    FINISHED = "finished"
    BROKEN_OFF = "broken_off"
    OPTED_OUT = "opted_out"
    WRONG_NUMBER = "wrong_number"


class OptOutHow(StrEnum):
    SMS = "sms"
    STAFF = "staff"
    CARRIER = "carrier"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The dialogue's own state. Numbers, message ids and what is owed are the shell's and stand beside it."""

    survey: str
    survey_version: int
    unit: str
    respondent: str
    language: Language
    occasion: str | None = None
    neutral: bool = False
    trial: bool = False
    facts: Mapping[str, int] = field(default_factory=dict)
    asking: tuple[str, ...] = ()
    asked: tuple[tuple[str, ...], ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    re_asks: int = 0
    split: frozenset[str] = frozenset()
    helps: int = 0
    hushed: bool = False
    unseen: bool = False
    safety_texts: int = 0
    replies: int = 0
    segments: int = 0

    @property
    def begun(self) -> bool:
        """Whether anything readable was answered: only then does a broken-off survey count as a response."""
        return any(answer is not Mark.UNCLEAR for answer in self.answers.values())


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Close:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class OptOut:
    how: OptOutHow


@dataclass(frozen=True, slots=True)
class LiftOptOut:
    pass


Effect = Say | Close | OptOut | LiftOptOut


@dataclass(frozen=True, slots=True)
class Turn:
    conversation: Conversation
    effects: tuple[Effect, ...] = ()

    @property
    def reply(self) -> str:
        """What is sent back, or "" for silence."""
        return "".join(effect.text for effect in self.effects if isinstance(effect, Say))

    @property
    def outcome(self) -> Outcome | None:
        """How the conversation closes with this turn, or None while it goes on."""
        return next((effect.outcome for effect in self.effects if isinstance(effect, Close)), None)


def to_plain(conversation: Conversation) -> dict[str, Any]:
    """The conversation as JSON can hold it; what has its default value is left out."""
    plain = {
        "survey": conversation.survey,
        "survey_version": conversation.survey_version,
        "unit": conversation.unit,
        "respondent": conversation.respondent,
        "language": conversation.language.value,
        "occasion": conversation.occasion,
        "neutral": conversation.neutral,
        "trial": conversation.trial,
        "facts": dict(conversation.facts),
        "asking": list(conversation.asking),
        "asked": [list(step) for step in conversation.asked],
        "answers": dict(conversation.answers),
        "texts": dict(conversation.texts),
        "re_asks": conversation.re_asks,
        "split": sorted(conversation.split),
        "helps": conversation.helps,
        "hushed": conversation.hushed,
        "unseen": conversation.unseen,
        "safety_texts": conversation.safety_texts,
        "replies": conversation.replies,
        "segments": conversation.segments,
    }
    return {name: value for name, value in plain.items() if value not in (None, False, 0, [], {})}


def from_plain(plain: Mapping[str, Any]) -> Conversation:
    """The inverse of to_plain."""
    values = dict(plain)
    values["language"] = Language(values["language"])
    values["asking"] = tuple(values.get("asking", ()))
    values["asked"] = tuple(tuple(step) for step in values.get("asked", ()))
    values["split"] = frozenset(values.get("split", ()))
    answers = values.get("answers", {})
    values["answers"] = {name: Mark(value) if isinstance(value, str) else int(value) for name, value in answers.items()}
    return Conversation(**values)
