from dataclasses import replace

import pytest

from survey_flow.closing import Record, columns, record
from survey_flow.conversation import Conversation, Mark, Outcome
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.survey import Survey

CONVERSATION = Conversation(
    survey="nuorten-matala-nuori",
    survey_version=1,
    unit="kotka",
    respondent="youth",
    language=Language.FI,
    facts={"jatkuu": 2},
    asking=("apu", "tosissaan", "vaikutus", "hyoty"),
    answers={"nps": 9},
)
UNBEGUN = replace(CONVERSATION, asking=("nps",), answers={})


@pytest.fixture
def survey(library: Library) -> Survey:
    return library.surveys[CONVERSATION.survey]


OUTCOMES = {
    "finished": (Outcome.FINISHED, {"finished"}),
    "broken off names the first statement of the group": (Outcome.BROKEN_OFF, {"broken_off_apu"}),
    "opted out half-way is counted there": (Outcome.OPTED_OUT, {"opted_out_at_apu", "opted_out"}),
}


@pytest.mark.parametrize(("outcome", "ended"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_a_begun_survey_leaves_its_answers_with_the_facts_that_the_survey_stores(
    survey: Survey, outcome: Outcome, ended: set[str]
) -> None:
    kept = record(survey, CONVERSATION, outcome)
    assert kept.answers == {"nps": 9, "jatkuu": 2}
    assert kept.columns == dict.fromkeys({"nps_9", "jatkuu_2", *ended}, 1)


def test_what_is_kept_of_a_response_does_not_tell_a_refusal_from_falling_silent(survey: Survey) -> None:
    silent, refused = (record(survey, CONVERSATION, outcome) for outcome in (Outcome.BROKEN_OFF, Outcome.OPTED_OUT))
    assert silent.outcome == "broken_off_apu"
    assert replace(silent, columns={}) == replace(refused, columns={})


def test_a_survey_never_begun_leaves_nothing(survey: Survey) -> None:
    assert record(survey, UNBEGUN, Outcome.BROKEN_OFF) == Record()


def test_a_refusal_of_the_first_question_leaves_the_refusal_alone(survey: Survey) -> None:
    kept = record(survey, UNBEGUN, Outcome.OPTED_OUT)
    assert (kept.answers, kept.outcome, kept.columns) == (
        {},
        "broken_off_nps",
        {"opted_out": 1, "opted_out_at_nps": 1, "opted_out_at_once": 1},
    )


def test_a_refusal_before_any_readable_answer_leaves_no_marks_that_only_a_refusal_could_leave(survey: Survey) -> None:
    unread = replace(UNBEGUN, asking=CONVERSATION.asking, answers={"nps": Mark.UNCLEAR})
    kept = record(survey, unread, Outcome.OPTED_OUT)
    assert kept.answers == {}
    assert kept.columns == {"opted_out": 1, "opted_out_at_apu": 1, "opted_out_at_once": 1}


def test_a_wrong_number_leaves_nothing_of_its_answers(survey: Survey) -> None:
    assert record(survey, CONVERSATION, Outcome.WRONG_NUMBER) == Record()


@pytest.mark.parametrize("outcome", Outcome)
def test_a_trial_leaves_nothing(survey: Survey, outcome: Outcome) -> None:
    trial = replace(CONVERSATION, trial=True, safety_texts=1, texts={"nps": "hei"})
    assert record(survey, trial, outcome) == Record()


@pytest.mark.parametrize("outcome", [Outcome.BROKEN_OFF, Outcome.WRONG_NUMBER])
def test_safety_texts_are_counted_without_a_response_too(survey: Survey, outcome: Outcome) -> None:
    kept = record(survey, replace(UNBEGUN, safety_texts=2), outcome)
    assert (kept.answers, kept.columns) == (None, {"safety_texts": 2, "safety_conversations": 1})


def test_safety_texts_are_counted_beside_a_response(survey: Survey) -> None:
    assert record(survey, replace(CONVERSATION, safety_texts=1), Outcome.FINISHED).columns["safety_texts"] == 1


SEGMENTS = {"10": (10, "promoter"), "8": (8, "passive"), "0": (0, "detractor"), "don't know": (Mark.DONT_KNOW, "")}


@pytest.mark.parametrize(("score", "segment"), SEGMENTS.values(), ids=SEGMENTS.keys())
def test_the_comment_carries_the_segment_of_the_score(survey: Survey, score: int | Mark, segment: str) -> None:
    written = replace(CONVERSATION, answers={"nps": score}, texts={"nps": "kuunneltiin", "avoin": "kiva"})
    kept = record(survey, written, Outcome.FINISHED)
    assert (kept.comment, kept.segment) == ("kuunneltiin\nkiva", segment)


def test_what_is_no_digit_has_a_column_of_its_own() -> None:
    answers = {"nps": 0, "apu": Mark.DONT_KNOW, "hyoty": Mark.SKIPPED, "vaikutus": Mark.UNCLEAR, "avoin": Mark.WRITTEN}
    assert columns(answers, "finished") == dict.fromkeys(
        ("nps_0", "apu_dont_know", "hyoty_skipped", "vaikutus_unclear", "avoin_written", "finished"), 1
    )


def test_a_fact_that_says_dont_know_is_counted_as_one(library: Library) -> None:
    survey = library.surveys["vaikuttavuus-asiakas"]
    facts = survey.fixed_facts(occasion="end", respondent="guardian", facts={"palvelu": 0})
    conversation = replace(UNBEGUN, survey=survey.id, respondent="guardian", facts=facts, answers={"hyoty": 3})
    kept = record(survey, conversation, Outcome.FINISHED)
    assert kept.answers == {"hyoty_1-3": 3, "palvelu": Mark.DONT_KNOW, "rooli": 2}


def test_a_question_whose_scale_was_changed_is_counted_apart(survey: Survey) -> None:
    finer = [replace(question, high=7) if question.id == "apu" else question for question in survey.questions]
    answered = replace(CONVERSATION, answers={"nps": 9, "apu": 4, "hyoty": 4})
    before, after = (
        record(asked, answered, Outcome.FINISHED).columns for asked in (survey, replace(survey, questions=tuple(finer)))
    )
    assert {"apu_4", "hyoty_4"} <= before.keys()
    assert {"apu_1-7_4", "hyoty_4"} <= after.keys()
    assert "apu_4" not in after


def test_a_fact_that_the_survey_does_not_store_is_left_out(survey: Survey) -> None:
    questions = tuple(
        replace(question, prefill=replace(question.prefill, stored=False)) if question.prefill else question
        for question in survey.questions
    )
    kept = record(replace(survey, questions=questions), CONVERSATION, Outcome.FINISHED)
    assert kept.answers == {"nps": 9}
