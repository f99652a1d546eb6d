"""The word files: the notation of their phrases, and what is said of a fault in them."""

import copy
import pickle
from typing import Any

import pytest

from survey_flow.language import Language
from survey_flow.replies import Lexicon
from survey_flow.replies.notation import check_phrase, compile_phrases
from survey_flow.replies.tokens import tokenise
from survey_flow.replies.vocabulary import vocabulary
from tests.replies.reading import LEXICON, shipped

NOTATION = [
    ("haluan kuolla", "haluan kuolla", True),
    ("haluan kuolla", "haluan kuollla", True),  # stretched
    ("haluan kuolla", "haluan vain kuolla", False),
    ("halu* kuolla", "haluaisin kuolla", True),
    ("haluan|tahdon kuolla", "tahdon kuolla", True),
    ("haluan|en_halua kuolla", "en halua kuolla", True),
    ("haluan .. kuolla", "haluan kuolla", True),
    ("haluan .. kuolla", "haluan nyt vaan niin kuolla", True),
    ("haluan .. kuolla", "haluan nyt vaan ihan oikeasti kuolla", False),  # four between
    ("en mä? jaksa", "en jaksa", True),
    ("en mä? jaksa", "en mä jaksa", True),
    ("{en} jaksa", "emmä jaksa", True),
    ("=löi", "löi", True),
    ("=löi", "loi", False),
    ("löi", "loi", True),
    ("en ole Xx", "en ole Matti", True),
    ("en ole Xx", "en ole varma", False),
]


@pytest.mark.parametrize(("phrase", "text", "stands"), NOTATION)
def test_the_notation_says_where_a_phrase_stands(phrase: str, text: str, stands: bool) -> None:
    book = compile_phrases([(phrase, "tag")], {"en": ["en", "emmä"]})

    assert book.found(tokenise(text, vocabulary(book.masks))) is stands


def test_a_phrase_tells_where_it_begins_and_ends() -> None:
    book = compile_phrases([("en .. tiedä", "unsure"), ("kuka tiedä", "asks")], {})
    words = tokenise("no en mä tiedä", vocabulary(book.masks))

    assert book.spans(words) == [(1, 3)]
    assert book.tags_found(words) == {"unsure"}


@pytest.mark.parametrize("phrase", ["", ".. en", "en ..", "en .. .. tiedä", "e*n", "en-tiedä", "en  tiedä", "{nobody}"])
def test_what_is_not_the_notation_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"no word|notation|no group"):
        check_phrase(phrase, {"en"})


def with_fault(path: list[str], value: object) -> dict[Language, Any]:
    words = copy.deepcopy(shipped("words"))
    table: Any = words[Language.SV]
    for name in path[:-1]:
        table = table[name]
    table[path[-1]] = value
    return words


FAULTS = [
    (["stop", "whole"], "sluta", r"words/sv\.toml: stop\.whole: a list of words or phrases is wanted\."),
    (["stop"], "sluta", r"words/sv\.toml: stop\.whole: a table is wanted\."),
    (["stop", "whole"], ["sluta {nobody}"], r"words/sv\.toml: stop\.whole: there is no group \{sv\.nobody\}"),
    (["stop", "whole"], ["slu-ta"], r"words/sv\.toml: stop\.whole: 'slu-ta' is no word, in 'slu-ta'"),
    (["groups"], ["sms"], r"words/sv\.toml: groups: a table of word lists is wanted\."),
    (["numbers", "words", "11"], ["elva"], r"words/sv\.toml: numbers\.words: '11' is no number from 0 to 10\."),
    (["numbers", "words", "8"], ["kasi", "nio"], r"words/sv\.toml: numbers\.words: 'nio' stands for two numbers\."),
    (
        ["numbers", "around", "units"],
        ["per dag"],
        r"words/sv\.toml: numbers\.around\.units: 'per dag' is no single word",
    ),
]


@pytest.mark.parametrize(("path", "value", "sentence"), FAULTS)
def test_a_fault_in_a_file_is_told_with_its_file_and_key(path: list[str], value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Lexicon.from_files(with_fault(path, value), shipped("safety"))


def test_the_lexicon_can_be_compiled_when_packaging() -> None:
    assert pickle.loads(pickle.dumps(LEXICON)) == LEXICON  # noqa: S301
