"""One reply taken up for reading: cleaned, cut, and freed of what it quotes from us."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_flow.replies.commands import Signals, find_signals
from survey_flow.replies.comments import written
from survey_flow.replies.lexicon import Lexicon
from survey_flow.replies.meaning import Meaning
from survey_flow.replies.normalise import clean
from survey_flow.replies.quotes import own_words
from survey_flow.replies.safety import is_crisis
from survey_flow.replies.tokens import Token, tokenise

# In digits. Nobody answers with so many: it is a table, a game or noise, and weighing each of 800 takes milliseconds.
_MOST_NUMBERS = 100
_COMMANDS = (Meaning.STOP, Meaning.WRONG_NUMBER, Meaning.HELP, Meaning.START, Meaning.BACK)
_BESIDE = (Meaning.ANSWER, Meaning.DONT_KNOW, Meaning.SKIP)


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    tokens: Sequence[Token]
    signals: Signals
    lexicon: Lexicon

    @property
    def written(self) -> str:
        return written(self.text, self.tokens)

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is left to read, or what is there was sent by a machine."""
        return self.signals.automatic or all(token.kind == "line" for token in self.tokens)

    @property
    def is_no_answer(self) -> bool:
        """Whether it says nothing, or is too full of digits to be an answer to anything but an open question."""
        return self.says_nothing or sum(token.kind == "number" for token in self.tokens) > _MOST_NUMBERS


def take_up(text: str, printed: tuple[str, ...], lexicon: Lexicon) -> Reply:
    cleaned = clean(text)
    tokens = own_words(tokenise(cleaned, lexicon.vocabulary), printed, lexicon)
    return Reply(cleaned, tokens, find_signals(tokens, lexicon), lexicon)


def leading_meanings(reply: Reply, *, free: bool) -> list[Meaning]:
    """What goes before answers, in the order of rule 10. An automatic reply gives no commands."""
    leading = [Meaning.CRISIS] if is_crisis(reply.tokens, reply.lexicon) else []
    if reply.signals.automatic:
        return leading
    leading += reply.signals.commands(_COMMANDS, free=free)
    return leading + ([Meaning.LANGUAGE] if not leading and reply.signals.language else [])


def rank(leading: Sequence[Meaning], rest: Meaning) -> tuple[Meaning, tuple[Meaning, ...]]:
    """What goes first, and what else must be acted on (rule 10): an opt-out, a wrong number, an answer beside them."""
    meaning = leading[0]
    also: list[Meaning] = [other for other in leading[1:] if other in (Meaning.STOP, Meaning.WRONG_NUMBER)]
    if meaning in (Meaning.CRISIS, Meaning.STOP, Meaning.HELP) and rest in _BESIDE:
        also.append(rest)
    return meaning, tuple(also)
