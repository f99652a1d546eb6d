"""The safety texts against the list of places of help: what somebody in need is told is enough, true, and no more."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_flow.faults import Fault
from survey_flow.language import Language
from survey_flow.messages import Messages

EMERGENCY = "112"
ROUND_THE_CLOCK = "24 h"
FEWEST_BESIDE_EMERGENCY = 2
SAFETY_TEXTS = ("crisis_youth", "crisis_adult")

_NUMBER = re.compile(r"\d[\d ]*\d(?! ?h\b)")
_COMMAND = re.compile(r"\b[A-ZÅÄÖ]{4,}\b")
_AUTOMATON = {Language.FI: "automaatti", Language.SV: "automat", Language.EN: "automatic"}
# Said to somebody in need, each of these would be a promise that nobody keeps. Whole words and word beginnings.
_PROMISES = {
    Language.FI: ("otamme yhteyttä", "soitamme", "vastaamme", "palaamme", "autamme", "lähetämme"),
    Language.SV: ("vi kontaktar", "vi hör av", "vi ringer", "vi svarar", "vi hjälper", "återkommer", "vi skickar"),
    Language.EN: ("we will", "we'll", "will call you", "contact you", "get back to", "call you back"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One place of help, as it is printed, with the hours in which somebody answers and the languages they speak."""

    number: str
    hours: str
    languages: frozenset[str]

    @property
    def is_round_the_clock(self) -> bool:
        return self.hours == ROUND_THE_CLOCK


def check_safety(messages: Messages, lines: Sequence[Line]) -> Iterator[Fault]:
    """Every fault in what a respondent in need is told."""
    for language in Language:
        for key in SAFETY_TEXTS:
            for what in _faults(messages.texts[language], key, language, lines):
                yield Fault(f"messages/{language}.toml", key, what)


def _faults(texts: Mapping[str, str], key: str, language: Language, lines: Sequence[Line]) -> Iterator[str]:
    text = texts.get(key, "")
    yield from _enough_help(text, language, lines)
    yield from _true_help(text, lines)
    yield from _no_more(text, language)


def _enough_help(text: str, language: Language, lines: Sequence[Line]) -> Iterator[str]:
    """Never one number alone, and somebody who answers at this hour in this language."""
    beside = [line for line in lines if line.number in text and line.number != EMERGENCY]
    if EMERGENCY not in text:
        yield f"it does not name the emergency number {EMERGENCY}."
    if len(beside) < FEWEST_BESIDE_EMERGENCY:
        yield "it names fewer than two places of help of safety_lines.toml beside 112."
    elif not any(line.is_round_the_clock for line in beside):
        yield "none of its places of help beside 112 answers day and night (24 h)."
    elif not any(line.is_round_the_clock and language in line.languages for line in beside):
        yield "none of its places of help beside 112 answers day and night (24 h) in the language of the text."


def _true_help(text: str, lines: Sequence[Line]) -> Iterator[str]:
    """Every number is one of the list, and "24 h" stands where that is so."""
    known = {line.number for line in lines}
    for number in _NUMBER.findall(text):
        if number not in known:
            yield f"the number {number} is not in safety_lines.toml."
    for line in lines:
        if f"{line.number} ({ROUND_THE_CLOCK})" in text and not line.is_round_the_clock:
            yield f"it says that {line.number} answers day and night (24 h), and safety_lines.toml does not."


def _no_more(text: str, language: Language) -> Iterator[str]:
    """It says that it is an automaton, promises nothing, asks nothing and names no command."""
    plain = text.lower()
    if _AUTOMATON[language] not in plain:
        yield f"it does not say that it is an automaton ({_AUTOMATON[language]!r})."
    for promise in _PROMISES[language]:
        if promise in plain:
            yield f"it promises what nobody does ({promise!r})."
    if "?" in text:
        yield "it asks a question: it stands alone."
    for command in _COMMAND.findall(text):
        yield f"it names the command {command}: it stands alone."
