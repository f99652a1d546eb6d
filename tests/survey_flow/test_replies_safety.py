"""The safety text: tests/replies/safety_cases.toml, which a clinician can read."""

import tomllib

import pytest

from survey_flow.language import Language
from survey_flow.replies import Meaning, read_without_question
from tests.replies.reading import HERE, LEXICON, NPS, OPEN, outcome

CASES = tomllib.loads((HERE / "safety_cases.toml").read_text("utf-8"))


def listed(section: str) -> list[str]:
    return [text for texts in CASES[section].values() for text in texts]


def answered_in(language: str) -> list[str]:
    groups = CASES["answered_with_the_safety_text"].items()
    return [text for name, texts in groups if name.startswith(language) for text in texts]


@pytest.mark.parametrize("text", [*listed("answered_with_the_safety_text"), *listed("accepted_false_alarms")])
@pytest.mark.parametrize("language", list(Language))
def test_these_texts_are_answered_with_the_safety_text_every_time(text: str, language: Language) -> None:
    assert outcome(text, NPS, language) == outcome(text, OPEN, language) == "crisis"
    assert read_without_question(text, language, LEXICON).meaning is Meaning.CRISIS


@pytest.mark.parametrize("text", listed("read_as_usual"))
def test_idioms_and_feedback_about_help_are_read_as_usual(text: str) -> None:
    assert outcome(text, NPS) != "crisis"
    assert outcome(text, OPEN) != "crisis"


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: text.replace("ä", "a").replace("ö", "o")])
def test_case_and_missing_dots_hide_nothing(change: object) -> None:
    texts = [change(text) for text in answered_in("finnish")]  # type: ignore[operator]

    assert [text for text in texts if outcome(text) != "crisis"] == []


@pytest.mark.parametrize("between", ["\n", "  ", ", ", "... ", " 😭 ", "\u200b "])
def test_what_stands_between_the_words_hides_nothing(between: str) -> None:
    texts = [text.replace(" ", between) for text in answered_in("swedish")]

    assert [text for text in texts if outcome(text) != "crisis"] == []


@pytest.mark.parametrize("text", listed("missed"))
@pytest.mark.xfail(strict=True, reason="known gaps, kept for whoever extends the phrases")
def test_these_texts_ought_to_be_answered_with_the_safety_text(text: str) -> None:
    assert outcome(text, OPEN) == "crisis"
