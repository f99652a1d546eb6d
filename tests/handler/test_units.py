"""A unit's pages for everybody: what they tell, what they never tell, and how they are kept by caches."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
import segno
from flask.testing import FlaskClient

from handler.app import create_app
from handler.tables import actions, counts
from handler.tables.actions import Plan
from handler.tables.responses import Place
from handler.templates import page_texts
from survey_flow.language import Language
from survey_flow.library import Library
from tests.environment import ENVIRONMENT, PUBLIC_URL
from tests.handler.page_words import words
from tests.world import World

TEXTS = page_texts()
SAYS = TEXTS[Language.FI]
PAGES = {"the page": "/units/kotka", "the poster": "/units/kotka/poster"}
# What twenty young people of Kotka said in one month; the world's clock stands in November 2026.
TWENTY = {"nps_10": 12, "nps_7": 4, "nps_2": 4, "apu_5": 15, "apu_3": 5, "finished": 20}


def answered(columns: Mapping[str, int], *, month: str = "2026-09", group: str = "youth") -> None:
    survey = {"youth": "nuorten-matala-nuori", "guardian": "nuorten-matala-huoltaja"}[group]
    counts.add_alone(Place("kotka", survey, group, month), dict(columns))


def deed(
    told: str, *, theme: str = "tilat", unit: str = "kotka", done: date | None = date(2026, 10, 5), **marks: Any
) -> None:
    """An action that is done and published, unless said otherwise."""
    name = f"action-{len(list(actions.of_unit(unit)))}"
    actions.put_new(unit, name, Plan("Sisäinen muistiinpano", "Maija", date(2026, 10, 1), theme, told))
    (action,) = (each for each in actions.of_unit(unit) if each.id == name)
    actions.mark(action, done_on=done, published_on=marks.get("published", date(2026, 10, 6)))


def client_in(library: Library, world: World, **environment: str) -> FlaskClient:
    return create_app(
        ("web",), environment={**ENVIRONMENT, **environment}, clock=world.clock, library=library
    ).test_client()


def changed(library: Library, *, number: str = "", **unit: Any) -> Library:
    """The shipped library with another number for the poster, or with another Kotka."""
    units = dict(library.organisation.units)
    units["kotka"] = replace(units["kotka"], **unit)
    return replace(library, organisation=replace(library.organisation, units=units, number=number))


# --- what the page tells


@pytest.mark.parametrize("language", Language)
def test_the_page_names_the_unit_the_county_and_whom_to_call(
    client: FlaskClient, library: Library, language: Language
) -> None:
    unit = library.organisation.units["kotka"]
    said = words(client.get(f"/units/kotka?lang={language}").text)
    for told in (unit.name[language], unit.county[language], unit.contact, "112", TEXTS[language]["unit_none"]):
        assert words(told) in said


def test_it_tells_in_which_languages_one_may_answer(client: FlaskClient) -> None:
    assert "Vastata voi suomeksi, ruotsiksi ja englanniksi." in words(client.get("/units/kotka").text)


def test_what_was_done_is_told_by_theme_in_the_order_of_the_themes_the_latest_first(client: FlaskClient) -> None:
    deed("Odotustilaan tuli sermi.", theme="tilat")
    deed("Avasimme iltaisin.", theme="saatavuus", done=date(2026, 9, 1))
    deed("Ajan voi varata viestillä.", theme="saatavuus", done=date(2026, 10, 2))
    said = words(client.get("/units/kotka").text)
    told = ("Saatavuus", "Ajan voi varata viestillä.", "2.10.2026", "Avasimme iltaisin.", "1.9.2026", "Tilat", "sermi")
    places = [said.index(each) for each in told]
    assert places == sorted(places)


def test_a_theme_that_is_no_longer_listed_is_told_as_another(client: FlaskClient) -> None:
    deed("Teimme jotain.", theme="poistettu")
    said = words(client.get("/units/kotka").text)
    assert f"{SAYS['unit_theme_other']} {SAYS['unit_did']} Teimme jotain." in said
    assert "poistettu" not in said


def test_only_the_units_own_published_actions_are_told_and_nothing_that_was_written_for_the_staff(
    client: FlaskClient,
) -> None:
    deed("Kesken.", done=None)
    deed("Julkaisematta.", published=None)
    deed("Toisen yksikön.", unit="kouvola")
    deed("Julkaistu.")
    said = words(client.get("/units/kotka").text)
    assert "Julkaistu." in said
    for kept in ("Kesken.", "Julkaisematta.", "Toisen yksikön.", "Sisäinen", "Maija"):
        assert kept not in said


def test_marks_in_an_actions_words_stay_words(client: FlaskClient) -> None:
    deed('<script>alert("1")</script> & <b>lihava</b>')
    page = client.get("/units/kotka").text
    assert "<script>alert" not in page
    assert "<b>lihava" not in page
    assert '<script>alert("1")</script> & <b>lihava</b>' in unescape(page)


# --- figures


def test_figures_of_twenty_are_told_with_the_index_its_interval_and_the_means(client: FlaskClient) -> None:
    answered(TWENTY)
    said = words(client.get("/units/kotka").text)
    assert "Nuoret syyskuu 2026 vastaajia 20" in said
    assert "Suositteluindeksi 40 todennäköisesti 2…67" in said
    assert "Saatavuus Sain apua, kun tarvitsin sitä. 4,5 / 5" in said
    assert "Asteikko 1–5: 1 = täysin eri mieltä, 5 = täysin samaa mieltä." in said


SMALL = {
    "nobody": [],
    "nineteen young people": [("youth", {**TWENTY, "finished": 19, "nps_2": 3})],
    "four in each group": [("youth", {"nps_9": 4, "finished": 4}), ("guardian", {"nps_9": 4, "finished": 4})],
    "fifteen in each group": [("youth", {"nps_9": 15, "finished": 15}), ("guardian", {"nps_3": 15, "finished": 15})],
}


@pytest.mark.parametrize("groups", SMALL.values(), ids=SMALL)
def test_under_twenty_not_a_letter_of_the_page_tells_how_many_answered(
    client: FlaskClient, groups: list[tuple[str, dict[str, int]]]
) -> None:
    deed("Avasimme iltaisin.")
    before = client.get("/units/kotka")
    for group, columns in groups:
        answered(columns, group=group)
    after = client.get("/units/kotka")
    assert after.text == before.text
    assert after.headers["ETag"] == before.headers["ETag"]


def test_a_small_group_is_not_told_beside_a_large_one(client: FlaskClient) -> None:
    answered(TWENTY)
    before = client.get("/units/kotka").text
    answered({"nps_0": 19, "finished": 19}, group="guardian")
    assert client.get("/units/kotka").text == before
    assert SAYS["group_guardian"] not in words(before)


def test_a_question_that_fewer_than_twenty_answered_is_left_out(client: FlaskClient) -> None:
    answered({**TWENTY, "nps_2": 3, "apu_3": 4})
    said = words(client.get("/units/kotka").text)
    assert "vastaajia 20" in said
    assert SAYS["unit_nps"] not in said
    assert "Sain apua" not in said


def test_a_month_that_still_grows_is_not_told(client: FlaskClient) -> None:
    answered(TWENTY, month="2026-11")
    assert SAYS["unit_numbers"] not in words(client.get("/units/kotka").text)


def test_made_up_answers_are_said_to_be_so(client: FlaskClient) -> None:
    answered({**TWENTY, "examples": 20})
    assert SAYS["unit_examples"].format(n=20) in words(client.get("/units/kotka").text)


# --- for everybody, and for caches


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_cache_may_keep_it_for_an_hour_and_then_ask_whether_it_changed(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert set(first.headers["Cache-Control"].split(", ")) == {"public", "max-age=3600"}
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "public" in again.headers["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_new_action_is_a_new_page(client: FlaskClient) -> None:
    first = client.get("/units/kotka").headers["ETag"]
    deed("Avasimme iltaisin.")
    assert client.get("/units/kotka", headers={"If-None-Match": first}).status_code == 200


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_its_language_is_in_its_address_alone_and_it_sets_no_cookie(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    assert 'lang="fi"' in plain.text
    client.get("/?lang=sv")  # the staff's own choice, remembered on the device
    assert client.get_cookie("kuulolla_language") is not None
    client.set_cookie("kuulolla_language", "en")
    for again in (client.get(path), client.get(path, headers={"Accept-Language": "sv"})):
        assert again.text == plain.text
    swedish = client.get(f"{path}?lang=sv")
    assert '<html lang="sv">' in swedish.text
    for answer in (plain, swedish):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("lang", ["", "de", "FI", "fi,sv", "<script>", "\x00"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_language_that_is_none_is_finnish(client: FlaskClient, path: str, lang: str) -> None:
    assert client.get(path, query_string={"lang": lang}).text == client.get(path).text


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_it_is_open_in_every_stage(library: Library, world: World, path: str) -> None:
    for stage in ("local", "test", "prod"):
        assert client_in(library, world, KUULOLLA_STAGE=stage).get(path).status_code == 200


def test_search_engines_may_list_the_page_in_prod_alone(library: Library, world: World) -> None:
    listed = {
        stage: "noindex" not in client_in(library, world, KUULOLLA_STAGE=stage).get("/units/kotka").text
        for stage in ("local", "test", "prod")
    }
    assert listed == {"local": False, "test": False, "prod": True}


@pytest.mark.parametrize("path", [*PAGES.values(), "/units/helsinki", "/units/helsinki/poster"])
def test_it_leads_to_no_door_of_the_staffs_and_nowhere_else(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    for target in re.findall(r'(?:href|src)="([^"]*)"', page):
        allowed = ("/units/", "/static/", "?lang=", "#content", "tel:", f"{PUBLIC_URL}/units/")
        assert target.startswith(allowed), target
    assert "<form" not in page
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.parametrize("path", ["/units/helsinki", "/units/helsinki/poster", "/units/KOTKA"])
def test_a_unit_that_is_not_there_is_said_so_and_kept_by_nobody(library: Library, world: World, path: str) -> None:
    client = client_in(library, world, KUULOLLA_STAGE="prod")
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert SAYS["unit_unknown"] in words(answer.text)
    assert TEXTS[Language.SV]["unit_unknown"] in words(client.get(f"{path}?lang=sv").text)
    assert "Set-Cookie" not in answer.headers


def test_other_pages_are_still_kept_by_nobody(client: FlaskClient) -> None:
    for path in ("/", "/results", "/opt-outs", "/nothing-here"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


# --- the poster


NUMBERS = {
    "the organisation's own": ("040 765 4321", "+358451234567", "040 765 4321"),
    "the organisation's, written for machines": ("+358407654321", "MG" + "0" * 32, "040 765 4321"),
    "the organisation's short number": ("17123", "MG" + "0" * 32, "17123"),
    "the sender's": ("", "+358451234567", "045 123 4567"),
}


@pytest.mark.parametrize(("number", "sender", "said"), NUMBERS.values(), ids=NUMBERS)
def test_the_poster_tells_the_number_as_finns_write_it(
    library: Library, world: World, number: str, sender: str, said: str
) -> None:
    client = client_in(changed(library, number=number), world, KUULOLLA_SENDER=sender)
    assert f"Numerosta {said}. Viestissä ei ole linkkejä." in words(client.get("/units/kotka/poster").text)


def test_a_messaging_service_has_no_number_so_the_staff_tell_it(library: Library, world: World) -> None:
    page = client_in(library, world, KUULOLLA_SENDER="MG" + "7" * 32).get("/units/kotka/poster").text
    assert SAYS["poster_from_staff"] in words(page)
    assert "MG" not in page


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("unit_id", ["kotka", "kouvola", "varkaus", "nemova"])
def test_the_poster_says_what_one_needs_to_know(
    client: FlaskClient, library: Library, unit_id: str, language: Language
) -> None:
    said = words(client.get(f"/units/{unit_id}/poster?lang={language}").text)
    unit = library.organisation.units[unit_id]
    for told in (unit.service[language], unit.county[language], unit.contact, "STOP", "START", "045 000 0000", "112"):
        assert told in said
    for key in ("reply", "nameless", "never"):
        assert words(TEXTS[language][f"poster_{key}"]) in said


def test_no_public_word_promises_that_answering_costs_nothing() -> None:
    for texts in TEXTS.values():
        for key, text in texts.items():
            if key.startswith(("poster_", "unit_")):
                assert not re.search(r"ilmai|maksut|gratis|kostnadsfri|avgiftsfri|free|no cost", text, re.IGNORECASE), (
                    key
                )


def test_the_poster_shows_the_message_as_it_comes(client: FlaskClient, world: World) -> None:
    world.opened()
    assert words(world.carrier.sent[0].text) in words(client.get("/units/kotka/poster").text)


def test_a_neutral_units_poster_names_the_service_and_shows_the_neutral_message(library: Library, world: World) -> None:
    said = words(client_in(changed(library, neutral=True), world).get("/units/kotka/poster").text)
    assert "Nuorten Matala" in said
    assert "Hei! Kymenlaakson hyvinvointialue kysyy" in said
    assert "Hei Nuorten Matalasta" not in said


def squares(path: str) -> set[tuple[int, int]]:
    """Which squares the code's path darkens: segno draws each row as runs along its middle ("M4 4.5h7m1 0h2")."""
    dark, x, y = set(), 0.0, 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if step == "h":
            dark |= {(int(x) + run, int(y)) for run in range(int(first))}
            x += float(first)
        else:
            x, y = (float(first), float(second)) if step == "M" else (x + float(first), y + float(second))
    return dark


ADDRESSES = {
    Language.FI: f"{PUBLIC_URL}/units/kotka",
    Language.SV: f"{PUBLIC_URL}/units/kotka?lang=sv",
    Language.EN: f"{PUBLIC_URL}/units/kotka?lang=en",
}


@pytest.mark.parametrize("language", Language)
def test_the_code_and_the_words_beneath_it_lead_to_the_page_in_the_posters_language(
    client: FlaskClient, language: Language
) -> None:
    page = client.get(f"/units/kotka/poster?lang={language}").text
    address = ADDRESSES[language]
    code = segno.make_qr(address, error="m", boost_error=False)
    assert code.error == "M"
    expected = {(x, y) for y, row in enumerate(code.matrix_iter(border=4)) for x, module in enumerate(row) if module}
    (path,) = re.findall(r'class="code-line"[^>]* d="([^"]+)"', page)
    assert squares(path) == expected
    assert f'href="{address}"' in page
    assert address.removeprefix("https://") in words(page)
    assert client.get(address.removeprefix(PUBLIC_URL)).status_code == 200
