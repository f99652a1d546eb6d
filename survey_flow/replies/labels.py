"""Answers given in the words printed beside a digit: "täysin samaa mieltä" (rule 7)."""

from collections.abc import Sequence
from functools import cache

from survey_flow.replies.lexicon import Around
from survey_flow.replies.meaning import Expected
from survey_flow.replies.mentions import Mention
from survey_flow.replies.tokens import Token, tokenise

LONGEST = 12  # words: a label with its fillers


def find_labels(tokens: Sequence[Token], expected: Expected, numbers: frozenset[int], around: Around) -> list[Mention]:
    """The labels that stand as clauses of their own. One of a single word must be the first or the only clause."""
    labels = [(keys, value) for keys, value in _labels(expected) if _may_stand_alone(keys, value, expected)]
    openers = {keys[0] for keys, _ in labels}
    if openers.isdisjoint([token.key for token in tokens if token.kind == "word"]):
        return []
    found: list[Mention] = []
    for number, clause in enumerate(_clauses(tokens, numbers, around)):
        words = [tokens[at] for at in clause]
        if len(words) > LONGEST or openers.isdisjoint(word.key for word in words):
            continue
        value = _said(words, [(keys, value) for keys, value in labels if len(keys) > 1 or not number], around)
        if value is not None:
            found.append(Mention(value, clause[0], clause[-1], word=True))
    return found


def _said(words: Sequence[Token], labels: Sequence[tuple[tuple[str, ...], int]], around: Around) -> int | None:
    return next((value for keys, value in labels if _says(words, keys, around)), None)


def _labels(expected: Expected) -> list[tuple[tuple[str, ...], int]]:
    pairs = [(_words_of(label), value) for label, value in expected.labels.items()]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


@cache
def _words_of(label: str) -> tuple[str, ...]:
    """Labels are those that the surveys print: few, and the same for every message."""
    return tuple(token.key for token in tokenise(label) if token.kind == "word")


def _may_stand_alone(keys: tuple[str, ...], value: int, expected: Expected) -> bool:
    """The worst score is never guessed: a printed "0=en" does not make "en" a zero (rule 6)."""
    return bool(keys) and not (expected.kind == "nps" and value == 0 and len(keys) == 1)


def _says(words: Sequence[Token], keys: tuple[str, ...], around: Around) -> bool:
    """The label and nothing else but fillers. A negation is none: "en täysin samaa mieltä"."""
    said = tuple(word.key for word in words if word.key in keys or not _is_filler(word, around))
    return said == keys


def _is_filler(word: Token, around: Around) -> bool:
    filler = word in around.courtesy or word in around.hedges or word in around.wrappers
    return filler and word not in around.negations


def _clauses(tokens: Sequence[Token], numbers: frozenset[int], around: Around) -> list[list[int]]:
    """The places of words, cut at marks, numbers, newlines and words like "koska"."""
    clauses: list[list[int]] = [[]]
    for at, token in enumerate(tokens):
        if token.kind != "word" or at in numbers or token in around.connectives:
            if clauses[-1]:
                clauses.append([])
        else:
            clauses[-1].append(at)
    return [clause for clause in clauses if clause]
