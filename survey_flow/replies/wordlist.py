"""A list of words in which an entry may stand for all words that begin with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey_flow.replies.normalise import fold
from survey_flow.replies.tokens import Token


@dataclass(frozen=True, slots=True)
class WordList:
    words: frozenset[str]
    beginnings: frozenset[str] = frozenset()
    lengths: tuple[int, ...] = ()

    def __contains__(self, token: Token) -> bool:
        return any(key in self.words or self._begins(key) for key in token.keys)

    def _begins(self, key: str) -> bool:
        return any(key[:length] in self.beginnings for length in self.lengths)


def word_list(entries: Iterable[str]) -> WordList:
    folded = {fold(entry) for entry in entries}
    beginnings = frozenset(entry[:-1] for entry in folded if entry.endswith("*"))
    words = frozenset(entry for entry in folded if not entry.endswith("*"))
    return WordList(words, beginnings, tuple(sorted({len(entry) for entry in beginnings})))
