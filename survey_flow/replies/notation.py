"""How the lexicon's phrases are written, and how they become a book that is searched.

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
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import product

from survey_flow.replies.phrases import PhraseBook
from survey_flow.replies.vocabulary import EDGE, spelled

GAP = ".."
Groups = Mapping[str, Sequence[str]]
Slots = list[tuple[str, bool]]  # a slot's alternatives as written, and whether a gap may stand before it

_GROUP = re.compile(r"{([^{}]+)}")
_NAME = re.compile(r"{[\w.]+}|=?[^\W\d]+\*?")
_SLOT = rf"(?:{_NAME.pattern})(?:\|(?:{_NAME.pattern}))*\??"
_NOTATION = re.compile(rf"{_SLOT}(?: (?:\.\. )?{_SLOT})*")


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
