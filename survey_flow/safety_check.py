"""The safety texts against the list of places of help: never one number alone, and one that answers day and night."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_flow.faults import Fault
from survey_flow.language import Language
from survey_flow.messages import Messages

EMERGENCY = "112"
ROUND_THE_CLOCK = "24 h"
FEWEST_BESIDE_EMERGENCY = 2
SAFETY_TEXTS = ("crisis_youth", "crisis_adult")


@dataclass(frozen=True, slots=True)
class Line:
    """One place of help, as it is printed, with the hours in which somebody answers."""

    number: str
    hours: str


def check_safety(messages: Messages, lines: Sequence[Line]) -> Iterator[Fault]:
    """Every fault in what a respondent in need is told."""
    for language in Language:
        file = f"messages/{language}.toml"
        for key in SAFETY_TEXTS:
            text = messages.texts[language].get(key, "")
            named = [line for line in lines if line.number in text]
            beside = [line for line in named if line.number != EMERGENCY]
            if EMERGENCY not in text:
                yield Fault(file, key, f"it does not name the emergency number {EMERGENCY}.")
            if len(beside) < FEWEST_BESIDE_EMERGENCY:
                yield Fault(file, key, "it names fewer than two places of help of safety_lines.toml beside 112.")
            elif all(line.hours != ROUND_THE_CLOCK for line in beside):
                yield Fault(file, key, "none of its places of help beside 112 answers day and night (24 h).")
