"""Keys, log and settings in a real browser: made, rotated and revoked with the keyboard, nothing serious for axe.

Pictures go to the folder named by KUULOLLA_PICTURES, else to pytest's own.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from handler.tables import audit
from handler.tables.audit import Did
from handler.work import staff_key_keeping as keeping
from handler.work.staff_key import find_key
from handler.work.staff_key_keeping import Wish
from survey_flow.access import Right
from survey_flow.library import Library
from tests.browser import WIDTHS, complaints_of, looked_at, opened, served_pages
from tests.world import START, World, made_world

pytestmark = [pytest.mark.engine, pytest.mark.browser]

# Tables of its own name: a model goes on with the connection that it has for a name, moto's or the engine's.
PREFIX = "admin-pages-"


@pytest.fixture
def world(engine: str, library: Library) -> World:
    return made_world(library, prefix=PREFIX)


@pytest.fixture
def address(world: World, library: Library) -> Iterator[str]:
    with served_pages(world, library, prefix=PREFIX) as address:
        yield address


def keys_of_a_year(world: World) -> None:
    """One used and soon over, one never used, one revoked."""
    for purpose, rights, days in (
        ("ajanvarausjärjestelmä", {Right.SEND, Right.OPT_OUT}, 25),
        ("tulosten vienti johdon raporttiin", {Right.RESULTS}, 300),
        ("kokeilu", {Right.SEND}, 100),
    ):
        wish = Wish(frozenset({"kotka", "kouvola"}), frozenset(rights), purpose, timedelta(days=days))
        made = keeping.make(world.parts, wish, who="person:local")
        if purpose == "ajanvarausjärjestelmä":
            assert find_key(made.key, today=world.parts.today())
        if purpose == "kokeilu":
            keeping.revoke(world.parts, made.id, who="person:local")


def a_day_of_deeds(world: World) -> None:
    sanna = "person:2f9a51c0-77aa-4e0c-9f0a-1b1f5a3c7d11"
    for did, who, unit, about in (
        (Did.SIGNED_IN, sanna, None, "Sanna Sovittaja"),
        (Did.INVITED, sanna, "kotka", None),
        (Did.LIST_SENT, sanna, "kotka", "25"),
        (Did.REFUSED, sanna, "kouvola", "comments"),
        (Did.OPT_OUT_RECORDED, sanna, None, None),
        (Did.COMMENTS_READ, "person:9", "kotka", "shared"),
        (Did.EXPORTED, "person:9", "varkaus", "xlsx"),
        (Did.COUNTS_REPAIRED, "command", "kotka", "nuorten-matala-nuori 2026-11 youth"),
    ):
        audit.note(world.clock(), who=who, did=did, unit=unit, about=about)
        world.clock.forward(minutes=7)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_key_is_made_shown_once_rotated_and_revoked(
    browser: Browser, world: World, address: str, pictures: Path, width: str
) -> None:
    keys_of_a_year(world)
    page = opened(browser, f"{address}/keys", width)
    complaints = complaints_of(page)
    looked_at(page, pictures, f"keys-{width}")
    page.get_by_role("button", name="Tee avain").click()
    expect(page.get_by_role("alert")).to_be_focused()
    looked_at(page, pictures, f"keys-fault-{width}")
    page.get_by_role("link", name="Valitse ainakin yksi oikeus.").click()
    page.keyboard.press("Space")
    expect(page.get_by_label("Kyselyjen lähetys")).to_be_checked()
    page.get_by_label("Mihin avainta käytetään?").fill("asiakastietojärjestelmä")
    page.get_by_label("Nuorten Matala, Kotka").check()
    page.get_by_role("button", name="Tee avain").click()
    expect(page.get_by_text("Kopioi avain nyt.")).to_be_visible()
    looked_at(page, pictures, f"keys-made-{width}")
    key = page.locator(".secret code").inner_text()
    assert find_key(key, today=world.parts.today()) is not None
    page.get_by_role("link", name="Takaisin avaimiin").click()
    assert key not in page.content()
    page.get_by_role("listitem").filter(has_text="asiakastietojärjestelmä").get_by_role(
        "link", name="Vaihda uuteen"
    ).click()
    looked_at(page, pictures, f"keys-rotate-{width}")
    page.get_by_role("button", name="Tee uusi avain").click()
    expect(page.get_by_text("Vanhan avaimen viimeinen päivä on 30.11.2026.")).to_be_visible()
    looked_at(page, pictures, f"keys-rotated-{width}")
    page.get_by_role("link", name="Takaisin avaimiin").click()
    page.get_by_role("listitem").filter(has_text="Tilalle tehty avain").get_by_role("link", name="Sulje").click()
    looked_at(page, pictures, f"keys-revoke-{width}")
    page.get_by_role("button", name="Sulje avain").click()
    expect(page.get_by_text("Avain on suljettu.")).to_be_visible()
    assert find_key(key, today=world.parts.today()) is None
    assert [line for line in complaints if "422" not in line] == []


def test_a_key_is_made_without_javascript(browser: Browser, world: World, address: str) -> None:
    page = opened(browser, f"{address}/keys", java_script_enabled=False)
    page.get_by_label("Mihin avainta käytetään?").fill("kokeilu")
    page.get_by_label("Nemova").check()
    page.get_by_label("Tulosten haku").check()
    page.get_by_role("button", name="Tee avain").click()
    expect(page.get_by_text("Kopioi avain nyt.")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_log_is_read_and_filtered(browser: Browser, world: World, address: str, pictures: Path, width: str) -> None:
    a_day_of_deeds(world)
    page = opened(browser, f"{address}/audit", width)
    looked_at(page, pictures, f"audit-{width}")
    page.get_by_role("link", name="Sanna Sovittaja").first.click()
    expect(page.get_by_role("row").filter(has_text="Luki kommentteja")).to_have_count(0)
    page.locator("#audit_what").select_option("refused")
    page.get_by_role("button", name="Näytä").click()
    expect(page.get_by_role("rowheader", name="Yritti, mutta oikeutta ei ollut")).to_have_count(1)
    looked_at(page, pictures, f"audit-filtered-{width}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Lataa kuukausi tiedostona").click()
    assert download.value.suggested_filename == "kuulolla-2026-11.csv"
    page.goto(f"{address}/audit?who=0401234567")
    expect(page.get_by_role("alert")).to_be_focused()
    looked_at(page, pictures, f"audit-fault-{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_settings_are_read(browser: Browser, address: str, pictures: Path, width: str) -> None:
    page = opened(browser, f"{address}/settings", width)
    looked_at(page, pictures, f"settings-{width}")


def test_the_administrator_s_pages_print(browser: Browser, world: World, address: str, pictures: Path) -> None:
    keys_of_a_year(world)
    a_day_of_deeds(world)
    for name in ("keys", "audit", "settings"):
        page = opened(browser, f"{address}/{name}")
        page.emulate_media(media="print")
        expect(page.get_by_role("button")).to_have_count(0)
        page.screenshot(path=pictures / f"{name}-print.png", full_page=True)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_fit_in_every_language(
    browser: Browser, world: World, address: str, pictures: Path, language: str
) -> None:
    keys_of_a_year(world)
    a_day_of_deeds(world)
    for name in ("keys", "audit", "settings"):
        page = opened(browser, f"{address}/{name}?lang={language}", "narrow")
        looked_at(page, pictures, f"{name}-{language}-narrow")
    assert world.clock.now > START
