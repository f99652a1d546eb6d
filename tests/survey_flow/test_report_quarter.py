"""What the organisation's quarterly report says of its units, of made-up figures."""

import pytest

from handler.work.report_mail import speech
from survey_flow.figures import GroupFigures
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.report_quarter import QuarterFacts, Quarterly, Row, UnitFacts, quarter_before, quarterly
from survey_flow.survey import Survey
from tests.made_figures import figures

MONTHS = ("2026-10", "2026-11", "2026-12")


@pytest.fixture
def survey(library: Library) -> Survey:
    return library.surveys["nuorten-matala-nuori"]


def report(*units: UnitFacts, safety_texts: int | None = None) -> Quarterly:
    return quarterly(speech(Language.FI), QuarterFacts(MONTHS, units, safety_texts))


def unit(name: str, *groups: GroupFigures, invited: int = 0, has_index: bool = True) -> UnitFacts:
    return UnitFacts(name, invited, groups, has_index)


def test_units_stand_in_the_file_s_order_whatever_their_figures(survey: Survey) -> None:
    told = report(unit("Huono", figures(survey, (1, 1, 28))), unit("Hyvä", figures(survey, (28, 1, 1))))
    assert [row.name for row in told.rows] == ["Huono", "Hyvä"]


def test_a_unit_s_groups_are_told_together(survey: Survey) -> None:
    (row,) = report(unit("Kotka", figures(survey, (14, 4, 2), invited=50), figures(survey, (6, 2, 2), invited=30))).rows
    assert row == Row("Kotka", "80", responses="30", rate="38\u00a0%", index="53", interval="23…74")


def test_two_small_groups_make_a_unit_that_is_compared(survey: Survey) -> None:
    (row,) = report(unit("Kotka", figures(survey, (8, 2, 1)), figures(survey, (6, 2, 1)))).rows
    assert (row.responses, row.few) == ("20", "")


@pytest.mark.parametrize("answered", [0, 5, 19])
def test_under_twenty_answers_nothing_but_that_and_how_many_were_asked(survey: Survey, answered: int) -> None:
    groups = (figures(survey, (answered, 0, 0)),) if answered else (GroupFigures(),)
    (row,) = report(unit("Nemova", *groups, invited=44)).rows
    assert row == Row("Nemova", "44", few="alle 20 vastausta")


def test_an_index_of_fewer_than_twenty_scores_is_not_compared(survey: Survey) -> None:
    (row,) = report(unit("Kotka", figures(survey, (15, 2, 2), responses=25))).rows
    assert (row.responses, row.index, row.interval) == ("25", "alle 20 vastausta", "")


def test_a_unit_that_does_not_ask_the_question_has_no_index(survey: Survey) -> None:
    (row,) = report(unit("Varkaus", figures(survey, (0, 0, 0), responses=31, invited=90), has_index=False)).rows
    assert (row.responses, row.index) == ("31", "ei kysytä")


def test_the_total_holds_what_is_shown_and_nothing_else(survey: Survey) -> None:
    shown = [unit(name, figures(survey, (14, 4, 2), invited=60), invited=70) for name in ("Kotka", "Kouvola")]
    small = unit("Nemova", figures(survey, (9, 0, 0), invited=30), invited=30)
    assert report(*shown, small).total == report(*shown).total
    total = report(*shown, small).total
    assert total is not None
    assert (total.invited, total.responses, total.index) == ("120", "40", "60")


def test_one_unit_that_is_shown_has_no_total(survey: Survey) -> None:
    assert report(unit("Kotka", figures(survey)), unit("Nemova", GroupFigures())).total is None


@pytest.mark.parametrize(
    ("safety_texts", "said"),
    [
        (None, ""),
        (0, "Turvateksti (auttavien puhelinten numerot) lähti vuonna 2026 koko organisaatiossa alle viisi kertaa."),
        (4, "Turvateksti (auttavien puhelinten numerot) lähti vuonna 2026 koko organisaatiossa alle viisi kertaa."),
        (5, "Turvateksti (auttavien puhelinten numerot) lähti vuonna 2026 koko organisaatiossa 5 kertaa."),
    ],
)
def test_the_year_s_safety_texts_are_told_once_the_year_has_ended(safety_texts: int | None, said: str) -> None:
    assert report(safety_texts=safety_texts).safety == said


@pytest.mark.parametrize(
    ("month", "quarter"),
    [
        ("2027-01", ("2026-10", "2026-11", "2026-12")),
        ("2027-03", ("2026-10", "2026-11", "2026-12")),
        ("2027-04", ("2027-01", "2027-02", "2027-03")),
        ("2026-10", ("2026-07", "2026-08", "2026-09")),
    ],
)
def test_the_quarter_before_a_month(month: str, quarter: tuple[str, ...]) -> None:
    assert quarter_before(month) == quarter


def test_a_group_whose_messages_went_in_another_month_leaves_the_unit_without_a_rate(survey: Survey) -> None:
    groups = (figures(survey, (14, 4, 2), invited=60), figures(survey, (6, 2, 2), invited=3), GroupFigures())
    told = report(unit("Kotka", *groups), unit("Kouvola", figures(survey, (14, 4, 2), invited=50), GroupFigures()))
    assert [row.rate for row in told.rows] == ["–", "40\u00a0%"]
    assert told.total is not None
    assert told.total.rate == "–"
