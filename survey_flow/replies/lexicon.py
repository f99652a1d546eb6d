"""The words of all three languages, built once from the data files and handed to every reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from survey_flow.language import Language
from survey_flow.replies.entries import Entries
from survey_flow.replies.meaning import Meaning
from survey_flow.replies.normalise import fold
from survey_flow.replies.phrases import PhraseBook
from survey_flow.replies.wordlist import WordList

Tables = Mapping[Language, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Around:
    """The words around a number that decide whether it is the answer. Each list is explained in words/fi.toml."""

    courtesy: WordList
    hedges: WordList
    wrappers: WordList
    connectives: WordList
    continuations: WordList
    praise: WordList
    abbreviations: WordList
    negations: WordList
    inequalities: WordList
    alternatives: WordList
    halves: WordList
    conditions: WordList
    marks: WordList
    points: WordList
    stars: WordList
    units: WordList
    ordinals: WordList
    heads: WordList
    endings: WordList
    number_words: WordList


@dataclass(frozen=True, slots=True)
class Command:
    """How one command is given: as the whole message, as a whole clause, or by a phrase anywhere."""

    whole: PhraseBook
    clause: PhraseBook
    anywhere: PhraseBook


@dataclass(frozen=True, slots=True)
class Safety:
    """What calls for the safety text (rule 9): see safety/fi.toml."""

    phrases: PhraseBook
    clauses: PhraseBook
    idioms: PhraseBook
    inside: tuple[str, ...]
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the reader knows of words. Immutable and picklable."""

    numbers: Mapping[str, int]
    own_numbers: Mapping[Language, Mapping[str, int]]
    weak: frozenset[str]
    denominators: Mapping[str, int]
    out_of: frozenset[str]
    around: Around
    about: PhraseBook
    spoiling: PhraseBook
    vague: PhraseBook
    commands: Mapping[Meaning, Command]
    languages: Mapping[Language, PhraseBook]
    nothing: PhraseBook
    reactions: PhraseBook
    automatic: PhraseBook
    safety: Safety

    @classmethod
    def from_files(cls, words: Tables, safety: Tables) -> "Lexicon":
        """Build from the parsed files, one table a language. A malformed one raises ValueError, naming file and key."""
        return _build(Entries("words", words), Entries("safety", safety))


_COMMANDS = (
    Meaning.STOP,
    Meaning.WRONG_NUMBER,
    Meaning.HELP,
    Meaning.START,
    Meaning.BACK,
    Meaning.SKIP,
    Meaning.DONT_KNOW,
)


def _build(words: Entries, safety: Entries) -> Lexicon:
    idle = [fold(word) for word in words.strings("numbers.around.courtesy")]
    return Lexicon(
        numbers=words.numbers("numbers.words"),
        own_numbers=words.numbers_by_language("numbers.words_in_this_language"),
        weak=frozenset(fold(word) for word in words.strings("numbers.weak")),
        denominators=words.numbers("numbers.denominators"),
        out_of=frozenset(fold(phrase) for phrase in words.strings("numbers.out_of")),
        around=Around(**{name: words.word_list(f"numbers.around.{name}") for name in get_type_hints(Around)}),
        about=words.phrases("numbers.about_something_else"),
        spoiling=words.phrases("numbers.spoiling"),
        vague=words.phrases("numbers.vague"),
        commands={meaning: _command(words, meaning.value, idle) for meaning in _COMMANDS},
        languages=words.languages("language.whole", idle),
        nothing=words.phrases("nothing_to_say.whole", alone=True, idle=idle),
        reactions=words.phrases("phones.reactions"),
        automatic=words.phrases("phones.automatic"),
        safety=Safety(
            phrases=safety.phrases("crisis.phrases"),
            clauses=safety.phrases("crisis.clauses", alone=True, idle=idle),
            idioms=safety.phrases("idioms.phrases"),
            inside=tuple(fold(part) for part in safety.strings("crisis.inside")),
            near=near_spellings(safety.strings("crisis.long_words")),
        ),
    )


def _command(words: Entries, name: str, idle: Sequence[str]) -> Command:
    return Command(
        whole=words.phrases(f"{name}.whole", alone=True, idle=idle),
        clause=words.phrases(f"{name}.clause", alone=True, idle=idle),
        anywhere=words.phrases(f"{name}.anywhere"),
    )


def near_spellings(long_words: Iterable[str]) -> frozenset[str]:
    """The words and what remains of them when one letter is taken out; see `safety.near`."""
    return frozenset(shorter for word in long_words for shorter in one_letter_out(fold(word)))


def one_letter_out(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
