"""What a respondent wrote beside the number: the reason for it, kept as the comment."""

from collections.abc import Sequence

from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.numbers import Found
from survey_flow.replies.tokens import Token

_OPENING = " \t\n.,:;!?-–)]}=+/*~'"
_CLOSING = " \t\n,:;-([{=*~"


def comment_beside(text: str, found: Found, lexicon: Lexicon) -> str:
    """The words before and after the answer, without its wrapper; empty when they only hedge, greet or thank."""
    before = worth_keeping(found.tokens[: found.first], lexicon)
    after = worth_keeping(_without_tail_of_number(found.tokens[found.last + 1 :], lexicon), lexicon)
    parts = [written(text, before).rstrip(_CLOSING), written(text, after)]
    return " ".join([part for part in (part.lstrip(_OPENING).strip() for part in parts) if part])


def worth_keeping(tokens: Sequence[Token], lexicon: Lexicon) -> Sequence[Token]:
    around = lexicon.around
    fillers = (around.courtesy, around.hedges, around.wrappers, around.connectives)
    telling = [token for token in tokens if token.kind == "word" and not any(token in known for known in fillers)]
    return tokens if telling else ()


def _without_tail_of_number(tokens: Sequence[Token], lexicon: Lexicon) -> Sequence[Token]:
    """Past "pistettä", "miinus" and the like, which belong to the number."""
    place = 0
    while place < len(tokens) and _belongs_to_number(tokens[place], lexicon):
        place += 1
    return tokens[place:]


def _belongs_to_number(token: Token, lexicon: Lexicon) -> bool:
    around = lexicon.around
    return token in around.points or token in around.marks or token in around.stars


def written(text: str, tokens: Sequence[Token]) -> str:
    """The tokens as they stood in the text; where a quotation was taken out, a space."""
    pieces: list[str] = []
    end = tokens[0].start if tokens else 0
    for token in tokens:
        between = text[end : token.start]
        pieces.append(between if not between.strip() else " ")
        pieces.append(token.text)
        end = token.end
    return "".join(pieces).strip()
