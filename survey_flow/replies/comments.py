"""What a respondent wrote beside the number: the reason for it, kept as the comment."""

from collections.abc import Sequence

from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.numbers import Found
from survey_flow.replies.tokens import Token

_OPENING = " \t\n.,:;!?-–)]}=+/*~'"
_CLOSING = " \t\n,:;-([{=*~"


def comment_beside(text: str, found: Found, lexicon: Lexicon) -> str:
    """The words before and after the answer, without its wrapper; empty when they only hedge, greet or thank."""
    before = _worth_keeping(found.tokens[: found.first], lexicon)
    reason = comment_after(text, found.tokens[found.last + 1 :], lexicon)
    return " ".join([part for part in (written(text, before).lstrip(_OPENING).rstrip(_CLOSING), reason) if part])


def comment_after(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> str:
    """What follows the digits, past the words and marks that belong to them."""
    kept = _worth_keeping(_without_tail_of_number(tokens, lexicon), lexicon)
    return written(text, kept).lstrip(_OPENING).strip()


def _worth_keeping(tokens: Sequence[Token], lexicon: Lexicon) -> Sequence[Token]:
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
