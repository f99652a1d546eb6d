"""What a completed survey takes in text messages: counted exactly, so that a longer wording shows itself."""

from dataclasses import replace

import pytest

from benchmarks.cost_inputs import read_inputs
from benchmarks.played_surveys import WAYS
from benchmarks.published_surveys import published
from benchmarks.survey_costs import Row, published_rows, rows
from benchmarks.survey_tables import said_plainly, tables
from survey_flow.language import Language
from survey_flow.library import Library

AS_SHIPPED, ONE_A_MESSAGE, ALL_ASKED, ALL_ONE_A_MESSAGE = WAYS
YOUTH = "nuorten-matala-nuori"

# The survey and how it is asked: questions, segments out and replies in, the same in every language.
TAKEN = {
    (YOUTH, AS_SHIPPED): (6, 5, 3),
    (YOUTH, ONE_A_MESSAGE): (6, 7, 6),
    (YOUTH, ALL_ASKED): (8, 7, 5),
    (YOUTH, ALL_ONE_A_MESSAGE): (8, 9, 8),
    ("nuorten-matala-huoltaja", AS_SHIPPED): (6, 5, 3),
    ("nuorten-matala-huoltaja", ONE_A_MESSAGE): (6, 7, 6),
    ("nuorten-matala-huoltaja", ALL_ASKED): (7, 6, 4),
    ("nuorten-matala-huoltaja", ALL_ONE_A_MESSAGE): (7, 8, 7),
    ("vaikuttavuus-asiakas", AS_SHIPPED): (6, 7, 6),
    ("vaikuttavuus-asiakas", ONE_A_MESSAGE): (6, 7, 6),
    ("vaikuttavuus-asiakas", ALL_ASKED): (7, 8, 7),
    ("vaikuttavuus-asiakas", ALL_ONE_A_MESSAGE): (7, 8, 7),
    **{("vaikuttavuus-sosiaalityontekija", way): (6, 7, 6) for way in WAYS},
    **{("palvelumittari", way): (9, 10, 9) for way in WAYS},
    **{("thl-yhteensopiva", way): (9, 10, 9) for way in WAYS},
}
# For their own questions: segments out, replies in; reckoned for eight: the same.
PUBLISHED = {
    "Twilio, automated survey with Flask": (10, 5, 18, 9),
    "RapidPro (TextIt), Sample Flow - Satisfaction Survey": (9, 6, 13, 9),
    "Telnyx, SMS Survey Bot": (4, 3, 9, 8),
    "8x8, Tutorial: Customer Survey via SMS": (4, 4, 9, 9),
}


@pytest.fixture(scope="module")
def counted(library: Library) -> list[Row]:
    return rows(library)


def test_every_shipped_survey_is_counted_in_every_way_and_language(library: Library, counted: list[Row]) -> None:
    assert {(row.survey, row.way) for row in counted} == set(TAKEN)
    assert {survey for survey, _ in TAKEN} == set(library.surveys)
    assert {row.language for row in counted} == set(Language)


@pytest.mark.parametrize("answers", ["barest", "usual"])
def test_a_completed_survey_takes_exactly_so_many_segments_and_replies(counted: list[Row], answers: str) -> None:
    taken = [row for row in counted if row.answers == answers]
    assert len(taken) == len(TAKEN) * len(Language)
    for row in taken:
        assert (row.questions, row.segments_out, row.replies_in) == TAKEN[row.survey, row.way], row
        assert row.segments_in == row.replies_in, row


def test_a_reply_that_cannot_be_read_costs_one_segment_and_one_reply(counted: list[Row]) -> None:
    for row in counted:
        if row.answers == "asked again once":
            questions, segments_out, replies_in = TAKEN[row.survey, row.way]
            expected = (questions, segments_out + 1, replies_in + 1)
            assert (row.questions, row.segments_out, row.replies_in) == expected, row


def test_the_youth_survey_stays_within_what_was_promised(counted: list[Row]) -> None:
    """As shipped at most 5 segments and 3 replies; with all eight questions one a message at most 9 and 8."""
    for row in counted:
        if row.survey == YOUTH and row.answers != "asked again once":
            assert row.way != AS_SHIPPED or (row.segments_out <= 5 and row.replies_in <= 3)
            assert row.way != ALL_ONE_A_MESSAGE or (row.questions, row.segments_out, row.replies_in) == (8, 9, 8)


def test_the_dollars_are_the_planning_prices_times_the_counts(counted: list[Row]) -> None:
    inputs = read_inputs()
    for row in counted:
        reckoned = row.segments_out * inputs.prices["sms_out"].usd + row.segments_in * inputs.prices["sms_in"].usd
        assert row.usd == pytest.approx(reckoned)


def test_published_surveys_are_counted_by_our_own_counter() -> None:
    found = {
        row.name: (row.segments_out, row.replies_in, row.segments_for_eight, row.replies_for_eight)
        for row in published_rows()
    }
    assert found == PUBLISHED


def test_it_is_said_plainly_who_sends_as_few_for_eight_questions(counted: list[Row]) -> None:
    said = said_plainly(counted, published_rows())
    assert "For their own 3 to 5 questions the others send 4 to 10 segments; for eight, 9 to 18 is reckoned." in said
    assert "Asked one by one, ours sends 9 for eight. As many: Telnyx, 8x8. Fewer: none of them." in said
    assert "7 segments for the same eight questions" in said


def test_whoever_sends_fewer_is_named(counted: list[Row]) -> None:
    short = replace(published_rows()[0], name="Short, a survey", segments_for_eight=8)
    assert "As many: none of them. Fewer: Short." in said_plainly(counted, [short])


def test_each_published_survey_names_its_source_and_day() -> None:
    for survey in published():
        assert "commit" in survey.source
        assert survey.seen.year >= 2026


def test_the_tables_say_what_they_cannot_show(library: Library) -> None:
    text = tables(library)
    assert "not verified" in text
    assert "it is reckoned" in text
    for survey in published():
        assert survey.source in text
