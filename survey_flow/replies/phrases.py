"""Phrases of the lexicon, all looked for at once in one pass over the words.

The notation, for translators and clinicians:

    word      this word; dots and rings may be missing and letters stretched ("aa" for "ää", "stoooop")
    word*     the word with any ending
    a|b       either word
    a_b|c     the two words a and b, or c
    {group}   any word of the named group
    word?     the word may be missing
    =word     spelled exactly so, dots and rings included
    Xx        a word with a capital letter, a name
    ..        up to three other words may stand here

A phrase stands for a row of slots, and every slot for one bit of a number. Reading a word moves all phrases on by one
shift and one AND (the Shift-And method of Baeza-Yates and Gonnet), so the time grows with the text alone and never
with what is in it.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from survey_flow.replies.vocabulary import EDGE, Word, spelled

GAP = ".."
Groups = Mapping[str, Sequence[str]]
Slots = list[tuple[str, bool]]  # a slot's alternatives as written, and whether a gap may stand before it

_GROUP = re.compile(r"{([^{}]+)}")
_NAME = re.compile(r"{[\w.]+}|=?[^\W\d]+\*?")
_SLOT = rf"(?:{_NAME.pattern})(?:\|(?:{_NAME.pattern}))*\??"
_NOTATION = re.compile(rf"{_SLOT}(?: (?:\.\. )?{_SLOT})*")


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Compiled phrases: which bits an entry of the vocabulary may set, and which bits begin, end or follow a gap.

    `idle` entries may stand anywhere in a phrase without a meaning of their own. `tags` name the phrases' ends.
    """

    masks: Mapping[str, int]
    first: int
    last: int
    after_gap: int
    idle: frozenset[str]
    tags: Mapping[str, int]

    def found(self, words: Sequence[Word]) -> bool:
        return any(True for _ in self._ends(words))

    def tags_found(self, words: Sequence[Word]) -> set[str]:
        """The tags of all phrases that stand in the words."""
        ends = 0
        for _, end in self._ends(words):
            ends |= end
        return {tag for tag, mask in self.tags.items() if mask & ends} if ends else set()

    def spans(self, words: Sequence[Word]) -> list[tuple[int, int]]:
        """Where phrases stand, as first and last index. With a gap inside, the span is the shortest that fits."""
        return [(self._start(words, index, end), index) for index, end in self._ends(words)]

    def _ends(self, words: Sequence[Word]) -> Iterable[tuple[int, int]]:
        """The indices at which phrases end, each with the bits that ended there."""
        masks, idle, first, last, after_gap = self.masks, self.idle, self.first, self.last, self.after_gap
        one = two = three = four = 0  # the slots filled by the word before, by the one before that ...
        for index, word in enumerate(words):
            now = waiting = 0
            for entry in word.entries:
                now |= masks.get(entry, 0)
                waiting = one if entry in idle else waiting
            if now:
                now &= first | one << 1 | (two | three | four) << 1 & after_gap
                if now & last:
                    yield index, now & last
            if now or not waiting:
                one, two, three, four = now | waiting, one, two, three

    def _start(self, words: Sequence[Word], end: int, bits: int) -> int:
        """The nearest beginning of the phrases that end here: the slots walked backwards."""
        wanted, fresh, late, later, latest = bits, 0, 0, 0, 0
        for index in range(end, -1, -1):
            now = self._mask(words[index]) & (wanted | late | later | latest)
            if now & self.first:
                return index
            fresh, late, later, latest = (now & self.after_gap) >> 1, fresh, late, later
            wanted = now >> 1
        return end

    def _mask(self, word: Word) -> int:
        mask = 0
        for entry in word.entries:
            mask |= self.masks.get(entry, 0)
        return mask


def compile_phrases(
    tagged: Iterable[tuple[str, str]], groups: Groups, *, alone: bool = False, idle: Iterable[str] = ()
) -> PhraseBook:
    """Build the book from phrases with their tags. With `alone`, a phrase must stand between two boundaries."""
    slot_masks: dict[str, int] = {}
    tags: dict[str, int] = {}
    first = after_gap = 0
    bit = 1
    edge = [(EDGE, False)] if alone else []
    for phrase, tag in tagged:
        for slots in _variants(_with_groups(phrase, groups)):
            first |= bit
            for alternatives, gapped in edge + slots + edge:
                slot_masks[alternatives] = slot_masks.get(alternatives, 0) | bit
                after_gap |= bit if gapped else 0
                bit <<= 1
            tags[tag] = tags.get(tag, 0) | bit >> 1
    last = 0
    for mask in tags.values():
        last |= mask
    return PhraseBook(_by_entry(slot_masks), first, last, after_gap, frozenset(idle), tags)


def _by_entry(slot_masks: Mapping[str, int]) -> dict[str, int]:
    masks: dict[str, int] = {}
    for alternatives, mask in slot_masks.items():
        for word in alternatives.split("|") if alternatives != EDGE else [EDGE]:
            masks[word] = masks.get(word, 0) | mask
    entries: dict[str, int] = {}
    for word, mask in masks.items():
        entry = spelled(word)
        entries[entry] = entries.get(entry, 0) | mask
    return entries


def check_phrase(phrase: str, groups: Container[str]) -> None:
    """Refuse what is not the notation."""
    if not _NOTATION.fullmatch(phrase):
        slots = [piece.removesuffix("?") for piece in phrase.split() if piece != GAP]
        for name in [name for slot in slots for name in slot.split("|") if not _NAME.fullmatch(name)]:
            raise ValueError(f"{name!r} is no word, in {phrase!r}.")
        raise ValueError(f"{phrase!r} is not in the notation: single spaces, and .. only between two words.")
    for name in _GROUP.findall(phrase) if "{" in phrase else ():
        if name not in groups:
            raise ValueError(f"there is no group {{{name}}} for {phrase!r}.")


def _with_groups(phrase: str, groups: Groups) -> str:
    """The phrase with the words of its groups in place of their names."""
    return _GROUP.sub(lambda found: "|".join(groups[found[1]]), phrase) if "{" in phrase else phrase


def _variants(phrase: str) -> Iterable[Slots]:
    """The phrase as plain rows of slots."""
    for pieces in _without_joined(phrase.split()) if "_" in phrase else [phrase.split()]:
        yield from _without_optional(pieces) if "?" in phrase else [_slots(pieces)]


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
