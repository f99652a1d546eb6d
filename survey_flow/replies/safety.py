"""Whether a reply must be answered with the safety text (rule 9). A false alarm is cheap, a miss is not."""

from collections.abc import Sequence

from survey_flow.replies.clauses import in_clauses
from survey_flow.replies.lexicon import Lexicon, Safety, one_letter_out
from survey_flow.replies.normalise import spellings
from survey_flow.replies.tokens import Token

LONG_WORD = 7  # shorter words are not compared by likeness
LONGEST_WORD = 24
_LETTERS_FOR_DIGITS = str.maketrans("013457", "oieast")


def is_crisis(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Phrases are looked for across punctuation: people break lines anywhere. Idioms are taken out first."""
    safety = lexicon.safety
    words = _without_idioms(_words(tokens), safety)
    if not words:
        return False
    return (
        safety.phrases.found(words)
        or safety.clauses.found(in_clauses(_without_idioms(tokens, safety)))
        or _hidden(words, safety)
        or any(_near(word, safety) for word in words)
    )


def _words(tokens: Sequence[Token]) -> list[Token]:
    """The words, with digits inside a word read as the letters they stand for ("ku0lla", "k1ll")."""
    words: list[Token] = []
    for at, token in enumerate(tokens):
        if token.kind != "word":
            continue
        inside = at > 1 and token.glued and tokens[at - 1].kind == "number" and tokens[at - 1].glued
        if inside and words and tokens[at - 2].kind == "word":
            text = words.pop().text + tokens[at - 1].text.translate(_LETTERS_FOR_DIGITS) + token.text
            words.append(Token("word", text, token.start, token.end, spellings(text)))
        else:
            words.append(token)
    return words


def _without_idioms(tokens: Sequence[Token], safety: Safety) -> list[Token]:
    taken: set[int] = set()
    words = [at for at, token in enumerate(tokens) if token.kind == "word"]
    for first, last in safety.idioms.spans([tokens[at] for at in words]):
        taken.update(words[first : last + 1])
    return [token for at, token in enumerate(tokens) if at not in taken]


def _hidden(words: Sequence[Token], safety: Safety) -> bool:
    """Parts of words, and words written together or broken up ("haluankuolla", "itse murha")."""
    together = "".join([word.key for word in words])
    return any(part in together for part in safety.inside)


def _near(word: Token, safety: Safety) -> bool:
    """Whether a long word is one slip away from a listed one: both lose at most one letter and are then the same."""
    if not LONG_WORD <= len(word.key) <= LONGEST_WORD:
        return False
    return not safety.near.isdisjoint(one_letter_out(word.key))
