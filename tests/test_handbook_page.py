"""The handbook as it is served: to everybody, in every stage; read in a browser at every width, and on paper."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from handler.app import create_app
from handler.routes.handbook import page_files
from survey_flow.library import Library
from tests.browser import WIDTHS, complaints_of, fits, new_page, serious, served
from tests.environment import ENVIRONMENT
from tests.world import World

PAGES = sorted(page_files())


@pytest.fixture(params=["local", "prod"])
def client(request: pytest.FixtureRequest, world: World, library: Library) -> FlaskClient:
    environment = {**ENVIRONMENT, "KUULOLLA_STAGE": request.param}
    return create_app(("web",), environment=environment, library=library).test_client()


def test_every_page_is_open_to_everybody_in_every_stage(client: FlaskClient) -> None:
    for name in PAGES:
        answer = client.get(f"/handbook/{name}")
        assert answer.status_code == 200, name
        assert '<article class="prose" lang="fi">' in answer.text
        assert answer.text.count("<h1") == 1, name


def test_the_first_page_is_the_door(client: FlaskClient) -> None:
    assert client.get("/handbook").text.count("/handbook/lahettajat") == 1


def test_every_link_of_ours_leads_somewhere(client: FlaskClient) -> None:
    for name in PAGES:
        html = client.get(f"/handbook/{name}").text
        for address in re.findall(r'(?:href|src)="(/handbook[^"#?]*)', html):
            assert client.get(address, buffered=True).status_code == 200, (name, address)


STRANGE = ["nothing", "..%2f..%2fREADME", "..", "%2e%2e/README", "index.md", "make"]


def test_no_other_file_is_told(client: FlaskClient) -> None:
    for name in STRANGE:
        assert client.get(f"/handbook/{name}").status_code == 404, name


def test_no_other_picture_is_told(client: FlaskClient) -> None:
    for name in ("nothing.png", "..%2f..%2fpictures.py", "%2e%2e%2findex.md", "../pictures.py"):
        assert client.get(f"/handbook/pictures/{name}").status_code == 404, name


def test_a_reader_in_another_language_is_told_that_the_handbook_is_in_finnish(client: FlaskClient) -> None:
    assert "Handboken är på finska." in client.get("/handbook?lang=sv").text
    assert "The handbook is in Finnish." in client.get("/handbook/lahettajat?lang=en").text


def test_the_texts_in_other_languages_say_so(client: FlaskClient) -> None:
    html = client.get("/handbook/verkkotiedote-ja-intranet").text
    assert re.search(r'<h2 id="på-svenska" lang="sv">', html)
    assert re.search(r'<blockquote lang="en">', html)


def test_html_in_a_file_is_shown_and_not_obeyed() -> None:
    from handler.routes.markdown_text import read_text

    assert read_text("# A\n\n<script>x</script>", str).html.count("<script") == 0


def test_no_element_has_a_style_of_its_own(client: FlaskClient) -> None:
    assert [name for name in PAGES if " style=" in client.get(f"/handbook/{name}").text] == []


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    """The address of the pages, as a server of this process: the handbook needs no tables."""
    with served(create_app(("web",), environment=ENVIRONMENT, library=library)) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_reads_well_at_every_width(browser: Browser, site: str, width: str) -> None:
    page = new_page(browser, width)
    complaints = complaints_of(page)
    for name in PAGES:
        page.goto(f"{site}/handbook/{name}")
        assert serious(page) == [], name
        assert fits(page), name
    assert complaints == []
    page.close()


@pytest.mark.browser
def test_a_page_is_printed_without_what_is_of_use_on_a_screen_alone(browser: Browser, site: str) -> None:
    page = new_page(browser, "desktop")
    page.goto(f"{site}/handbook/lahettajat")
    page.emulate_media(media="print")
    assert page.locator("nav:visible").count() == 0
    assert page.locator("article:visible").count() == 1
    page.close()
