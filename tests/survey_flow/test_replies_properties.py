"""The reply reader against texts nobody thought of."""

import sys
from collections.abc import Callable, Sequence
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flow.language import Language
from survey_flow.replies import Expected, Meaning, read_group, read_without_question
from tests.replies.reading import CHOICE, GRADE, LEXICON, NPS, OPEN, SCALE3, SCALE5, reading

QUESTIONS = st.sampled_from([NPS, SCALE5, SCALE3, GRADE, CHOICE, OPEN])
LANGUAGES = st.sampled_from(list(Language))
SIGNS = ["-", "/", ",", ".", ":", " ", "\n", "½", "%", "<3", "“", ">", "👍", "9️⃣", "\u200b", "٣", "²"]
WORDS = ["ysi", "kasi", "en", "sex", "tai", "yli", "ei", "klo", "koska", "STOP", "ehkä", "kertaa", "kuol", "apua"]
PIECES = st.sampled_from(["9", "10", "0", "3", "A", "B4", *SIGNS, *WORDS])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=20).map("".join))


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, expected=QUESTIONS, language=LANGUAGES)
def test_no_text_raises_or_yields_a_value_outside_the_question(
    text: str, expected: Expected, language: Language
) -> None:
    found = reading(text, expected, language)

    assert found.value is None or expected.accepts(found.value)
    assert (found.meaning is Meaning.ANSWER or Meaning.ANSWER in found.also) == (found.value is not None)
    assert not (found.meaning is Meaning.CRISIS and found.comment)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, language=LANGUAGES, count=st.integers(2, 4))
def test_a_group_never_yields_a_value_outside_its_questions(text: str, language: Language, count: int) -> None:
    found = read_group(text, [SCALE5] * count, language, LEXICON)

    assert all(0 <= place < count for place in found.values)
    assert all(value is None or SCALE5.accepts(value) for value in found.values.values())
    assert found.meaning is not Meaning.ANSWER or found.values


@given(text=TEXTS, language=LANGUAGES)
def test_no_text_without_a_question_raises_or_answers(text: str, language: Language) -> None:
    assert read_without_question(text, language, LEXICON).value is None


@given(
    value=st.integers(0, 10),
    before=st.sampled_from(["", " ", "\n", "\t", "\u00a0", "\u200b", '"', "*", "("]),
    after=st.sampled_from(["", " ", "\n", ".", "!", "!!!", " .", ",", "?", '"', "*", ")", "\u200b", " 👍"]),
    language=LANGUAGES,
)
def test_a_bare_number_is_read_whatever_surrounds_it(value: int, before: str, after: str, language: Language) -> None:
    assert reading(f"{before}{value}{after}", NPS, language).value == value


def counted(run: Callable[[], object]) -> int:
    """How many functions it calls: a count that no busy machine changes."""
    count = 0

    def noted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(noted)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


def calls_made(text: str, expected: Expected) -> int:
    return counted(lambda: reading(text, expected))


WORST: Sequence[str] = [
    "en ",
    "9 ",
    "9,",
    ",.",
    "a ",
    "haluan ",
    "en jaksa enää ",
    "😀a",
    "kun 9 ",
    '"',
    "> ",
    "ei oo ",
]


@pytest.mark.parametrize("piece", WORST)
@pytest.mark.parametrize("expected", [NPS, OPEN], ids=["nps", "open"])
def test_the_work_grows_with_the_length_of_the_text_alone(piece: str, expected: Expected) -> None:
    reading(piece, expected)  # once before counting: the copies of our own texts are cut up then
    half, whole = (calls_made(piece * (length // len(piece)), expected) for length in (800, 1600))

    assert whole <= 2.2 * half + 200
    assert whole < 80_000
