import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flow.masking import MASK, mask

PHONES = [
    "0401234567",
    "040 123 4567",
    "040-123-4567",
    "040 - 123 4567",
    "040–123–4567",  # en dashes
    "040.123.4567",
    "(040) 1234567",
    "+358 40 123 4567",
    "+358(0)401234567",
    "00358401234567",
    "0 4 0 1 2 3 4 5 6 7",
    "040\u00a0123\u00a04567",
    "040\u200b1234567",  # a zero-width space
    "０４０１２３４５６７",
    "05 1234567",
    "4111 1111 1111 1111",  # a card's number, longer than any phone's
    "12345678901234567890",
]
ADDRESSES = ["matti@example.com", "matti.meikalainen+x@mail.example.co.uk", "MATTI@EXAMPLE.FI", "matti@gmail"]
IDENTITY_CODES = [
    "131052-308T",
    "131052-308t",
    "010109A123B",
    "010109a123b",
    "131052+308T",
    "010109B123C",  # the signs added in 2023
    "010109F123C",
    "131052U308T",
    "131052Y308T",
    "131052 - 308T",
    "131052A3080",
    "992552A308T",  # mistyped
]


@pytest.mark.parametrize("secret", PHONES + ADDRESSES + IDENTITY_CODES)
@pytest.mark.parametrize("around", ["{}", "{}.", "soita {} kiitos", "({})", "numero:{}"])
def test_a_way_to_reach_or_know_somebody_is_masked(secret: str, around: str) -> None:
    masked = mask(around.format(secret))
    assert MASK in masked
    assert not any(sign.isdigit() or sign == "@" for sign in masked)


def test_a_number_glued_to_a_word_is_masked() -> None:
    assert mask("numeroni0401234567") == "numeroni***"


STAYS = [
    "kävin 9.3.2026",
    "kävin 14.11.2026 ja 1.12.2026",
    "2026-03-09",
    "2 kertaa",
    "t-paita",
    "klo 14.30",
    "klo 8-16",
    "14.3.2026 klo 14.30",
    "vuonna 2026",
    "annan 10/10",
    "112",
    "116 111",
    "A4 B5 C3 D2",
    "vitamiini t on hyvä",
    "Toivoisin lisää aikoja",
    "sitä jokainen toivoo. Kiva paikka",  # a sentence ends, a name does not begin
    "I got good help from Anna",
    "sain apua terveisin saatesanoin joita en odottanut lainkaan",  # more words than a name has
    "Anna oli mukava",  # names within a sentence are a person's work
    "10 €",
    "",
]


@pytest.mark.parametrize("text", STAYS)
def test_what_tells_of_nobody_stays(text: str) -> None:
    assert mask(text) == text


SIGN_OFFS = [
    "t. Matti",
    "T. Matti",
    "t: matti",
    "t Matti",
    "T: Matti Meikäläinen",
    "terv. Liisa V.",
    "Terv Liisa",
    "Terveisin Liisa",
    "terveisin liisa",
    "Terveisin\nLiisa Virtanen",
    "terkuin, Äiti",
    "Ystävällisin terveisin, Maija",
    "yst.terv. Maija",
    "toivoo Liisa",
    "t. Matti :)",
    "t. Matti 😊",
    "t. Matti 040 123 4567",
    "t. Matti, puh. 040 123 4567",
    "t. Matti, matti@example.com",
    "t. Matti t. Liisa",
    "Mvh Anna",
    "hälsningar anna",
    "Hälsningar, Anna Andersson",
    "Med vänlig hälsning\nAnna",
    "Best regards, John",
    "Regards John Smith",
    "br, john",
    "From John",
]


@pytest.mark.parametrize("sign_off", SIGN_OFFS)
@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_sign_off_is_cut(sign_off: str, between: str) -> None:
    assert mask(f"Kiva paikka!{between}{sign_off}") == "Kiva paikka!"


def test_a_sign_off_alone_leaves_nothing() -> None:
    assert mask("t. Matti") == ""


PIECES = st.sampled_from(
    [
        "t. ",
        "T ",
        "terv ",
        "Matti",
        "matti",
        " ",
        "\n",
        "1",
        "04",
        ".",
        "-",
        "@",
        "a",
        "+",
        "(",
        "9.3.2026",
        "131052A",
        "*",
    ]
)
LONG = st.lists(PIECES, max_size=300).map("".join) | st.text(max_size=1600)


@settings(deadline=None)
@given(LONG)
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@settings(deadline=None)
@given(PIECES.flatmap(lambda piece: st.integers(1, 1600 // len(piece)).map(lambda times: piece * times)), LONG)
def test_1600_characters_of_what_a_pattern_begins_with_are_masked(repeated: str, rest: str) -> None:
    """A pattern that searched them over and over would not come back from this test."""
    masked = mask((repeated + rest)[:1600])
    assert len(masked) <= 1600 * len(MASK)
