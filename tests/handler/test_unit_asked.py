"""Which unit a page for staff is of: the one in the address, else the one of last time, else the first."""

import pytest
from flask.testing import FlaskClient

from tests.handler.page_words import words

PAGES = ("/results", "/results/meeting", "/comments", "/comments/shared", "/actions")
FILES = ("/results/export.csv", "/results/export.xlsx", "/results/thl.csv")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("named_at", [*PAGES, *FILES])
def test_a_unit_named_in_one_address_is_the_next_pages_too(client: FlaskClient, named_at: str, path: str) -> None:
    assert "Nuorten Matala, Kotka" in words(client.get(path))
    assert client.get(f"{named_at}?unit=kouvola").status_code == 200
    assert "Nuorten Matala, Kouvola" in words(client.get(path))


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_of_the_unit_chosen_last(client: FlaskClient, path: str) -> None:
    assert "kuulolla-kotka." in client.get(path).headers["Content-Disposition"]
    client.get("/comments?unit=kouvola")
    assert "kuulolla-kouvola." in client.get(path).headers["Content-Disposition"]


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_an_unknown_unit_is_not_found_and_not_remembered(client: FlaskClient, path: str) -> None:
    client.get("/results?unit=kouvola")
    assert client.get(f"{path}?unit=nowhere").status_code == 404
    assert "Nuorten Matala, Kouvola" in words(client.get("/results"))


def test_a_unit_that_is_no_more_gives_way_to_the_first(client: FlaskClient) -> None:
    client.set_cookie("kuulolla_unit", "gone")
    assert "Nuorten Matala, Kotka" in words(client.get("/comments"))


def test_looking_without_naming_a_unit_remembers_none(client: FlaskClient) -> None:
    client.get("/actions")
    assert client.get_cookie("kuulolla_unit") is None
