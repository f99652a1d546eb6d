"""A reply cut into words, numbers, marks and smileys, each with its place in the text."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from survey_flow.replies.normalise import HALF, spellings
from survey_flow.replies.vocabulary import EDGE, Vocabulary, vocabulary


class Token(NamedTuple):
    """One piece of a reply. `keys` are its folded spellings, against which the lexicon is looked up."""

    kind: str  # word, number, mark, smile, half, line
    text: str
    start: int
    end: int
    keys: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()  # of the lexicon's vocabulary
    glued: bool = False  # nothing stands between it and the token before

    @property
    def key(self) -> str:
        return self.keys[0] if self.keys else self.text


BOUNDARY = Token("edge", "", 0, 0, entries=(EDGE,))

# Emoticons hold digits: "10 <3", "9 :3", "8 :0". They must not be read as answers.
# An arrow is looked for at the beginning of its shaft alone: in "-=-=-=" each sign is a mark of its own, and looking
# from each to the end would take the square of the length.
_TOKEN = re.compile(
    r"""(?P<face>(?<![\w])[oO0][._][oO0](?![\w.,]))
      | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
      | (?P<smile>
          </?3+(?!\d) | <+3+(?!\d)
        | (?<!\d)0[:;]['^]?-?[)(]
        | [:;=]['^]?-?(?:[()\[\]|*]+ | [DPpOoSs](?![^\W_]))
        | (?<!\w)[:;=]-?[30](?![\w,.])
        | [\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]+
        )
      | (?P<half>"""
    + HALF
    + r""")
      | (?P<number>[0-9]+)
      | (?P<line>\n)
      | (?P<arrow>(?<![-=])[-=]++>|→)
      | (?P<mark>(?P<sign>[^\w\s]|_)(?P=sign)*)
    """,
    re.VERBOSE,
)


_KINDS = {"sign": "mark", "arrow": "mark", "face": "smile"}
_LETTERS_FOR_DIGITS = str.maketrans("013457", "oieast")
NO_WORDS = vocabulary(())


def tokenise(text: str, known: Vocabulary = NO_WORDS) -> list[Token]:
    """Cut cleaned text. A run of one mark is one token, so that "!!!!!" costs no more than "!"."""
    tokens: list[Token] = []
    words = Known(known)
    end = -1
    for found in _TOKEN.finditer(text):
        kind, piece, before = found.lastgroup or "", found[0], end
        start, end = found.span()
        if kind == "word":
            keys, entries = words[piece]
            tokens.append(Token(kind, piece, start, end, keys, entries, start == before))
        else:
            tokens.append(Token(_KINDS.get(kind, kind), piece, start, end, (), (), start == before))
    return _put_together(tokens, words)


class Known(dict[str, tuple[tuple[str, ...], tuple[str, ...]]]):
    """The words of one text with their keys and entries, each looked up once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        keys = spellings(word)
        self[word] = keys, self._vocabulary.entries(word, keys)
        return self[word]


def _put_together(tokens: list[Token], known: Known) -> list[Token]:
    """Words sent in pieces: letter by letter ("s t o p", "e.o.s."), or with digits for letters ("ST0P", "ku0lla")."""
    whole: list[Token] = []
    at = 0
    while at < len(tokens):
        word = tokens[at].kind == "word"
        end = (_disguised_until(tokens, at, known) or _spelled_out_until(tokens, at)) if word else 0
        if end:
            whole.append(_joined(tokens[at:end], known))
        else:
            whole.append(tokens[at])
        at = end or at + 1
    return whole


def _joined(pieces: Sequence[Token], known: Known) -> Token:
    word = _letters("".join([piece.text for piece in pieces if piece.kind in ("word", "number")]))
    keys, entries = known[word]
    return Token("word", word, pieces[0].start, pieces[-1].end, keys, entries, pieces[0].glued)


def _letters(text: str) -> str:
    return text.translate(_LETTERS_FOR_DIGITS)


def _disguised_until(tokens: Sequence[Token], at: int, known: Known) -> int:
    """Past word, digits and word in one piece; 0 if it is none. "d1e" is a word, "A4B5" are two answers."""
    if at + 2 >= len(tokens):
        return 0
    word, digits, rest = tokens[at], tokens[at + 1], tokens[at + 2]
    if digits.kind != "number" or rest.kind != "word" or not (digits.glued and rest.glued):
        return 0
    return at + 3 if len(word.text + rest.text) > 2 or known[_letters(word.text + digits.text + rest.text)][1] else 0


def _spelled_out_until(tokens: Sequence[Token], at: int) -> int:
    """Past three single letters or more with at most one mark between two; 0 if there are fewer."""
    if len(tokens[at].text) > 1 or at + 1 >= len(tokens) or tokens[at + 1].kind not in ("word", "mark"):
        return 0
    count, end = 0, at
    while at < len(tokens) and tokens[at].kind == "word" and len(tokens[at].text) == 1:
        count, at, end = count + 1, at + 1, at + 1
        at += 1 if at < len(tokens) and tokens[at].kind == "mark" and tokens[at].text in ".-_*" else 0
    return end if count >= 3 else 0
