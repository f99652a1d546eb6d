"""Reading takes as long as the text is long: counted in calls and seen in the expressions, never timed."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import survey_flow
from survey_flow.language import Language
from survey_flow.replies import read_group
from tests.replies.reading import LEXICON, NPS, OPEN, SCALE5, reading
from tests.survey_flow.test_replies_properties import counted

LONGEST = 1600
# For the longest message; how long they take is measured by benchmarks/read_reply.py.
MOST_CALLS = 70_000

# Repeated until the message is full. Each is the worst of its kind that was found by trying thousands.
PIECES = {
    "digits and a letter": "9v",
    "digits and a letter that is a word": "2e",
    "a letter and a mark": "e,",
    "letters with digits in them": "a9a ",
    "ranges": "1-5 ",
    "fractions": "1/2 ",
    "halves": "½ ",
    "times": "klo 9 ",
    "shares": "9%",
    "one answer, again and again": "9 koska ",
    "number words": "yks kaks ",
    "an arrow that never comes": "-=",
    "another": "=-",
    "smileys that are none": ":-",
    "hearts that are none": "<",
    "quotes within quotes": "\"'",
    "quoted lines": "> a\n",
    "spelled out": "s t o p ",
    "nearly spelled out": "a.b ",
    "a near miss of a cry": "haluan kuol ",
    "cries": "haluan kuolla ",
    "a cry's word, in the wrong order": "kuolla haluan ",
    "long words one letter off": "itsemurhx ",
    "commands in the wrong order": "kiitos en ",
    "courtesy": "kiitos ",
    "stretched": "aaa ",
    "accents": "\u0301\u0323",
    "Hebrew points": "\u05b0\u05c1",
    "what NFKC spreads out": "ﷺ",
    "ligatures": "ﬃ ",
    "sharp s": "ß",
    "what nobody sees": "\u200b",
    "smileys and letters": "😀a",
    "line breaks": "\n",
    "sign-offs": "t. a\n",
}
READERS: dict[str, Callable[[str], object]] = {
    "0-10": lambda text: reading(text, NPS),
    "open": lambda text: reading(text, OPEN),
    "group": lambda text: read_group(text, [SCALE5] * 4, Language.FI, LEXICON),
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_twice_the_text_takes_no_more_than_twice_the_calls(read: Callable[[str], object], piece: str) -> None:
    read(piece)  # once before counting: the copies of our own texts are cut up then
    half, whole = (counted(lambda n=n: read((piece * n)[:n])) for n in (LONGEST // 2, LONGEST))

    assert whole <= 2.2 * half + 200
    assert whole < MOST_CALLS


# --- the expressions

Node = tuple[Any, Any]


def expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled expression of the core."""
    for found in pkgutil.walk_packages(survey_flow.__path__, "survey_flow."):
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{found.name}.{name}", value


EXPRESSIONS = dict(expressions())


def nested(nodes: Iterable[Node]) -> Iterator[Node]:
    """The parts of a parsed expression, each with those within it."""
    for operator, argument in nodes:
        yield operator, argument
        for part in argument if isinstance(argument, (list, tuple)) else (argument,):
            if isinstance(part, _parser.SubPattern):
                yield from nested(part)
            elif isinstance(part, list):
                yield from (inner for each in part if isinstance(each, _parser.SubPattern) for inner in nested(each))


def without_end(node: Node) -> bool:
    operator, argument = node
    return operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and argument[1] == _constants.MAXREPEAT


# Each round of the repeat ends with a digit, and none of the signs before it is one.
ENDS_WITH_A_DIGIT = {"survey_flow.contact_columns._SHAPE"}


def begins_with_a_sign(nodes: Any) -> bool:
    """Each round of the repeat begins with a sign of its own, so that a text can be cut into rounds in one way only."""
    return nodes[0][0] is _constants.LITERAL


@pytest.mark.parametrize("pattern", [EXPRESSIONS[name] for name in sorted(EXPRESSIONS.keys() - ENDS_WITH_A_DIGIT)])
def test_no_expression_repeats_what_repeats(pattern: re.Pattern[str]) -> None:
    for node in nested(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)):
        if without_end(node):
            body = node[1][2]
            assert begins_with_a_sign(body) or not any(without_end(inner) for inner in nested(body))


def test_the_expressions_that_read_replies_are_among_them() -> None:
    wanted = {"replies.tokens._TOKEN", "replies.normalise._STRETCHED", "masking._SIGN_OFF", "typed_number._NUMBER"}
    assert {f"survey_flow.{name}" for name in wanted} <= set(EXPRESSIONS)


@pytest.mark.parametrize("catastrophe", [r"(a+)+$", r"(?:a|b*)*c", r"(\d+\s*)+x"])
def test_an_expression_that_repeats_what_repeats_would_be_found(catastrophe: str) -> None:
    with pytest.raises(AssertionError):
        test_no_expression_repeats_what_repeats(re.compile(catastrophe))
