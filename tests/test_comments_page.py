"""Comments and actions in a real browser: marked in bulk, blacked out with the keyboard, nothing serious for axe.

Pictures go to the folder named by KUULOLLA_PICTURES, else to pytest's own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from handler.tables.comments import CommentRow
from survey_flow.comment_words import BLACK
from survey_flow.library import Library
from tests.browser import WIDTHS, complaints_of, looked_at, opened, served_pages
from tests.handler.commenting import GUARDIAN, answered, seen, written
from tests.world import World, made_world

pytestmark = [pytest.mark.engine, pytest.mark.browser]

# Tables of its own name: a model goes on with the connection that it has for a name, moto's or the engine's.
PREFIX = "comments-page-"

LONG = (
    "Meidät otettiin lämpimästi vastaan, ja Matti Meikäläinen jaksoi kuunnella koko perhettä. Toivoisin kuitenkin, että"
    " aikoja olisi myös iltaisin, koska työpäivän jälkeen on vaikea ehtiä.\nOdotustilassa oli meluisaa."
)


@pytest.fixture
def world(engine: str, library: Library) -> World:
    world = made_world(library, prefix=PREFIX)
    answered()
    answered(group=GUARDIAN)
    return world


@pytest.fixture
def address(world: World, library: Library) -> Iterator[str]:
    with served_pages(world, library, prefix=PREFIX) as address:
        yield address


def commented(world: World) -> list[str]:
    """A unit's comments as they come, one of each segment and a long one."""
    ids = [
        written(LONG, group=GUARDIAN),
        *(written(text) for text in ("Täällä kuunneltiin.", "Liian pitkä jono.", "Ok")),
    ]
    for comment_id, segment in zip(ids, ("passive", "promoter", "detractor"), strict=False):
        CommentRow("kotka", seen(world, comment_id).month_id).update([CommentRow.segment.set(segment)])
    return ids


@pytest.mark.parametrize("width", WIDTHS)
def test_comments_are_ticked_marked_and_shared(
    browser: Browser, world: World, address: str, pictures: Path, width: str
) -> None:
    commented(world)
    page = opened(browser, f"{address}/comments?unit=kotka", width)
    complaints = complaints_of(page)
    looked_at(page, pictures, f"comments-{width}")
    page.get_by_label("Täällä kuunneltiin.").check()
    page.get_by_label("Ok", exact=True).check()
    page.locator("#comments_status").select_option("handled")
    page.locator("#comments_kind").select_option("thanks")
    page.get_by_role("button", name="Merkitse").click()
    expect(page.get_by_role("alert")).to_be_focused()
    looked_at(page, pictures, f"comments-fault-{width}")
    page.get_by_role("link", name="Kirjoita käsittelijän nimi.").click()
    expect(page.locator("#comments_who")).to_be_focused()
    page.keyboard.type("Maija Mäki")
    page.locator("#comments_meeting").select_option("choose")
    page.get_by_role("button", name="Merkitse").click()
    expect(page.get_by_text("Merkittyjä kommentteja: 2.")).to_be_visible()
    looked_at(page, pictures, f"comments-marked-{width}")
    page.get_by_label("Liian pitkä jono.").check()
    page.locator("#comments_status").select_option("shared")
    page.get_by_role("button", name="Merkitse").click()
    expect(page.locator("#comments_who")).to_have_value("Maija Mäki")
    page.goto(f"{address}/comments/shared?unit=kotka")
    expect(page.get_by_text("Liian pitkä jono.")).to_be_visible()
    looked_at(page, pictures, f"comments-shared-{width}")
    assert [line for line in complaints if "422" not in line] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_words_are_blacked_out_with_the_keyboard_and_without_javascript(
    browser: Browser, world: World, address: str, pictures: Path, width: str
) -> None:
    one = commented(world)[0]
    page = opened(browser, f"{address}/comments/kotka/{one}", width, java_script_enabled=False)
    page.get_by_role("checkbox", name="Matti", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.screenshot(path=pictures / f"black-out-ticked-{width}.png", full_page=True)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sanat on peitetty.")).to_be_visible()
    expect(page.get_by_text(f"ja {BLACK} {BLACK} jaksoi").first).to_be_visible()
    assert seen(world, one).text == LONG.replace("Matti Meikäläinen", f"{BLACK} {BLACK}")
    with_scripts = opened(browser, page.url, width)
    looked_at(with_scripts, pictures, f"black-out-{width}")
    with_scripts.get_by_role("link", name="Poista koko kommentti").click()
    looked_at(with_scripts, pictures, f"delete-{width}")
    with_scripts.get_by_role("button", name="Poista kommentti").click()
    expect(with_scripts.get_by_text("Kommentti on poistettu.")).to_be_visible()
    assert len(world.comments()) == 3


@pytest.mark.parametrize("width", WIDTHS)
def test_an_action_is_added_done_and_published(browser: Browser, address: str, pictures: Path, width: str) -> None:
    for number in range(5):
        written(f"Odotustilassa oli meluisaa {number}.", theme="tilat")
    page = opened(browser, f"{address}/actions?unit=kotka", width)
    for what, day in (("Hankitaan sermi odotustilaan", "2026-12-24"), ("Iltavastaanotto kokeiluun", "2026-11-20")):
        page.get_by_label("Mitä tehdään?").fill(what)
        page.get_by_label("Kuka vastaa?").fill("Tiina Tiimi")
        page.get_by_label("Milloin viimeistään?").fill(day)
        page.locator("#actions_theme").select_option("tilat")
        page.get_by_label("Mitä asiakkaille kerrotaan?").fill("Odotustilassa on nyt rauhallinen nurkkaus.")
        page.get_by_role("button", name="Lisää toimenpide").click()
        expect(page.get_by_text("Toimenpide on lisätty.")).to_be_visible()
    expect(page.get_by_text("Myöhässä: piti tehdä viimeistään 20.11.2026.")).to_be_visible()
    looked_at(page, pictures, f"actions-{width}")
    page.get_by_role("button", name="Merkitse tehdyksi").last.click()
    page.get_by_role("button", name="Julkaise").click()
    expect(page.get_by_text("Julkaistu:", exact=True)).to_be_visible()
    looked_at(page, pictures, f"actions-published-{width}")
    page.get_by_role("link", name="Muuta").last.click()
    page.get_by_label("Mitä asiakkaille kerrotaan?").fill("")
    page.get_by_role("button", name="Tallenna").click()
    expect(page.get_by_role("alert")).to_be_focused()
    looked_at(page, pictures, f"action-fault-{width}")


def test_actions_print_without_their_forms(browser: Browser, address: str, pictures: Path) -> None:
    page = opened(browser, f"{address}/actions?unit=kotka")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Uusi toimenpide")).to_be_hidden()
    expect(page.get_by_role("heading", name="Kesken: 0")).to_be_visible()
    page.screenshot(path=pictures / "actions-print.png", full_page=True)


def test_comments_print_without_their_forms(browser: Browser, world: World, address: str, pictures: Path) -> None:
    commented(world)
    page = opened(browser, f"{address}/comments?unit=kotka")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Merkitse valitut")).to_be_hidden()
    expect(page.get_by_text("Täällä kuunneltiin.")).to_be_visible()
    page.screenshot(path=pictures / "comments-print.png", full_page=True)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_fit_in_every_language(
    browser: Browser, world: World, address: str, pictures: Path, language: str
) -> None:
    one = commented(world)[0]
    for name, path in (
        ("comments", "/comments?unit=kotka&status=waiting"),
        ("black-out", f"/comments/kotka/{one}?"),
        ("shared", "/comments/shared?unit=kotka"),
        ("actions", "/actions?unit=kotka"),
    ):
        page = opened(browser, f"{address}{path}&lang={language}", "narrow")
        looked_at(page, pictures, f"{name}-{language}-narrow")
