"""A reply cut into words, numbers, marks and smileys, each with its place in the text."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from survey_flow.replies.normalise import HALF, spellings


class Token(NamedTuple):
    """One piece of a reply. `keys` are its folded spellings, against which the lexicon is looked up."""

    kind: str  # word, number, mark, smile, half, line
    text: str
    start: int
    end: int
    keys: tuple[str, ...] = ()
    glued: bool = False  # nothing stands between it and the token before

    @property
    def key(self) -> str:
        return self.keys[0] if self.keys else self.text


BOUNDARY = Token("edge", "", 0, 0, ("|",))

# Emoticons hold digits: "10 <3", "9 :3", "8 :0". They must not be read as answers.
_TOKEN = re.compile(
    r"""(?P<smile>
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
      | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
      | (?P<line>\n)
      | (?P<mark>(?P<sign>[^\w\s]|_)(?P=sign)*)
    """,
    re.VERBOSE,
)


def tokenise(text: str) -> list[Token]:
    """Cut cleaned text. A run of one mark is one token, so that "!!!!!" costs no more than "!"."""
    tokens: list[Token] = []
    known: dict[str, tuple[str, ...]] = {}
    end = -1
    for found in _TOKEN.finditer(text):
        kind, piece, start = found.lastgroup or "mark", found.group(), found.start()
        keys: tuple[str, ...] = ()
        if kind == "word":
            keys = known.get(piece) or known.setdefault(piece, spellings(piece))
        tokens.append(Token(kind, piece, start, found.end(), keys, start == end))
        end = found.end()
    return _spelled_out(tokens)


def _spelled_out(tokens: list[Token]) -> list[Token]:
    """Words sent letter by letter ("s t o p", "e.o.s.") are put together: three single letters or more in a row."""
    if sum(1 for token in tokens if _single(token)) < 3:
        return tokens
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        letters = _letters_from(tokens, at)
        if len(letters) >= 3:
            word = "".join([tokens[place].text for place in letters])
            first, last = tokens[at], tokens[letters[-1]]
            joined.append(Token("word", word, first.start, last.end, spellings(word), first.glued))
            at = letters[-1] + 1
        else:
            joined.append(tokens[at])
            at += 1
    return joined


def _single(token: Token) -> bool:
    return token.kind == "word" and len(token.text) == 1


def _letters_from(tokens: Sequence[Token], at: int) -> list[int]:
    """The places of the single letters that follow each other from here, with at most one mark between two."""
    places: list[int] = []
    while at < len(tokens) and _single(tokens[at]):
        places.append(at)
        at += 1
        if at + 1 < len(tokens) and tokens[at].kind == "mark" and tokens[at].text in ".-_*" and _single(tokens[at + 1]):
            at += 1
    return places
