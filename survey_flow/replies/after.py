"""What stands after a number: a unit ("2 kertaa"), a half ("8 ja puoli"), a counted noun, or the answer's reason."""

from collections.abc import Sequence

from survey_flow.replies.lexicon import Around
from survey_flow.replies.meaning import Expected
from survey_flow.replies.mentions import Mention, State
from survey_flow.replies.tokens import Token

_UNITS_OF_MARKS = "%€$£°‰"
_SPOILING = "^_@\\<>|&"
_STARS = "★☆⭐🌟✨✯"
_UNIT_WITHIN = 2  # "3 pitkää viikkoa"
# The everyday endings of counted things in the three languages, where no list can be complete.
_COUNTED_ENDINGS = ("aa", "ia", "ea", "oa", "ua", "ya", "ta", "ii", "ee", "oo", "s", "er", "ar", "or")


class Suffix:
    """The tokens that follow a number, judged in the order in which they speak against it."""

    def __init__(
        self, tokens: Sequence[Token], mention: Mention, numbers: frozenset[int], expected: Expected, around: Around
    ) -> None:
        self._following = tokens[mention.last + 1 : mention.last + 8]
        self._begin, self._numbers = mention.last + 1, numbers
        self._value, self._expected, self._around = mention.value, expected, around
        self._fraction = mention.fraction
        self.state: State | None = self._read()

    def _read(self) -> State | None:
        if not self._following:
            return None
        following = self._following[0]
        if following.kind == "half":
            return State.SPOILT
        if following.kind == "smile":
            return self._stars() if following.text[0] in _STARS else None
        if following.kind == "mark":
            return self._after_mark(following)
        if following.kind == "word" and following.glued:
            return self._glued(following)
        return self._words(self._following) if following.kind == "word" else None

    def _after_mark(self, mark: Token) -> State | None:
        sign, rest = mark.text[0], self._following[1:]
        price = sign == "," and mark.glued and rest and rest[0].text[0] == "-" and rest[0].glued  # "9,-"
        if sign in _UNITS_OF_MARKS or price:
            return State.OTHER
        if mark.glued and sign in _SPOILING:
            return State.SPOILT
        return self._word_after(mark, rest) if rest and rest[0].kind == "word" else None

    def _word_after(self, mark: Token, rest: Sequence[Token]) -> State | None:
        """ "0=en lainkaan" is our own line, "9. luokalla" an ordinal, "9:n" an ending, "9-vuotias" an age."""
        sign, word = mark.text[0], rest[0]
        if sign == "=":
            return State.SPOILT if self._value == 0 else None
        if sign == ".":
            return State.OTHER if word in self._around.ordinals else None
        if mark.glued and word.glued and sign in ":-'":
            return None if sign != "-" and word in self._around.endings else self._glued(word)
        return self._words(rest) if sign in "+-" and mark.glued else None

    def _glued(self, word: Token) -> State | None:
        """ "15v", "9lk", "9-vuotias", "10koska"; any other letters beside a digit make it a slip."""
        around = self._around
        if word in around.units or word in around.ordinals:
            return State.OTHER
        if word in around.stars:
            return self._stars()
        fine = word in around.points or (len(word.text) > 1 and self._goes_on(word))
        return None if fine else State.SPOILT

    def _words(self, following: Sequence[Token]) -> State | None:
        words = self._clause(following)
        while words and (words[0] in self._around.marks or words[0] in self._around.points):
            words = words[1:]
        if not words:
            return None
        if words[0] in self._around.stars:
            return self._stars()
        around, first = self._around, words[0]
        if first in around.alternatives or first in around.conditions or first in around.inequalities:
            return State.SPOILT
        if self._halved(words):
            return State.SPOILT
        if any(word in self._around.units for word in self._before_connective(words[:_UNIT_WITHIN])):
            return State.OTHER
        return State.OTHER if self._counted(words) else None

    def _clause(self, following: Sequence[Token]) -> list[Token]:
        words: list[Token] = []
        skipped = len(self._following) - len(following)
        for at, token in enumerate(following, self._begin + skipped):
            if token.kind != "word" or at in self._numbers:
                break
            words.append(token)
        return words

    def _before_connective(self, words: Sequence[Token]) -> list[Token]:
        kept: list[Token] = []
        for word in words:
            if word in self._around.connectives:
                break
            kept.append(word)
        return kept

    def _halved(self, words: Sequence[Token]) -> bool:
        """ "8 ja puoli", "eight and a half", "8 pilkku 5"."""
        if words[0] in self._around.halves:
            return True
        joined = words[0].key in ("ja", "and", "och", "o", "n")
        return joined and any(word in self._around.halves for word in words[1:3])

    def _stars(self) -> State | None:
        """Stars mean five of them: an answer on 1-5 only."""
        return None if self._expected.high == 5 else State.SPOILT

    def _counted(self, words: Sequence[Token]) -> bool:
        """Whether it counts what follows ("2 aikuista", "3 friends"). After 1 any unknown word may be a noun."""
        if self._fraction:
            return False
        rest = [word for word in words[:3] if word not in self._around.praise]
        if not rest or self._goes_on(rest[0]):
            return False
        return self._value == 1 or (len(rest[0].key) > 3 and rest[0].key.endswith(_COUNTED_ENDINGS))

    def _goes_on(self, word: Token) -> bool:
        around = self._around
        if word in around.continuations or word in around.connectives or word in around.courtesy:
            return True
        return word in around.hedges or word in around.praise
