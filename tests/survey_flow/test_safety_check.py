"""The safety texts name enough places of help, one of them at any hour."""

from dataclasses import replace

import pytest

from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.safety_check import Line, check_safety

LINES = [Line("112", "24 h"), Line("09 2525 0111", "24 h"), Line("116 111", "part of the day"), Line("1234", "some")]

FAULTY = {
    "the emergency number alone": (
        "Hädässä soita 112.",
        "it names fewer than two places of help of safety_lines.toml beside 112.",
    ),
    "two lines, none of them at night": (
        "Hädässä soita 112. Apua: 116 111 tai 1234",
        "none of its places of help beside 112 answers day and night (24 h).",
    ),
    "no emergency number": (
        "Apua: 09 2525 0111 (24 h) tai 116 111",
        "it does not name the emergency number 112.",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), FAULTY.values(), ids=FAULTY.keys())
def test_a_safety_text_that_leaves_somebody_alone_is_refused(library: Library, text: str, sentence: str) -> None:
    texts = {**library.messages.texts[Language.FI], "crisis_youth": text}
    messages = replace(library.messages, texts={**library.messages.texts, Language.FI: texts})
    found = [fault for fault in check_safety(messages, LINES) if fault.file == "messages/fi.toml"]
    assert [(fault.place, fault.what) for fault in found if fault.place == "crisis_youth"] == [
        ("crisis_youth", sentence)
    ]
