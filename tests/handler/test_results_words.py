"""The results as sentences and pictures: months, numbers and changes in three languages, the places of a chart's parts,
what the form offers."""

from dataclasses import replace
from datetime import date

import pytest

from handler.routes.results_asked import AskedResults, period_field
from handler.routes.results_charts import TREND_HEIGHT, shade, spark, stacked, strip, trend
from handler.routes.results_choices import Calendar, Options, group_menu, period_menu, split_group
from handler.routes.results_meeting import shortened
from handler.routes.results_words import ResultsWords, unbroken
from handler.tables import counts
from handler.tables.responses import Place
from handler.templates import page_texts
from handler.work.results import TrendPoint, unit_results
from survey_flow.language import Language
from survey_flow.publication import Period
from survey_flow.statistics import Interval, Nps, difference_of_nps, nps
from tests.results_rows import add_year
from tests.world import World

WORDS = {language: ResultsWords(texts) for language, texts in page_texts().items()}
FI, SV, EN = (WORDS[language] for language in Language)


# --- words

MONTHS = {
    "a month": (("2026-11", "2026-11"), "Marraskuu 2026", "Marraskuussa 2026"),
    "months of a year": (("2026-09", "2026-11"), "Syys–marraskuu 2026", "Syys–marraskuussa 2026"),
    "over the new year": (
        ("2026-12", "2027-02"),
        "Joulukuu 2026 – helmikuu 2027",
        "Joulukuusta 2026 helmikuuhun 2027",
    ),
}


@pytest.mark.parametrize(("months", "title", "during"), MONTHS.values(), ids=MONTHS)
def test_months_are_said_as_they_are_read_aloud(months: tuple[str, str], title: str, during: str) -> None:
    assert (FI.months(months), FI.during(months)) == (title, during)


def test_months_are_said_in_swedish_and_in_english() -> None:
    over = ("2026-12", "2027-02")
    assert SV.during(over) == "Från december 2026 till februari 2027"
    assert [EN.during(("2026-11",)), EN.during(("2026-09", "2026-11")), EN.months(over)] == [
        "In November 2026",
        "From September to November 2026",
        "December 2026 – February 2027",
    ]


NUMBERS = {
    "a minus": (FI.number(-5), "−5"),
    "no minus before a zero": (FI.number(-0.4), "0"),
    "a comma": (FI.number(4.25, 1), "4,2"),
    "a point": (EN.number(4.25, 1), "4.2"),
    "a plus": (FI.signed(12.4), "+12"),
    "a change of nothing": (FI.signed(-0.04, 1), "0,0"),
    "a span": (FI.span(Interval(61, 28.3, 80.1)), "28–80"),
    "a span with a minus": (FI.span(Interval(5, -20.2, 31.4)), "−20…31"),
    "a change's span": (FI.signed_span(Interval(12, -5, 29)), "−5…+29"),
    "per cent": (FI.percent(33.4), "33\u00a0%"),
}


@pytest.mark.parametrize(("said", "wanted"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_are_said_with_their_signs(said: str, wanted: str) -> None:
    assert said == wanted


THAN = "Siihen verrattuna indeksi on"
CHANGES = {
    "up, may be chance": (Interval(12, -5, 29), f"{THAN} 12 suurempi, todennäköisesti −5…+29. Ero voi olla sattumaa."),
    "down, hardly": (Interval(-30, -50, -8), f"{THAN} 30 pienempi, todennäköisesti −50…−8. Ero tuskin on sattumaa."),
    "the same": (Interval(0.3, -15, 16), f"{THAN} ennallaan, muutos todennäköisesti −15…+16."),
}


@pytest.mark.parametrize(("change", "sentence"), CHANGES.values(), ids=CHANGES)
def test_a_change_says_whether_it_may_be_chance(change: Interval, sentence: str) -> None:
    assert FI.change("Siihen verrattuna", "index", change) == sentence


def test_an_interval_stays_on_one_line_and_words_are_escaped() -> None:
    assert unbroken(["<b> −37…+45.", "Oli 1,5–2,5."]) == (
        '&lt;b&gt; <span class="unbroken">−37…+45</span>. Oli <span class="unbroken">1,5–2,5</span>.'
    )


def test_a_text_is_cut_between_words_and_marked() -> None:
    assert shortened("Kiitos kaikesta,  olitte ihania", 20) == "Kiitos kaikesta…"
    assert shortened("Kiitos", 20) == "Kiitos"


# --- charts


def test_a_stacked_bar_is_filled_from_the_worst_to_the_best() -> None:
    parts = stacked({1: 1, 2: 0, 3: 1, 4: 0, 5: 2})
    assert [(part.digit, part.at, part.width, part.shade) for part in parts] == [
        (1, 0.0, 25.0, 0),
        (3, 25.0, 25.0, 3),
        (5, 50.0, 50.0, 6),
    ]


@pytest.mark.parametrize(
    ("answers", "shades"), [(1, [6]), (2, [0, 6]), (3, [0, 3, 6]), (5, [0, 2, 3, 4, 6]), (7, [0, 1, 2, 3, 4, 5, 6])]
)
def test_the_ends_of_any_scale_have_the_ends_shades(answers: int, shades: list[int]) -> None:
    assert [shade(place, answers) for place in range(answers)] == shades


def test_a_mean_lies_on_its_own_scale_and_its_interval_is_cut_at_the_ends() -> None:
    placed = strip(4.6, Interval(4.6, 4.1, 5.1), 4.0, low=1, high=5)
    assert (placed.at, placed.low, placed.high, placed.goal) == pytest.approx((90, 77.5, 100, 75))
    assert strip(8, None, None, low=4, high=10).goal is None


def point(month: str, index: Nps | None, **means: float) -> TrendPoint:
    return TrendPoint((month,), 10, index, means)


def test_a_course_needs_two_points_and_lies_within_its_picture() -> None:
    best, worst = nps(10, 0, 0), nps(0, 0, 10)
    assert trend([point("2026-10", best), point("2026-11", None)], 50) is None
    drawn = trend([point("2026-10", best), point("2026-11", worst)], 50)
    assert drawn is not None
    assert [dot.at for dot in drawn.dots] == [25, 75]
    assert [dot.under for dot in drawn.dots] == [("10/26",), ("11/26",)]
    assert 0 < drawn.dots[0].y < (drawn.goal or 0) < drawn.dots[1].y < TREND_HEIGHT


def test_a_statement_without_a_mean_in_a_cell_is_left_out_of_its_course() -> None:
    points = [point("2026-09", None, apu=4.0), point("2026-10", None), point("2026-11", None, apu=5.0)]
    drawn = spark(points, "apu", low=1, high=5)
    assert drawn is not None
    assert [months for months, _ in drawn.values] == [("2026-09",), ("2026-11",)]
    assert spark(points, "muu", low=1, high=5) is None


def test_the_change_of_an_index_that_everybody_shares_is_said() -> None:
    before, now = nps(9, 0, 0), nps(9, 0, 0)
    assert before
    assert now
    assert "ennallaan" in FI.change("Verrattuna", "index", difference_of_nps(now, before))


# --- choices


def words_of(menu: list[Options]) -> dict[str, list[str]]:
    return {options.heading: [option.word for option in options.options] for options in menu}


def calendar(world: World, unit: str, today: date) -> Calendar:
    return Calendar(world.parts.library.organisation.units[unit], "2026-01", today)


def test_a_unit_of_months_offers_cells_quarters_years_and_longer(world: World) -> None:
    add_year(world.parts.library)
    unit = world.parts.library.organisation.units["kotka"]
    groups = unit_results(world.parts, unit)
    told = words_of(period_menu(calendar(world, "kotka", world.parts.today()), groups[:1], None, FI))
    assert told[""] == ["Uusin"]
    assert told["Julkaistut jaksot"][:2] == ["Marraskuu 2026", "Lokakuu 2026"]
    assert "Heinä–elokuu 2026" in told["Julkaistut jaksot"]
    assert told["Neljännesvuodet"][0] == "Loka–joulukuu 2026"
    assert told["Vuodet"] == ["Vuosi 2026"]
    assert told["Pitkät jaksot"] == ["Kaikki tulokset"]


def test_after_a_year_the_latest_twelve_months_are_offered(world: World) -> None:
    told = words_of(period_menu(calendar(world, "kotka", date(2027, 3, 2)), [], None, FI))
    assert told["Pitkät jaksot"] == ["12 viime kuukautta", "Kaikki tulokset"]
    assert told["Vuodet"] == ["Vuosi 2027", "Vuosi 2026"]


def test_a_unit_of_windows_offers_the_windows_that_have_begun(world: World) -> None:
    menu = period_menu(calendar(world, "varkaus", date(2026, 11, 24)), [], None, FI)
    assert words_of(menu)["Keruujaksot"] == ["Loka–marraskuu 2026", "Huhti–toukokuu 2026"]
    assert [option.value for option in menu[1].options] == ["2026-06--2026-11", "2026-01--2026-05"]
    later = period_menu(calendar(world, "varkaus", date(2027, 1, 24)), [], None, FI)
    assert words_of(later)["Keruujaksot"][0] == "Loka–marraskuu 2026"


@pytest.mark.parametrize("unit", ["kotka", "varkaus"])
def test_what_is_asked_for_is_offered_once_and_chosen(world: World, unit: str) -> None:
    for asked in (Period("2026-10", "2026-12"), Period("2026-02", "2026-03")):
        menu = period_menu(calendar(world, unit, world.parts.today()), [], asked, FI)
        options = [option for options in menu for option in options.options]
        assert [option.value for option in options if option.chosen] == [period_field(asked)]
        assert len({option.value for option in options}) == len(options)


def test_a_group_with_two_surveys_is_chosen_with_one_of_them(world: World) -> None:
    counts.add_alone(Place("kotka", "thl-yhteensopiva", "youth", "2026-09"), {"finished": 9, "nps_thl_9": 9})
    groups = unit_results(world.parts, world.parts.library.organisation.units["kotka"])
    asked = AskedResults(respondent="youth", survey="thl-yhteensopiva")
    menu = group_menu(groups, asked, FI, Language.FI)
    assert [option.value for option in menu] == [
        "",
        "youth--nuorten-matala-nuori",
        "guardian",
        "youth--thl-yhteensopiva",
    ]
    assert [option.value for option in menu if option.chosen] == ["youth--thl-yhteensopiva"]
    everybody = group_menu(groups, replace(asked, respondent=None, survey=None), FI, Language.FI)
    assert [option.value for option in everybody if option.chosen] == [""]


def test_the_forms_one_field_is_a_group_and_a_survey() -> None:
    assert split_group({"group": "youth--x", "unit": "kotka"}) == {"group": "youth", "survey": "x", "unit": "kotka"}
    assert split_group({"group": "youth", "survey": "y"}) == {"group": "youth", "survey": "y"}
