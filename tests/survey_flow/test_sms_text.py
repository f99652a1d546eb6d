import pytest

from survey_flow.sms_text import Size, outside_gsm, size

SIZES = {
    "nothing": ("", Size(1, 0, True)),
    "one full segment": ("ä" * 160, Size(1, 160, True)),
    "one sign too many": ("a" * 161, Size(2, 161, True)),
    "two full segments": ("a" * 306, Size(2, 306, True)),
    "three segments": ("a" * 307, Size(3, 307, True)),
    "a line break takes one place": ("a\nb", Size(1, 3, True)),
    "brackets and the euro sign take two": ("[€]", Size(1, 6, True)),
    "extensions fill a segment": ("€" * 80, Size(1, 160, True)),
    "an extension too many": ("€" * 80 + "a", Size(2, 161, True)),
    "one dash makes it UCS-2": ("0–10", Size(1, 4, False)),
    "one full UCS-2 segment": ("–" * 70, Size(1, 70, False)),
    "two UCS-2 segments": ("–" * 71, Size(2, 71, False)),
    "two full UCS-2 segments": ("–" * 134, Size(2, 134, False)),
    "three UCS-2 segments": ("–" * 135, Size(3, 135, False)),
    "an emoji takes two places": ("😊", Size(1, 2, False)),
}


@pytest.mark.parametrize(("text", "taken"), SIZES.values(), ids=SIZES.keys())
def test_a_text_is_counted_as_the_network_counts_it(text: str, taken: Size) -> None:
    assert size(text) == taken


def test_letters_of_finnish_swedish_and_english_are_in_gsm() -> None:
    assert outside_gsm("Åbo, Jyväskylä, Ön; é, ü, ñ and 'quotes'") == []


def test_signs_outside_gsm_are_named_once_in_their_order() -> None:
    assert outside_gsm("“á” – “á”, č") == ["“", "á", "”", "–", "č"]
