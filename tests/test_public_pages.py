"""The public pages in a real browser, and the poster as it prints: one A4 page, in every language, for every unit."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import png
import pypdfium2
import pytest
import segno
from playwright.sync_api import Browser, Page

from handler.app import create_app
from handler.tables import actions, counts
from handler.tables.actions import Plan
from handler.tables.responses import Place
from survey_flow.language import Language
from survey_flow.library import Library
from tests.browser import complaints_of, fits, new_page, serious, served
from tests.environment import ENVIRONMENT, PUBLIC_URL
from tests.world import World

pytestmark = pytest.mark.browser

# PDF points: 210 x 297 mm.
A4 = (595.3, 841.9)
UNITS = ("kotka", "kouvola", "varkaus", "nemova")
LANGUAGES = tuple(language.value for language in Language)
PAGES = {
    "a page with everything": "/units/kotka",
    "a page with nothing yet": "/units/nemova?lang=sv",
    "a poster": "/units/varkaus/poster?lang=en",
    "no such unit": "/units/helsinki",
}


@pytest.fixture
def site(world: World, library: Library) -> Iterator[str]:
    """The address of the app over the world's tables; Kotka has something done and something to show."""
    answers = {"nps_10": 20, "nps_7": 6, "nps_2": 4, "apu_5": 25, "vaikuttaa_4": 24, "kuultu_5": 22, "finished": 30}
    counts.add_alone(Place("kotka", "nuorten-matala-nuori", "youth", "2026-09"), answers)
    actions.put_new("kotka", "one", Plan("x", "y", date(2026, 10, 1), "osallistuminen", "Avasimme iltaisin. " * 12))
    (action,) = actions.of_unit("kotka")
    actions.mark(action, done_on=date(2026, 10, 5), published_on=date(2026, 10, 6))
    app = create_app(("web",), environment=ENVIRONMENT, clock=world.clock, library=library)
    with served(app) as address:
        yield address


@pytest.mark.parametrize("width", ["desktop", "narrow"])
def test_everybody_can_read_them_and_they_ask_nobody_else(
    browser: Browser, site: str, pictures: Path, width: str
) -> None:
    page = new_page(browser, width, reduced_motion="reduce")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, path in PAGES.items():
        page.goto(site + path)
        assert serious(page) == [], name
        assert fits(page), name
        page.screenshot(path=pictures / f"{name.replace(' ', '-')}-{width}.png", full_page=True)
    assert [url for url in asked if not url.startswith(f"{site}/")] == []
    assert page.context.cookies() == []
    page.close()


def test_nothing_in_them_is_refused_by_our_own_policy(browser: Browser, site: str) -> None:
    page = new_page(browser, "phone")
    complaints = complaints_of(page)
    for path in ("/units/kotka", "/units/kotka/poster"):
        page.goto(site + path)
    assert complaints == []
    page.close()


def spare(page: Page) -> float:
    """How many pixels of the printed sheet's height are left between its parts."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    left = page.locator(".sheet").evaluate(
        """sheet => {
          const style = getComputedStyle(sheet);
          const inside = sheet.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
          return inside - [...sheet.children].reduce((total, part) => total + part.offsetHeight, 0);
        }"""
    )
    page.emulate_media(media="null")
    return float(left)


def printed(page: Page, url: str) -> pypdfium2.PdfDocument:
    page.goto(url)
    return pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))


@pytest.mark.parametrize("unit", UNITS)
def test_the_poster_is_one_page_of_a4_with_room_to_spare(
    browser: Browser, site: str, pictures: Path, unit: str
) -> None:
    page = new_page(browser, "desktop")
    for language in LANGUAGES:
        poster = printed(page, f"{site}/units/{unit}/poster?lang={language}")
        assert len(poster) == 1, language
        assert poster[0].get_size() == pytest.approx(A4, abs=1)
        text = poster[0].get_textpage().get_text_range()
        for told in ("STOP", "START", "045 000 0000", f"/units/{unit}"):
            assert told in text.replace("\u00a0", " "), language
        assert "Kuulolla" not in text  # the screen's header is not on the wall
        assert spare(page) >= 30, language  # other fonts and longer names fit, too
        _picture(poster[0], pictures / f"poster-{unit}-{language}.png")
        poster.close()
    page.close()


def test_the_code_is_drawn_square_by_square_with_its_quiet_edge(browser: Browser, site: str) -> None:
    page = new_page(browser, "desktop", device_scale_factor=3)
    page.goto(f"{site}/units/kotka/poster")
    seen = page.locator("svg.code").screenshot()
    page.close()
    modules = list(segno.make_qr(f"{PUBLIC_URL}/units/kotka", error="m", boost_error=False).matrix_iter(border=4))
    width, height, pixels, _ = png.Reader(bytes=seen).asRGB8()
    rows = [bytes(row) for row in pixels]
    for y, line in enumerate(modules):
        row = rows[int((y + 0.5) * height / len(modules))]
        dark = [row[3 * int((x + 0.5) * width / len(line))] < 128 for x in range(len(line))]
        assert dark == [bool(module) for module in line], f"row {y}"


def _picture(page: pypdfium2.PdfPage, path: Path) -> None:
    bitmap = page.render(scale=1.5, rev_byteorder=True)
    pixels, channels = bytes(bitmap.buffer), bitmap.n_channels
    with path.open("wb") as file:
        png.Writer(bitmap.width, bitmap.height, greyscale=False, alpha=channels == 4).write(
            file,
            (pixels[start : start + bitmap.width * channels] for start in range(0, len(pixels), bitmap.stride)),
        )
