"""Whether a reply must be answered with the safety text (rule 9). A false alarm is cheap, a miss is not."""

from collections.abc import Sequence

from survey_flow.replies.clauses import in_clauses, words_of
from survey_flow.replies.lexicon import Lexicon, Safety, one_letter_out
from survey_flow.replies.tokens import BOUNDARY, Token

LONG_WORD = 8  # letters: shorter words are not compared by likeness
LONGEST_WORD = 24


def is_crisis(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Phrases are looked for across punctuation: people break lines anywhere. Idioms are taken out first."""
    safety = lexicon.safety
    tokens = _without_idioms(tokens, safety)
    words = words_of(tokens)
    return bool(words) and (
        safety.phrases.found(words)
        or (safety.clauses.may_stand_in([*words, BOUNDARY]) and safety.clauses.found(in_clauses(tokens)))
        or _hidden(words, safety)
        or any(_near(word, safety) for word in words)
    )


def _without_idioms(tokens: Sequence[Token], safety: Safety) -> Sequence[Token]:
    places = [at for at, token in enumerate(tokens) if token.kind == "word"]
    spans = safety.idioms.spans([tokens[at] for at in places])
    taken = {at for first, last in spans for at in places[first : last + 1]}
    return [token for at, token in enumerate(tokens) if at not in taken] if taken else tokens


def _hidden(words: Sequence[Token], safety: Safety) -> bool:
    """Parts of words, and words written together or broken up ("haluankuolla", "itse murha")."""
    together = "".join([word.key for word in words])
    return any(part in together for part in safety.inside)


def _near(word: Token, safety: Safety) -> bool:
    """Whether a long word is one slip away from a listed one: both lose at most one letter and are then the same."""
    if not LONG_WORD <= len(word.key) <= LONGEST_WORD:
        return False
    return not safety.near.isdisjoint(one_letter_out(word.key))
