"""The reply reader against texts that were made to break it, and those in which something must still be found."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey_flow.language import Language
from survey_flow.masking import mask
from survey_flow.replies import Expected, Meaning, read_group, read_without_question
from survey_flow.replies.normalise import clean
from tests.hostile.texts import HARMLESS, TEXTS, UNSEEN
from tests.hostile.trying import tried
from tests.replies.reading import CHOICE, GRADE, LEXICON, NPS, OPEN, SCALE3, SCALE5, reading

QUESTIONS = {"0-10": NPS, "1-5": SCALE5, "1-3": SCALE3, "4-10": GRADE, "choice": CHOICE, "open": OPEN}
LANGUAGES = st.sampled_from(list(Language))
ASKED = st.sampled_from(list(QUESTIONS.values()))


@tried(300)
@given(text=TEXTS, expected=ASKED, language=LANGUAGES)
@example(text="\ud800", expected=NPS, language=Language.FI)
@example(text="\ud83d9\udc4d", expected=SCALE5, language=Language.SV)
@example(text="\ufdfa" * 1600, expected=OPEN, language=Language.EN)
@example(text="9" * 5000, expected=NPS, language=Language.FI)
def test_whatever_is_sent_is_read_and_always_alike(text: str, expected: Expected, language: Language) -> None:
    found = reading(text, expected, language)

    assert found.meaning in set(Meaning)
    assert found.value is None or expected.accepts(found.value)
    assert set(found.also) <= set(Meaning) - {found.meaning}
    assert reading(text, expected, language) == found


@tried(150)
@given(text=TEXTS, count=st.integers(2, 4), language=LANGUAGES)
def test_whatever_is_sent_to_a_group_is_read_and_always_alike(text: str, count: int, language: Language) -> None:
    asked = [SCALE5] * count
    found = read_group(text, asked, language, LEXICON)

    assert all(0 <= place < count for place in found.values)
    assert all(value is None or SCALE5.accepts(value) for value in found.values.values())
    assert read_group(text, asked, language, LEXICON) == found


@tried(200)
@given(text=TEXTS, expected=ASKED, language=LANGUAGES)
def test_a_text_in_its_plain_spelling_means_the_same(text: str, expected: Expected, language: Language) -> None:
    as_sent, plain = (reading(one, expected, language) for one in (text, clean(text)))
    assert (plain.meaning, plain.value, plain.also) == (as_sent.meaning, as_sent.value, as_sent.also)


@tried(200)
@given(text=TEXTS)
def test_whatever_is_kept_can_be_masked_and_is_three_times_as_long_at_most(text: str) -> None:
    assert len(mask(text)) <= 3 * len(text)


# --- what must be found


STOPS = [
    "STOP",
    "stop",
    "Stop",
    " STOP ",
    "STOP\n",
    "STOP.",
    "STOP!!!",
    "\u200bSTOP",
    "ＳＴＯＰ",
    "S\u00adTOP",
    '"STOP"',
]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("stop", STOPS)
def test_stop_alone_is_always_a_stop(stop: str, language: Language) -> None:
    for expected in QUESTIONS.values():
        assert reading(stop, expected, language).meaning is Meaning.STOP
    assert read_group(stop, [SCALE5] * 4, language, LEXICON).meaning is Meaning.STOP
    assert read_without_question(stop, language, LEXICON).meaning is Meaning.STOP


CRIES = [
    "haluan kuolla",
    "tahdon tappaa itseni",
    "itsemurha",
    "jag vill dö",
    "I want to kill myself",
    "en jaksa enää elää",
]


@pytest.mark.parametrize("cry", CRIES)
@tried(40)
@given(before=HARMLESS, after=HARMLESS, expected=ASKED, language=LANGUAGES)
def test_a_cry_for_help_is_heard_through_noise(
    cry: str, before: str, after: str, expected: Expected, language: Language
) -> None:
    text = f"{before}\n{cry}\n{after}"
    assert reading(text, expected, language).meaning is Meaning.CRISIS
    assert read_without_question(text, language, LEXICON).meaning is Meaning.CRISIS
    assert read_group(text, [SCALE5] * 3, language, LEXICON).meaning is Meaning.CRISIS


@pytest.mark.parametrize("cry", CRIES)
@tried(30)
@given(unseen=st.lists(st.sampled_from(UNSEEN), min_size=1, max_size=8), seed=st.randoms(use_true_random=False))
def test_a_cry_for_help_is_heard_with_signs_in_it_that_nobody_sees(cry: str, unseen: list[str], seed: object) -> None:
    letters = list(cry)
    for sign in unseen:
        letters.insert(seed.randrange(len(letters) + 1), sign)  # type: ignore[attr-defined]
    assert reading("".join(letters)).meaning is Meaning.CRISIS


@pytest.mark.parametrize("cry", CRIES)
@pytest.mark.parametrize("place", [0, 800, 1600 - 40])
def test_a_cry_for_help_is_heard_wherever_it_stands_in_the_longest_message(cry: str, place: int) -> None:
    filling = "sana " * 320
    text = (filling[:place].rstrip() + f" {cry} " + filling)[:1600]
    assert cry in text
    for expected in (NPS, OPEN):
        assert reading(text, expected).meaning is Meaning.CRISIS
