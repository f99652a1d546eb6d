"""The words that every survey shares: re-asks, help, farewell, safety. One file a language in templates/messages/."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from survey_flow.language import Language

# Every text a language must have, the placeholders it may use, and how many segments it may take.
# Two for the texts that must not lose a word: safety and what a re-ask of a whole group has to explain.
KNOWN: Mapping[str, tuple[frozenset[str], int]] = {
    "unclear_number": (frozenset({"low", "high"}), 1),
    "unclear_number_dont_know": (frozenset({"low", "high", "dont_know"}), 1),
    "unclear_labels": (frozenset({"how"}), 1),
    "unclear_choice": (frozenset(), 1),
    "unclear_group": (frozenset({"count_word", "example", "dont_know"}), 1),
    "unclear_open": (frozenset(), 1),
    "moving_on": (frozenset(), 1),
    "stop": (frozenset(), 1),
    "start": (frozenset(), 1),
    "help": (frozenset({"who", "contact"}), 1),
    "help_cost": (frozenset(), 1),
    "wrong_number": (frozenset(), 1),
    "crisis_youth": (frozenset(), 2),
    "crisis_adult": (frozenset(), 2),
    "crisis_continue": (frozenset(), 1),
    "reminder": (frozenset({"who"}), 1),
    "reminder_not_started": (frozenset({"who"}), 1),
    "expired": (frozenset({"contact"}), 1),
    "no_survey": (frozenset({"contact"}), 1),
    "trial": (frozenset(), 1),
}
COUNT_WORDS = ("2", "3", "4")


@dataclass(frozen=True, slots=True)
class Messages:
    texts: Mapping[Language, Mapping[str, str]]
    count_words: Mapping[Language, Mapping[str, str]]

    def say(self, key: str, language: Language, **values: object) -> str:
        """The text with its placeholders filled. Raises KeyError for an unknown key: that is our own mistake."""
        return self.texts[language][key].format(**values)

    def count_word(self, count: int, language: Language) -> str:
        """ "kolme" for 3, as it stands before "numeroa". Statement groups have two to four statements."""
        return self.count_words[language][str(count)]


def placeholders(text: str) -> set[str]:
    """The names in braces, as written there. Raises ValueError when the braces do not match."""
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in Formatter().parse(text)
        if name is not None
    }
