"""Numbers in a reply, written in digits or words, and the signs that join them: 9/10, 3-4, 8,5, 15.3."""

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from survey_flow.language import Language
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.meaning import Expected
from survey_flow.replies.normalise import written_forms
from survey_flow.replies.tokens import Token

PHONE_DIGITS = 7
CODE_DIGITS = 5  # a post code, an amount, a phone number: nothing on our scales
_MOST_BETWEEN = 4  # tokens from a number to the next that one sign may join to it
_WITH_A_NUMBER = ("number", "word", "half")


class State(Enum):
    PLAIN = auto()  # may be the answer
    OTHER = auto()  # about something else: a time, an age, a count
    UNEXPLAINED = auto()  # nothing tells what it is about
    SPOILT = auto()  # makes the reply unclear: a half, a range, a denominator that is not ours


class Mention(NamedTuple):
    """A number between two places among the tokens. A tuple: a long message may hold eight hundred."""

    value: int
    first: int
    last: int
    state: State = State.PLAIN
    word: bool = False  # written as a word
    out_of: bool = False  # a denominator of its own: "kymmenestä"
    fraction: bool = False


def find_mentions(tokens: Sequence[Token], expected: Expected, language: Language, lexicon: Lexicon) -> list[Mention]:
    """The mentions in order, with those that one sign joins made into one."""
    single = [
        _with_case_ending(found, tokens)
        for at, token in enumerate(tokens)
        if token.kind in _WITH_A_NUMBER and (found := single_number(at, token, language, lexicon))
    ]
    resolved: list[Mention] = []
    cluster = single[:1]
    for left, right in pairwise(single):
        if right.first - left.last <= _MOST_BETWEEN and _joined(tokens, left, right, lexicon):
            cluster.append(right)
        else:
            resolved += _resolve(cluster, tokens, expected, lexicon)
            cluster = [right]
    return resolved + _resolve(cluster, tokens, expected, lexicon) if cluster else []


def single_number(at: int, token: Token, language: Language, lexicon: Lexicon) -> Mention | None:
    if token.kind == "half":
        return Mention(-1, at, at, State.SPOILT)
    if token.kind == "number":
        return _digits(at, token.text)
    if token.kind != "word":
        return None
    numbers = lexicon.numbers
    for key in written_forms(token.text):
        if key in numbers.denominators:
            return Mention(numbers.denominators[key], at, at, word=True, out_of=True)
        value = numbers.own[language].get(key, numbers.words.get(key))
        if value is not None:
            return Mention(value, at, at, word=True)
    return None


def _with_case_ending(mention: Mention, tokens: Sequence[Token]) -> Mention:
    """ "10:stä" is "out of ten"."""
    after = mention.last + 2
    if after >= len(tokens) or tokens[after].key != "sta":
        return mention
    ending = tokens[mention.last + 1 : after + 1]
    if [token.key for token in ending] not in ([":", "sta"], ["-", "sta"]) or not all(token.glued for token in ending):
        return mention
    return mention._replace(last=mention.last + 2, out_of=True)


def _digits(at: int, digits: str) -> Mention:
    """ "09" is a slip or a part of something; asking again costs less than a wrong answer."""
    if len(digits) >= CODE_DIGITS or (len(digits) == 4 and digits[:2] in ("19", "20")):
        return Mention(-1, at, at, State.OTHER)
    leading_zero = len(digits) > 1 and digits[0] == "0"
    return Mention(int(digits), at, at, State.SPOILT) if leading_zero else Mention(int(digits), at, at)


def joiner(tokens: Sequence[Token], left: Mention, right: Mention) -> str:
    """What stands between two numbers; spaces count only beside a comma, a full stop or a colon."""
    between = tokens[left.last + 1 : right.first]
    text = "".join([token.text if token.kind != "word" else f" {token.key} " for token in between])
    if text not in (",", ".", ":"):
        return text
    tight = all(token.glued for token in tokens[left.last + 1 : right.first + 1])
    return text if tight else text + " "


def _joined(tokens: Sequence[Token], left: Mention, right: Mention, lexicon: Lexicon) -> bool:
    between = tokens[left.last + 1]
    if right.first - left.last == 2 and between.kind == "word":
        return between.key in lexicon.numbers.out_of
    sign = joiner(tokens, left, right)
    if right.out_of or left.out_of:
        return not sign.strip() or sign.strip() in lexicon.numbers.out_of
    if sign == "":
        return tokens[left.first].kind == tokens[right.first].kind == "number" and _phone_like(tokens, left, right)
    return sign in ("/", "-/", "+/", "-", "--", ".", ",", ":", "..", "...", "+", "_", "^", "'", "*", "x") or (
        " ".join(sign.split()) in lexicon.numbers.out_of
    )


def _phone_like(tokens: Sequence[Token], left: Mention, right: Mention) -> bool:
    """Groups of digits that only spaces part: a phone number's, if they are long enough together."""
    first, last = left.first, right.last
    while first and tokens[first - 1].kind == "number" and left.first - first < PHONE_DIGITS:
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1].kind == "number" and last - right.last < PHONE_DIGITS:
        last += 1
    return sum(len(token.text) for token in tokens[first : last + 1]) >= PHONE_DIGITS


def _resolve(cluster: list[Mention], tokens: Sequence[Token], expected: Expected, lexicon: Lexicon) -> list[Mention]:
    if len(cluster) == 1:
        return [cluster[0]._replace(state=State.SPOILT)] if cluster[0].out_of else cluster
    whole = cluster[0]._replace(last=cluster[-1].last)
    signs = {joiner(tokens, left, right).strip() for left, right in pairwise(cluster)}
    digits = sum(len(tokens[mention.first].text) for mention in cluster if tokens[mention.first].kind == "number")
    if digits >= PHONE_DIGITS and signs <= {"", "-", "+"}:
        return [whole._replace(state=State.OTHER)]
    if len(cluster) > 2:
        dated = signs <= {"."} or signs <= {"/"} or signs <= {"-"} or signs <= {":"} or signs == {".", ":"}
        return [whole._replace(state=State.OTHER if dated else State.SPOILT)]
    return [_pair(cluster[0], cluster[1], tokens, expected, lexicon)]


def _pair(left: Mention, right: Mention, tokens: Sequence[Token], expected: Expected, lexicon: Lexicon) -> Mention:
    sign = joiner(tokens, left, right).strip()
    both = left._replace(last=right.last)
    if State.SPOILT in (left.state, right.state) and sign not in (".", ":"):
        return both._replace(state=State.SPOILT)
    if left.out_of != right.out_of:
        part, full = (left, right) if right.out_of else (right, left)
        return _fraction(both, part.value, full.value, expected)
    if sign in ("/", "-/", "+/") or " ".join(sign.split()) in lexicon.numbers.out_of:
        return _fraction(both, left.value, right.value, expected)
    if sign == "-" and own_scale(left.value, right.value, expected):
        return both._replace(state=State.OTHER)
    if sign == ":" or (sign == "." and _date(left, right, tokens)):
        return both._replace(state=State.OTHER)
    return both._replace(state=State.SPOILT)


def _fraction(both: Mention, part: int, full: int, expected: Expected) -> Mention:
    """x/y counts only if y is the question's own maximum; "0/5" is no "en osaa sanoa" (rule 2)."""
    fits = expected.kind in ("nps", "scale") and full == expected.high and expected.accepts(part)
    state = State.PLAIN if fits else State.SPOILT
    return both._replace(value=part, state=state, fraction=True, out_of=False)


def own_scale(low: int, high: int, expected: Expected) -> bool:
    return high == expected.high and low in (expected.low, expected.dont_know)


def _date(left: Mention, right: Mention, tokens: Sequence[Token]) -> bool:
    """ "15.3." with its last full stop; "8.5" may be a half and makes the reply unclear."""
    stop = tokens[right.last + 1] if right.last + 1 < len(tokens) else None
    return bool(stop and stop.glued and stop.text == "." and 1 <= left.value <= 31 and 1 <= right.value <= 12)
