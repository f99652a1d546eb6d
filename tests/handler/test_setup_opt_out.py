"""What Twilio is to answer by itself: words that mean one thing alone, and texts that fit."""

import tomllib
from dataclasses import replace

import pytest

from handler.templates import TEMPLATES
from handler.work.setup_opt_out import LONGEST_TEXT, Answered, answered_by_carrier, opt_out_faults, to_paste
from survey_flow.library import Library
from survey_flow.sms_text import size

RAW = tomllib.loads((TEMPLATES / "carrier_opt_out.toml").read_text(encoding="utf-8"))
CALLS_FOR_HELP = {"APUA", "HJÄLP", "HJALP", "APU", "AUTTAKAA", "AUTA", "SOS"}


@pytest.fixture
def answered(library: Library) -> list[Answered]:
    return answered_by_carrier(RAW, library)


def test_the_words_and_texts_as_they_are_shipped_have_no_fault(library: Library, answered: list[Answered]) -> None:
    assert list(opt_out_faults(answered, library.lexicon)) == []


def test_no_call_for_help_is_kept_from_the_survey(answered: list[Answered]) -> None:
    words = {keyword for each in answered for keyword in each.keywords}
    assert words & CALLS_FOR_HELP == set()
    # Answers and questions that the survey itself is to hear.
    assert words & {"YES", "NO", "INFO", "OHJE", "JATKA", "OHITA"} == set()


def test_what_twilio_keeps_is_answered_in_three_languages_and_help_with_the_emergency_number(
    answered: list[Answered],
) -> None:
    texts = {each.kind: each.text for each in answered if each.language == "shared"}
    assert [text.count("\n") for text in texts.values()] == [2, 2, 2]
    assert texts["help"].count("112") == 3
    assert {kind: size(text).segments for kind, text in texts.items()} == {"stop": 1, "start": 1, "help": 2}


def test_every_language_has_a_way_out_and_back(answered: list[Answered]) -> None:
    assert {(each.language, each.kind) for each in answered} == {
        ("shared", "stop"),
        ("shared", "start"),
        ("shared", "help"),
        ("fi", "stop"),
        ("fi", "start"),
        ("sv", "stop"),
        ("sv", "start"),
    }


FAULTS = {
    "a cry for help": ({"keywords": ["APUA"]}, "APUA: it is a cry for help, and must reach the survey."),
    "a Swedish one": ({"keywords": ["HJÄLP"]}, "HJÄLP: it is a cry for help, and must reach the survey."),
    "an answer": ({"keywords": ["YES"]}, "YES: the survey reads it as text, not as stop."),
    "another command": ({"keywords": ["ALOITA"]}, "ALOITA: the survey reads it as start, not as stop."),
    "small letters": ({"keywords": ["lopeta"]}, "lopeta: it is not one word of capital letters A-Z and digits."),
    "a letter with dots": ({"keywords": ["ESTÄ"]}, "ESTÄ: it is not one word of capital letters A-Z and digits."),
    "the same word twice": ({"keywords": ["PERU", "PERU"]}, "PERU: it stands twice."),
    "a long text": ({"text": "a" * 321}, "The text stop (fi) has 321 characters: 1 to 320 fit."),
    "no text": ({"text": ""}, "The text stop (fi) has 0 characters: 1 to 320 fit."),
    "a dash": ({"text": "a\u2013b"}, "The text stop (fi) holds \u2013, longer than it looks."),
}


@pytest.mark.parametrize(("differs", "sentence"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_said(library: Library, differs: dict[str, object], sentence: str) -> None:
    given = replace(Answered("fi", "stop", ["LOPETA"], "Selvä."), **differs)  # type: ignore[arg-type]
    assert list(opt_out_faults([given], library.lexicon)) == [sentence]


def test_everything_to_paste_is_printed_whole(answered: list[Answered]) -> None:
    printed = "\n".join(to_paste(answered, service="MG1"))
    assert "Messaging > Services > MG1 > Opt-Out Management" in printed
    for each in answered:
        assert ", ".join(each.keywords) in printed
        assert len(each.text) <= LONGEST_TEXT
        assert all(f"  | {line}" in printed for line in each.text.splitlines())
