"""Commands: what a respondent tells the survey to do, instead of or beside answering (rules 8 and 10)."""

from collections.abc import Iterable, Sequence

from survey_flow.language import Language
from survey_flow.replies.clauses import as_a_whole, in_clauses, words_of
from survey_flow.replies.lexicon import Command, Lexicon
from survey_flow.replies.meaning import Meaning
from survey_flow.replies.tokens import BOUNDARY, Token

WHOLE_ONLY = (Meaning.START, Meaning.BACK)
SHORT = 12  # words: a longer free text that speaks of help or of numbers is feedback


def found_commands(tokens: Sequence[Token], lexicon: Lexicon, among: Iterable[Meaning], *, free: bool) -> set[Meaning]:
    """The commands in a reply. In a free text only the whole message and plain imperatives count."""
    reply = _Reply(tokens, free=free)
    return {meaning for meaning in among if reply.gives(lexicon.commands[meaning], meaning)}


class _Reply:
    def __init__(self, tokens: Sequence[Token], *, free: bool) -> None:
        self.words = words_of(tokens)
        self.whole = as_a_whole(tokens)
        self.clauses = in_clauses(tokens)
        self.numbers = any(token.kind == "number" for token in tokens)
        self.shouted = _shouted_stop(self.words)
        self.free = free

    def gives(self, command: Command, meaning: Meaning) -> bool:
        if not self.words:
            return False
        if meaning in WHOLE_ONLY:
            return not self.numbers and command.whole.found(self.whole)
        if command.whole.found(self.whole) or (meaning is Meaning.STOP and self.shouted):
            return True
        if self.free and len(self.words) > SHORT and meaning is not Meaning.STOP:
            return False
        if not self.free and command.whole.found(self.clauses):
            return True
        return command.clause.found(self.clauses) or command.anywhere.found(self.words)


def _shouted_stop(words: Sequence[Token]) -> bool:
    """STOP in capitals at either end of a message that is not all capitals: "STOP haluan kuolla"."""
    if len(words) < 2 or all(word.text.isupper() for word in words):
        return False
    return words[0].text == "STOP" or words[-1].text == "STOP"


def asked_language(tokens: Sequence[Token], lexicon: Lexicon) -> Language | None:
    """The language that the whole message asks for: "PÅ SVENSKA", "in English please"."""
    whole = as_a_whole(tokens)
    if len(whole) == 2 or any(token.kind == "number" for token in tokens):
        return None
    return next((language for language, book in lexicon.languages.items() if book.found(whole)), None)


def says_nothing(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """At an open question: "ei muuta", "nothing", or a mere dash."""
    marks = "".join([token.text for token in tokens if token.kind == "mark"])
    if marks and len(marks) == sum(len(token.text) for token in tokens if token is not BOUNDARY):
        return not marks.strip("-._,/")
    return not any(token.kind == "number" for token in tokens) and lexicon.nothing.found(as_a_whole(tokens))
