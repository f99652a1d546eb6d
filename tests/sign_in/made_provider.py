"""An identity provider for tests that does as it is told, well or in any way wrong."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, jsonify, request
from joserfc import jws
from joserfc.jwk import KeySet, RSAKey

from tests.browser import served

CLIENT_ID, CLIENT_SECRET = "kuulolla-test", "a client's secret, made up"
PERSON = {"sub": "sanna", "name": "Sanna Sovittaja", "groups": ["kuulolla-kotka-lahettajat"]}

Claims = dict[str, Any]


def made_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


KEY, STRANGER = made_key("first"), made_key("second")


@dataclass(slots=True)
class MadeProvider:
    """`issuer` is known once it is served. `tokens` are asked for by code; `asked` is what each request held."""

    issuer: str = ""
    published: tuple[RSAKey, ...] = (KEY,)
    signing: RSAKey | bytes = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    person: Claims = field(default_factory=lambda: dict(PERSON))
    change: Callable[[Claims], Claims] = lambda claims: claims
    user_info: Claims = field(default_factory=dict)
    metadata: Claims = field(default_factory=dict)
    broken: dict[str, Callable[[], Response]] = field(default_factory=dict)
    nonces: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def begin_anew(self) -> None:
        """As it was served, and well."""
        for name in (attribute.name for attribute in fields(self) if attribute.name != "issuer"):
            setattr(self, name, getattr(MadeProvider(), name))

    def code_for(self, address: str) -> dict[str, str]:
        """What the browser brings back after signing in at this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.nonces)}"
        self.nonces[code] = asked["nonce"]
        return {"code": code, "state": asked["state"]}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in self.change(usual).items() if value is not ...}
        return _signed({"alg": self.algorithm, "kid": KEY.kid}, claims, self.signing)

    def times_asked(self, path: str) -> int:
        return [asked for asked, _ in self.asked].count(path)


def _signed(header: Claims, claims: Claims, signing: RSAKey | bytes) -> str:
    """With a key of ours by joserfc; with bytes as HS256 does, which joserfc would refuse for some; b"" not at all."""
    if not isinstance(signing, bytes):
        return jws.serialize_compact({**header, "kid": signing.kid}, json.dumps(claims), signing, [header["alg"]])
    said = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{said}.{_base64(hmac.digest(signing, said.encode(), 'sha256')) if signing else ''}"


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def provider_app(provider: MadeProvider) -> Flask:
    app = Flask(__name__)

    @app.before_request
    def note_and_break() -> Response | None:
        provider.asked.append((request.path, request.values.to_dict()))
        broken = provider.broken.get(request.path)
        return broken() if broken else None

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        usual = {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/jwks",
            "userinfo_endpoint": f"{provider.issuer}/me",
            "end_session_endpoint": f"{provider.issuer}/end",
            "id_token_signing_alg_values_supported": ["RS256", "RS512", "HS256", "none"],
        }
        return jsonify({name: value for name, value in {**usual, **provider.metadata}.items() if value is not ...})

    @app.get("/jwks")
    def keys() -> Response:
        return jsonify(KeySet(list(provider.published)).as_dict(private=False))

    @app.post("/token")
    def token() -> Response:
        nonce = provider.nonces.pop(request.form["code"], None)
        if nonce is None:
            return jsonify(error="invalid_grant"), 400  # type: ignore[return-value]
        return jsonify(access_token="an access token", token_type="Bearer", id_token=provider.id_token(nonce))

    @app.get("/me")
    def user_info() -> Response:
        return jsonify(provider.user_info)

    return app


@contextmanager
def served_provider() -> Iterator[MadeProvider]:
    provider = MadeProvider()
    with served(provider_app(provider), threaded=True) as address:
        provider.issuer = address
        yield provider
