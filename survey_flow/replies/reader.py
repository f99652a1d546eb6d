"""Reads one inbound SMS: what does it mean as a reply to the pending question?

The order is that of rule 10: crisis > stop > wrong number > help > start > answer > skip > don't know > unclear.
"""

from survey_flow.language import Language
from survey_flow.replies.commands import only_marks
from survey_flow.replies.comments import comment_beside
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.meaning import Expected, Meaning, Reading
from survey_flow.replies.numbers import Found, find_answer
from survey_flow.replies.reply import Reply, leading_meanings, rank, take_up

_WITHOUT_NUMBER = (Meaning.SKIP, Meaning.DONT_KNOW)


def read(text: str, expected: Expected, language: Language, lexicon: Lexicon) -> Reading:
    """The meaning of a reply to one question."""
    reply = take_up(text, expected.printed, lexicon)
    free = expected.kind == "open"
    rest = _read_open(reply) if free else _read_closed(reply, expected, language)
    return _put_first(leading_meanings(reply, free=free), rest, reply)


def read_without_question(text: str, language: Language, lexicon: Lexicon) -> Reading:  # noqa: ARG001
    """The meaning of a text from a number that nothing was asked: commands and safety, else merely text."""
    reply = take_up(text, (), lexicon)
    return _put_first(leading_meanings(reply, free=True), Reading(Meaning.TEXT, comment=reply.written), reply)


def _put_first(leading: list[Meaning], rest: Reading, reply: Reply) -> Reading:
    """The meaning that goes first, with what else must be acted on. No comment is kept beside it."""
    if not leading:
        return rest
    meaning, also = rank(leading, rest.meaning)
    language = reply.signals.language if meaning is Meaning.LANGUAGE else None
    return Reading(meaning, value=rest.value if rest.meaning in also else None, also=also, language=language)


def _read_open(reply: Reply) -> Reading:
    """A free text is kept as it stands, a bare number too; "ei muuta" passes the question."""
    marks = only_marks(reply.tokens)
    if reply.says_nothing or marks.strip("-._,/"):
        return Reading(Meaning.UNCLEAR)
    if marks or reply.signals.nothing_to_say:
        return Reading(Meaning.SKIP)
    passed = [] if reply.signals.numbers else reply.signals.commands(_WITHOUT_NUMBER, free=True)
    if passed:
        return Reading(passed[0])
    return Reading(Meaning.TEXT, comment=reply.written)


def _read_closed(reply: Reply, expected: Expected, language: Language) -> Reading:
    if reply.is_no_answer:
        return Reading(Meaning.UNCLEAR)
    found = find_answer(reply.tokens, expected, language, reply.lexicon)
    passed = reply.signals.commands(_WITHOUT_NUMBER, free=False)
    if found.unclear or (Meaning.DONT_KNOW in passed and _worst_score(found, expected)):
        return Reading(Meaning.UNCLEAR)
    if found.value is not None:
        return _answer(reply, found, expected)
    return Reading(passed[0] if passed else Meaning.UNCLEAR)


def _worst_score(found: Found, expected: Expected) -> bool:
    """ "0 en osaa sanoa" on 0-10: a zero there is the worst score and is never guessed (rule 6)."""
    return found.value == 0 and expected.accepts(0)


def _answer(reply: Reply, found: Found, expected: Expected) -> Reading:
    comment = comment_beside(reply.text, found, reply.lexicon)
    if found.value == expected.dont_know:
        return Reading(Meaning.DONT_KNOW, comment=comment)
    return Reading(Meaning.ANSWER, value=found.value, comment=comment)
