"""Reads lists out of the parsed word files of all languages; a fault is told with its file and key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_flow.language import Language
from survey_flow.replies.normalise import fold
from survey_flow.replies.phrases import PhraseBook, check_phrase, compile_phrases
from survey_flow.replies.wordlist import WordList, word_list

HIGHEST = 10  # no question of ours goes beyond it


@dataclass(frozen=True, slots=True)
class Entries:
    """One kind of file ("words" or "safety") in its languages. A key that a language lacks is an empty list there."""

    folder: str
    tables: Mapping[Language, Mapping[str, Any]]

    def strings(self, key: str) -> list[str]:
        return [entry for language in self.tables for entry in self._strings(language, key)]

    def word_list(self, key: str) -> WordList:
        return word_list(self.strings(key))

    def numbers(self, key: str) -> dict[str, int]:
        """Words with what they count, of all languages together."""
        found: dict[str, int] = {}
        for language in self.tables:
            for word, value in self._numbers(language, key).items():
                if found.setdefault(word, value) != value:
                    raise ValueError(f"{self._place(language, key)}: {word!r} stands for two numbers.")
        return found

    def numbers_by_language(self, key: str) -> dict[Language, dict[str, int]]:
        return {language: self._numbers(language, key) for language in self.tables}

    def phrases(self, key: str, *, alone: bool = False, idle: Sequence[str] = ()) -> PhraseBook:
        """One book of all languages' phrases; a language's groups serve its own phrases."""
        groups = {f"{language}.{name}": words for language in self.tables for name, words in self._groups(language)}
        phrases = [phrase for language in self.tables for phrase in self._phrases(language, key)]
        return compile_phrases(phrases, groups, alone=alone, idle=idle)

    def languages(self, key: str, idle: Sequence[str]) -> dict[Language, PhraseBook]:
        """A book for each language that can be asked for, under its name in every file."""
        return {wanted: self.phrases(f"{key}.{wanted}", alone=True, idle=idle) for wanted in self.tables}

    def _phrases(self, language: Language, key: str) -> list[str]:
        phrases = self._strings(language, key)
        groups = [name for name, _ in self._groups(language)]
        for phrase in phrases:
            try:
                check_phrase(phrase, groups)
            except ValueError as fault:
                raise ValueError(f"{self._place(language, key)}: {fault}") from fault
        return [phrase.replace("{", f"{{{language}.") for phrase in phrases]

    def _groups(self, language: Language) -> list[tuple[str, list[str]]]:
        names = self._find(language, "groups", {})
        if not isinstance(names, Mapping):
            raise ValueError(f"{self._place(language, 'groups')}: a table of word lists is wanted.")
        return [(name, self._strings(language, f"groups.{name}")) for name in names]

    def _strings(self, language: Language, key: str) -> list[str]:
        entries = self._find(language, key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            raise ValueError(f"{self._place(language, key)}: a list of words or phrases is wanted.")
        return entries

    def _numbers(self, language: Language, key: str) -> dict[str, int]:
        """From {"9" = ["ysi", ...]} to {"ysi": 9}."""
        values = self._find(language, key, {})
        if not isinstance(values, Mapping):
            raise ValueError(f"{self._place(language, key)}: a table of numbers is wanted.")
        found: dict[str, int] = {}
        for value in values:
            if value not in map(str, range(HIGHEST + 1)):
                raise ValueError(f"{self._place(language, key)}: {value!r} is no number from 0 to {HIGHEST}.")
            found |= {fold(word): int(value) for word in self._strings(language, f"{key}.{value}")}
        return found

    def _find(self, language: Language, key: str, missing: Any) -> Any:
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
