"""Phrases of the lexicon, all looked for at once in one pass over the words.

The notation, for translators and clinicians:

    word      this word; dots and rings may be missing and letters stretched ("aa" for "ää", "stoooop")
    word*     the word with any ending
    a|b       either word
    a_b|c     the two words a and b, or c
    {group}   any word of the named group
    word?     the word may be missing
    =word     spelled exactly so, dots and rings included
    ..        up to three other words may stand here

A phrase stands for a row of slots, and every slot for one bit of a number. Reading a word moves all phrases on by one
shift and one AND (the Shift-And method of Baeza-Yates and Gonnet), so the time grows with the text alone and never
with what is in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from survey_flow.replies.normalise import fold
from survey_flow.replies.tokens import Token

GAP = ".."
LONGEST_GAP = 3

Slots = list[tuple[str, bool]]  # a slot's alternatives as written, and whether a gap may stand before it


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Compiled phrases: which bits a word (or a beginning of one) may set, and which bits begin, end or follow a gap."""

    words: Mapping[str, int]
    beginnings: Mapping[str, int]
    lengths: tuple[int, ...]
    first: int
    last: int
    after_gap: int
    idle: frozenset[str] = frozenset()  # words that may stand anywhere without a meaning of their own

    def found(self, tokens: Sequence[Token]) -> bool:
        return bool(self.ends(tokens, only_one=True))

    def spans(self, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Where phrases stand, as first and last index. With a gap inside, the span is the shortest that fits."""
        return [(self._start(tokens, end), end) for end in self.ends(tokens)]

    def ends(self, tokens: Sequence[Token], *, only_one: bool = False) -> list[int]:
        """The indices at which a phrase ends."""
        ends: list[int] = []
        known: dict[str, int] = {}
        one = two = three = four = 0  # the slots filled by the word before, by the one before that ...
        for index, token in enumerate(tokens):
            mask = known.get(token.text, -1)
            if mask < 0:
                mask = known[token.text] = self._mask(token)
            now = mask and mask & (self.first | one << 1 | (two | three | four) << 1 & self.after_gap)
            if now & self.last:
                ends.append(index)
                if only_one:
                    return ends
            if token.key not in self.idle or now:
                one, two, three, four = now | (one if token.key in self.idle else 0), one, two, three
        return ends

    def _start(self, tokens: Sequence[Token], end: int) -> int:
        """The nearest beginning of the phrases that end here: the slots walked backwards."""
        wanted = self._mask(tokens[end]) & self.last
        fresh = late = later = latest = 0
        for index in range(end, -1, -1):
            now = self._mask(tokens[index]) & (wanted | late | later | latest)
            if now & self.first:
                return index
            fresh, late, later, latest = (now & self.after_gap) >> 1, fresh, late, later
            wanted = now >> 1
        return end

    def _mask(self, token: Token) -> int:
        mask = self.words.get("=" + token.text.lower(), 0)
        for key in token.keys:
            mask |= self.words.get(key, 0)
            for length in self.lengths:
                if length > len(key):
                    break
                mask |= self.beginnings.get(key[:length], 0)
        return mask


def compile_phrases(
    phrases: Iterable[str], groups: Mapping[str, Sequence[str]], *, alone: bool = False, idle: Iterable[str] = ()
) -> PhraseBook:
    """Build the book. With `alone`, a phrase must stand between two boundaries, idle words aside."""
    masks: dict[str, int] = {}
    first = last = after_gap = 0
    bit = 1
    for slots in (slots for phrase in phrases for slots in _variants(phrase)):
        row = [("|", False), *slots, ("|", False)] if alone else slots
        first |= bit
        for alternatives, gapped in row:
            masks[alternatives] = masks.get(alternatives, 0) | bit
            after_gap |= bit if gapped else 0
            last_bit, bit = bit, bit << 1
        last |= last_bit
    words: dict[str, int] = {}
    beginnings: dict[str, int] = {}
    for alternatives, mask in masks.items():
        for word in alternatives_of(alternatives, groups):
            table, key = (beginnings, word[:-1]) if word.endswith("*") else (words, word)
            table[key] = table.get(key, 0) | mask
    return PhraseBook(words, beginnings, tuple(sorted({len(key) for key in beginnings})), first, last, after_gap, frozenset(idle))


def check_phrase(phrase: str, groups: Iterable[str]) -> None:
    """Refuse what is not the notation."""
    pieces = phrase.split()
    words = [piece for piece in pieces if piece != GAP]
    if not words or GAP in (pieces[0], pieces[-1]) or all(word.endswith("?") for word in words):
        raise ValueError(f"a phrase begins and ends with a word that may not be missing: {phrase!r}.")
    for name in [name for word in words for name in word.rstrip("?").split("|")]:
        if name.startswith("{") and name[1:-1] not in groups:
            raise ValueError(f"there is no group {name} for {phrase!r}.")
        if not name.strip("*=") or "*" in name[:-1]:
            raise ValueError(f"{name!r} is no word, in {phrase!r}.")


def alternatives_of(slot: str, groups: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """The folded words that fill a slot."""
    for name in slot.split("|") if slot != "|" else ():
        yield from map(spelled, groups[name[1:-1]] if name.startswith("{") else [name])
    if slot == "|":
        yield slot


def spelled(word: str) -> str:
    """The key under which a lexicon word is kept: folded, unless it asks for its exact spelling."""
    return word.lower() if word.startswith("=") else fold(word)


def _variants(phrase: str) -> Iterable[Slots]:
    """The phrase as plain rows of slots."""
    for pieces in _without_joined(phrase.split()):
        yield from _without_optional(pieces)


def _without_joined(pieces: Sequence[str]) -> Iterable[list[str]]:
    """One row of slots for the single words of a slot, and one for each alternative of several words."""
    choices: list[list[list[str]]] = []
    for piece in pieces:
        single = [name for name in piece.split("|") if "_" not in name]
        joined = [name.split("_") for name in piece.split("|") if "_" in name]
        choices.append(([["|".join(single)]] if single else []) + joined)
    return ([word for words in row for word in words] for row in product(*choices))


def _without_optional(pieces: Sequence[str]) -> Iterable[Slots]:
    """The row with and without each of its optional words."""
    optional = [index for index, piece in enumerate(pieces) if piece.endswith("?")]
    for kept in product((True, False), repeat=len(optional)):
        dropped = {index for index, keep in zip(optional, kept, strict=True) if not keep}
        yield _slots([piece.rstrip("?") for index, piece in enumerate(pieces) if index not in dropped])


def _slots(pieces: Sequence[str]) -> Slots:
    slots: Slots = []
    gap = False
    for piece in pieces:
        if piece != GAP:
            slots.append((piece, gap))
        gap = piece == GAP
    return slots
