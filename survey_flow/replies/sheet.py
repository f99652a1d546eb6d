"""The digits of a reply to lettered statements, in order ("4 5 3", "453") or by letter ("A4 B5 C3")."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_flow.language import Language
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.meaning import Expected
from survey_flow.replies.mentions import State, single_number
from survey_flow.replies.tokens import Token

LETTERS = "abcdefghij"
AFTER_LETTER = frozenset({".", ")", ":", "=", "-", "->"})
BETWEEN = frozenset({"", ",", ".", ";", "/", "-"})
TIGHT_LISTS = frozenset({"/", "-"})  # between two digits these would be a fraction or a range
AND = frozenset({"ja", "och", "and", "o", "sekä"})
UNKNOWN = frozenset({"eos", "emt", "idk"})


@dataclass(frozen=True, slots=True)
class Item:
    """One digit (None for don't know), with the statement's letter if it was named."""

    digit: int | None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The digits found, what joins them, and what comes after. `broken` when something there is no digit of ours."""

    items: Sequence[Item]
    signs: frozenset[str]
    rest: Sequence[Token]
    broken: bool = False

    def values(self, expected: Sequence[Expected]) -> dict[int, int | None] | None:
        """Digits by statement, or None when they do not fit: nothing is guessed."""
        if self.broken or not self.items or not self._signs_fit(len(expected)):
            return None
        named = [item for item in self.items if item.letter]
        if named and len(named) != len(self.items):
            return None
        if not named and len(self.items) != len(expected):
            return None
        return _placed(self.items, expected)

    def _signs_fit(self, count: int) -> bool:
        if any(item.letter for item in self.items):
            return self.signs <= BETWEEN
        return len(self.signs) <= 1 and self.signs <= BETWEEN and not (count < 3 and self.signs & TIGHT_LISTS)


def _placed(items: Sequence[Item], expected: Sequence[Expected]) -> dict[int, int | None] | None:
    values: dict[int, int | None] = {}
    for order, item in enumerate(items):
        place = LETTERS.index(item.letter) if item.letter else order
        question = expected[place]
        unknown = item.digit is None or item.digit == question.dont_know
        if not unknown and not question.accepts(item.digit or 0):
            return None
        value = None if unknown else item.digit
        if values.setdefault(place, value) != value:
            return None
    return values


class SheetReader:
    """Walks the tokens once: leading fillers, digits with their letters and signs, then the comment."""

    def __init__(self, tokens: Sequence[Token], count: int, language: Language, lexicon: Lexicon) -> None:
        self._tokens, self._count, self._language, self._lexicon = tokens, count, language, lexicon
        self._letters = LETTERS[:count]

    def read(self) -> Sheet:
        at = self._past_fillers()
        items: list[Item] = []
        signs: set[str] = set()
        while at < len(self._tokens):
            sign, start = self._sign(at) if items else ("", at)
            found, end = self._items(start, first=not items)
            if not found:
                break
            if items:
                signs.add(sign)
            items += found
            at = end
        broken = (at > 0 and self._spoils(at, bool(items))) or self._doubtful(items)
        return Sheet(items, frozenset(signs), self._tokens[at:], broken)

    def _past_fillers(self) -> int:
        around = self._lexicon.around
        for at, token in enumerate(self._tokens):
            filler = token in around.courtesy or token in around.hedges or token in around.wrappers
            opening = token.kind in ("line", "smile") or token.text in (".", ",", ":", "!", "(", '"', "=")
            if not (opening or (token.kind == "word" and filler and not self._letter(at))):
                return at
        return len(self._tokens)

    def _sign(self, at: int) -> tuple[str, int]:
        """The mark between two items, past spaces, newlines and "ja"."""
        sign = ""
        while at < len(self._tokens) and (
            self._tokens[at].kind in ("mark", "line") or not AND.isdisjoint(self._tokens[at].keys)
        ):
            sign += self._tokens[at].text if self._tokens[at].kind == "mark" else ""
            at += 1
        return sign, at

    def _items(self, at: int, *, first: bool) -> tuple[list[Item], int]:
        letter = self._letter(at)
        if letter:
            at += 1
            at += 1 if at < len(self._tokens) and self._tokens[at].text in AFTER_LETTER else 0
        if at >= len(self._tokens):
            return [], at
        token = self._tokens[at]
        if token.kind == "number" and len(token.text) == self._count and first and not letter:
            return [Item(int(digit)) for digit in token.text], at + 1
        if not UNKNOWN.isdisjoint(token.keys):
            return [Item(None, letter)], at + 1
        number = single_number(at, token, self._language, self._lexicon)
        if number is None or number.state is not State.PLAIN or number.out_of:
            return [], at
        return [Item(number.value, letter)], at + 1

    def _letter(self, at: int) -> str:
        """A statement's letter, if a digit may follow it."""
        token = self._tokens[at] if at < len(self._tokens) else None
        letter = token is not None and token.kind == "word" and len(token.key) == 1 and token.key in self._letters
        if not letter or token is None or at + 1 >= len(self._tokens):
            return ""
        marked = self._tokens[at + 1].text in AFTER_LETTER and at + 2 < len(self._tokens)
        following = self._tokens[at + 2 if marked else at + 1]
        known = single_number(0, following, self._language, self._lexicon) or not UNKNOWN.isdisjoint(following.keys)
        return token.key if known else ""

    def _spoils(self, at: int, any_items: bool) -> bool:
        """Another number, a unit or letters glued to the last digit: then the digits may not be what they seem."""
        rest = self._tokens[at:]
        around = self._lexicon.around
        if any(single_number(0, token, self._language, self._lexicon) for token in rest if not self._is_weak(token)):
            return True
        if not rest or not any_items:
            return False
        first = rest[0]
        if first.kind == "mark":
            return first.text[0] in "%€$£°+-/_^@" and first.glued
        going_on = any(first in known for known in (around.connectives, around.continuations, around.courtesy))
        return first in around.units or first in around.stars or (first.kind == "word" and first.glued and not going_on)

    def _is_weak(self, token: Token) -> bool:
        return token.key in self._lexicon.numbers.weak

    def _doubtful(self, items: Sequence[Item]) -> bool:
        """ "a 5" may be English for "five"."""
        return len(items) == 1 and items[0].letter == "a" and not any(token.glued for token in self._tokens[1:2])
