"""The words of all three languages, built once from the data files and handed to every reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from survey_flow.language import Language
from survey_flow.replies.meaning import Meaning
from survey_flow.replies.normalise import fold
from survey_flow.replies.phrases import PhraseBook
from survey_flow.replies.vocabulary import EDGE, Vocabulary, WordList, vocabulary

if TYPE_CHECKING:
    from survey_flow.replies.entries import Entries

Tables = Mapping[Language, Mapping[str, Any]]

COURTESY = "numbers.around.courtesy"
AUTOMATIC = "automatic"
NOTHING_TO_SAY = "nothing_to_say"
COMMANDS = (
    Meaning.STOP,
    Meaning.WRONG_NUMBER,
    Meaning.HELP,
    Meaning.START,
    Meaning.BACK,
    Meaning.SKIP,
    Meaning.DONT_KNOW,
)


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


@dataclass(frozen=True, slots=True)
class Numbers:
    """Number words, and the phrases in which they are none."""

    words: Mapping[str, int]
    own: Mapping[Language, Mapping[str, int]]
    weak: frozenset[str]
    denominators: Mapping[str, int]
    out_of: frozenset[str]
    articles: Mapping[Language, WordList]
    none: PhraseBook
    spoiling: PhraseBook
    most: PhraseBook


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands that stand alone, or anywhere. Tags name the meaning and, of the first, whether a clause is enough."""

    alone: PhraseBook
    anywhere: PhraseBook


@dataclass(frozen=True, slots=True)
class Phones:
    """What phones and programs write by themselves."""

    reactions: PhraseBook
    signatures: PhraseBook
    footers: PhraseBook


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

    vocabulary: Vocabulary
    numbers: Numbers
    around: Around
    commands: Commands
    phones: Phones
    safety: Safety

    @classmethod
    def from_files(cls, words: Tables, safety: Tables) -> "Lexicon":
        """Build from the parsed files, one table a language. A malformed one raises ValueError, naming file and key."""
        from survey_flow.replies.entries import Entries  # a compiled lexicon needs no notation

        entries = Entries("words", words)
        parts = (_numbers(entries), _around(entries), _commands(entries), _phones(entries))
        safe = _safety(Entries("safety", safety), entries)
        return cls(vocabulary(_entries_of((*parts, safe))), *parts, safe)


def _numbers(words: "Entries") -> Numbers:
    return Numbers(
        words=words.numbers("numbers.words"),
        own=words.numbers_by_language("numbers.words_in_this_language"),
        weak=frozenset(fold(word) for word in words.strings("numbers.weak")),
        denominators=words.numbers("numbers.denominators"),
        out_of=frozenset(fold(phrase) for phrase in words.strings("numbers.out_of")),
        articles=words.word_lists("numbers.around.articles"),
        none=words.phrases("numbers.about_something_else", "numbers.vague", "dont_know.anywhere"),
        spoiling=words.phrases("numbers.spoiling"),
        most=words.phrases("numbers.most", alone=True, idle=words.strings(COURTESY)),
    )


def _around(words: "Entries") -> Around:
    return Around(**{field.name: words.word_list(f"numbers.around.{field.name}") for field in fields(Around)})


def _commands(words: "Entries") -> Commands:
    alone = {f"{meaning}.{scope}": f"{meaning}.{scope}" for meaning in COMMANDS for scope in ("whole", "clause")}
    alone |= {f"language.whole.{language}": str(language) for language in Language}
    alone[f"{NOTHING_TO_SAY}.whole"] = NOTHING_TO_SAY
    anywhere = {f"{meaning}.anywhere": str(meaning) for meaning in COMMANDS} | {"phones.automatic": AUTOMATIC}
    return Commands(
        alone=words.phrases(*alone, tags=alone, alone=True, idle=words.strings(COURTESY)),
        anywhere=words.phrases(*anywhere, tags=anywhere),
    )


def _phones(words: "Entries") -> Phones:
    return Phones(*(words.phrases(f"phones.{field.name}") for field in fields(Phones)))


def _safety(safety: "Entries", words: "Entries") -> Safety:
    return Safety(
        phrases=safety.phrases("crisis.phrases"),
        clauses=safety.phrases("crisis.clauses", alone=True, idle=words.strings(COURTESY)),
        idioms=safety.phrases("idioms.phrases"),
        inside=tuple(fold(part) for part in safety.strings("crisis.inside")),
        near=near_spellings(safety.strings("crisis.long_words")),
    )


def _entries_of(parts: Iterable[object]) -> Iterable[str]:
    """Every entry that some list or phrase of the parts asks for."""
    for part in parts:
        for value in _values(part):
            if isinstance(value, WordList):
                yield from value.entries
            elif isinstance(value, PhraseBook):
                yield from value.masks.keys() - {EDGE}
                yield from value.idle


def _values(part: object) -> Iterable[object]:
    for field in fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        yield from value.values() if isinstance(value, Mapping) else [value]


def near_spellings(long_words: Iterable[str]) -> frozenset[str]:
    """The words and what remains of them when one letter is taken out; see `safety._near`."""
    return frozenset(shorter for word in long_words for shorter in one_letter_out(fold(word)))


def one_letter_out(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
