import pytest

from survey_flow.figures import Columns, added, group_figures, responses_in
from survey_flow.library import Library
from survey_flow.survey import Survey


@pytest.fixture
def survey(library: Library) -> Survey:
    return library.surveys["nuorten-matala-nuori"]


def finished(number: int, **columns: int) -> dict[str, int]:
    return {"finished": number, **columns}


NOTHING: Columns = {}


@pytest.mark.parametrize("responses", range(5))
def test_a_group_under_five_is_hidden_whole(survey: Survey, responses: int) -> None:
    columns = finished(responses, nps_9=responses, invited=8, delivered=7)
    figures = group_figures(survey, live=columns, ended=columns)
    assert figures.hidden
    shown = (figures.responses, figures.finished, figures.invited, figures.delivered, figures.questions)
    assert shown == (0, 0, 0, 0, ())


# responses in the months that have ended, and up to now -> responses shown, indicative, live
SIZES = {
    "five are shown as indicative": (5, 5, (5, True, False)),
    "new ones do not show in a small group": (5, 19, (5, True, False)),
    "nineteen are indicative": (19, 19, (19, True, False)),
    "from twenty on, live": (5, 20, (20, False, True)),
    "twenty in the months that ended, fewer now": (20, 10, (20, False, False)),
}


@pytest.mark.parametrize(("ended", "live", "shown"), SIZES.values(), ids=SIZES.keys())
def test_a_groups_size_chooses_what_is_shown(
    survey: Survey, ended: int, live: int, shown: tuple[int, bool, bool]
) -> None:
    figures = group_figures(survey, live=finished(live), ended=finished(ended))
    assert not figures.hidden
    assert (figures.responses, figures.indicative, figures.live) == shown


def test_a_small_group_with_too_few_in_the_ended_months_is_hidden(survey: Survey) -> None:
    assert group_figures(survey, live=finished(19), ended=finished(4)).hidden


def test_broken_off_and_opted_out_are_responses_and_sendings_are_not() -> None:
    columns = {"finished": 3, "broken_off_apu": 2, "broken_off_avoin": 1, "opted_out": 1, "invited": 40, "nps_9": 7}
    assert responses_in(columns) == 7


def test_a_question_that_fewer_than_five_answered_is_hidden_within_a_shown_group(survey: Survey) -> None:
    columns = finished(20, nps_9=5, nps_dont_know=1, apu_4=4, apu_dont_know=15, apu_skipped=1)
    nps, apu, *_ = group_figures(survey, live=columns, ended=NOTHING).questions
    assert (nps.question.id, nps.n, nps.hidden, nps.dont_know) == ("nps", 5, False, 1)
    assert (apu.question.id, apu.n, apu.hidden) == ("apu", 0, True)
    assert (dict(apu.distribution), apu.dont_know, apu.skipped, apu.mean) == ({}, 0, 0, None)


def test_dont_know_and_skipped_stand_beside_the_figures_and_not_in_them(survey: Survey) -> None:
    columns = finished(20, nps_10=3, nps_7=1, nps_0=1, nps_skipped=2, apu_5=4, apu_1=1, apu_dont_know=3, apu_unclear=1)
    nps, apu, *_ = group_figures(survey, live=columns, ended=NOTHING).questions
    assert nps.nps is not None
    assert (nps.n, round(nps.nps.index), nps.skipped, nps.mean) == (5, 40, 2, None)
    assert (apu.n, apu.mean, apu.dont_know, apu.nps) == (5, 4.2, 3, None)
    assert dict(apu.distribution) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 4}


def test_the_free_comment_has_no_figures(survey: Survey) -> None:
    figures = group_figures(survey, live=finished(20), ended=NOTHING)
    assert "avoin" not in {question.question.id for question in figures.questions}


def test_months_are_added_column_by_column() -> None:
    assert added([{"finished": 2, "nps_9": 1}, {}, {"finished": 1}]) == {"finished": 3, "nps_9": 1}


def test_who_refused_at_once_did_not_respond() -> None:
    assert responses_in({"finished": 4, "opted_out": 3, "opted_out_at_once": 2, "broken_off_apu": 1}) == 6
