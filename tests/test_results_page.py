"""The results in a real browser: every page at every width in three languages, without JavaScript, and on paper.

Pictures go to the folder named by KUULOLLA_PICTURES, else to pytest's own.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from handler.app import create_app
from handler.settings import settings_from
from handler.tables import actions
from handler.tables.actions import Plan
from handler.tables.comments import CommentRow
from local.one_app import make_missing
from survey_flow.language import Language
from survey_flow.library import Library
from tests.browser import WIDTHS, complaints_of, fits, new_page, serious, served
from tests.environment import ENVIRONMENT
from tests.results_rows import add_year
from tests.world import World

pytestmark = [pytest.mark.browser]
# A4 in points, as a PDF measures.
A4 = (595, 842)

PAGES = {
    "months": "/results?unit=kotka",
    "windows": "/results?unit=varkaus",
    "choices": "/results?unit=nemova",
    "hidden": "/results?unit=kouvola",
    "joined": "/results?unit=kotka&period=2026-07",
    "meeting": "/results/meeting?unit=kotka",
    "meeting-hidden": "/results/meeting?unit=kouvola",
    "units": "/results/units?survey=nuorten-matala-nuori",
}


@pytest.fixture
def address(world: World, library: Library) -> Iterator[str]:
    """The app over the world's tables with a year of answers; one request at a time, for moto's sake."""
    make_missing(settings_from(ENVIRONMENT))
    add_year(library)
    app = create_app(("web",), environment=ENVIRONMENT, clock=world.clock, library=library)
    with served(app) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = new_page(browser, "desktop")
    yield made
    made.close()


def printed(page: Page, pictures: Path, name: str) -> pypdfium2.PdfDocument:
    """The page as it prints; kept for whoever looks."""
    path = pictures / f"{name}.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    return pypdfium2.PdfDocument(path)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_readable_for_everybody_in_every_language(
    page: Page, address: str, pictures: Path, name: str
) -> None:
    complaints, asked = complaints_of(page), []
    page.on("request", lambda request: asked.append(request.url))
    for language in Language:
        page.goto(f"{address}{PAGES[name]}&lang={language}")
        for details in page.locator("details").all():
            details.evaluate("(each) => { each.open = true }")
        for width in ("desktop", "narrow"):
            page.set_viewport_size({"width": WIDTHS[width], "height": 900})
            assert serious(page) == [], (language, width)
            assert fits(page), (language, width)
            page.screenshot(path=pictures / f"results-{name}-{language}-{width}.png", full_page=True)
    assert complaints == []
    assert [url for url in asked if not url.startswith(address)] == []


def test_another_period_is_chosen_without_javascript(browser: Browser, address: str) -> None:
    page = new_page(browser, "phone", java_script_enabled=False)
    page.goto(f"{address}/results?unit=kotka")
    page.get_by_label("Kuka vastasi", exact=True).select_option("guardian")
    page.get_by_label("Jakso", exact=True).select_option(label="Heinä–syyskuu 2026")
    page.get_by_role("button", name="Näytä").click()
    expect(page.get_by_text("vastasi 15 huoltajaa")).to_be_visible()
    expect(page.get_by_label("Jakso", exact=True).locator("option:checked")).to_have_text("Heinä–syyskuu 2026")
    page.locator("summary", has_text="Arviot taulukkona").click()
    expect(page.get_by_role("columnheader", name="Mediaani")).to_be_visible()
    page.close()


def test_another_unit_is_chosen_with_the_keyboard_and_is_remembered(page: Page, address: str) -> None:
    page.goto(f"{address}/results?unit=kotka")
    page.get_by_label("Yksikkö", exact=True).focus()
    page.keyboard.type("Var")
    page.get_by_role("button", name="Näytä").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Varkauden perhepalvelut")
    page.goto(f"{address}/results")
    expect(page.get_by_role("heading", level=1)).to_have_text("Varkauden perhepalvelut")


def test_what_is_wrong_leads_to_its_field(page: Page, address: str) -> None:
    page.goto(f"{address}/results?unit=kotka&period=2026-13")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Jakso", exact=True)).to_have_attribute("aria-invalid", "true")
    assert page.url.endswith("#period")
    assert serious(page) == []


def test_on_paper_there_is_no_form_and_no_closed_table(page: Page, address: str, pictures: Path) -> None:
    page.goto(f"{address}/results?unit=kotka")
    text = "".join(sheet.get_textpage().get_text_range() for sheet in printed(page, pictures, "results"))
    assert "Marraskuussa 2026 vastasi 26 nuorta." in " ".join(text.split())
    assert "Näytä" not in text
    assert "taulukkona" not in text


def fill_the_a4() -> None:
    """More, and longer, than one page has room for."""
    survey = "nuorten-matala-nuori"
    for number in range(5):
        row = CommentRow("kotka", f"2026-11#{number}", survey=survey, respondent="youth", text="Pitkä sana. " * 60)
        row.status, row.segment, row.chosen_for_meeting, row.version = "new", "detractor", 1, 1
        row.save()
    for number in range(9):
        plan = Plan("Tehdään jotakin " * 12, "Palveluesihenkilö Virtanen-Koskinen", date(2026, 11, 1), "osallistuminen")
        actions.put_new("kotka", f"action-{number}", plan)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("full", [False, True], ids=["to write on", "full"])
def test_the_a4_is_exactly_one_page(
    page: Page, address: str, pictures: Path, language: Language, *, full: bool
) -> None:
    if full:
        fill_the_a4()
    page.goto(f"{address}/results/meeting?unit=kotka&lang={language}")
    document = printed(page, pictures, f"meeting-{language}-{'full' if full else 'empty'}")
    assert len(document) == 1
    assert tuple(round(side) for side in document[0].get_size()) == A4
    foot = page.locator(".sheet footer").inner_text()
    assert foot.split(".")[0] in " ".join(document[0].get_textpage().get_text_range().split())


def test_with_too_few_answers_the_a4_is_one_page_too(page: Page, address: str, pictures: Path) -> None:
    page.goto(f"{address}/results/meeting?unit=kouvola")
    assert len(printed(page, pictures, "meeting-hidden")) == 1
