"""Blacking out: words are taken out of a comment for good, whoever reads it afterwards."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# Always as long, so that the length of a name is not told.
BLACK = "■■■■■"

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of anything but blanks, by its place in the comment, from 0."""

    number: int
    text: str

    @property
    def black(self) -> bool:
        return self.text == BLACK


def lines_of(text: str) -> tuple[tuple[Word, ...], ...]:
    """The comment's words, line by line; empty lines are left out.

    >>> [[word.text for word in line] for line in lines_of("Matti auttoi.\\n\\nKiitos")]
    [['Matti', 'auttoi.'], ['Kiitos']]
    """
    found: list[tuple[Word, ...]] = []
    number = 0
    for line in text.splitlines():
        texts = _WORD.findall(line)
        if texts:
            found.append(tuple(Word(number + at, word) for at, word in enumerate(texts)))
        number += len(texts)
    return tuple(found)


def blacked_out(text: str, numbers: Collection[int]) -> str:
    """The comment without these words. Raises ValueError when it has no such word.

    >>> blacked_out("Matti auttoi", {0})
    '■■■■■ auttoi'
    """
    words = _WORD.findall(text)
    if any(not 0 <= number < len(words) for number in numbers):
        raise ValueError(f"the comment has {len(words)} words")
    order = iter(range(len(words)))
    return _WORD.sub(lambda word: BLACK if next(order) in numbers else word[0], text)
