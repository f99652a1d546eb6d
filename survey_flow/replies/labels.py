"""Answers given in the words printed beside a digit: "täysin samaa mieltä" (rule 7)."""

from collections.abc import Sequence

from survey_flow.replies.lexicon import Around
from survey_flow.replies.meaning import Expected
from survey_flow.replies.mentions import Mention
from survey_flow.replies.tokens import Token, tokenise


def find_labels(tokens: Sequence[Token], expected: Expected, numbers: frozenset[int], around: Around) -> list[Mention]:
    """The labels that stand as clauses of their own. One of a single word must be the first or the only clause."""
    labels = {keys: value for keys, value in _labels(expected) if _may_stand_alone(keys, value, expected)}
    found: list[Mention] = []
    for number, clause in enumerate(_clauses(tokens, numbers, around)):
        said = [tokens[at].key for at in clause]
        for keys, value in labels.items():
            if (len(keys) > 1 or not number) and _says(said, keys, [tokens[at] for at in clause], around):
                found.append(Mention(value, clause[0], clause[-1], word=True))
                break
    return found


def _labels(expected: Expected) -> list[tuple[tuple[str, ...], int]]:
    pairs = [
        (tuple(token.key for token in tokenise(label) if token.kind == "word"), value)
        for label, value in expected.labels.items()
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _may_stand_alone(keys: tuple[str, ...], value: int, expected: Expected) -> bool:
    """The worst score is never guessed: a printed "0=en" does not make "en" a zero (rule 6)."""
    return bool(keys) and not (expected.kind == "nps" and value == 0 and len(keys) == 1)


def _says(said: Sequence[str], keys: tuple[str, ...], clause: Sequence[Token], around: Around) -> bool:
    """The label and nothing else but fillers."""
    if len(said) < len(keys) or keys[0] not in said:
        return False
    rest = [token.key for token in clause if token.key in keys or not _is_filler(token, around)]
    return tuple(rest) == keys


def _is_filler(token: Token, around: Around) -> bool:
    return token in around.courtesy or token in around.hedges or token in around.wrappers


def _clauses(tokens: Sequence[Token], numbers: frozenset[int], around: Around) -> list[list[int]]:
    """The places of words, cut at marks, numbers, newlines and words like "koska"."""
    clauses: list[list[int]] = [[]]
    for at, token in enumerate(tokens):
        if token.kind != "word" or at in numbers or token in around.connectives:
            clauses.append([])
        else:
            clauses[-1].append(at)
    return [clause for clause in clauses if clause]
