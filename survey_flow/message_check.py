"""The shared texts: each there in every language, with its own placeholders, within its segments, in GSM-7."""

from collections.abc import Iterator
from itertools import product

from survey_flow.faults import Fault
from survey_flow.language import Language
from survey_flow.messages import COUNT_WORDS, KNOWN, Messages, placeholders
from survey_flow.organisation import Organisation
from survey_flow.sms_text import outside_gsm, size

# What the longest filling may be, so that a text within its limit stays there with it.
LONGEST_FILLING = {
    "who": "x" * 23,  # "Varkauden perhepalvelut"
    "contact": "0" * 12,
    "how": "3=paljon, 2=jonkin verran, 1=vähän, 0=en osaa sanoa",
    "low": "0",
    "high": "10",
    "dont_know": "0",
    "count_word": "neljä",
    "example": "3524",
}


def check_messages(messages: Messages) -> Iterator[Fault]:
    """Every fault in the shared texts."""
    for language in Language:
        file = f"messages/{language}.toml"
        texts = messages.texts[language]
        for key in KNOWN.keys() - texts.keys():
            yield Fault(file, key, "the text is missing.")
        for key in texts.keys() - KNOWN.keys():
            yield Fault(file, key, "this is not a text that is ever sent.")
        for key in KNOWN.keys() & texts.keys():
            yield from _check(file, key, texts[key])
        for word in COUNT_WORDS:
            if word not in messages.count_words[language]:
                yield Fault(file, "count_words", f"the word for {word} is missing.")


def check_fillings(messages: Messages, organisation: Organisation) -> Iterator[Fault]:
    """The shared texts as each unit would send them: a long name must not cost another segment."""
    keys = [key for key, (allowed, _) in KNOWN.items() if allowed and allowed <= {"who", "contact"}]
    cases = product(organisation.units.values(), Language, (False, True), keys)
    for unit, language, neutral, key in cases:
        filling = {"who": unit.who(language, neutral=neutral), "contact": unit.contact_for(neutral=neutral)}
        if size(messages.say(key, language, **filling)).segments > KNOWN[key][1]:
            name = "county" if neutral else "service"
            what = f"with its {name}'s name and number the text {key} ({language}) is too long."
            yield Fault("organisation.toml", f"unit {unit.id}", what)


def _check(file: str, key: str, text: str) -> Iterator[Fault]:
    allowed, segments = KNOWN[key]
    if not text:
        yield Fault(file, key, "the text is empty.")
    try:
        unknown = placeholders(text) - allowed
    except ValueError:
        yield Fault(file, key, "a brace { or } stands alone.")
        return
    if unknown:
        yield Fault(file, key, f"it cannot be filled with {{{sorted(unknown)[0]}}}.")
        return
    if foreign := outside_gsm(text):
        yield Fault(file, key, f"{foreign[0]!r} is outside GSM-7 and would double the price of the message.")
    taken = size(text.format(**LONGEST_FILLING)).segments
    if taken > segments:
        yield Fault(file, key, f"it takes {taken} segments, and may take {segments}.")
