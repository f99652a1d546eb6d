"""Commands: what a respondent tells the survey to do, instead of or beside answering (rules 8 and 10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey_flow.language import Language
from survey_flow.replies.clauses import as_a_whole, in_clauses, words_of
from survey_flow.replies.lexicon import AUTOMATIC, NOTHING_TO_SAY, Lexicon
from survey_flow.replies.meaning import Meaning
from survey_flow.replies.tokens import BOUNDARY, Token

WHOLE_ONLY = (Meaning.START, Meaning.BACK)
FEW = 4  # words: more of them at the open question are an answer
SHORT = 12  # words: a longer free text that speaks of help or of numbers is feedback
STOP_AFTER = ("mutta", "mut", "men", "but", "ja", "och", "and", "so", "siis", "just", "please", "kiitos", "ok", "no")
LONGEST_COMMAND = 40  # words, those of courtesy included


@dataclass(frozen=True, slots=True)
class Signals:
    """The tags found in one reply: of the whole message, of its clauses, and anywhere."""

    whole: frozenset[str]
    clauses: frozenset[str]
    anywhere: frozenset[str]
    words: int
    numbers: bool
    shouts_stop: bool  # STOP in capitals begins or ends the message
    says_stop: bool  # or "stop" in any letters

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
        if meaning is Meaning.STOP and (self.shouts_stop or (self.says_stop and not free)):
            return True
        if free and self.words > self._longest_free(meaning):
            return False
        alone = f"{meaning}.clause" in self.clauses or (not free and f"{meaning}.whole" in self.clauses)
        return alone or meaning in self.anywhere

    def _longest_free(self, meaning: Meaning) -> int:
        """In how long a free text a phrase still is a command: "en tiedä mitä voisi parantaa" is feedback."""
        if meaning is Meaning.STOP:
            return self.words
        return FEW if meaning in (Meaning.SKIP, Meaning.DONT_KNOW) else SHORT


def find_signals(tokens: Sequence[Token], lexicon: Lexicon) -> Signals:
    books, words = lexicon.commands, words_of(tokens)
    might = books.alone.may_stand_in([*words, BOUNDARY])
    return Signals(
        whole=frozenset(books.alone.tags_found(as_a_whole(tokens)) if might and len(words) <= LONGEST_COMMAND else ()),
        clauses=frozenset(books.alone.tags_found(in_clauses(tokens)) if might else ()),
        anywhere=frozenset(books.anywhere.tags_found(words)),
        words=len(words),
        numbers=any(token.kind == "number" for token in tokens),
        shouts_stop=_shouts_stop(words),
        says_stop=_says_stop(words, tokens),
    )


def _shouts_stop(words: Sequence[Token]) -> bool:
    """ "STOP haluan kuolla", unless all of it is in capitals."""
    ends = {word.text for word in (*words[:1], *words[-1:])}
    return "STOP" in ends and not all(word.text.isupper() for word in words)


def _says_stop(words: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """ "stop en tiedä", "kiitos mutta stop"; not "Stop-merkki", "10 non stop" or "the bullying should stop".

    In a free text this is not enough: "stop the queues" is a wish there.
    """
    if words and words[0].key == "stop":
        after = tokens[tokens.index(words[0]) + 1 :][:1]
        return not (after and after[0].text == "-" and after[0].glued)
    before = words[-2].key if len(words) > 1 else ""
    return bool(words) and words[-1].key == "stop" and len(words) <= FEW and before in STOP_AFTER


def only_marks(tokens: Sequence[Token]) -> str:
    """The marks of a message that has nothing else, without spaces."""
    return "".join([token.text for token in tokens]) if all(token.kind == "mark" for token in tokens) else ""
