"""Against a certified provider over HTTP: in with PKCE, out at both ends, and what it refuses."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from handler.templates import page_texts
from survey_flow.language import Language
from survey_flow.library import Library
from tests.handler.page_words import words
from tests.sign_in.certified import Browser, certified
from tests.sign_in.signing_in import PUBLIC_URL, app_at, is_in, leave, sign_out
from tests.world import World

pytestmark = pytest.mark.oidc
SAYS = page_texts()[Language.FI]


@pytest.fixture(scope="module", params=[True, False], ids=["groups as user info", "groups in the ID token"])
def issuer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("provider") / "log"
    with certified(PUBLIC_URL, log, conform=request.param) as address:
        yield address


@pytest.fixture
def client(issuer: str, world: World, library: Library) -> FlaskClient:
    return app_at(issuer, world, library).test_client()


@pytest.fixture
def browser(issuer: str) -> Iterator[Browser]:
    browser = Browser(issuer, PUBLIC_URL)
    yield browser
    browser.close()


def path_of(address: str) -> str:
    return address.removeprefix(PUBLIC_URL)


def test_somebody_signs_in_works_and_signs_out(client: FlaskClient, browser: Browser) -> None:
    back = browser.through(leave(client), login="sanna", password="any")
    answer = client.get(path_of(back))
    assert (answer.status_code, answer.location) == (303, "/opt-outs")
    assert "Sanna Sovittaja" in words(client.get("/opt-outs"))
    address = sign_out(client).text.split("0; url=")[1].split('"')[0].replace("&amp;", "&")
    out = browser.through(address, logout="yes")
    assert path_of(out).startswith("/login/out")
    assert SAYS["login_out_title"] in words(client.get(path_of(out)))
    assert not is_in(client)


def test_after_signing_out_the_provider_asks_anew(client: FlaskClient, browser: Browser) -> None:
    client.get(path_of(browser.through(leave(client), login="sanna", password="any")))
    client.get(path_of(browser.through(leave(client))))  # its own session: no form is filled in
    assert is_in(client)
    address = sign_out(client).text.split("0; url=")[1].split('"')[0].replace("&amp;", "&")
    browser.through(address, logout="yes")
    client.get(path_of(browser.through(leave(client), login="outi", password="any")))
    assert not is_in(client)


def test_whoever_has_no_group_of_ours_is_told_so(client: FlaskClient, browser: Browser) -> None:
    answer = client.get(path_of(browser.through(leave(client), login="outi", password="any")))
    assert answer.status_code == 403
    assert SAYS["login_nothing_title"] in words(answer)


def test_whoever_cancels_comes_back_to_a_calm_page(client: FlaskClient, browser: Browser) -> None:
    back = browser.cancels(leave(client))
    assert parse_qs(urlsplit(back).query)["error"] == ["access_denied"]
    answer = client.get(path_of(back))
    assert answer.status_code == 400
    assert SAYS["login_refused_title"] in words(answer)


def test_a_code_without_its_verifier_is_worth_nothing(client: FlaskClient, browser: Browser) -> None:
    """Somebody else's code, brought into our browser with our state: the provider looks at the challenge."""
    stranger = client.application.test_client()
    theirs = browser.through(leave(stranger), login="sanna", password="any")
    ours = browser.through(leave(client))
    code, state = parse_qs(urlsplit(theirs).query)["code"][0], parse_qs(urlsplit(ours).query)["state"][0]
    assert client.get("/login/back", query_string={"code": code, "state": state}).status_code == 400
    assert not is_in(client)


def test_a_code_is_good_once(client: FlaskClient, browser: Browser) -> None:
    back = path_of(browser.through(leave(client), login="sanna", password="any"))
    with client.session_transaction() as session:
        kept = dict(session)
    assert client.get(back).status_code == 303
    with client.session_transaction() as session:  # as a thief of the cookie and the address would
        session.clear()
        session.update(kept)
    assert client.get(back).status_code == 400
    assert not is_in(client)
