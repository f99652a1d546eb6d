"""Reads the reply to several statements asked in one message, lettered A, B, C (one digit each)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_flow.language import Language
from survey_flow.replies.commands import found_commands
from survey_flow.replies.comments import worth_keeping, written
from survey_flow.replies.meaning import Expected, GroupReading, Meaning
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.mentions import single_number
from survey_flow.replies.reply import Reply, leading_meanings, take_up
from survey_flow.replies.tokens import Token

LETTERS = "abcdefghij"
_BETWEEN = frozenset(".,;:/=-)(+") | {")."}
_PASSING = (Meaning.SKIP, Meaning.DONT_KNOW)


def read_group(text: str, expected: Sequence[Expected], language: Language, lexicon: Lexicon) -> GroupReading:
    """An answer only when every statement has exactly one digit, in order, or is named by its letter."""
    reply = take_up(text, tuple(printed for one in expected for printed in one.printed), lexicon)
    rest = _read_digits(reply, expected, language)
    leading = leading_meanings(reply, free=False)
    if not leading:
        return rest
    keeps = leading[0] in (Meaning.CRISIS, Meaning.STOP, Meaning.HELP)
    besides = tuple(other for other in leading[1:] if other in (Meaning.STOP, Meaning.WRONG_NUMBER))
    if keeps and rest.meaning in (Meaning.ANSWER, *_PASSING):
        besides += (rest.meaning,)
    asked = reply.asked_language if leading[0] is Meaning.LANGUAGE else None
    return GroupReading(leading[0], rest.values if keeps else {}, also=besides, language=asked)


def _read_digits(reply: Reply, expected: Sequence[Expected], language: Language) -> GroupReading:
    if reply.empty or reply.automatic:
        return GroupReading(Meaning.UNCLEAR)
    sheet = _Sheet(reply, expected, language)
    if sheet.values is not None:
        return GroupReading(Meaning.ANSWER, sheet.values, sheet.comment)
    if sheet.has_numbers:
        return GroupReading(Meaning.UNCLEAR)
    found = found_commands(reply.tokens, reply.lexicon, _PASSING, free=False)
    if Meaning.SKIP in found:
        return GroupReading(Meaning.SKIP)
    if Meaning.DONT_KNOW in found:
        return GroupReading(Meaning.DONT_KNOW, dict.fromkeys(range(len(expected))))
    return GroupReading(Meaning.UNCLEAR)
