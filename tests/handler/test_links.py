"""Whoever follows every link that pages show them is never turned away."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from handler.app import create_app
from survey_flow.library import Library
from tests.handler.commenting import OCTOBER, answered, written
from tests.people import ADDRESS, ADMINISTRATORS, SENDERS, SIGN_IN, SUPERVISORS, signed_in
from tests.results_rows import add_year
from tests.world import World

PEOPLE = {
    "a sender": [SENDERS.format("kotka")],
    "a sender of two units": [SENDERS.format("kotka"), SENDERS.format("kouvola")],
    "a supervisor": [SUPERVISORS.format("kotka")],
    "an administrator": [ADMINISTRATORS],
    "a sender here and a supervisor there": [SENDERS.format("kotka"), SUPERVISORS.format("kouvola")],
    "a supervisor here and a sender there": [SUPERVISORS.format("kotka"), SENDERS.format("kouvola")],
}
UNITS = ("kotka", "kouvola")
MOST_PAGES = 400


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def links(page: str, path: str) -> Iterator[str]:
    """Ours, but for the same in another language."""
    for link in Links(page).found:
        parts = urlsplit(urljoin(f"{ADDRESS}{path}", link))
        if f"{parts.scheme}://{parts.netloc}" == ADDRESS and "lang=" not in parts.query:
            yield parts._replace(scheme="", netloc="", fragment="").geturl()


def followed(client: FlaskClient, waiting: list[str]) -> dict[str, str]:
    """Every address that can be reached from these by links alone, and what came there."""
    found = dict[str, str]()
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        if path in found:
            continue
        answer = client.get(path, base_url=ADDRESS)
        found[path] = f"{answer.status_code} {answer.headers.get('Location', '')}".strip()
        if answer.mimetype == "text/html":
            waiting += links(answer.text, path)
    return found


@pytest.mark.parametrize("groups", PEOPLE.values(), ids=PEOPLE)
def test_no_link_that_somebody_sees_turns_them_away(world: World, library: Library, groups: list[str]) -> None:
    add_year(library)
    for unit in UNITS:
        answered(month=OCTOBER, n=20, unit=unit)
        written("Kiitos", unit=unit)
    app = create_app(("web",), environment=SIGN_IN, clock=world.clock, library=library)
    own = [unit for unit in UNITS if groups == [ADMINISTRATORS] or any(unit in group for group in groups)]
    found = followed(signed_in(app, world, groups), [f"/results?unit={unit}" for unit in own])
    assert sum(path.startswith("/comments") for path in found) >= len(own), "senders like to hear what was said"
    done = {f"/units/{unit}" for unit in own} | {f"/actions?unit={unit}" for unit in own}
    assert len(done & found.keys()) >= len(own), "and what came of it"
    home = found.pop("/", "200")
    assert home in ("200", "303 /results")
    assert {path: came for path, came in found.items() if came != "200"} == {}
