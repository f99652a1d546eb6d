"""What a unit's monthly report says, of made-up figures."""

from dataclasses import replace
from datetime import date

import pytest

from handler.work.report_mail import speech
from survey_flow.figures import GroupFigures
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.organisation import Unit
from survey_flow.report import Monthly, MonthlyFacts, may_be_silent, monthly
from survey_flow.report_group import Fact, GroupFacts, GroupPart, group_part
from survey_flow.survey import Survey
from tests.made_figures import figures

TODAY = date(2026, 11, 8)
GOALS = {"nps": 50.0, "response_rate": 30.0, "mean": 4.0}
HIDDEN = GroupFacts("youth", GroupFigures(), newer_from=date(2026, 12, 8))


@pytest.fixture
def survey(library: Library) -> Survey:
    return library.surveys["nuorten-matala-nuori"]


@pytest.fixture
def unit(library: Library) -> Unit:
    return library.organisation.units["kotka"]


def report(unit: Unit, *groups: GroupFacts, language: Language = Language.FI, **differs: object) -> Monthly:
    usual = MonthlyFacts(
        unit=unit,
        month="2026-10",
        day=TODAY,
        asked_before=64,
        asked_now=9,
        silent=False,
        groups=groups,
        comments_overdue=0,
        comment_days=14,
        actions_overdue=0,
    )
    return monthly(speech(language), replace(usual, **differs), language)


def part(group: GroupFacts, goals: dict[str, float] | None = None) -> GroupPart:
    return group_part(speech(Language.FI), group, GOALS if goals is None else goals, Language.FI)


def fact(told: GroupPart, name: str) -> Fact | None:
    return next((each for each in told.facts if each.name == name), None)


# --- the beginning and the end


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.FI, "Kyselyjä lähti lokakuussa 64 ja marraskuussa 9 (8.11. mennessä)."),
        (Language.SV, "Enkäter som skickades i oktober: 64, i november: 9 (till och med 8.11)."),
        (Language.EN, "Surveys sent in October: 64, in November: 9 (up to 8 November)."),
    ],
)
def test_it_begins_with_how_many_were_asked(unit: Unit, language: Language, sentence: str) -> None:
    assert report(unit, language=language).asked == (sentence,)


def test_a_silence_of_three_weeks_is_said_after_it(unit: Unit) -> None:
    assert report(unit, silent=True).asked[1:] == ("Keneltäkään ei ole kysytty palautetta kolmeen viikkoon.",)


def test_its_subject_names_the_unit_and_the_month(unit: Unit) -> None:
    assert report(unit).subject == "Nuorten Matala, Kotka: asiakaspalaute, lokakuu 2026"


def test_what_waits_is_counted_and_nothing_is_said_of_nothing(unit: Unit) -> None:
    assert report(unit).waiting == ()
    assert report(unit, comments_overdue=3, actions_overdue=1).waiting == (
        "Yli 14 päivää käsittelyä odottaneita kommentteja: 3.",
        "Toimenpiteitä, joiden määräpäivä on mennyt: 1.",
    )


def test_mid_way_surveys_are_reminded_of_where_there_are_no_windows(library: Library, unit: Unit) -> None:
    assert "noin kolmen kuukauden välein" in report(unit).reminder
    assert report(library.organisation.units["varkaus"]).reminder == ""


def test_safety_texts_are_told_of_groups_that_may_tell_them_together(unit: Unit, survey: Survey) -> None:
    groups = [GroupFacts("youth", figures(survey, safety_texts=number)) for number in (5, 7, None)]
    assert "12 kertaa" in report(unit, *groups).safety


def test_where_no_group_may_tell_its_safety_texts_no_number_stands(unit: Unit, survey: Survey) -> None:
    told = report(unit, GroupFacts("youth", figures(survey)), HIDDEN).safety
    assert told.startswith(
        "Turvatekstien määrä kerrotaan yksiköittäin, kun turvateksti lähti vähintään viidessä keskustelussa."
    )
    assert not any(character.isdigit() for character in told)


def test_a_silence_means_nothing_while_the_unit_s_window_was_closed(library: Library, unit: Unit) -> None:
    varkaus = library.organisation.units["varkaus"]
    assert may_be_silent(unit, TODAY)
    assert may_be_silent(varkaus, date(2026, 11, 8))  # its window is open since the first of October
    assert not may_be_silent(varkaus, date(2026, 10, 8))
    assert not may_be_silent(varkaus, date(2026, 12, 8))


# --- a group


def test_figures_stand_beside_their_goals(survey: Survey) -> None:
    told = part(GroupFacts("youth", figures(survey)))
    assert (told.title, told.when, told.tag) == ("Nuoret", "lokakuu 2026", "")
    assert told.facts == (
        Fact("Vastasi", "27"),
        Fact("Vastausprosentti", "33\u00a0%", ("tavoite\u00a030\u00a0%",)),
        Fact("Suositteluindeksi", "56", ("todennäköisesti 25…75", "tavoite\u00a050")),
    )


def test_without_goals_figures_stand_alone(survey: Survey) -> None:
    told = part(GroupFacts("youth", figures(survey, means=(4.6, 4.1))), goals={})
    assert not any("tavoite" in beside for each in told.facts for beside in each.beside)


def test_a_small_group_is_marked_as_indicative(survey: Survey) -> None:
    assert part(GroupFacts("guardian", figures(survey, (5, 3, 1)))).tag == "suuntaa antava: vastauksia alle 20"


def test_too_few_answers_are_said_with_the_day_from_which_there_may_be_figures() -> None:
    assert part(HIDDEN) == GroupPart(
        title="Nuoret",
        when="",
        tag="",
        gauge=None,
        facts=(),
        notes=(
            "Liian vähän vastauksia: lukuja ei näytetä, jotta ketään ei tunnisteta.",
            "Lukuja voidaan näyttää aikaisintaan 8.12.2026.",
        ),
    )


def test_figures_of_an_earlier_month_tell_when_newer_ones_may_come(survey: Survey) -> None:
    told = part(GroupFacts("youth", figures(survey), newer_from=date(2026, 12, 8)))
    assert told.notes == ("Uudempia lukuja voidaan näyttää aikaisintaan 8.12.2026.",)


def test_two_surveys_of_one_group_are_told_apart(survey: Survey) -> None:
    assert part(GroupFacts("youth", figures(survey), title="THL")).title == "Nuoret, THL"


def test_made_up_answers_are_called_so(survey: Survey) -> None:
    assert part(GroupFacts("youth", figures(survey, examples=27))).notes == (
        "Vastauksista 27 on keksittyjä esimerkkejä.",
    )


def test_a_change_within_chance_is_said_to_be_so(survey: Survey) -> None:
    before = figures(survey, (7, 3, 2), months=("2026-08", "2026-09"))
    change = fact(part(GroupFacts("youth", figures(survey), before)), "Indeksin muutos")
    assert change == Fact(
        "Indeksin muutos",
        "+14",
        ("edellinen 42 (elo–syyskuu 2026)", "todennäköisesti −30…+65", "voi olla sattumaa"),
    )


def test_a_change_beyond_chance_stands_without_that(survey: Survey) -> None:
    change = fact(
        part(GroupFacts("youth", figures(survey, (5, 5, 30)), figures(survey, (30, 5, 5)))), "Indeksin muutos"
    )
    assert change is not None
    assert change.value == "−125"
    assert "voi olla sattumaa" not in change.beside


def test_the_best_and_the_weakest_statement_are_named(survey: Survey) -> None:
    told = part(GroupFacts("youth", figures(survey, means=(4.2, 4.64, 3.9))))
    beside = ("keskiarvo, asteikko 1–5", "tavoite\u00a04,0")
    assert fact(told, "Vahvinta") == Fact("Vahvinta", "4,6", ("”Minut otettiin tosissaan.”", *beside))
    assert fact(told, "Kehitettävää") == Fact(
        "Kehitettävää", "3,9", ("”Sain olla mukana päättämässä omista asioistani.”", *beside)
    )


def test_where_chance_may_part_the_best_from_the_weakest_it_is_said(survey: Survey) -> None:
    told = part(GroupFacts("youth", figures(survey, means=(4.2, 4.44, 4.3))))
    weakest = fact(told, "Kehitettävää")
    assert weakest is not None
    assert (weakest.value, weakest.beside[-1]) == ("4,2", "voi olla sattumaa")


def test_means_that_round_to_the_same_name_nobody(survey: Survey) -> None:
    assert fact(part(GroupFacts("youth", figures(survey, means=(4.22, 4.24)))), "Vahvinta") is None


def test_one_statement_is_neither_best_nor_weakest(survey: Survey) -> None:
    assert fact(part(GroupFacts("youth", figures(survey, means=(4.2,)))), "Vahvinta") is None


def test_an_overall_grade_is_not_compared_with_statements_on_another_scale(library: Library) -> None:
    survey = library.surveys["palvelumittari"]
    told = part(GroupFacts("client", figures(survey, (0, 0, 0), means=(4.0, 3.0, 3.5, 3.5, 3.5, 3.5, 3.5, 9.4))))
    best = fact(told, "Vahvinta")
    assert best is not None
    assert best.value == "4,0"
    assert told.gauge is None


def test_more_answers_than_openings_give_no_rate(survey: Survey) -> None:
    assert fact(part(GroupFacts("youth", figures(survey, invited=20))), "Vastausprosentti") is None


def test_the_picture_says_in_words_what_it_shows(survey: Survey) -> None:
    gauge = part(GroupFacts("youth", figures(survey))).gauge
    assert gauge is not None
    assert gauge.alt == "Suositteluindeksi 56 asteikolla −100…100, todennäköisesti 25…75. Tavoite 50."
    assert gauge.caption.endswith("Katkoviiva on tavoite.")
    bare = part(GroupFacts("youth", figures(survey)), goals={}).gauge
    assert bare is not None
    assert "Tavoite" not in bare.alt
    assert "Katkoviiva" not in bare.caption


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (("2026-10",), "lokakuu 2026"),
        (("2026-09", "2026-10"), "syys–lokakuu 2026"),
        (("2026-12", "2027-01"), "joulukuu 2026 – tammikuu 2027"),
    ],
)
def test_months_are_said_from_the_first_to_the_last(months: tuple[str, ...], said: str) -> None:
    assert speech(Language.FI).months(months) == said


@pytest.mark.parametrize(("number", "said"), [(5.4, "+5"), (-5.4, "−5"), (0.3, "0"), (-0.3, "0")])
def test_a_change_bears_its_sign_unless_it_is_none(number: float, said: str) -> None:
    assert speech(Language.FI).signed(number) == said
