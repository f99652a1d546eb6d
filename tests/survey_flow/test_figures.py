from dataclasses import replace
from datetime import date

import pytest

from survey_flow.figures import (
    GroupFigures,
    group_figures,
    response_cells,
    responses_in,
)
from survey_flow.library import Library
from survey_flow.publication import Book, Columns, Period, calendar
from survey_flow.survey import Survey

TODAY = date(2026, 11, 24)


@pytest.fixture
def survey(library: Library) -> Survey:
    return library.surveys["nuorten-matala-nuori"]


def figures(survey: Survey, book: Book, period: Period | None = None, *, today: date = TODAY) -> GroupFigures:
    shown = response_cells(calendar((), first="2026-01", today=today), book, today=today)
    return group_figures(survey, shown, book, period)


def of_october(survey: Survey, **columns: int) -> GroupFigures:
    """The figures of a month whose books are closed."""
    return figures(survey, {"2026-10": columns})


@pytest.mark.parametrize("responses", range(5))
def test_a_group_under_five_is_hidden_whole(survey: Survey, responses: int) -> None:
    assert of_october(survey, finished=responses, nps_9=responses, invited=8, delivered=7) == GroupFigures()


def test_broken_off_and_opted_out_are_responses_and_sendings_are_not() -> None:
    columns: Columns = {"finished": 3, "broken_off_apu": 2, "broken_off_avoin": 1, "opted_out": 1, "invited": 40}
    assert responses_in(columns) == 7


def test_who_refused_at_once_did_not_respond() -> None:
    assert responses_in({"finished": 4, "opted_out": 3, "opted_out_at_once": 2, "broken_off_apu": 1}) == 6


def test_a_question_that_fewer_than_five_answered_is_hidden_within_a_shown_group(survey: Survey) -> None:
    found = of_october(survey, finished=20, nps_9=5, nps_dont_know=1, apu_4=4, apu_dont_know=15, apu_skipped=1)
    nps, apu, *_ = found.questions
    assert (nps.question.id, nps.n, nps.hidden, nps.dont_know) == ("nps", 5, False, 1)
    assert (apu.question.id, apu.n, apu.hidden) == ("apu", 0, True)
    assert (dict(apu.distribution), apu.dont_know, apu.skipped, apu.mean, apu.median) == ({}, 0, 0, None, None)


def test_a_question_too_few_answered_comes_with_the_next_cell_and_is_not_lost(survey: Survey) -> None:
    book = {"2026-09": {"finished": 6, "nps_9": 6, "apu_4": 3}, "2026-10": {"finished": 5, "nps_9": 5, "apu_2": 4}}
    september, october, both = (
        figures(survey, book, Period(first, last)).question("apu")
        for first, last in (("2026-09", "2026-09"), ("2026-10", "2026-10"), ("2026-09", "2026-10"))
    )
    assert september is not None
    assert october is not None
    assert september.hidden
    assert (october.n, october.months) == (7, ("2026-09", "2026-10"))
    assert both == october


def test_dont_know_and_skipped_stand_beside_the_figures_and_not_in_them(survey: Survey) -> None:
    found = of_october(
        survey, finished=20, nps_10=3, nps_7=1, nps_0=1, nps_skipped=2, apu_5=4, apu_1=1, apu_dont_know=3, apu_unclear=1
    )
    nps, apu, *_ = found.questions
    assert nps.nps is not None
    assert (nps.n, round(nps.nps.index), nps.skipped, nps.mean) == (5, 40, 2, None)
    assert (apu.n, apu.mean, apu.median, apu.dont_know, apu.nps) == (5, 4.2, 5, 3, None)
    assert dict(apu.distribution) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 4}


def test_the_free_comment_has_no_figures(survey: Survey) -> None:
    assert of_october(survey, finished=20, avoin_written=9).question("avoin") is None


def test_where_people_stop_is_told_by_question(survey: Survey) -> None:
    found = of_october(
        survey, finished=7, broken_off_apu=2, opted_out=3, opted_out_at_nps=2, opted_out_at_apu=1, opted_out_at_once=2
    )
    assert (dict(found.broken_off), dict(found.opted_out_at)) == ({"apu": 2}, {"nps": 2, "apu": 1})


@pytest.mark.parametrize(("sent", "to", "told"), [(4, 4, None), (5, 5, 5), (9, 5, 9), (9, 4, None)])
def test_safety_texts_are_told_from_five_conversations_on(survey: Survey, sent: int, to: int, told: int | None) -> None:
    """Five texts to one child would point at it."""
    assert of_october(survey, finished=9, safety_texts=sent, safety_conversations=to).safety_texts == told


def test_answers_to_another_scale_are_not_joined_and_it_is_said(survey: Survey) -> None:
    finer = [replace(question, high=7) if question.id == "apu" else question for question in survey.questions]
    changed = replace(survey, questions=tuple(finer), version=2)
    book = {"2026-09": {"finished": 6, "apu_5": 6, "nps_9": 6}, "2026-10": {"finished": 5, "apu_1-7_5": 5, "nps_9": 5}}
    year = Period("2026-01", "2026-12")
    apu, nps = (figures(changed, book, year).question(name) for name in ("apu", "nps"))
    assert apu is not None
    assert nps is not None
    assert (apu.n, apu.rescaled, dict(apu.distribution)[5]) == (5, True, 5)
    assert (nps.n, nps.rescaled) == (11, False)


def test_an_answer_with_an_underscore_in_its_question_is_no_other_scale(survey: Survey) -> None:
    longer = [replace(question, id="apu_2") if question.id == "hyoty" else question for question in survey.questions]
    asked = replace(survey, questions=tuple(longer))
    found = figures(asked, {"2026-10": {"finished": 5, "apu_5": 5, "apu_2_4": 5}}).question("apu")
    assert found is not None
    assert not found.rescaled


def for_everybody(survey: Survey, book: Book) -> GroupFigures:
    shown = response_cells(calendar((), first="2026-01", today=TODAY), book, today=TODAY)
    return group_figures(survey, shown, book, Period("2026-01", "2026-12"), at_least=20)


def test_the_public_sees_sums_of_twenty_and_more_alone(survey: Survey) -> None:
    public = for_everybody(
        survey, {"2026-08": {"finished": 12}, "2026-09": {"finished": 9}, "2026-10": {"finished": 6}}
    )
    assert (public.months, public.responses) == (("2026-08", "2026-09"), 21)


def test_a_month_that_grows_is_not_for_everybody(survey: Survey) -> None:
    assert for_everybody(survey, {"2026-11": {"finished": 40}}).hidden


def test_what_the_public_sees_of_a_question_is_made_of_what_is_seen_inside(survey: Survey) -> None:
    """Or the three answers of October, hidden inside, would be the one minus the other."""
    book = {"2026-09": {"finished": 17, "apu_5": 17}, "2026-10": {"finished": 3, "broken_off_apu": 2, "apu_1": 3}}
    apu = for_everybody(survey, book).question("apu")
    assert apu is not None
    assert apu.hidden


RATES = {
    "nobody invited": (0, 6, None),
    "fewer invited than responded": (5, 6, None),
    "as many": (6, 6, 100.0),
    "more": (24, 6, 25.0),
}


@pytest.mark.parametrize(("invited", "responses", "rate"), RATES.values(), ids=RATES)
def test_the_response_rate_is_known_when_enough_were_invited(invited: int, responses: int, rate: float | None) -> None:
    assert GroupFigures(invited=invited, responses=responses).rate == rate


def test_of_nothing_there_is_no_rate() -> None:
    assert GroupFigures().rate is None
