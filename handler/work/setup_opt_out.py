"""Advanced Opt-Out: the words that Twilio answers by itself, and its answers, as they are pasted into its console.

Twilio's public API has no door to them, nor to message redaction. The limits of words and texts are those of its API
description (`OptOutKeywordsEntity`, `OptOutMessagesEntity`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.replies import Lexicon, Meaning, read_without_question
from survey_flow.sms_text import outside_gsm

LONGEST_TEXT = 320  # characters
_KEYWORD = re.compile("[A-Z0-9]{1,34}")
KINDS = {"stop": Meaning.STOP, "start": Meaning.START, "help": Meaning.HELP}
_NAMES = {"shared": "English (the default settings)", "fi": "Finnish", "sv": "Swedish"}


@dataclass(frozen=True, slots=True)
class Answered:
    """The words of one kind ("stop") and language that Twilio answers with this text."""

    language: str
    kind: str
    keywords: Sequence[str]
    text: str


def answered_by_carrier(raw: Mapping[str, Any], library: Library) -> list[Answered]:
    """Everything that Twilio is to answer, from `templates/carrier_opt_out.toml`."""
    shared = [Answered("shared", kind, raw["shared"][kind], raw["texts"][kind].strip()) for kind in KINDS]
    own = [
        Answered(language, kind, keywords, library.messages.say(kind, Language(language)))
        for language in ("fi", "sv")
        for kind, keywords in raw[language].items()
    ]
    return shared + own


def opt_out_faults(answered: Sequence[Answered], lexicon: Lexicon) -> Iterator[str]:
    """A sentence for each word that Twilio must not take from us, and each text that it would not take."""
    seen: set[str] = set()
    for each in answered:
        for keyword in each.keywords:
            if fault := _fault_of(keyword, each, lexicon):
                yield f"{keyword}: {fault}"
            if keyword in seen:
                yield f"{keyword}: it stands twice."
            seen.add(keyword)
        if not 0 < len(each.text) <= LONGEST_TEXT:
            yield f"The text {each.kind} ({each.language}) has {len(each.text)} characters: 1 to {LONGEST_TEXT} fit."
        if signs := outside_gsm(each.text):
            yield f"The text {each.kind} ({each.language}) holds {' '.join(signs)}, longer than it looks."


def _fault_of(keyword: str, answered: Answered, lexicon: Lexicon) -> str:
    meaning = read_without_question(keyword, Language.FI, lexicon).meaning
    if meaning is Meaning.CRISIS:
        return "it is a cry for help, and must reach the survey."
    if meaning is not KINDS[answered.kind]:
        return f"the survey reads it as {meaning.value}, not as {answered.kind}."
    if _KEYWORD.fullmatch(keyword) is None:
        return "it is not one word of capital letters A-Z and digits."
    return ""


def to_paste(answered: Sequence[Answered], *, service: str) -> Iterator[str]:
    """What to click and paste in Twilio's console, line by line."""
    yield "Advanced Opt-Out. Twilio's API does not offer it, so by hand, at console.twilio.com:"
    yield f"  1. Messaging > Services > {service} > Opt-Out Management: switch Advanced Opt-Out on."
    yield "  2. Set the keywords and the answers below, for every country alike; add the two languages."
    yield "  3. Take out whatever else stands there. YES must not mean START (it is an answer), nor INFO mean HELP."
    yield "     APUA and HJÄLP must never be keywords: they are cries for help, and Kuulolla answers them."
    for each in answered:
        yield ""
        yield f"  {_NAMES[each.language]}, {each.kind.upper()}: {', '.join(each.keywords)}"
        yield from (f"  | {line}" for line in each.text.splitlines())
    yield ""
    yield "Message redaction, where the account has it: Messaging > Settings > General."
    yield "  Message bodies: on. Twilio's console and API then show no texts of answers."
    yield "  Phone numbers: OFF. What became of a message is asked from Twilio by its number, and STOP needs it too."
