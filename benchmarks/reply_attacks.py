"""Pieces that, repeated, make a reply slow to read: found by trying, and made out of the reader's own expressions."""

import importlib
import re
from collections.abc import Iterable, Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

# The usual first, then the worst of each kind among thousands of random pieces of one to four tokens.
FOUND = {
    "a digit": "9",
    "prose": "Ohjaaja oli mukava ja kuunteli mua, mutta jonot olivat pitkiä. ",
    "digits and a letter": "9v",
    "digits and a letter that is a word": "2e",
    "a letter and a digit, accented": "1å",
    "a letter and a mark": "e,",
    "letters with digits in them": "a9a ",
    "digits and marks": "9,",
    "digits and blanks": "9 ",
    "ranges": "1-5 ",
    "fractions": "1/2 ",
    "times": "klo 9 ",
    "shares": "9%",
    "a slash, a number, a word, a number": "/2en0",
    "a half, a number and a word": "½2en",
    "an answer, again and again": "9 koska ",
    "number words": "yks kaks ",
    "one short word": "en ",
    "a near miss of a cry": "haluan kuol ",
    "a cry": "haluan kuolla ",
    "a cry in the wrong order": "kuolla haluan ",
    "a long word one letter off": "itsemurhx ",
    "commands in the wrong order": "kiitos en ",
    "arrows that never come": "-=",
    "hearts that are none": "<",
    "quotes within quotes": "\"'",
    "quoted lines": "> a\n",
    "spelled out": "s t o p ",
    "stretched": "aaa ",
    "accents": "\u0301\u0323",
    "Hebrew points": "\u05b0\u05c1",
    "what NFKC spreads out": "ﷺ",
    "ligatures": "ﬃ ",
    "sharp s": "ß",
    "what nobody sees": "\u200b",
    "letters and smileys": "😀a",
    "line breaks": "\n",
    "sign-offs": "t. a\n",
    "sign-offs on lines": "\nt",
}
_MODULES = ("survey_flow.replies.tokens", "survey_flow.replies.normalise", "survey_flow.masking")
_DIGIT, _SPACE, _WORD = "9", " ", "a"


def attacks() -> dict[str, str]:
    """All pieces by what they are."""
    return FOUND | dict(_of_expressions())


def _of_expressions() -> Iterator[tuple[str, str]]:
    """For each repeat of each expression, what it repeats: alone, and with what follows it left out."""
    for module in _MODULES:
        for name, value in vars(importlib.import_module(module)).items():
            if isinstance(value, re.Pattern):
                pieces = dict.fromkeys(_repeated(_parser.parse(value.pattern, value.flags)))
                for number, piece in enumerate(pieces, 1):
                    yield f"{module.rpartition('.')[2]}.{name}, repeat {number}: {piece!r}".replace("|", "/"), piece


def _repeated(nodes: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    before = ""
    for operator, argument in nodes:
        if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            body = _sample(argument[2])
            if argument[1] > 1 and body:
                yield body
                yield before + body
        for part in _parts(argument):
            yield from _repeated(part)
        before = (before + _sample([(operator, argument)]))[-20:]


def _parts(argument: Any) -> Iterator[Any]:
    """The expressions within a node, however deep its tuples and lists are."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (list, tuple)):
        for inner in argument:
            yield from _parts(inner)


def _sample(nodes: Iterable[tuple[Any, Any]]) -> str:
    """A short text that the nodes match, looking around left out."""
    text = ""
    for operator, argument in nodes:
        if operator is _constants.LITERAL:
            text += chr(argument)
        elif operator is _constants.IN:
            text += _one_of(argument)
        elif operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            text += _sample(argument[2]) * max(1, argument[0])
        elif operator is _constants.BRANCH:
            text += _sample(argument[1][0])
        elif operator is _constants.SUBPATTERN:
            text += _sample(argument[3])
    return text


def _one_of(signs: Any) -> str:
    for operator, argument in signs:
        if operator is _constants.LITERAL:
            return chr(argument)
        if operator is _constants.RANGE:
            return chr(argument[0])
        if operator is _constants.CATEGORY:
            digit, space = argument is _constants.CATEGORY_DIGIT, argument is _constants.CATEGORY_SPACE
            return _DIGIT if digit else _SPACE if space else _WORD
    return _WORD
