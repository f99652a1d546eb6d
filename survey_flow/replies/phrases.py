"""Phrases of the lexicon, all looked for at once in one pass over the words. How they are written: notation.py.

A phrase stands for a row of slots, and every slot for one bit of a number. Reading a word moves all phrases on by one
shift and one AND (the Shift-And method of Baeza-Yates and Gonnet), so the time grows with the text alone and never
with what is in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_flow.replies.vocabulary import Word

MANY = 64  # phrases in question at once


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

    def may_stand_in(self, words: Sequence[Word]) -> bool:
        """Whether all slots of some phrase are filled by the words, in whatever order."""
        return bool(self._in_question(words)[0])

    def tags_found(self, words: Sequence[Word]) -> set[str]:
        """The tags of all phrases that stand in the words."""
        ends = 0
        for _, end in self._ends(words):
            ends |= end
        return {tag for tag, mask in self.tags.items() if mask & ends} if ends else set()

    def spans(self, words: Sequence[Word]) -> list[tuple[int, int]]:
        """Where phrases stand, as first and last index. With a gap inside, the span is the shortest that fits."""
        return [(self._start(words, index, end), index) for index, end in self._ends(words)]

    def _ends(self, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
        """The indices at which phrases end, each with the bits that ended there."""
        known, slots, low = self._in_question(words)
        if not known:
            return
        first, last, after_gap = ((mask & slots) >> low for mask in (self.first, self.last, self.after_gap))
        one = two = three = four = 0  # the slots filled by the word before, by the one before that ...
        for index, word in enumerate(words):
            now, idle = known[word.entries]
            waiting = one if idle else 0
            if now:
                now &= first | one << 1 | (two | three | four) << 1 & after_gap
                if now & last:
                    yield index, (now & last) << low
            if now or not waiting:
                one, two, three, four = now | waiting, one, two, three

    def _in_question(self, words: Sequence[Word]) -> tuple[dict[tuple[str, ...], tuple[int, bool]], int, int]:
        """For the entries of each word the slots they may fill, and whether they are idle; the slots of the phrases in
        question, and how many lie below them all and are left out. Nothing if no phrase is in question.

        It is when each of its slots is filled by some word, in whatever order: mostly none is, and that is quick to
        see. Its slots are neighbouring bits. One added to the first runs through those that are filled, as a carry,
        and comes to the last only if none is empty.
        """
        masks = {entries: self._mask(entries) for entries in {word.entries for word in words}}
        there = 0
        for mask in masks.values():
            there |= mask
        whole = (there & ~self.last) + self.first & there & self.last
        if not whole:
            return {}, 0, 0
        slots = self._slots_until(whole)
        low = (slots & -slots).bit_length() - 1
        idle = self.idle
        known = {entries: ((mask & slots) >> low, not idle.isdisjoint(entries)) for entries, mask in masks.items()}
        return known, slots, low

    def _slots_until(self, ends: int) -> int:
        """All slots of the phrases with these ends, or of all phrases where taking them apart would not pay."""
        if ends.bit_count() > MANY:
            return -1
        slots = 0
        while ends:
            end = ends & -ends
            begin = 1 << (self.first & 2 * end - 1).bit_length() - 1
            slots |= 2 * end - begin
            ends ^= end
        return slots

    def _start(self, words: Sequence[Word], end: int, bits: int) -> int:
        """The nearest beginning of the phrases that end here: the slots walked backwards."""
        wanted, fresh, late, later, latest = bits, 0, 0, 0, 0
        for index in range(end, -1, -1):
            now = self._mask(words[index].entries) & (wanted | late | later | latest)
            if now & self.first:
                return index
            fresh, late, later, latest = (now & self.after_gap) >> 1, fresh, late, later
            wanted = now >> 1
        return end

    def _mask(self, entries: Iterable[str]) -> int:
        mask = 0
        for entry in entries:
            mask |= self.masks.get(entry, 0)
        return mask
