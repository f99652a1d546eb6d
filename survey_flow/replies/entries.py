"""Reads lists out of the parsed word files of all languages; a fault is told with its file and key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey_flow.language import Language
from survey_flow.replies.normalise import fold
from survey_flow.replies.notation import check_phrase, compile_phrases
from survey_flow.replies.phrases import PhraseBook
from survey_flow.replies.vocabulary import WordList, word_list

HIGHEST = 10  # no question of ours goes beyond it


@dataclass(frozen=True, slots=True)
class Entries:
    """One kind of file ("words" or "safety") in its languages. A key that a language lacks is an empty list there."""

    folder: str
    tables: Mapping[Language, Mapping[str, Any]]
    groups: dict[str, list[str]] = field(init=False, default_factory=dict)  # "fi.want" and its words

    def __post_init__(self) -> None:
        for language in self.tables:
            names = self._find(language, "groups", {})
            if not isinstance(names, Mapping):
                raise ValueError(f"{self._place(language, 'groups')}: a table of word lists is wanted.")
            self.groups.update({f"{language}.{name}": self._words(language, f"groups.{name}") for name in names})

    def strings(self, key: str) -> list[str]:
        return [entry for language in self.tables for entry in self._strings(language, key)]

    def word_list(self, key: str) -> WordList:
        return word_list(word for language in self.tables for word in self._words(language, key))

    def word_lists(self, key: str) -> dict[Language, WordList]:
        return {language: word_list(self._words(language, key)) for language in self.tables}

    def numbers(self, key: str) -> dict[str, int]:
        """Words with what they count, of all languages together."""
        found: dict[str, int] = {}
        for language in self.tables:
            self._note(found, self._numbers(language, key), language, key)
        return found

    def numbers_by_language(self, key: str) -> dict[Language, dict[str, int]]:
        return {language: self._numbers(language, key) for language in self.tables}

    def phrases(
        self, *keys: str, tags: Mapping[str, str] | None = None, alone: bool = False, idle: Sequence[str] = ()
    ) -> PhraseBook:
        """One book of all languages' phrases under the keys; a language's groups serve its own phrases.

        With `alone` the phrases stand between boundaries, and idle words among them do not matter.
        """
        tagged = [
            (phrase, (tags or {}).get(key, key))
            for key in keys
            for language in self.tables
            for phrase in self._phrases(language, key)
        ]
        return compile_phrases(tagged, self.groups, alone=alone, idle=map(fold, idle))

    def _words(self, language: Language, key: str) -> list[str]:
        words = self._strings(language, key)
        for word in words:
            if " " in word or "|" in word:
                raise ValueError(f"{self._place(language, key)}: {word!r} is no single word.")
        return words

    def _phrases(self, language: Language, key: str) -> list[str]:
        """The phrases, with the language before their groups' names."""
        phrases = [phrase.replace("{", f"{{{language}.") for phrase in self._strings(language, key)]
        for phrase in phrases:
            try:
                check_phrase(phrase, self.groups)
            except ValueError as fault:
                raise ValueError(f"{self._place(language, key)}: {fault}") from fault
        return phrases

    def _strings(self, language: Language, key: str) -> list[str]:
        entries = self._find(language, key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            raise ValueError(f"{self._place(language, key)}: a list of words or phrases is wanted.")
        return entries

    def _numbers(self, language: Language, key: str) -> dict[str, int]:
        """From {"9" = ["yhdeksän", ...]} to {"yhdeksän": 9, "yhdeksan": 9}: "käsi" is not "kasi"."""
        values = self._find(language, key, {})
        if not isinstance(values, Mapping):
            raise ValueError(f"{self._place(language, key)}: a table of numbers is wanted.")
        found: dict[str, int] = {}
        for value in values:
            if value not in map(str, range(HIGHEST + 1)):
                raise ValueError(f"{self._place(language, key)}: {value!r} is no number from 0 to {HIGHEST}.")
            for word in self._words(language, f"{key}.{value}"):
                self._note(found, {word.lower(): int(value), fold(word): int(value)}, language, key)
        return found

    def _note(self, found: dict[str, int], words: Mapping[str, int], language: Language, key: str) -> None:
        for word, value in words.items():
            if found.setdefault(word, value) != value:
                raise ValueError(f"{self._place(language, key)}: {word!r} stands for two numbers.")

    def _find(self, language: Language, key: str, missing: Sequence[str] | Mapping[str, Any]) -> Any:
        table: Any = self.tables[language]
        for name in key.split("."):
            if not isinstance(table, Mapping):
                raise ValueError(f"{self._place(language, key)}: a table is wanted.")
            if name not in table:
                return missing
            table = table[name]
        return table

    def _place(self, language: Language, key: str) -> str:
        return f"{self.folder}/{language}.toml: {key}"
