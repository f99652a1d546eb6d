"""A provider that misbehaves: each wrong answer is refused with a calm page, and nobody is let in."""

import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from flask import Flask, Response, jsonify, session
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from handler.outside.identity_provider import SECONDS, SignIn
from handler.outside.signed_in import Silent
from handler.settings import settings_from
from handler.tables.limits import LimitRow
from handler.templates import page_texts
from handler.work import rates
from survey_flow.language import Language
from tests.handler.page_words import words
from tests.polling import DEADLINE_SECONDS
from tests.sign_in.made_provider import CLIENT_ID, CLIENT_SECRET, KEY, STRANGER, MadeProvider
from tests.sign_in.signing_in import (
    PUBLIC_URL,
    audited,
    come_back,
    is_in,
    leave,
    sessions,
    sign_in,
    sign_out,
    with_provider,
)

SAYS = page_texts()[Language.FI]


def claims(**wrong: Any) -> Callable[[MadeProvider], None]:
    """The token's claims, changed; `...` leaves one out."""

    def change(provider: MadeProvider) -> None:
        provider.change = lambda usual: {**usual, **wrong}

    return change


def times(**seconds: int) -> Callable[[MadeProvider], None]:
    return claims(**{name: int(time.time()) + by for name, by in seconds.items()})


def signed(algorithm: str, key: RSAKey | bytes) -> Callable[[MadeProvider], None]:
    def change(provider: MadeProvider) -> None:
        provider.algorithm, provider.signing = algorithm, key

    return change


def same_name_other_key(provider: MadeProvider) -> None:
    provider.signing = RSAKey.import_key({**STRANGER.as_dict(private=True), "kid": "first"})


def secret_published(provider: MadeProvider) -> None:
    """A shared secret among the keys, and metadata that leaves it open what is taken."""
    provider.metadata["id_token_signing_alg_values_supported"] = ...
    secret = {"kty": "oct", "kid": KEY.kid, "k": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA"}
    provider.broken["/jwks"] = lambda: jsonify(keys=[secret])
    provider.algorithm, provider.signing = "HS256", b"secret secret secret secret secret"


def told(path: str, answer: Callable[[], Response]) -> Callable[[MadeProvider], None]:
    return lambda provider: provider.broken.__setitem__(path, answer)


def user_info(provider: MadeProvider) -> None:
    provider.person = {"sub": "outi", "name": "Outi"}
    provider.user_info = {"sub": "sanna", "groups": ["kuulolla-kotka-lahettajat"]}


WRONG_TOKENS: dict[str, Callable[[MadeProvider], None]] = {
    "another audience": claims(aud="another"),
    "another audience, though we asked for it": claims(aud="another", azp=CLIENT_ID),
    "ours and another audience": claims(aud=[CLIENT_ID, "another"], azp=CLIENT_ID),
    "asked for by another": claims(azp="another"),
    "no audience": claims(aud=...),
    "another issuer": claims(iss="https://another.example"),
    "no issuer": claims(iss=...),
    "another nonce": claims(nonce="of another"),
    "no nonce": claims(nonce=...),
    "expired": times(iat=-700, exp=-100),
    "no end": claims(exp=...),
    "an end that is no time": claims(exp="tomorrow"),
    "issued in the future": times(iat=3600, exp=7200),
    "no time of issue": claims(iat=...),
    "not yet valid": times(nbf=3600),
    "no subject": claims(sub=...),
    "a blank subject": claims(sub=" "),
    "a subject that is no text": claims(sub=17),
    "a subject longer than any": claims(sub="s" * 256),
    "an access token that is another's": claims(at_hash="bm90IG91cnM"),
    "a key that nobody published": signed("RS256", STRANGER),
    "another key under a published name": same_name_other_key,
    "not signed": signed("none", b""),
    "signed with the client's secret": signed("HS256", CLIENT_SECRET.encode()),
    "signed with the client's name": signed("HS256", CLIENT_ID.encode()),
    "signed with the public key as a secret": signed("HS256", KEY.as_pem(private=False)),
    "signed with a secret that was published": secret_published,
    "an algorithm that we do not take": signed("RS512", KEY),
    "no ID token": told("/token", lambda: jsonify(access_token="a", token_type="Bearer")),
    "an ID token that is none": told("/token", lambda: jsonify(access_token="a", token_type="Bearer", id_token="a.b")),
    "the code is refused": told("/token", lambda: _status(jsonify(error="invalid_grant"), 400)),
    "our secret is refused": told("/token", lambda: _status(jsonify(error="invalid_client"), 401)),
    "user info of another": user_info,
}

NOT_ITS_PROTOCOL: dict[str, Callable[[MadeProvider], None]] = {
    "token: 500": told("/token", lambda: _status(Response("out of order"), 500)),
    "token: HTML": told("/token", lambda: Response("<h1>Please wait</h1>")),
    "token: a list": told("/token", lambda: jsonify([1])),
    "token: nothing": told("/token", lambda: Response("")),
    "token: an ID token that is a number": told("/token", lambda: jsonify(access_token="a", id_token=7)),
    "keys: 500": told("/jwks", lambda: _status(Response("out of order"), 500)),
    "keys: HTML": told("/jwks", lambda: Response("<h1>Please wait</h1>")),
    "keys: none": told("/jwks", lambda: jsonify(keys=[])),
    "keys: of no kind": told("/jwks", lambda: jsonify(keys=[{"kty": "new", "kid": "first"}])),
}

NO_METADATA: dict[str, Callable[[MadeProvider], None]] = {
    "500": told("/.well-known/openid-configuration", lambda: _status(Response("out of order"), 500)),
    "HTML": told("/.well-known/openid-configuration", lambda: Response("<h1>Please wait</h1>")),
    "a list": told("/.well-known/openid-configuration", lambda: jsonify([1])),
    "another issuer": lambda provider: provider.metadata.update(issuer="https://another.example"),
    "no issuer": lambda provider: provider.metadata.update(issuer=...),
    "nowhere to sign in": lambda provider: provider.metadata.update(authorization_endpoint=...),
    "no keys": lambda provider: provider.metadata.update(jwks_uri=...),
    "an address that is a number": lambda provider: provider.metadata.update(token_endpoint=7),
    "an address of a program": lambda provider: provider.metadata.update(authorization_endpoint="javascript:alert(1)"),
}


def _status(response: Response, status: int) -> Response:
    response.status_code = status
    return response


def assert_nobody_is_in(client: FlaskClient) -> None:
    assert sessions() == []
    assert not is_in(client)
    assert "signed_in" not in {did for _, did in audited()}


@pytest.mark.parametrize("spoil", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_wrong_token_lets_nobody_in(
    client: FlaskClient, provider: MadeProvider, spoil: Callable[[MadeProvider], None]
) -> None:
    spoil(provider)
    answer = sign_in(client, provider)
    assert answer.status_code == 400
    assert SAYS["login_refused_title"] in words(answer)
    assert 'href="/login?next=/opt-outs"' in answer.text
    assert_nobody_is_in(client)


@pytest.mark.parametrize("spoil", NOT_ITS_PROTOCOL.values(), ids=NOT_ITS_PROTOCOL)
def test_an_answer_outside_the_protocol_lets_nobody_in(
    client: FlaskClient, provider: MadeProvider, spoil: Callable[[MadeProvider], None]
) -> None:
    spoil(provider)
    answer = sign_in(client, provider)
    title = {400: SAYS["login_refused_title"], 503: SAYS["login_silent_title"]}[answer.status_code]
    assert title in words(answer)
    assert_nobody_is_in(client)


@pytest.mark.parametrize("spoil", NO_METADATA.values(), ids=NO_METADATA)
def test_without_good_metadata_nobody_is_sent_anywhere(
    client: FlaskClient, provider: MadeProvider, spoil: Callable[[MadeProvider], None]
) -> None:
    spoil(provider)
    answer = client.get("/login?next=/opt-outs")
    assert answer.status_code == 503
    assert SAYS["login_silent_title"] in words(answer)
    assert_nobody_is_in(client)
    provider.broken.clear()
    provider.metadata.clear()
    assert sign_in(client, provider).location == "/opt-outs"  # a fault is not remembered


def test_a_provider_that_is_silent_is_waited_for_briefly(app: Flask, provider: MadeProvider) -> None:
    assert max(SECONDS) <= 5
    settings = settings_from(with_provider(provider.issuer)).identity_provider
    assert settings is not None
    assert SignIn(settings).client_kwargs["default_timeout"] == SECONDS
    hurried, waited_for = SignIn(settings, seconds=(2, 0.2)), Event()
    provider.broken["/token"] = lambda: Response("late" if waited_for.wait(DEADLINE_SECONDS) else "too late")
    with app.test_request_context():
        brought = provider.code_for(hurried.leave(f"{PUBLIC_URL}/login/back", language="fi"))
        begun = dict(session)
    with app.test_request_context(query_string=brought):
        session.update(begun)
        with pytest.raises(Silent, match=r"^ReadTimeout$"):
            hurried.come_back(None)
    waited_for.set()


def test_a_provider_that_is_not_there_is_said_so(client: FlaskClient, provider: MadeProvider) -> None:
    provider.metadata["token_endpoint"] = "http://127.0.0.1:9/token"
    assert come_back(client, provider, leave(client)).status_code == 503
    assert_nobody_is_in(client)


@pytest.mark.parametrize(
    "error", ["access_denied", "login_required", "server_error", "temporarily_unavailable", "<script>", "040 123 4567"]
)
def test_an_error_of_the_providers_is_a_calm_page(
    client: FlaskClient, provider: MadeProvider, error: str, all_told: Callable[[], str]
) -> None:
    state = leave(client).split("state=")[1].split("&")[0]
    answer = client.get(
        "/login/back", query_string={"error": error, "error_description": "Sanna 040 123 4567", "state": state}
    )
    assert answer.status_code == 400
    assert SAYS["login_refused_title"] in words(answer)
    assert "Sanna" not in answer.text
    assert "<script>" not in answer.text
    assert "040 123 4567" not in all_told()
    assert_nobody_is_in(client)


# --- state and code


def test_a_state_is_good_once(client: FlaskClient, provider: MadeProvider) -> None:
    address = leave(client)
    brought = provider.code_for(address)
    assert client.get("/login/back", query_string=brought).status_code == 303
    sign_out(client)
    again = client.get("/login/back", query_string={**brought, "code": provider.code_for(address)["code"]})
    assert again.status_code == 400
    assert not is_in(client)


def test_a_state_of_nobodys_is_refused(client: FlaskClient, provider: MadeProvider) -> None:
    brought = provider.code_for(leave(client))
    for state in ("", "made-up"):
        assert client.get("/login/back", query_string={**brought, "state": state}).status_code == 400
    assert client.get("/login/back", query_string={"code": brought["code"]}).status_code == 400
    assert client.get("/login/back").status_code == 400
    assert provider.times_asked("/token") == 0


def test_what_another_browser_began_is_not_ended_in_this_one(app: Flask, provider: MadeProvider) -> None:
    stranger, client = app.test_client(), app.test_client()
    assert come_back(client, provider, leave(stranger)).status_code == 400
    assert_nobody_is_in(client)


def test_a_code_of_another_browsers_is_refused(app: Flask, provider: MadeProvider) -> None:
    """Even by a provider that looks at no code challenge: its token bears another nonce."""
    stranger, client = app.test_client(), app.test_client()
    theirs, ours = provider.code_for(leave(stranger)), provider.code_for(leave(client))
    assert client.get("/login/back", query_string={**ours, "code": theirs["code"]}).status_code == 400
    assert_nobody_is_in(client)


def test_an_answer_that_names_another_issuer_is_refused(client: FlaskClient, provider: MadeProvider) -> None:
    brought = provider.code_for(leave(client))
    answer = client.get("/login/back", query_string={**brought, "iss": "https://another.example"})
    assert answer.status_code == 400
    assert provider.times_asked("/token") == 0
    right = provider.code_for(leave(client))
    assert client.get("/login/back", query_string={**right, "iss": provider.issuer}).status_code == 303


def test_a_code_without_a_name_goes_nowhere(client: FlaskClient, provider: MadeProvider) -> None:
    state = provider.code_for(leave(client))["state"]
    assert client.get("/login/back", query_string={"state": state}).status_code == 400
    assert_nobody_is_in(client)


def test_a_provider_cannot_change_how_it_is_asked(client: FlaskClient, provider: MadeProvider) -> None:
    """Authlib would take these of the metadata for its own settings."""
    provider.metadata.update(verify=False, proxies={"http": "http://127.0.0.1:9"}, default_timeout=None, scope="all")
    assert sign_in(client, provider).status_code == 303


def test_what_is_refused_leaves_no_trace_of_a_person(
    client: FlaskClient, provider: MadeProvider, all_told: Callable[[], str]
) -> None:
    claims(aud="another")(provider)
    sign_in(client, provider)
    logged = all_told()
    assert "a sign-in was refused: missing_claim" in logged
    assert not [secret for secret in ("sanna", "Sanna", CLIENT_SECRET, "eyJ") if secret in logged]
    assert audited() == []


def test_whoever_fails_again_and_again_is_held_up_and_signing_in_rightly_is_not(
    client: FlaskClient, provider: MadeProvider
) -> None:
    most = rates.FAILURES.most["address"]
    for _ in range(most):
        assert client.get("/login/back?state=guessed&code=guessed").status_code == 400
    held_up = client.get("/login/back?state=guessed&code=guessed")
    assert held_up.status_code == 429
    assert int(held_up.headers["Retry-After"]) > 0
    assert sign_in(client, provider).status_code == 303
    assert is_in(client)


def test_whoever_has_an_address_begin_again_and_again_holds_nobody_up(client: FlaskClient) -> None:
    """A page with pictures that begin a sign-in, on one device of many behind an address."""
    for _ in range(200):
        client.get("/login", headers={"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"})
    assert client.get("/login").status_code == 303
    assert list(LimitRow.scan()) == []
