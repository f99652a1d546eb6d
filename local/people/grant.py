"""The code flow of OpenID Connect, by Authlib's server: what was granted is kept in memory until it is fetched."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask
from joserfc.jwk import RSAKey

from local.people.demo import Demo


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):
    """The application: the one client that there is."""

    id: str
    secret: str
    back: str

    def get_client_id(self) -> str:
        return self.id

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in scope.split() if word in ("openid", "profile"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        return compare_digest(client_secret, self.secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method, endpoint) == ("client_secret_basic", "token")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True, slots=True)
class Granted(AuthorizationCodeMixin):
    code: str
    demo: Demo
    redirect_uri: str
    nonce: str
    code_challenge: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return "openid profile"

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None: ...

    def get_acr(self) -> None: ...

    def get_amr(self) -> None: ...


class Challenge(CodeChallenge):
    """S256 alone, and never none."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        if grant.request.payload.data.get("code_challenge_method") is None:
            raise InvalidRequestError("Missing 'code_challenge_method'")
        super().validate_code_challenge(grant, redirect_uri)


def add_code_flow(app: Flask, client: Client, key: RSAKey, issuer: str) -> AuthorizationServer:
    """The server of this client's code flow, which insists on a code challenge and a nonce."""
    granted: dict[str, Granted] = {}

    class Code(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            granted[code] = Granted(code, request.user, client.back, asked["nonce"], asked["code_challenge"])

        def query_authorization_code(self, code: str, _: Client) -> Granted | None:
            return granted.pop(code, None)

        def delete_authorization_code(self, _: Granted) -> None:
            """It was taken when it was looked for."""

        def authenticate_user(self, code: Granted) -> Demo:
            return code.demo

    class IdToken(OpenIDCode):
        def exists_nonce(self, nonce: str, _: Any) -> bool:
            return any(code.nonce == nonce for code in granted.values())

        def resolve_client_private_key(self, _: Client) -> RSAKey:
            return key

        def get_client_claims(self, _: Client) -> dict[str, str]:
            return {"iss": issuer, "aud": client.id}

        def get_encode_header(self, _: Client) -> dict[str, str]:
            return {"alg": "RS256", "kid": str(key.kid)}

        def generate_user_info(self, user: Demo, _: str) -> dict[str, object]:
            return user.claims

    server = AuthorizationServer(app, lambda asked: client if asked == client.id else None, lambda *_: None)
    server.register_grant(Code, [IdToken(require_nonce=True), Challenge()])
    return server
