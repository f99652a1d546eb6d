"""Signing in and out over HTTP: who is let in and where to, and how it ends, at the provider too."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from handler.app import app_with
from handler.outside import identity_provider
from handler.outside.identity_provider import SignIn
from handler.outside.signed_in import person_told
from handler.routes.login import path_of_ours
from handler.settings import IdentityProvider, Stage, settings_from
from handler.templates import page_texts
from survey_flow.access import Grant, Role
from survey_flow.language import Language
from survey_flow.library import Library
from tests.handler.page_words import words
from tests.sign_in.made_provider import CLIENT_ID, STRANGER, MadeProvider
from tests.sign_in.signing_in import (
    PUBLIC_URL,
    answered_by,
    app_at,
    audited,
    come_back,
    is_in,
    leave,
    sessions,
    sign_in,
    sign_out,
    with_provider,
)
from tests.world import World

SAYS = page_texts()[Language.FI]


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


# --- leaving


def test_a_staff_page_leads_to_sign_in_and_back(client: FlaskClient, provider: MadeProvider) -> None:
    refused = client.get("/opt-outs")
    assert (refused.status_code, refused.location) == (303, "/login?next=%2Fopt-outs")
    left = client.get(refused.location)
    assert left.location.startswith(f"{provider.issuer}/authorize?")
    back = come_back(client, provider, left.location)
    assert (back.status_code, back.location) == (303, "/opt-outs")
    assert "Sanna Sovittaja" in words(client.get("/opt-outs"))


def test_nothing_is_asked_of_the_provider_before_somebody_signs_in(app: Flask, provider: MadeProvider) -> None:
    client = app.test_client()
    client.get("/opt-outs")
    client.get("/handbook")
    assert provider.asked == []


def test_the_browser_leaves_with_state_nonce_and_a_code_challenge(client: FlaskClient, provider: MadeProvider) -> None:
    first, second = asked(leave(client)), asked(leave(client))
    assert first | {"state": "", "nonce": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"{PUBLIC_URL}/login/back",
        "scope": "openid profile",
        "ui_locales": "fi",
        "code_challenge_method": "S256",
        "state": "",
        "nonce": "",
        "code_challenge": "",
    }
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


def test_the_verifier_goes_to_the_provider_alone(client: FlaskClient, provider: MadeProvider) -> None:
    address = leave(client)
    come_back(client, provider, address)
    (token,) = [form for path, form in provider.asked if path == "/token"]
    assert 43 <= len(token["code_verifier"]) <= 128
    assert token["code_verifier"] not in address
    assert token["redirect_uri"] == f"{PUBLIC_URL}/login/back"


def test_what_may_be_a_form_is_led_on_by_a_page(client: FlaskClient, provider: MadeProvider) -> None:
    """Chromium refuses a form's redirect to what its page's form-action does not name."""
    refused = client.get("/results?unit=kotka")
    onward = client.get(refused.location)
    assert onward.status_code == 200
    assert f'http-equiv="refresh" content="0; url={provider.issuer}/authorize?' in onward.text
    address = onward.text.split("0; url=")[1].split('"')[0].replace("&amp;", "&")
    assert come_back(client, provider, address).location == "/results?unit=kotka"


OURS = {
    "": "/",
    "/": "/",
    "/results?unit=kotka&from=2026-09": "/results?unit=kotka&from=2026-09",
    "/comments": "/comments",
    "https://other.example/": "/",
    "//other.example/": "/",
    "///other.example": "/",
    "/\\other.example": "/",
    "\\/other.example": "/",
    "/\t/other.example": "/",
    "/\n/other.example": "/",
    "/ /other.example": "/",
    "/a\r\nSet-Cookie: x=y": "/",
    "javascript:alert(1)": "/",
    "other.example": "/",
    "/login?next=/login": "/",
    "/login/back?code=1": "/",
    "/logout": "/",
    "/" + "a" * 300: "/",
}


@pytest.mark.parametrize(("said", "path"), OURS.items(), ids=[repr(said)[:40] for said in OURS])
def test_only_a_path_of_ours_is_led_back_to(said: str, path: str) -> None:
    assert path_of_ours(said) == path


def test_another_sites_address_is_not_led_back_to(client: FlaskClient, provider: MadeProvider) -> None:
    assert sign_in(client, provider, "//other.example/results").location == "/"


def test_many_sign_ins_at_once_fit_into_a_cookie(client: FlaskClient, provider: MadeProvider) -> None:
    addresses = [leave(client, "/results") for _ in range(9)]
    cookie = client.get_cookie("kuulolla_session")
    assert cookie is not None
    assert len(cookie.value) < 3500
    assert come_back(client, provider, addresses[0]).status_code == 400  # forgotten
    assert come_back(client, provider, addresses[-1]).status_code == 303


# --- who is let in

CLAIMS = {
    "a list of groups": {"groups": ["kuulolla-kotka-lahettajat", "others"]},
    "one group as a text": {"groups": "kuulolla-kotka-lahettajat"},
    "app roles": {"roles": ["kuulolla-kotka-lahettajat"]},
    "Cognito's groups": {"cognito:groups": ["kuulolla-kotka-lahettajat"]},
    "all of them": {"roles": ["a"], "groups": ["b"], "cognito:groups": ["kuulolla-kotka-lahettajat"]},
    "groups of any kind": {"groups": ["kuulolla-kotka-lahettajat", 7, None, ["x"], ""]},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_groups_are_told_in_any_of_the_usual_ways(
    client: FlaskClient, provider: MadeProvider, claims: dict[str, object]
) -> None:
    provider.person = {"sub": "sanna", "name": "Sanna", **claims}
    assert sign_in(client, provider).location == "/opt-outs"
    assert is_in(client)


def test_groups_may_be_kept_for_the_user_info(client: FlaskClient, provider: MadeProvider) -> None:
    provider.person = {"sub": "sanna"}
    provider.user_info = {"sub": "sanna", "name": "Sanna Toisaalta", "groups": ["kuulolla-kotka-lahettajat"]}
    sign_in(client, provider)
    assert "Sanna Toisaalta" in words(client.get("/opt-outs"))


NAMES = {
    "name": ({"name": " Sanna ", "preferred_username": "sanna@x", "email": "s@x"}, "Sanna"),
    "user name": ({"name": "", "preferred_username": "sanna@x", "email": "s@x"}, "sanna@x"),
    "mail": ({"name": 7, "email": "s@x"}, "s@x"),
    "none": ({}, ""),
    "long": ({"name": "S" * 500}, "S" * 120),
}


@pytest.mark.parametrize(("claims", "name"), NAMES.values(), ids=NAMES)
def test_a_person_is_called_by_what_the_provider_says(claims: dict[str, object], name: str) -> None:
    assert person_told({"sub": "sanna", **claims}, "").name == name


def test_an_id_token_too_long_for_an_address_is_not_kept() -> None:
    assert person_told({"sub": "sanna"}, "e" * 4000).id_token == "e" * 4000
    assert person_told({"sub": "sanna"}, "e" * 4001).id_token is None


def test_whoever_has_none_of_our_groups_is_told_so_and_not_let_in(client: FlaskClient, provider: MadeProvider) -> None:
    provider.person = {"sub": "outi", "name": "Outi <Oikeudeton>", "groups": ["others"]}
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert SAYS["login_nothing_title"] in words(answer)
    assert "Outi &lt;Oikeudeton&gt;" in answer.text
    assert f'href="{provider.issuer}/end?' in answer.text  # to become somebody else at the provider
    assert not is_in(client)
    assert sessions() == []
    assert audited() == [("person:outi", "refused_sign_in")]


def test_whoever_is_in_too_many_groups_to_be_named_is_told_so(client: FlaskClient, provider: MadeProvider) -> None:
    elsewhere = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph.example"}}}
    provider.person = {"sub": "outi", "name": "Outi", **elsewhere}
    answer = sign_in(client, provider)
    assert answer.status_code == 403
    assert SAYS["login_nothing_groups"] in words(answer)
    provider.person = {"sub": "outi", "name": "Outi", "groups": ["others"]}
    assert SAYS["login_nothing_groups"] not in words(sign_in(client, provider))


def test_a_supervisor_begins_with_the_results(client: FlaskClient, provider: MadeProvider) -> None:
    provider.person = {"sub": "pirjo", "name": "Pirjo", "groups": ["kuulolla-kotka-esihenkilot"]}
    assert sign_in(client, provider, "/").location == "/results"
    provider.person = {"sub": "sanna", "name": "Sanna", "groups": ["kuulolla-kotka-lahettajat"]}
    assert sign_in(client, provider, "/").location == "/"


def test_a_changed_file_counts_at_the_next_request(
    client: FlaskClient, provider: MadeProvider, world: World, library: Library
) -> None:
    sign_in(client, provider)
    others = (Grant("kuulolla-kotka-lahettajat", Role.SUPERVISOR, frozenset({"kotka"})),)
    changed = replace(library, organisation=replace(library.organisation, access=others))
    later = answered_by(app_at(provider.issuer, world, changed), client)
    assert later.get("/opt-outs").status_code == 403
    assert later.get("/comments").status_code == 200


# --- keys


def test_a_new_key_of_the_providers_is_fetched_once(client: FlaskClient, provider: MadeProvider) -> None:
    sign_in(client, provider)
    provider.published, provider.signing = (STRANGER,), STRANGER
    assert sign_in(client, provider).status_code == 303
    assert sign_in(client, provider).status_code == 303
    assert provider.times_asked("/jwks") == 2


def test_a_key_that_was_withdrawn_is_forgotten_within_the_hour(
    client: FlaskClient, provider: MadeProvider, world: World
) -> None:
    assert identity_provider.KNOWN_SECONDS <= 3600
    sign_in(client, provider)
    provider.published = (STRANGER,)
    assert sign_in(client, provider).status_code == 303  # known until then
    world.clock.forward(seconds=identity_provider.KNOWN_SECONDS)
    assert sign_in(client, provider).status_code == 400


def test_a_clock_that_is_a_little_off_is_passed_over(client: FlaskClient, provider: MadeProvider) -> None:
    now = int(time.time())
    provider.change = lambda usual: {**usual, "iat": now + 30, "nbf": now + 30}
    assert sign_in(client, provider).status_code == 303
    provider.change = lambda usual: {**usual, "iat": now - 300, "exp": now - 30}
    assert sign_in(client, provider).status_code == 303


# --- signing out


def test_signing_out_ends_the_session_here_and_at_the_provider(
    client: FlaskClient, provider: MadeProvider, world: World
) -> None:
    sign_in(client, provider)
    world.clock.forward(minutes=1)
    (row,) = sessions()
    answer = sign_out(client)
    address = answer.text.split("0; url=")[1].split('"')[0].replace("&amp;", "&")
    assert address.startswith(f"{provider.issuer}/end?")
    told = asked(address)
    assert (told["client_id"], told["id_token_hint"]) == (CLIENT_ID, row.id_token)
    assert told["post_logout_redirect_uri"] == f"{PUBLIC_URL}/login/out"
    assert sessions() == []
    assert not is_in(client)
    assert SAYS["login_out_title"] in words(client.get("/login/out"))
    assert audited() == [("person:sanna", "signed_in"), ("person:sanna", "signed_out")]


@pytest.mark.parametrize("how", ["has no such place", "is silent"])
def test_signing_out_works_though_the_provider(
    client: FlaskClient, provider: MadeProvider, world: World, library: Library, how: str
) -> None:
    if how == "has no such place":
        provider.metadata["end_session_endpoint"] = ...
    sign_in(client, provider)
    if how == "is silent":
        client = answered_by(app_at(provider.issuer, world, library), client)  # which has not asked it anything yet
        provider.metadata["issuer"] = ...
    answer = sign_out(client)
    assert 'content="0; url=/login/out"' in answer.text
    assert not is_in(client)
    assert sessions() == []


def test_signing_out_without_a_session_is_no_fault(client: FlaskClient, provider: MadeProvider) -> None:
    assert client.post("/logout").status_code == 200
    assert audited() == []


def test_another_site_signs_nobody_out(client: FlaskClient, provider: MadeProvider) -> None:
    sign_in(client, provider)
    assert is_in(client)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example"}, {"X-CSRFToken": "guessed"}):
        assert client.post("/logout", headers=headers).status_code == 403
    assert client.get("/logout").status_code == 405
    assert is_in(client)


def test_cognito_is_left_by_its_own_form() -> None:
    issuer = "https://cognito-idp.eu-north-1.amazonaws.com/eu-north-1_example"
    client = SignIn(IdentityProvider(issuer, CLIENT_ID, "secret", "k" * 32))
    client.server_metadata = {
        "issuer": issuer,
        "authorization_endpoint": "https://pool.auth.eu-north-1.amazoncognito.com/oauth2/authorize",
        "end_session_endpoint": "https://pool.auth.eu-north-1.amazoncognito.com/logout",
        "_loaded_at": time.time(),
    }
    address = client.ending(f"{PUBLIC_URL}/login/out", "a token")
    assert address is not None
    assert address.startswith("https://pool.auth.eu-north-1.amazoncognito.com/logout?")
    assert asked(address) == {"client_id": CLIENT_ID, "logout_uri": f"{PUBLIC_URL}/login/out"}


# --- the cookie


def test_the_cookie_is_ours_alone_where_there_is_tls(world: World, library: Library, provider: MadeProvider) -> None:
    settings = replace(settings_from(with_provider(provider.issuer)), stage=Stage.PROD)
    client = app_with(("web",), settings, clock=world.clock, library=library).test_client()
    cookie = client.get("/login", base_url=PUBLIC_URL).headers["Set-Cookie"]
    assert cookie.startswith("__Host-kuulolla=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_the_cookie_of_one_machine_is_unread_by_programs(client: FlaskClient, provider: MadeProvider) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]
    assert cookie.startswith("kuulolla_session=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=Lax"}
