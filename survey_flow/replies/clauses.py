"""A reply's words between boundaries, in which commands given as a clause of their own are found."""

from collections.abc import Iterable, Sequence

from survey_flow.replies.tokens import BOUNDARY, Token


def words_of(tokens: Iterable[Token]) -> list[Token]:
    return [token for token in tokens if token.kind == "word"]


def as_a_whole(tokens: Sequence[Token]) -> list[Token]:
    """The words of the whole message between two boundaries."""
    return [BOUNDARY, *words_of(tokens), BOUNDARY]


def in_clauses(tokens: Sequence[Token]) -> list[Token]:
    """The words with a boundary at each mark, number, smiley and newline. A hyphen inside a word is none."""
    parts = [BOUNDARY]
    for at, token in enumerate(tokens):
        if token.kind == "word":
            parts.append(token)
        elif parts[-1] is not BOUNDARY and not _inside_word(tokens, at):
            parts.append(BOUNDARY)
    if parts[-1] is not BOUNDARY:
        parts.append(BOUNDARY)
    return parts


def _inside_word(tokens: Sequence[Token], at: int) -> bool:
    following = tokens[at + 1] if at + 1 < len(tokens) else BOUNDARY
    return tokens[at].text in ("-", "'", "*", "_") and tokens[at].glued and following.kind == "word" and following.glued
