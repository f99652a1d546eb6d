"""What a supervisor marks on a comment, when it is due, and how words are blacked out of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_flow.comment_marks import Change, CommentKind, CommentStatus, Marks, marked
from survey_flow.comment_times import days_taken, due, median_days, seen_from
from survey_flow.comment_words import BLACK, blacked_out, lines_of

DAY = date(2026, 12, 10)
LATER = date(2026, 12, 12)
NEW, READ, SHARED, HANDLED = CommentStatus
HANDLED_BY_MAIJA = Marks(HANDLED, handled_by="Maija", handled_on=DAY)
SHARED_AND_HANDLED = Marks(HANDLED, shared=True, handled_by="Maija", handled_on=DAY)

MOVES = {
    "a new one is read": (Marks(), Change(READ), Marks(READ)),
    "a new one is shared": (Marks(), Change(SHARED), Marks(SHARED, shared=True)),
    "a new one is handled by somebody on a day": (
        Marks(),
        Change(HANDLED, by="Liisa"),
        Marks(HANDLED, handled_by="Liisa", handled_on=LATER),
    ),
    "a shared one stays shared when it is handled": (
        Marks(SHARED, shared=True),
        Change(HANDLED, by="Liisa"),
        Marks(HANDLED, shared=True, handled_by="Liisa", handled_on=LATER),
    ),
    "a handled one that is shared stays handled": (HANDLED_BY_MAIJA, Change(SHARED), SHARED_AND_HANDLED),
    "a handled one keeps its first handler": (HANDLED_BY_MAIJA, Change(HANDLED, by="Liisa"), HANDLED_BY_MAIJA),
    "back to read takes it from the senders and from its handler": (SHARED_AND_HANDLED, Change(READ), Marks(READ)),
    "a kind alone leaves the rest": (
        SHARED_AND_HANDLED,
        Change(kind=CommentKind.IDEA),
        Marks(HANDLED, kind="idea", shared=True, handled_by="Maija", handled_on=DAY),
    ),
    "a kind and a theme are taken away": (Marks(kind="idea", theme="tilat"), Change(kind="", theme=""), Marks()),
    "nothing marked changes nothing": (Marks(kind="idea", theme="tilat"), Change(), Marks(kind="idea", theme="tilat")),
}


@pytest.mark.parametrize(("before", "change", "after"), MOVES.values(), ids=MOVES)
def test_marks_after_a_change(before: Marks, change: Change, after: Marks) -> None:
    assert marked(before, change, today=LATER) == after


def test_days_are_counted_from_the_eighth_after_the_period() -> None:
    seen = seen_from("2026-12")
    assert seen == date(2027, 1, 8)
    assert due(seen, 14) == date(2027, 1, 22)
    assert days_taken(seen, date(2027, 1, 12)) == 4


def test_what_was_handled_while_the_month_ran_took_no_days() -> None:
    assert days_taken(seen_from("2026-11"), date(2026, 11, 25)) == 0


def test_the_median_of_handling_times() -> None:
    assert median_days([]) is None
    assert median_days([9, 0, 2]) == 2
    assert median_days([1, 4]) == 2.5


BLACKED = {
    "a name": ("Matti auttoi", {0}, "■■■■■ auttoi"),
    "a long name is as long as a short one": ("Maximiliana auttoi", {0}, "■■■■■ auttoi"),
    "with what is written onto it": ("Kiitos, Matti!", {1}, "Kiitos, ■■■■■"),
    "lines and blanks stay": ("Hei  Matti\n\nja Liisa", {1, 3}, "Hei  ■■■■■\n\nja ■■■■■"),
    "nothing": ("Kiitos Matti", set(), "Kiitos Matti"),
}


@pytest.mark.parametrize(("text", "words", "left"), BLACKED.values(), ids=BLACKED)
def test_words_are_blacked_out(text: str, words: set[int], left: str) -> None:
    assert blacked_out(text, words) == left


@pytest.mark.parametrize("word", [-1, 2, 10**6])
def test_a_word_that_is_not_there_is_refused(word: int) -> None:
    with pytest.raises(ValueError, match="2 words"):
        blacked_out("Kiitos Matti", {0, word})


@given(st.text(), st.data())
def test_the_words_shown_are_those_that_are_blacked_out(text: str, data: st.DataObject) -> None:
    shown = [word for line in lines_of(text) for word in line]
    assert [word.number for word in shown] == list(range(len(shown)))
    chosen = data.draw(st.sets(st.sampled_from(range(len(shown))))) if shown else set()
    left = [word for line in lines_of(blacked_out(text, chosen)) for word in line]
    assert [word.text for word in left] == [BLACK if word.number in chosen else word.text for word in shown]
