"""The settings as they are read on their page, and what is told of them that is still an example."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from handler.app import create_app
from handler.help_lines import help_lines
from handler.templates import page_texts
from handler.version import VERSION
from survey_flow.examples_left import Example, Kind, examples_left
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.organisation import Organisation
from survey_flow.price import Prices
from tests.environment import AUTH_TOKEN, ENVIRONMENT, PUBLIC_URL
from tests.handler.page_words import words
from tests.world import World

SAYS = page_texts()[Language.FI]
ROOT = Path(__file__).resolve().parents[2]
VARKAUS = {
    Language.FI: "Varkauden perhepalvelut",
    Language.SV: "Varkaus familjeservice",
    Language.EN: "Varkaus family services",
}


@pytest.mark.parametrize("language", Language)
def test_units_rights_times_and_surveys_are_told(client: FlaskClient, language: Language) -> None:
    page = client.get(f"/settings?lang={language}")
    assert page.status_code == 200
    said, says = words(page), page_texts()[language]
    for each in (
        VERSION,
        PUBLIC_URL,
        VARKAUS[language],
        "kuulolla-kotka-lahettajat",
        says["settings_role_sender"],
        says["settings_all_units"],
        says["settings_months"].format(n=36),
        says["settings_months"].format(n=24),
        says["settings_issuer_none"],
    ):
        assert each in said
    assert "{" not in said


def test_hours_windows_and_ceilings_are_as_in_the_file(client: FlaskClient) -> None:
    said = words(client.get("/settings"))
    assert f"{SAYS['settings_hours_all']}: 9.00–19.00 {SAYS['respondent_youth']}: 14.00–19.00" in said
    assert f"{SAYS['settings_windows']} 1.4.–31.5., 1.10.–30.11." in said
    assert f"{SAYS['settings_ceiling']} 6000" in said


def test_no_secret_is_on_the_page(world: World, library: Library) -> None:
    secrets = {
        "KUULOLLA_OIDC_ISSUER": "http://127.0.0.1:9",
        "KUULOLLA_OIDC_CLIENT_ID": "hidden-client",
        "KUULOLLA_OIDC_CLIENT_SECRET": "hidden-secret",
        "KUULOLLA_SESSION_KEY": "hidden-session-key-of-32-letters",
        "KUULOLLA_PEPPER": "hidden-pepper",
    }
    shown = create_app(("web",), environment=dict(ENVIRONMENT), clock=world.clock, library=library)
    text = shown.test_client().get("/settings").text
    assert AUTH_TOKEN not in text
    assert ENVIRONMENT["TWILIO_ACCOUNT_SID"] not in text
    led = create_app(("web",), environment={**ENVIRONMENT, **secrets}, clock=world.clock, library=library)
    assert "hidden" not in led.test_client().get("/settings").text


def test_what_is_unverified_is_told_line_by_line(client: FlaskClient) -> None:
    said = words(client.get("/settings"))
    lines = help_lines()
    unverified = [line for line in lines if not line.verified]
    assert SAYS["settings_lines_unverified"].format(n=len(unverified), of=len(lines)) in said
    assert all(line.name["fi"] in said and line.number in said for line in lines)


def test_the_version_is_the_project_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


# --- what is still an example


def test_what_is_shipped_is_told_to_be_an_example(library: Library) -> None:
    left = examples_left(library.organisation)
    assert Example(Kind.NUMBER, "012 345 6711", "kotka") in left
    assert Example(Kind.ADDRESS, "kotka@kuulolla.example", "kotka") in left
    assert Example(Kind.GROUP, "kuulolla-yllapito") in left
    assert [each.kind for each in left if each.kind is Kind.PRICES] == [Kind.PRICES]
    assert len(left) == len(set(left))


def _real(organisation: Organisation, **differs: Any) -> Organisation:
    """The organisation with everything of its own, but for what differs."""
    units = {
        unit.id: replace(unit, contact="05 1234 567", county_contact="05 1234 000", reports_to=("a@kymenhva.fi",))
        for unit in organisation.units.values()
    }
    own = {
        "units": units,
        "contact": "05 1234 000",
        "prices": Prices("EUR", Decimal("0.07"), Decimal("0.007")),
        "reports_from": "kuulolla@kymenhva.fi",
        "reports_to": (),
        "access": tuple(replace(grant, group=f"hva-{grant.group}") for grant in organisation.access),
    }
    return replace(organisation, **{**own, **differs})


LEFT: dict[str, tuple[dict[str, Any], list[Example]]] = {
    "nothing": ({}, []),
    "the switchboard": ({"contact": "012 345 6789"}, [Example(Kind.NUMBER, "012 345 6789")]),
    "the sender of reports": ({"reports_from": "a@example.com"}, [Example(Kind.ADDRESS, "a@example.com")]),
    "no sender of reports": ({"reports_from": ""}, []),
    "no prices": ({"prices": None}, []),
    "planning prices": (
        {"prices": Prices("USD", Decimal("0.08"), Decimal("0.0075"))},
        [Example(Kind.PRICES, "0.08 / 0.0075 USD")],
    ),
    "no access": ({"access": ()}, []),
}


@pytest.mark.parametrize(("differs", "left"), LEFT.values(), ids=LEFT)
def test_what_is_left_of_the_examples(library: Library, differs: dict[str, Any], left: list[Example]) -> None:
    assert examples_left(_real(library.organisation, **differs)) == left


def test_when_nothing_is_left_the_page_says_so(world: World, library: Library) -> None:
    own = replace(library, organisation=_real(library.organisation))
    app = create_app(("web",), environment=dict(ENVIRONMENT), clock=world.clock, library=own)
    assert SAYS["settings_examples_none"] in words(app.test_client().get("/settings"))
