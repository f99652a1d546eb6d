"""The safety texts name enough places of help, one of them at any hour in their language; they are true, and alone."""

from dataclasses import replace

import pytest

from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.safety_check import Line, check_safety

FINNISH = frozenset({"fi"})
LINES = [
    Line("112", "24 h", FINNISH),
    Line("09 2525 0111", "24 h", FINNISH),
    Line("080 005 006", "24 h", frozenset({"sv"})),
    Line("116 111", "part of the day", FINNISH),
    Line("1234", "some", FINNISH),
]
GOOD = "Tämä on automaatti. Hädässä soita 112. Apua: 09 2525 0111 (24 h) tai 116 111."

FAULTY = {
    "the emergency number alone": (
        "Tämä on automaatti. Hädässä soita 112.",
        "it names fewer than two places of help of safety_lines.toml beside 112.",
    ),
    "two lines, none of them at night": (
        "Tämä on automaatti. Hädässä soita 112. Apua: 116 111 tai 1234",
        "none of its places of help beside 112 answers day and night (24 h).",
    ),
    "at night in another language only": (
        "Tämä on automaatti. Hädässä soita 112. Apua: 116 111 tai 080 005 006 (24 h)",
        "none of its places of help beside 112 answers day and night (24 h) in the language of the text.",
    ),
    "no emergency number": (
        "Tämä on automaatti. Apua: 09 2525 0111 (24 h) tai 116 111",
        "it does not name the emergency number 112.",
    ),
    "a number of which nothing is known": (
        f"{GOOD} Tai 09 2525 0112.",
        "the number 09 2525 0112 is not in safety_lines.toml.",
    ),
    "hours that are not so": (
        GOOD.replace("116 111", "116 111 (24 h)"),
        "it says that 116 111 answers day and night (24 h), and safety_lines.toml does not.",
    ),
    "somebody seems to read it": (
        GOOD.replace("automaatti", "Kuulolla"),
        "it does not say that it is an automaton ('automaatti').",
    ),
    "a promise": (f"{GOOD} Otamme yhteyttä pian.", "it promises what nobody does ('otamme yhteyttä')."),
    "a question": (f"{GOOD} Haluatko jatkaa?", "it asks a question: it stands alone."),
    "a command": (f"{GOOD} Ei kyselyjä: STOP", "it names the command STOP: it stands alone."),
}


def faults(library: Library, text: str) -> list[str]:
    texts = {**library.messages.texts[Language.FI], "crisis_youth": text}
    messages = replace(library.messages, texts={**library.messages.texts, Language.FI: texts})
    found = [fault for fault in check_safety(messages, LINES) if fault.file == "messages/fi.toml"]
    return [fault.what for fault in found if fault.place == "crisis_youth"]


@pytest.mark.parametrize(("text", "sentence"), FAULTY.values(), ids=FAULTY.keys())
def test_a_safety_text_that_is_not_enough_or_too_much_is_refused(library: Library, text: str, sentence: str) -> None:
    assert faults(library, text) == [sentence]


def test_one_that_names_enough_and_no_more_is_taken(library: Library) -> None:
    assert faults(library, GOOD) == []
