"""Signing in and out in a real browser: with the made-up people of one machine, with a certified provider, and badly.

Pictures go to the folder named by KUULOLLA_PICTURES, else to pytest's own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from handler.app import create_app
from handler.tables.sessions import SessionRow
from local.people.app import people_app
from local.people.demo import PEOPLE
from local.people.grant import Client
from local.servers import free_port
from survey_flow.library import Library
from tests.browser import WIDTHS, complaints_of, looked_at, new_page, opened, served
from tests.sign_in.certified import certified
from tests.sign_in.made_provider import CLIENT_ID, CLIENT_SECRET, served_provider
from tests.sign_in.signing_in import with_provider
from tests.world import World, made_world

pytestmark = [pytest.mark.engine, pytest.mark.browser]

# Tables of its own name: a model goes on with the connection that it has for a name, moto's or the engine's.
PREFIX = "sign-in-page-"


@pytest.fixture
def world(engine: str, library: Library) -> World:
    return made_world(library, prefix=PREFIX)


def pages(issuer: str, port: int, world: World, library: Library) -> Flask:
    environment = with_provider(issuer, KUULOLLA_PUBLIC_URL=f"http://127.0.0.1:{port}", KUULOLLA_TABLE_PREFIX=PREFIX)
    return create_app(("web",), environment=environment, clock=world.clock, library=library)


@pytest.fixture
def site(world: World, library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The pages, and the made-up people to sign in as."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    port, people_port = free_port(), free_port()
    app, issuer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{people_port}"
    client = Client(CLIENT_ID, CLIENT_SECRET, f"{app}/login/back")
    with (
        served(people_app(issuer, client, out=f"{app}/login/out"), threaded=True, port=people_port),
        served(pages(issuer, port, world, library), threaded=True, port=port) as address,
    ):
        yield address


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("width", WIDTHS)
def test_one_tap_signs_in_and_one_signs_out(browser: Browser, site: str, pictures: Path, width: str) -> None:
    page = opened(browser, f"{site}/", width)
    expect(page.get_by_role("heading", name="Kuka olet?")).to_be_visible()
    looked_at(page, pictures, f"sign-in-people-{width}")
    complaints = complaints_of(page)
    choose(page, "Sanna Sovittaja")
    expect(page).to_have_url(f"{site}/")
    expect(page.get_by_text("Kirjautunut: Sanna Sovittaja")).to_be_visible()
    looked_at(page, pictures, f"signed-in-{width}")
    choose(page, "Kirjaudu ulos")
    expect(page).to_have_url(f"{site}/login/out")
    expect(page.get_by_role("heading", name="Olet kirjautunut ulos")).to_be_visible()
    looked_at(page, pictures, f"signed-out-{width}")
    assert complaints == []
    page.goto(f"{site}/")
    expect(page.get_by_role("heading", name="Kuka olet?")).to_be_visible()  # at the provider, too
    page.close()


def test_signing_in_and_out_takes_only_the_keyboard(browser: Browser, site: str) -> None:
    page = opened(browser, f"{site}/opt-outs")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/opt-outs")
    page.get_by_role("button", name="Kirjaudu ulos").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/login/out")
    page.close()


def test_without_scripts_it_is_the_same(browser: Browser, site: str) -> None:
    page = new_page(browser, "phone", java_script_enabled=False)
    page.goto(f"{site}/opt-outs")
    choose(page, "Sanna Sovittaja")
    page.wait_for_url(f"{site}/opt-outs")
    choose(page, "Kirjaudu ulos")
    page.wait_for_url(f"{site}/login/out")
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_whoever_has_no_rights_is_told_so_and_can_become_another(
    browser: Browser, site: str, pictures: Path, width: str
) -> None:
    page = opened(browser, f"{site}/", width)
    choose(page, "Outi Oikeudeton")
    expect(page.get_by_role("heading", name="Tunnuksellasi ei ole oikeuksia Kuulollaan")).to_be_visible()
    looked_at(page, pictures, f"sign-in-no-rights-{width}")
    page.get_by_role("link", name="Vaihda tunnusta").click()
    expect(page).to_have_url(f"{site}/login/out")
    page.get_by_role("link", name="Kirjaudu sisään").click()
    choose(page, "Sanna Sovittaja")
    expect(page.get_by_text("Kirjautunut: Sanna Sovittaja")).to_be_visible()
    page.close()


def test_a_form_sent_after_the_session_has_ended_comes_through_sign_in(browser: Browser, site: str) -> None:
    """Chromium holds a form's redirects to its page's form-action: led on at once, it would stay where it is."""
    page = opened(browser, f"{site}/results")
    choose(page, "Ylermi Ylläpitäjä")
    expect(page).to_have_url(f"{site}/results")
    for row in SessionRow.scan():
        row.delete()
    complaints = complaints_of(page)
    page.locator("form.choose").evaluate("form => form.requestSubmit()")
    page.wait_for_url(f"{site}/results?unit=*")
    expect(page.get_by_text("Kirjautunut: Ylermi Ylläpitäjä")).to_be_visible()
    assert complaints == []
    page.close()


def test_the_people_have_what_the_organisation_gives_them(browser: Browser, site: str) -> None:
    begin_with = {"sanna": "/", "pirjo": "/results", "kaisa": "/", "ylermi": "/results"}
    for demo in PEOPLE:
        page = opened(browser, f"{site}/")
        choose(page, demo.name)
        if demo.id in begin_with:
            expect(page).to_have_url(f"{site}{begin_with[demo.id]}")
        page.close()


def test_a_provider_that_is_wrong_is_a_calm_page(
    browser: Browser, world: World, library: Library, pictures: Path
) -> None:
    port = free_port()
    with served_provider() as provider, served(pages(provider.issuer, port, world, library), port=port) as address:
        provider.metadata["issuer"] = "https://another.example"
        page = opened(browser, f"{address}/", "phone")
        expect(page.get_by_role("heading", name="Kirjautumispalvelu ei vastaa")).to_be_visible()
        looked_at(page, pictures, "sign-in-silent-phone")
        page.goto(f"{address}/login/back?error=access_denied")
        expect(page.get_by_role("heading", name="Kirjautuminen ei onnistunut")).to_be_visible()
        looked_at(page, pictures, "sign-in-refused-phone")
        page.close()


@pytest.mark.oidc
def test_a_certified_provider_signs_in_and_out(
    browser: Browser, world: World, library: Library, tmp_path: Path
) -> None:
    port = free_port()
    app = f"http://127.0.0.1:{port}"
    with certified(app, tmp_path / "provider.log") as issuer, served(pages(issuer, port, world, library), port=port):
        page = opened(browser, f"{app}/opt-outs")
        page.get_by_placeholder("Enter any login").fill("sanna")
        page.get_by_placeholder("and password").fill("any")
        choose(page, "Sign-in")
        choose(page, "Continue")
        expect(page).to_have_url(f"{app}/opt-outs")
        expect(page.get_by_text("Kirjautunut: Sanna Sovittaja")).to_be_visible()
        choose(page, "Kirjaudu ulos")
        choose(page, "Yes, sign me out")
        page.wait_for_url(f"{app}/login/out*")
        page.goto(f"{app}/opt-outs")
        expect(page.get_by_placeholder("Enter any login")).to_be_visible()
        page.close()
