"""Commands: what a respondent tells the survey to do, instead of or beside answering (rules 8 and 10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey_flow.language import Language
from survey_flow.replies.clauses import as_a_whole, in_clauses, words_of
from survey_flow.replies.lexicon import AUTOMATIC, NOTHING_TO_SAY, Lexicon
from survey_flow.replies.meaning import Meaning
from survey_flow.replies.tokens import Token

WHOLE_ONLY = (Meaning.START, Meaning.BACK)
SHORT = 12  # words: a longer free text that speaks of help or of numbers is feedback
LONGEST_COMMAND = 40  # words, those of courtesy included


@dataclass(frozen=True, slots=True)
class Signals:
    """The tags found in one reply: of the whole message, of its clauses, and anywhere."""

    whole: frozenset[str]
    clauses: frozenset[str]
    anywhere: frozenset[str]
    words: tuple[str, ...]
    numbers: bool

    @property
    def automatic(self) -> bool:
        """Whether a phone or a mailbox answered by itself ("Ajan autoa, vastaan myöhemmin")."""
        return AUTOMATIC in self.anywhere

    @property
    def language(self) -> Language | None:
        """The language that the whole message asks for: "PÅ SVENSKA", "in English please"."""
        return None if self.numbers else next((language for language in Language if language in self.whole), None)

    @property
    def nothing_to_say(self) -> bool:
        return NOTHING_TO_SAY in self.whole and not self.numbers

    def commands(self, among: Iterable[Meaning], *, free: bool) -> list[Meaning]:
        """The commands given. In a free text only the whole message and plain imperatives count."""
        return [meaning for meaning in among if self._given(meaning, free=free)]

    def _given(self, meaning: Meaning, *, free: bool) -> bool:
        if f"{meaning}.whole" in self.whole:
            return True
        if meaning in WHOLE_ONLY:
            return False
        if meaning is Meaning.STOP and self._begins_or_ends_with_stop(capitals=free):
            return True
        if free and len(self.words) > SHORT and meaning is not Meaning.STOP:
            return False
        alone = f"{meaning}.clause" in self.clauses or (not free and f"{meaning}.whole" in self.clauses)
        return alone or meaning in self.anywhere

    def _begins_or_ends_with_stop(self, *, capitals: bool) -> bool:
        """"STOP haluan kuolla", "stop en tiedä". In a free text only in capitals: "stop the queues" is a wish."""
        ends = self.words[:1] + self.words[-1:]
        if all(word.isupper() for word in self.words):
            return False if capitals else ends[:1] == ("STOP",)
        return "STOP" in ends or (not capitals and ends[0].lower() == "stop")


def find_signals(tokens: Sequence[Token], lexicon: Lexicon) -> Signals:
    books, words = lexicon.commands, words_of(tokens)
    return Signals(
        whole=frozenset(books.alone.tags_found(as_a_whole(tokens)) if len(words) <= LONGEST_COMMAND else ()),
        clauses=frozenset(books.alone.tags_found(in_clauses(tokens))),
        anywhere=frozenset(books.anywhere.tags_found(words)),
        words=tuple(word.text for word in words),
        numbers=any(token.kind == "number" for token in tokens),
    )


def only_marks(tokens: Sequence[Token]) -> str:
    """The marks of a message that has nothing else, without spaces."""
    return "".join([token.text for token in tokens]) if all(token.kind == "mark" for token in tokens) else ""
