"""The results page and the A4 over the world's tables: what they say, what they hide and why, what they link to."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient

from handler.tables import actions, counts
from handler.tables.actions import Plan
from handler.tables.comments import CommentRow
from handler.tables.responses import Place
from survey_flow.survey import Kind
from tests.handler.page_words import words
from tests.results_rows import add_year
from tests.world import World, at

YOUTH = Place("kotka", "nuorten-matala-nuori", "youth", "2026-11")
GUARDIAN = Place("kotka", "nuorten-matala-huoltaja", "guardian", "2026-11")
LATEST = "8.12.2026"


@pytest.fixture
def year(world: World) -> Iterator[World]:
    add_year(world.parts.library)
    return world


def said(client: FlaskClient, path: str, status: int = 200) -> str:
    """The page's words without its tags, as they are read."""
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert "style=" not in answer.text, "the policy forbids inline styles"
    shown = re.sub(r"<(script|option).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r" ([.,])", r"\1", words(shown))


# --- what is read aloud


def test_the_page_opens_with_sentences_to_read_aloud(client: FlaskClient, year: World) -> None:
    text = said(client, "/results")
    assert text.index("Marraskuussa 2026 vastasi 26 nuorta. Suositteluindeksi oli ") < text.index("A4 kokoukseen")
    assert "Edelliseen jaksoon (lokakuu 2026) verrattuna indeksi on " in text
    assert "Lokakuussa 2026 vastasi 8 huoltajaa." in text


def test_a_period_of_several_months_and_a_year_earlier_are_compared(client: FlaskClient, year: World) -> None:
    counts.add_alone(Place(*place_of(YOUTH), month="2025-10"), {"finished": 9, "nps_9": 9})
    text = said(client, "/results?unit=kotka&group=youth&period=2026-09--2026-10&compare=year")
    assert "Syys–lokakuussa 2026 vastasi 39 nuorta." in text
    assert "Vuoden takaa ei ole tuloksia, joihin verrata." in text
    assert "huoltaj" not in text.partition("Nuoret")[2].partition("Lähetetyt")[0]


def place_of(place: Place) -> tuple[str, str, str]:
    return place.unit, place.survey, place.respondent


def test_a_period_over_the_new_year_is_said_so(client: FlaskClient, world: World) -> None:
    world.clock.now = at(date(2027, 2, 10), 15)
    counts.add_alone(Place(*place_of(YOUTH), month="2026-12"), {"finished": 3, "nps_9": 3})
    counts.add_alone(Place(*place_of(YOUTH), month="2027-01"), {"finished": 4, "nps_9": 4})
    text = said(client, "/results?unit=kotka")
    assert "Joulukuusta 2026 tammikuuhun 2027 vastasi 7 nuorta." in text
    assert "Aiempaa jaksoa, johon verrata, ei ole." in text


def test_a_survey_without_an_index_tells_its_grade_or_its_best_and_weakest(client: FlaskClient, year: World) -> None:
    varkaus = said(client, "/results?unit=varkaus")
    assert "Loka–marraskuussa 2026 vastasi 27 asiakasta. Arvosanojen keskiarvo oli 8," in varkaus
    assert "Edelliseen jaksoon (huhti–toukokuu 2026) verrattuna keskiarvo on " in varkaus
    nemova = said(client, "/results?unit=nemova")
    assert "Syyskuussa 2026 vastasi 6 ammattilaista. Vahvinta: " in nemova
    assert "Näiden ero voi olla sattumaa." in nemova


def test_nothing_is_said_of_chance_where_best_and_weakest_are_far_apart(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 30, "nps_9": 30, "apu_5": 25, "apu_4": 5, "hyoty_2": 20, "hyoty_3": 10})
    survey = world.parts.library.surveys[YOUTH.survey]
    best, weakest = (survey.question(each).text["fi"] for each in ("apu", "hyoty"))
    text = said(client, "/results/meeting?unit=kotka")
    assert f"Vahvinta {best} keskiarvo 4,8" in text
    assert f"Kehitettävää {weakest} keskiarvo 2,3" in text
    assert "Näiden ero voi olla sattumaa." not in text


def test_the_best_and_the_weakest_are_read_aloud_where_there_is_no_index(client: FlaskClient, world: World) -> None:
    survey = world.parts.library.surveys["vaikuttavuus-sosiaalityontekija"]
    first, second, *_ = (each for each in survey.questions if each.kind is Kind.SCALE)
    answers = {f"{first.stem}_{first.low}": 25, f"{second.stem}_{second.high}": 25}
    counts.add_alone(Place("nemova", survey.id, "professional", "2026-10"), {"finished": 25, **answers})
    best, weakest = (each.text["fi"].rstrip(".") for each in (second, first))
    text = said(client, "/results?unit=nemova")
    assert f"Vahvinta: ”{best}” (keskiarvo {second.high},0). Kehitettävää: ”{weakest}” (keskiarvo" in text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("sv", "I november 2026 svarade 26 unga."), ("en", "In November 2026, 26 young people answered.")],
)
def test_the_sentences_are_in_the_pages_language(
    client: FlaskClient, year: World, language: str, sentence: str
) -> None:
    assert sentence in said(client, f"/results?unit=kotka&lang={language}")


# --- what is asked for


def test_the_unit_chosen_last_is_opened(client: FlaskClient, year: World) -> None:
    assert "Nuorten Matala, Kotka" in said(client, "/results")
    said(client, "/results?unit=varkaus")
    assert "Loka–marraskuussa 2026 vastasi 27 asiakasta." in said(client, "/results")
    client.set_cookie("kuulolla_unit", "gone")
    assert "Nuorten Matala, Kotka" in said(client, "/results")


FAULTS = {
    "a bad month": ("period=2026-13", "period", "Kirjoita kuukausi muodossa 2026-09"),
    "a day instead of months": ("from=2026-09-01&to=2026-11", "period", "Kirjoita kuukausi muodossa 2026-09"),
    "from after to": ("from=2026-11&to=2026-09", "period", "Jakson ensimmäinen kuukausi on viimeisen jälkeen."),
    "an unknown group": ("group=pets", "group", "Tätä ryhmää ei ole."),
    "an unknown survey": ("group=youth--none", "group", "Tätä kyselyä ei ole."),
    "an unknown comparison": ("compare=moon", "compare", "Tällaista vertailua ei ole."),
}


@pytest.mark.parametrize(("query", "field", "sentence"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_said_at_its_field_and_the_latest_is_shown(
    client: FlaskClient, year: World, query: str, field: str, sentence: str
) -> None:
    text = said(client, f"/results?unit=kotka&{query}", status=400)
    assert text.count(sentence) == 2, "once above, once at the field"
    assert "Valintaa ei voitu näyttää. Alla on uusin jakso." in text
    assert "Marraskuussa 2026 vastasi 26 nuorta." in text
    assert f'aria-describedby="{field}-fault"' in client.get(f"/results?unit=kotka&{query}").text


@pytest.mark.parametrize("path", ["/results", "/results/meeting"])
def test_an_unknown_unit_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?unit=nowhere").status_code == 404


def test_a_group_that_the_unit_does_not_ask_is_said_and_the_others_are_shown(client: FlaskClient, year: World) -> None:
    text = said(client, "/results?unit=kotka&group=professional")
    assert "Tältä yksiköltä ei ole tuloksia valitusta ryhmästä." in text
    assert "Marraskuussa 2026 vastasi 26 nuorta." in text


def test_the_same_results_are_linked_to_in_other_forms(client: FlaskClient, year: World) -> None:
    page = client.get("/results?unit=kotka&group=youth&from=2026-09&to=2026-10&compare=year").text
    query = "unit=kotka&amp;group=youth&amp;period=2026-09--2026-10&amp;compare=year"
    for path in ("/results/meeting", "/results/export.csv", "/results/export.xlsx", "/results/thl.csv"):
        assert f'href="{path}?{query}"' in page
    assert 'href="/comments?unit=kotka"' in page
    assert f'href="/results?lang=sv&amp;{query}"' in page


# --- what is hidden, and why

HIDDEN = {
    "the latest": ("", "Huoltajat: päättyneiltä kuukausilta on alle viisi vastausta."),
    "a month that is not over": ("&period=2026-11", "Huoltajat: jakso on kesken."),
    "before the first results": ("&period=2025-11", "Huoltajat: näin varhaisia tuloksia ei ole."),
}


@pytest.mark.parametrize(("query", "why"), HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_group_says_why_and_from_when(client: FlaskClient, world: World, query: str, why: str) -> None:
    counts.add_alone(GUARDIAN, {"finished": 4, "nps_9": 4, "segments_out": 28})
    page = client.get(f"/results?unit=kotka{query}").text
    text = said(client, f"/results?unit=kotka{query}")
    assert why in text
    assert (LATEST in text) == ("varhaisia" not in why)
    assert 'class="group-head"' not in page
    assert "viestiosaa" not in text, "what hidden conversations cost would tell how many they are"


def test_answers_that_are_counted_in_a_longer_period_lead_to_it(client: FlaskClient, year: World) -> None:
    text = said(client, "/results?unit=kotka&group=youth&period=2026-07")
    assert "Nuoret: vastauksia on alle viisi. Ne ovat mukana pidemmässä jaksossa: heinä–elokuu 2026." in text
    assert 'href="/results?unit=kotka&amp;group=youth&amp;period=2026-07--2026-08"' in (
        client.get("/results?unit=kotka&group=youth&period=2026-07").text
    )


def test_few_answers_are_indicative_and_a_growing_month_says_so(client: FlaskClient, year: World) -> None:
    youth = said(client, "/results?unit=kotka&group=youth")
    guardian = said(client, "/results?unit=kotka&group=guardian")
    assert "Päivittyy vielä" in youth
    assert "Suuntaa antava" not in youth
    assert "Suuntaa antava" in guardian
    assert f"Uusia lukuja näytetään aikaisintaan {LATEST}." in guardian


def test_a_question_says_why_it_is_hidden_what_it_leaves_out_and_of_when_it_is(
    client: FlaskClient, world: World
) -> None:
    october = Place(*place_of(YOUTH), month="2026-10")
    counts.add_alone(Place(*place_of(YOUTH), month="2026-09"), {"finished": 9, "nps_9": 9, "apu_4": 9, "hyoty_4": 3})
    counts.add_alone(october, {"finished": 9, "nps_9": 9, "apu_4": 4, "hyoty_4": 3, "tosissaan_1-7_6": 9})
    text = said(client, "/results?unit=kotka&group=youth&period=2026-10")
    assert text.count("Tähän on alle viisi vastausta, joten niitä ei näytetä.") == 4
    assert "Luvut ovat ajalta syys–lokakuu 2026" in text
    assert "Aiemmalla asteikolla annettuja vastauksia ei ole laskettu mukaan." in text


def test_a_question_of_a_growing_month_waits_for_twenty_answers(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 24, "nps_9": 24, "apu_5": 19})
    assert "Jakso on kesken ja tähän on alle 20 vastausta" in said(client, "/results?unit=kotka&group=youth")


# --- figures


def test_every_figure_is_a_table_too(client: FlaskClient, year: World) -> None:
    text = said(client, "/results?unit=kotka&group=youth")
    for name in ("Kaikki arvosanat taulukkona", "Kehitys taulukkona", "Arviot taulukkona"):
        assert name in text
    page = client.get("/results?unit=kotka&group=youth").text
    assert page.count("<svg") == len(re.findall(r"<svg[^>]*(?:role=\"img\" aria-label=\"[^\"]+\"|aria-hidden)", page))


def test_dont_know_and_skipped_are_told_apart(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 30, "nps_9": 30, "apu_5": 21, "apu_dont_know": 5, "apu_skipped": 4})
    assert "Vastauksia 21 · mediaani 5 · en osaa sanoa 5 · ohitti 4" in said(client, "/results?unit=kotka&group=youth")


def test_how_many_answered_and_where_they_stopped(client: FlaskClient, world: World) -> None:
    stopped = {"broken_off_apu": 3, "opted_out": 2, "opted_out_at_hyoty": 2}
    counts.add_alone(YOUTH, {"finished": 20, "nps_9": 25, "invited": 100, "delivered": 95, **stopped})
    text = said(client, "/results?unit=kotka&group=youth")
    assert "Vastausprosentti 25 % tavoite 30 %" in text
    assert "Meni perille 95 % 95 Alkoi vastata 25 % 25 Vastasi loppuun 20 % 20" in text
    assert "Sain apua, kun tarvitsin sitä. 3 0 Käynneistä oli minulle hyötyä. 0 2" in text


def test_before_the_sends_are_counted_there_is_no_response_rate(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 20, "nps_9": 20, "invited": 3})
    text = said(client, "/results?unit=kotka&group=youth")
    assert "Vastausprosentti" not in text
    assert "Alkoi vastata 20 Vastasi loppuun 20" in text


def test_each_groups_share_of_the_respondents_is_told(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 30, "nps_9": 30})
    counts.add_alone(GUARDIAN, {"finished": 20, "nps_9": 20})
    text = said(client, "/results?unit=kotka")
    assert "Nuoret marraskuu 2026 60 % 30 Huoltajat marraskuu 2026 40 % 20" in text
    assert "Ryhmien osuudet" not in said(client, "/results?unit=kotka&group=youth")


def test_what_was_sent_and_blocked_is_told_of_the_whole_unit(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"invited": 40, "delivered": 38, "undelivered": 2, "blocked_opted_out": 3})
    counts.add_alone(
        Place(*place_of(GUARDIAN), month="2026-10"), {"invited": 7, "blocked_throttled": 1, "blocked_x": 2}
    )
    text = said(client, "/results?unit=kotka")
    assert "Marraskuu 2026 Lokakuu 2026 Lähti 40 7" in text
    assert "Estetty: kielto 3 0" in text
    assert "Estetty: muu syy 0 2" in text


# --- the A4


def comment(
    text: str, *, respondent: str = "youth", survey: str = "nuorten-matala-nuori", month: str = "2026-11"
) -> None:
    row = CommentRow("kotka", f"{month}#1", respondent=respondent, survey=survey, text=text)
    row.status, row.segment, row.chosen_for_meeting, row.version = "new", "promoter", 1, 1
    row.save()


def test_the_a4_has_the_index_best_and_weakest_and_the_rate_beside_its_goal(client: FlaskClient, year: World) -> None:
    text = said(client, "/results/meeting?unit=kotka")
    assert "Nuoret · Marraskuu 2026" in text
    assert "Marraskuussa 2026 vastasi 26 nuorta. Suositteluindeksi oli " in text
    assert re.search(r"Vahvinta .+ keskiarvo \d,\d .*Kehitettävää .+ keskiarvo \d,\d", text)
    assert "Näiden ero voi olla sattumaa." in text
    assert "tavoite 30 %" in text


def test_the_a4_has_the_chosen_comments_of_its_group_alone(client: FlaskClient, year: World) -> None:
    comment("Täällä kuunneltiin. " * 30, month="2026-10")
    comment("Huoltajan sana", respondent="guardian", survey="nuorten-matala-huoltaja")
    text = said(client, "/results/meeting?unit=kotka&group=youth")
    assert "Täällä kuunneltiin" in text
    assert re.search(r"(Täällä|kuunneltiin)… suosittelija", text)
    assert "Huoltajan sana" not in text
    assert "Kommentteja ei ole valittu." in said(client, "/results/meeting?unit=kotka&group=guardian")


def test_with_too_few_answers_the_a4_says_from_when_and_has_the_actions(client: FlaskClient, world: World) -> None:
    counts.add_alone(YOUTH, {"finished": 4, "nps_9": 4})
    comment("Liian harvan sana")
    for number in range(6):
        plan = Plan(f"Teko {number}", "Esihenkilö", date(2026, 11, 20 + number), "tilat")
        actions.put_new("kotka", f"action-{number}", plan)
    text = said(client, "/results/meeting?unit=kotka")
    assert LATEST in text
    assert "Liian harvan sana" not in text
    assert "Teko 0 Tilat Esihenkilö 20.11.2026, myöhässä" in text
    assert "Toimenpiteitä on avoinna vielä 1." in text


def test_the_a4_of_a_faulty_question_says_so_and_shows_the_latest(client: FlaskClient, year: World) -> None:
    text = said(client, "/results/meeting?unit=kotka&period=2026-13", status=400)
    assert "Kirjoita kuukausi muodossa 2026-09" in text
    assert "Marraskuussa 2026 vastasi 26 nuorta." in text
