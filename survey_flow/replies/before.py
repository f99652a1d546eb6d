"""What stands before a number: a wrapper ("annan 9"), or what makes it no answer ("klo 9", "yli 9", "ei 9")."""

from collections.abc import Sequence

from survey_flow.replies.lexicon import Around
from survey_flow.replies.mentions import Mention, State
from survey_flow.replies.tokens import Token
from survey_flow.replies.vocabulary import WordList

_MONEY = "€$£"
_SPOILING = "<>≤≥±^_%@&\\|/+"
_SOFT_MARKS = (":", "=", "-", "#", "~", "≈", "'", "*", "->", "=>", "→", "-->")  # a clause goes on over these
_NEGATED_WITHIN = 3
TEXTSPEAK = {2: ("me", "you", "u"), 4: ("thx", "thanks", "thank", "tnx", "thanx", "you", "u", "me")}  # "thx 4 all"
NUMBER_ONE = ("numero", "nro", "number", "nr", "nummer", "no")  # "numero 1!" is praise, and a 1 the opposite
_JUDGED_WITHIN = 4


def sign_before(tokens: Sequence[Token], mention: Mention, around: Around) -> State | None:
    """A word glued to the digits ("l0", "klo9") or a sign ("-3", ">8", "€5")."""
    if not mention.first:
        return None
    sign, number = tokens[mention.first - 1], tokens[mention.first]
    if sign.kind == "word" and number.glued:
        return _glued_word(sign, around)
    if sign.kind == "half" or sign.key in TEXTSPEAK.get(mention.value, ()):
        return State.SPOILT
    if sign.kind == "mark" and sign.text[-1] in _MONEY:
        return State.OTHER
    return State.SPOILT if sign.kind == "mark" and _spoils(tokens, mention.first - 1, number) else None


def _glued_word(word: Token, around: Around) -> State | None:
    if word in around.heads or word in around.units:
        return State.OTHER
    spelled_out = len(word.text) > 1 and (word in around.wrappers or word in around.hedges)
    return None if spelled_out or word in around.abbreviations else State.SPOILT


def _spoils(tokens: Sequence[Token], at: int, number: Token) -> bool:
    """A minus before the number counts as one unless a word stands before it: "vastaus - 9", "arvosana-9"."""
    sign = tokens[at].text
    if sign in _SOFT_MARKS and len(sign) > 1:
        return False
    after_word = at > 0 and tokens[at - 1].kind == "word"
    if sign[-1] == "-":
        return not after_word or (number.glued and not tokens[at].glued)
    if sign[-1] in ".,":
        return number.glued and not (after_word and tokens[at].glued) and len(sign) == 1
    return sign[-1] in _SPOILING


class Prefix:
    """The words between a number and the beginning of its clause, read backwards."""

    def __init__(
        self, tokens: Sequence[Token], mention: Mention, numbers: frozenset[int], around: Around, articles: WordList
    ) -> None:
        self._tokens, self._numbers, self._around, self._articles = tokens, numbers, around, articles
        self._value = mention.value
        self._ends_clause = mention.last + 1 >= len(tokens) or tokens[mention.last + 1].kind not in ("word", "number")
        self.start = mention.first
        self.state: State | None = self._read(mention.first - 1)

    def _read(self, at: int) -> State | None:
        """None when all words are fillers: the number is what the clause is about."""
        for place in range(at, -1, -1):
            token = self._tokens[place]
            if self._is_boundary(place):
                return None
            if token.kind == "word" and not self._is_filler(token):
                return self._judge_word(token, place)
            self.start = place
        return None

    def _is_filler(self, token: Token) -> bool:
        around = self._around
        if token in self._articles:
            return True
        if token in around.negations or token in around.inequalities or token in around.alternatives:
            return False
        if token in around.heads:
            return False
        filler = token in around.hedges or token in around.courtesy or token in around.abbreviations
        return filler and token not in around.wrappers

    def _judge_word(self, token: Token, place: int) -> State | None:
        """What the first word that is no filler makes of the number."""
        around = self._around
        if token in around.negations or token in around.inequalities or token in around.alternatives:
            return State.SPOILT
        if token in around.heads:
            return State.OTHER
        if token in around.wrappers:
            self.start = place
            praise = self._value == 1 and token.key in NUMBER_ONE
            return State.SPOILT if praise or self._negated(place) else None
        answers = token in around.connectives or (self._ends_clause and self._praised(place))
        return None if answers else State.UNEXPLAINED

    def _praised(self, place: int) -> bool:
        """ "Tosi hyvä paikka 10": after words of judgement a last number is the answer."""
        for earlier in range(place, max(-1, place - _JUDGED_WITHIN), -1):
            if self._is_boundary(earlier) or self._tokens[earlier] in self._around.heads:
                return False
            if self._tokens[earlier] in self._around.praise:
                return True
        return False

    def _negated(self, wrapper: int) -> bool:
        """ "en antaisi 9": a negation shortly before the wrapper, in the same clause."""
        for place in range(wrapper - 1, max(-1, wrapper - 1 - _NEGATED_WITHIN), -1):
            if self._is_boundary(place):
                return False
            if self._tokens[place].kind == "word" and self._tokens[place] in self._around.negations:
                return True
        return False

    def _is_boundary(self, place: int) -> bool:
        token = self._tokens[place]
        if token.kind == "word":
            return place in self._numbers
        if token.kind != "mark" or token.text in _SOFT_MARKS:
            return token.kind != "mark"
        abbreviated = token.text == "." and place and self._tokens[place - 1] in self._around.abbreviations
        return not abbreviated
