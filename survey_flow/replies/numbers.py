"""The one number in a reply that is its answer, or the reason why there is none (rules 1-4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from survey_flow.language import Language
from survey_flow.replies.after import Suffix
from survey_flow.replies.before import Prefix, sign_before
from survey_flow.replies.clauses import as_a_whole, words_of
from survey_flow.replies.labels import find_labels
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.meaning import Expected
from survey_flow.replies.mentions import Mention, State, find_mentions
from survey_flow.replies.phrases import PhraseBook
from survey_flow.replies.tokens import Token

_JOINING = ("ja", "seka", "och", "and")


@dataclass(frozen=True, slots=True)
class Found:
    """What the numbers and labels of a reply say: one value and its places among the tokens, or that they clash."""

    tokens: Sequence[Token]
    value: int | None = None
    unclear: bool = False
    first: int = 0
    last: int = -1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a number is judged by: the tokens, the places of numbers and labels, the question and the words."""

    tokens: Sequence[Token]
    taken: frozenset[int]
    expected: Expected
    language: Language
    lexicon: Lexicon


class _Judged(NamedTuple):
    mention: Mention
    state: State
    start: int  # where its clause's fillers begin


def find_answer(tokens: Sequence[Token], expected: Expected, language: Language, lexicon: Lexicon) -> Found:
    """The answer, when all clean numbers and labels agree and no other number stays unexplained."""
    tokens = _hidden(tokens, lexicon.numbers.none)
    mentions = _settled(find_mentions(tokens, expected, language, lexicon), tokens, lexicon)
    taken = _places(mentions)
    labels = find_labels(tokens, expected, taken, lexicon.around)
    around = Surroundings(tokens, taken | _places(labels), expected, language, lexicon)
    judged = _judged(mentions, around)
    if judged is None or (mentions and _unclear(judged, tokens, expected, lexicon)):
        return Found(tokens, unclear=True)
    if not mentions and not labels and _asks_for_the_most(tokens, expected, lexicon):
        return Found(tokens, expected.high, last=len(tokens) - 1)
    return _agreed([*judged, *(_Judged(label, State.PLAIN, label.first) for label in labels)], tokens, expected)


def _unclear(judged: Sequence[_Judged], tokens: Sequence[Token], expected: Expected, lexicon: Lexicon) -> bool:
    if _spoilt(judged) or _two_scores(judged, tokens, expected):
        return True
    return lexicon.numbers.spoiling.found(words_of(tokens))


def _asks_for_the_most(tokens: Sequence[Token], expected: Expected, lexicon: Lexicon) -> bool:
    """ "täydet pisteet": the question's maximum. There is no such word for the worst score (rule 6)."""
    return expected.kind in ("nps", "scale") and lexicon.numbers.most.found(as_a_whole(tokens))


def _places(mentions: Sequence[Mention]) -> frozenset[int]:
    return frozenset(place for mention in mentions for place in range(mention.first, mention.last + 1))


def _hidden(tokens: Sequence[Token], phrases: PhraseBook) -> Sequence[Token]:
    """The tokens, with a boundary in place of each word of the phrases: "no one", "tai jotain", "en osaa sanoa"."""
    words = [at for at, token in enumerate(tokens) if token.kind == "word"]
    hidden: set[int] = set()
    for first, last in phrases.spans([tokens[at] for at in words]):
        hidden.update(words[first : last + 1])
    if not hidden:
        return tokens
    return [
        Token("line", token.text, token.start, token.end) if at in hidden else token for at, token in enumerate(tokens)
    ]


def _settled(mentions: Sequence[Mention], tokens: Sequence[Token], lexicon: Lexicon) -> list[Mention]:
    """Without the words that mostly do not count ("yksi", "one"), unless the message is nothing else."""
    if not any(mention.word for mention in mentions):
        return list(mentions)
    alone = all(_weak(mention, tokens, lexicon) for mention in mentions) and not any(
        _says_something(token, lexicon) for token in tokens
    )
    return [
        mention
        for at, mention in enumerate(mentions)
        if mention.fraction or alone or not _weak(mention, tokens, lexicon) or _beside(mentions, at, lexicon, tokens)
    ]


def _weak(mention: Mention, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    return mention.first == mention.last and tokens[mention.first].key in lexicon.numbers.weak


def _says_something(token: Token, lexicon: Lexicon) -> bool:
    around = lexicon.around
    if token.kind != "word" or token.key in lexicon.numbers.weak:
        return False
    return not (token in around.courtesy or token in around.hedges or token in around.wrappers)


def _beside(mentions: Sequence[Mention], at: int, lexicon: Lexicon, tokens: Sequence[Token]) -> bool:
    """ "yks kaks", "yksi tai kaksi": another number within one word makes this one count, but not in "en nia"."""
    if tokens[mentions[at].first].key not in lexicon.numbers.words:
        return False
    first, last = mentions[at].first, mentions[at].last
    near = mentions[max(0, at - 1) : at + 2]
    return any(0 < first - other.last <= 2 or 0 < other.first - last <= 2 for other in near)


def _judged(mentions: Sequence[Mention], around: Surroundings) -> list[_Judged] | None:
    """What each number is, or None as soon as one makes the reply unclear whatever the others are."""
    judged: list[_Judged] = []
    answer: int | None = None
    for mention in mentions:
        one = _judge(mention, around)
        if one.state is State.SPOILT or (one.state is State.UNEXPLAINED and not mention.word):
            return None
        if one.state is State.PLAIN:
            if answer is not None and mention.value != answer:
                return None
            answer = mention.value
        judged.append(one)
    return judged


def _judge(mention: Mention, around: Surroundings) -> _Judged:
    """The first that speaks against the number: its own spelling, the sign before it, what follows, what precedes."""
    if mention.state is not State.PLAIN:
        return _Judged(mention, mention.state, mention.first)
    words = around.lexicon.around
    state = sign_before(around.tokens, mention, words)
    state = state or Suffix(around.tokens, mention, around.taken, around.expected, words).state
    if state:
        return _Judged(mention, state, mention.first)
    prefix = Prefix(around.tokens, mention, around.taken, words, around.lexicon.numbers.articles[around.language])
    return _Judged(mention, prefix.state or State.PLAIN, prefix.start)


def _spoilt(judged: Sequence[_Judged]) -> bool:
    """A half or a range anywhere spoils the reply; so does a number that nothing explains.

    Beside an answer in digits a number word may be told of: "9, oli kiva kun meitä oli kolme".
    """
    digits = any(one.state is State.PLAIN and not one.mention.word for one in judged)
    return any(
        one.state is State.SPOILT or (one.state is State.UNEXPLAINED and not (digits and one.mention.word))
        for one in judged
    )


def _two_scores(judged: Sequence[_Judged], tokens: Sequence[Token], expected: Expected) -> bool:
    """ "8 itselle ja 6 lapselle": a second digit joined by "and" may be another score, whatever it seems to count."""
    plain = {one.mention.value for one in judged if one.state is State.PLAIN}
    return bool(plain) and any(
        one.state is State.OTHER
        and not one.mention.word
        and one.mention.first > 0
        and tokens[one.mention.first - 1].key in _JOINING
        and expected.accepts(one.mention.value)
        and one.mention.value not in plain
        for one in judged
    )


def _agreed(judged: Iterable[_Judged], tokens: Sequence[Token], expected: Expected) -> Found:
    clean = [one for one in judged if one.state is State.PLAIN]
    if not clean:
        return Found(tokens)
    values = {one.mention.value for one in clean}
    value = values.pop()
    if values or not (expected.accepts(value) or value == expected.dont_know):
        return Found(tokens, unclear=True)
    return Found(tokens, value, first=min(one.start for one in clean), last=max(one.mention.last for one in clean))
