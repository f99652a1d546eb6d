"""The made-up people: on one machine alone, with groups that the organisation knows, by the protocol's rules."""

import os
import subprocess
import sys
from secrets import token_hex
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from local.ministack import ROOT
from local.people.app import people_app
from local.people.demo import PEOPLE
from local.people.grant import Client
from local.servers import free_port
from survey_flow.access import Role, person_with
from survey_flow.library import Library

ISSUER, APP = "http://127.0.0.1:8020", "http://127.0.0.1:8000"
VERIFIER = "v" * 43
ASKED = {
    "response_type": "code",
    "client_id": "kuulolla-local",
    "redirect_uri": f"{APP}/login/back",
    "scope": "openid profile",
    "state": "a state",
    "nonce": "a nonce",
    "code_challenge": "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM",
    "code_challenge_method": "S256",
}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    known = Client("kuulolla-local", "a secret", f"{APP}/login/back")
    return people_app(ISSUER, known, out=f"{APP}/login/out").test_client()


def address(**differs: str | None) -> str:
    return f"/authorize?{urlencode({name: value for name, value in {**ASKED, **differs}.items() if value})}"


def code_of(client: FlaskClient) -> str:
    answer = client.post(address(nonce=token_hex(8)), data={"person": "sanna"})
    return parse_qs(urlsplit(answer.location).query)["code"][0]


def fetched(client: FlaskClient, code: str, *, known_by: str = "a secret", **differs: str) -> int:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": f"{APP}/login/back",
        "code_verifier": VERIFIER,
        **differs,
    }
    return client.post("/token", data=form, auth=("kuulolla-local", known_by)).status_code


@pytest.mark.parametrize("stage", ["test", "prod", ""])
def test_they_are_there_in_stage_local_alone(stage: str) -> None:
    environment = {**os.environ, "KUULOLLA_STAGE": stage}
    command = [sys.executable, "-m", "local.people", "--port", str(free_port())]
    refused = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert refused.stderr == ("Anybody may be anybody here: the made-up people start only with KUULOLLA_STAGE=local.\n")


def test_their_groups_are_the_organisations(library: Library) -> None:
    access = library.organisation.access
    may = {demo.id: person_with(demo.groups, access, id=demo.id, name=demo.name) for demo in PEOPLE}
    assert {name: person.roles for name, person in may.items()} == {
        "sanna": {Role.SENDER},
        "pirjo": {Role.SUPERVISOR},
        "kaisa": {Role.SENDER, Role.SUPERVISOR},
        "ylermi": {Role.ADMINISTRATOR},
        "outi": set(),
    }
    known = {grant.group for grant in access}
    assert {group for demo in PEOPLE for group in demo.groups} <= known


def test_whoever_was_chosen_stays_chosen_until_signing_out(client: FlaskClient) -> None:
    assert "Kuka olet?" in client.get(address()).text
    chosen = client.post(address(nonce="first"), data={"person": "sanna"})
    assert chosen.location.startswith(f"{APP}/login/back?code=")
    assert client.get(address(nonce="second")).status_code == 302
    assert client.get("/end").location == f"{APP}/login/out"
    assert "Kuka olet?" in client.get(address()).text


@pytest.mark.parametrize(
    "differs",
    [
        {"client_id": "another"},
        {"redirect_uri": "https://other.example/login/back"},
        {"redirect_uri": f"{APP}/elsewhere"},
        {"nonce": None},
        {"response_type": "token"},
        {"code_challenge": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
    ],
    ids=lambda differs: "-".join(f"{name} {value}" for name, value in differs.items()),
)
def test_what_is_asked_wrongly_is_refused(client: FlaskClient, differs: dict[str, str | None]) -> None:
    answer = client.post(address(**differs), data={"person": "sanna"})
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_a_made_up_person_is_nobody(client: FlaskClient) -> None:
    assert "Kuka olet?" in client.post(address(), data={"person": "somebody else"}).text


def test_a_code_is_fetched_once_by_who_asked_for_it(client: FlaskClient) -> None:
    assert fetched(client, code_of(client), known_by="guessed") == 401
    assert fetched(client, code_of(client), code_verifier="w" * 43) == 400
    assert fetched(client, code_of(client), redirect_uri=f"{APP}/elsewhere") == 400
    code = code_of(client)
    assert fetched(client, code) == 200
    assert fetched(client, code) == 400
