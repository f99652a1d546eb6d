"""Which signs a part of an expression reads, as Python's own parser gives the part."""

import re
from collections.abc import Iterable, Iterator
from re import _constants  # type: ignore[attr-defined]
from typing import Any

# What texts are made of here; the signs that an expression names itself are added.
_ALPHABET = [chr(code) for code in (*range(0x250), *range(0x2000, 0x2070), 0x3B1, 0x5D0, 0x661, 0x4F60, 0x1F600)]
_CATEGORIES = {
    _constants.CATEGORY_DIGIT: r"\d",
    _constants.CATEGORY_NOT_DIGIT: r"\D",
    _constants.CATEGORY_SPACE: r"\s",
    _constants.CATEGORY_NOT_SPACE: r"\S",
    _constants.CATEGORY_WORD: r"\w",
    _constants.CATEGORY_NOT_WORD: r"\W",
}


def signs_of(node: Any, flags: int) -> frozenset[str]:
    """Those that this part reads, among the alphabet and what it names."""
    operator, argument = node
    if operator is _constants.ANY:
        return frozenset(_ALPHABET)
    named = argument if operator is _constants.IN else [(operator, argument)]
    both = bool(flags & re.IGNORECASE)
    return frozenset(sign for sign in {*_ALPHABET, *_named(named)} if _takes(named, sign, both=both))


def _named(parts: Iterable[Any]) -> Iterator[str]:
    for operator, argument in parts:
        if operator in (_constants.LITERAL, _constants.NOT_LITERAL):
            yield chr(argument)
        elif operator is _constants.RANGE:
            yield from (chr(argument[0]), chr(argument[1]))


def _takes(parts: list[Any], sign: str, *, both: bool) -> bool:
    negated = parts[0][0] in (_constants.NEGATE, _constants.NOT_LITERAL)
    forms = {sign, sign.lower(), sign.upper()} if both else {sign}
    return negated != any(_is_of(part, form) for part in parts for form in forms)


def _is_of(part: Any, sign: str) -> bool:
    operator, argument = part
    if operator in (_constants.LITERAL, _constants.NOT_LITERAL):
        return sign == chr(argument)
    if operator is _constants.RANGE:
        return len(sign) == 1 and argument[0] <= ord(sign) <= argument[1]
    if operator is _constants.CATEGORY:
        return re.fullmatch(_CATEGORIES[argument], sign) is not None
    return False  # the mark of a negated set
