"""Which entries of the lexicon a word meets: looked up once a word, whatever number of lists and phrases know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from survey_flow.replies.normalise import fold

NAME = "Xx"  # any word with a capital letter
EDGE = "|"  # the boundary of a clause


class Word(Protocol):
    """Anything that knows its lexicon entries: a token."""

    @property
    def entries(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All entries: whole words, exact spellings ("=löi") and beginnings ("halu*", kept as halu -> halu*)."""

    words: frozenset[str]
    beginnings: dict[str, str]
    lengths: tuple[int, ...]

    def entries(self, text: str, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The entries that a word meets in any of its spellings."""
        found = [key for key in keys if key in self.words]
        exact = "=" + text.lower()
        if exact in self.words:
            found.append(exact)
        for key in keys:
            for length in self.lengths:
                if length > len(key):
                    break
                entry = self.beginnings.get(key[:length])
                if entry:
                    found.append(entry)
        if text.istitle():
            found.append(NAME)
        return tuple(found)


def vocabulary(entries: Iterable[str]) -> Vocabulary:
    listed = set(entries)
    beginnings = {entry[:-1]: entry for entry in listed if entry.endswith("*")}
    lengths = tuple(sorted({len(beginning) for beginning in beginnings}))
    return Vocabulary(frozenset(listed - set(beginnings.values())), beginnings, lengths)


def spelled(word: str) -> str:
    """The entry under which a word of the files is kept: folded, unless it is a sign or asks for its exact spelling."""
    if word in (NAME, EDGE):
        return word
    return word.lower() if word.startswith("=") else fold(word)


@dataclass(frozen=True, slots=True)
class WordList:
    entries: frozenset[str]

    def __contains__(self, word: Word) -> bool:
        return not self.entries.isdisjoint(word.entries)


def word_list(words: Iterable[str]) -> WordList:
    return WordList(frozenset(map(spelled, words)))
