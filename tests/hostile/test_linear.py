"""Reading takes as long as the text is long: counted in calls and seen in the expressions, never timed."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import handler
import survey_flow
from local.ministack import ROOT
from survey_flow.language import Language
from survey_flow.replies import read_group
from tests.hostile.ambiguity import Ambiguity, ambiguity
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


def compiled() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Those that stand by themselves, each under its first name."""
    for package in (handler, survey_flow):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{found.name}.{name}", value


def written_inline() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Those within a function; what is put into one when it runs counts as a letter."""
    for package in ("handler", "survey_flow"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for line, text in in_functions(ast.parse(path.read_text("utf-8"))):
                yield f"{path.relative_to(ROOT)}:{line}", re.compile(text)


def in_functions(module: ast.Module) -> Iterator[tuple[int, str]]:
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for call in {node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call)}:
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name), args=[written, *_]):
                if name != "escape":
                    yield call.lineno, literal(written)


def literal(written: ast.expr) -> str:
    parts = written.values if isinstance(written, ast.JoinedStr) else [written]
    texts = [part.value if isinstance(part, ast.Constant) else "a" for part in parts]
    assert all(isinstance(part, (ast.Constant, ast.FormattedValue)) for part in parts), ast.unparse(written)
    return "".join(str(text) for text in texts)


EXPRESSIONS = {**dict(compiled()), **dict(written_inline())}
# Two loops that share a text take the square of its length: these are given short ones alone.
SHORT = {
    "handler.outside.csv_text._NUMBERISH": "the first 60 signs of a cell",
    "handler.outside.csv_text._SWALLOWED": "a cell of 500 signs at most",
    "survey_flow.contact_columns._SHAPE": "a cell of 60 signs at most",
    "survey_flow.masking._SIGN_OFF": "the last 120 signs of a comment",
}


def assert_reads_in_one_way(pattern: re.Pattern[Any]) -> None:
    assert ambiguity(pattern) is None


@pytest.mark.parametrize("name", sorted(EXPRESSIONS.keys() - SHORT.keys()))
def test_no_expression_reads_a_text_in_many_ways(name: str) -> None:
    assert_reads_in_one_way(EXPRESSIONS[name])


@pytest.mark.parametrize("name", SHORT)
def test_what_reads_a_short_text_in_many_ways_never_doubles_them(name: str) -> None:
    assert ambiguity(EXPRESSIONS[name]) is Ambiguity.SHARED


def test_the_expressions_that_read_what_strangers_send_are_among_them() -> None:
    replies = {"replies.tokens._TOKEN", "replies.normalise._STRETCHED", "masking._SIGN_OFF", "typed_number._NUMBER"}
    files = {"csv_text._LINE", "encodings._LINE_END", "workbook._SHARED_FORMULA"}
    assert {f"survey_flow.{name}" for name in replies} <= EXPRESSIONS.keys()
    assert {f"handler.outside.{name}" for name in files} <= EXPRESSIONS.keys()
    assert any(name.startswith("survey_flow/organisation.py:") for name in EXPRESSIONS)


CATASTROPHES = [
    r"(a+)+$",
    r"(?:a|b*)*c",
    r"(\d+\s*)+x",
    r"(?:-[-a]*)*x",
    r"(a|a)*b",
    r"(a|ab|b)*c",
    r"\s*\s*\s*\s*x",
    r"(?:a{1,50}){1,50}b",
    r"(?:a?){30}b",
    r"(?:c(?:a?|b?))*x",
    r"(?i:ab|A[bc])*x",
    r"(?=(a+)+b)a",
]
HARMLESS = [r"(ab|ac)*d", r"(?:-[a]*)*x", r"a*b*c", r"x?x?y", r"\d+(?:,\d+)*", r"(?:a|b)*c", r"[^,]*(?:,[^,]*)*"]


@pytest.mark.parametrize("catastrophe", CATASTROPHES)
def test_an_expression_that_reads_a_text_in_many_ways_would_be_found(catastrophe: str) -> None:
    with pytest.raises(AssertionError):
        assert_reads_in_one_way(re.compile(catastrophe))


@pytest.mark.parametrize("harmless", HARMLESS)
def test_an_expression_that_reads_every_text_in_one_way_is_left_alone(harmless: str) -> None:
    assert_reads_in_one_way(re.compile(harmless))
