"""One name for one thing: on the pages, on the A4, in the files and in the mail, in every language."""

import tomllib

import pytest

from handler.templates import TEMPLATES, page_texts
from survey_flow.language import Language

TEXTS = page_texts()
MAIL = {
    language: tomllib.loads((TEMPLATES / "mail" / f"{language}.toml").read_text(encoding="utf-8"))
    for language in Language
}

PASSIVES = {Language.FI: "passiivi", Language.SV: "passiv", Language.EN: "passive"}
PAIRS = {
    Language.FI: ("Vahvinta", "Kehitettävää"),
    Language.SV: ("Starkast", "Att utveckla"),
    Language.EN: ("Strongest", "To develop"),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "key", ["results_nps_passives", "meeting_passive", "comments_segment_passive", "export_passives"]
)
def test_those_who_gave_seven_or_eight_have_one_name(language: Language, key: str) -> None:
    assert TEXTS[language][key].lower().startswith(PASSIVES[language])


@pytest.mark.parametrize(("language", "pair"), PAIRS.items())
def test_the_strongest_and_what_is_to_develop_have_one_name(language: Language, pair: tuple[str, str]) -> None:
    strongest, to_develop = pair
    assert (TEXTS[language]["meeting_best"], TEXTS[language]["meeting_weakest"]) == pair
    assert (MAIL[language]["best"], MAIL[language]["weakest"]) == pair
    aloud = TEXTS[language]["results_best_is"]
    assert aloud.startswith(f"{strongest}: ")
    assert f" {to_develop}: " in aloud


def test_a_safety_text_has_one_name_in_finnish() -> None:
    said = [*TEXTS[Language.FI].values(), *MAIL[Language.FI].values()]
    assert [text for text in said if "turvaviest" in text.lower()] == []
