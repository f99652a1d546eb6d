"""Reads the reply to several statements asked in one message, lettered A, B, C (one digit each)."""

from collections.abc import Sequence

from survey_flow.language import Language
from survey_flow.replies.comments import comment_after
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.meaning import Expected, GroupReading, Meaning
from survey_flow.replies.reply import Reply, leading_meanings, rank, take_up
from survey_flow.replies.sheet import SheetReader


def read_group(text: str, expected: Sequence[Expected], language: Language, lexicon: Lexicon) -> GroupReading:
    """An answer only when every statement has exactly one digit, in order, or is named by its letter."""
    reply = take_up(text, tuple(printed for one in expected for printed in one.printed), lexicon)
    rest = _read_digits(reply, expected, language)
    leading = leading_meanings(reply, free=False)
    if not leading:
        return rest
    meaning, also = rank(leading, rest.meaning)
    asked = reply.signals.language if meaning is Meaning.LANGUAGE else None
    return GroupReading(meaning, rest.values if rest.meaning in also else {}, also=also, language=asked)


def _read_digits(reply: Reply, expected: Sequence[Expected], language: Language) -> GroupReading:
    if reply.is_no_answer:
        return GroupReading(Meaning.UNCLEAR)
    sheet = SheetReader(reply.tokens, len(expected), language, reply.lexicon).read()
    values = sheet.values(expected)
    if values is not None:
        return GroupReading(Meaning.ANSWER, values, comment_after(reply.text, sheet.rest, reply.lexicon))
    passed = reply.signals.commands((Meaning.SKIP, Meaning.DONT_KNOW), free=False)
    if sheet.items or sheet.broken or not passed:
        return GroupReading(Meaning.UNCLEAR)
    if passed[0] is Meaning.SKIP:
        return GroupReading(Meaning.SKIP)
    return GroupReading(Meaning.DONT_KNOW, dict.fromkeys(range(len(expected))))
