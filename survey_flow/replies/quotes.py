"""Copies of our own messages in a reply: phone reactions, quoted lines, the question sent back (rule 3)."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from survey_flow.replies.clauses import words_of
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.normalise import clean
from survey_flow.replies.tokens import Token, tokenise

COPIED_RUN = 5  # so many words and numbers in our order are a copy; "1=täysin eri mieltä" (4) is still an answer
LONG_TEXT = 8  # words
Runs = Mapping[str, Collection[tuple[str, ...]]]  # by their first word, those that follow it
_NEAR_THE_START = 8  # a reaction's verb and its opening quote stand among the first tokens


def own_words(tokens: list[Token], printed: tuple[str, ...], lexicon: Lexicon) -> list[Token]:
    """What the respondent wrote: the tokens without what was quoted from us. A boundary stands where something was."""
    tokens = _without_quoted_lines(without_reaction(_without_signature(tokens, lexicon), lexicon))
    return _without_footer(_without_copies(tokens, _runs(printed)), lexicon)


def _without_footer(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """A copied message that is not among the printed ones still ends like ours: "... Ei kyselyjä: STOP"."""
    places = [at for at, token in enumerate(tokens) if token.kind == "word"]
    if len(places) <= LONG_TEXT:
        return tokens
    spans = lexicon.phones.footers.spans([tokens[at] for at in places])
    copied = {at for first, last in spans for at in places[first : last + 1]}
    return [_boundary_at(token) if at in copied else token for at, token in enumerate(tokens)]


def _without_signature(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "Lähetetty iPhonesta" and what follows on its line."""
    places = [at for at, token in enumerate(tokens) if token.kind == "word"]
    spans = lexicon.phones.signatures.spans([tokens[at] for at in places])
    if not spans:
        return tokens
    first, last = places[min(first for first, _ in spans)], places[max(last for _, last in spans)]
    end = next((at for at in range(last, len(tokens)) if tokens[at].kind == "line"), len(tokens))
    return tokens[:first] + tokens[end:]


def without_reaction(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """'Liked “Kuinka ... 0-10”' says nothing. What comes after the closing quote is kept."""
    quote = next((at for at, token in enumerate(tokens[:_NEAR_THE_START]) if token.text.startswith('"')), None)
    if not quote:
        return tokens
    before = tokens[:quote]
    if not (lexicon.phones.reactions.found(words_of(before)) or _bare_reaction(before)):
        return tokens
    closing = max(at for at, token in enumerate(tokens) if token.text.startswith('"'))
    return tokens[closing + 1 :] if closing > quote else []


def _bare_reaction(before: Sequence[Token]) -> bool:
    """'👍 to “...”', as Google Messages writes it in every language: a smiley and at most two words."""
    return before[0].kind == "smile" and len(before) <= 3


def _without_quoted_lines(tokens: list[Token]) -> list[Token]:
    """Lines after a ">" at their beginning, as mail programs quote; ">8" is not one."""
    kept: list[Token] = []
    quoting = False
    for at, token in enumerate(tokens):
        if token.kind == "line" or not at:
            begins = at + 1 if token.kind == "line" else at
            quoting = _opens_quote(tokens[begins : begins + 2])
        if not quoting or token.kind == "line":
            kept.append(token)
    return kept


def _opens_quote(line: Sequence[Token]) -> bool:
    return len(line) == 2 and line[0].text[0] == ">" and line[1].kind != "number"


def _without_copies(tokens: list[Token], runs: Runs) -> list[Token]:
    places = [at for at, token in enumerate(tokens) if token.kind in ("word", "number")]
    keys = [tokens[at].key for at in places]
    copied: set[int] = set()
    for at in range(len(places) - COPIED_RUN + 1):
        if keys[at] in runs and tuple(keys[at + 1 : at + COPIED_RUN]) in runs[keys[at]]:
            copied.update(range(places[at], places[at + COPIED_RUN - 1] + 1))
    if not copied:
        return tokens
    return [_boundary_at(token) if at in copied else token for at, token in enumerate(tokens)]


def _boundary_at(token: Token) -> Token:
    return Token("line", "\n", token.start, token.end)


@lru_cache(maxsize=64)
def _runs(printed: tuple[str, ...]) -> Runs:
    """Every run of words and numbers in our texts. Kept between readings: they are the same for all respondents."""
    runs: dict[str, set[tuple[str, ...]]] = {}
    for text in printed:
        keys = [token.key for token in tokenise(clean(text)) if token.kind in ("word", "number")]
        for at in range(len(keys) - COPIED_RUN + 1):
            runs.setdefault(keys[at], set()).add(tuple(keys[at + 1 : at + COPIED_RUN]))
    return runs
