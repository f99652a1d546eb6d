"""The organisation's identity provider. Authlib speaks OpenID Connect; here stands what its answers are held to.

Nothing is asked of the provider before somebody signs in. Whatever goes wrong is Refused or Silent.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from joserfc.errors import JoseError
from requests import RequestException

from handler.clock import utc_now
from handler.outside.signed_in import Refused, SignedIn, Silent, person_told
from handler.settings import IdentityProvider

SCOPE = "openid profile"
# To connect, and between two bytes: four requests at most, while the browser waits.
SECONDS = (2, 5)
# Signed with the provider's private key. With HS256 whoever knows our secret could sign, and "none" is nobody's word.
ALGORITHMS = ("RS256", "PS256", "ES256")
# How far the provider's clock may be from ours, in seconds.
LEEWAY = 60
# For so long its metadata and keys are known. A key that is not among them is asked for at once.
KNOWN_SECONDS = 3600
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OTHERS = ("end_session_endpoint", "userinfo_endpoint")

for chatty in ("authlib", "urllib3"):  # at DEBUG they write out verifiers and addresses
    logging.getLogger(chatty).setLevel(logging.INFO)


class SignIn(FlaskOAuth2App):  # type: ignore[misc]
    """Authlib's client, which keeps state, nonce and verifier in Flask's session between leaving and coming back.

    `seconds` are those to connect and those between two bytes.
    """

    def __init__(
        self,
        provider: IdentityProvider,
        *,
        clock: Callable[[], datetime] = utc_now,
        seconds: tuple[float, float] = SECONDS,
    ) -> None:
        super().__init__(
            FlaskIntegration("provider"),
            name="provider",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "default_timeout": seconds},
        )
        self._issuer, self._clock = provider.issuer, clock
        self.server_metadata: dict[str, Any] = {}

    def leave(self, back: str, *, language: str, **kept: str) -> str:
        """The provider's address to which the browser is sent. `kept` stands beside the state until the return."""
        with _answered():
            made = self.create_authorization_url(back, ui_locales=language)
        address = str(made.pop("url"))
        self.save_authorize_data(redirect_uri=back, **made, **kept)
        return address

    def come_back(self, issuer: str | None) -> SignedIn:
        """Who has come back with this request. `issuer` is what the address says of it (RFC 9207), if anything."""
        if issuer not in (None, self._issuer):
            raise Refused("another issuer's answer")
        with _answered():
            wanted = {"iss": {"essential": True, "value": self._issuer}, "sub": {"essential": True}}
            token = self.authorize_access_token(claims_options=wanted, leeway=LEEWAY)
            told = dict(token.get("userinfo") or {})
            # Authlib also takes a token for somebody else which names us as the one who asked for it.
            if told.get("aud") not in (self.client_id, [self.client_id]):
                raise Refused("another audience, or no ID token")
            found = person_told(told, token["id_token"])
            return found if found.groups else self._asked_more(token, told)

    def _asked_more(self, token: Mapping[str, Any], told: Mapping[str, Any]) -> SignedIn:
        """With what some providers keep for their user info: all but the subject."""
        more = dict(self.userinfo(token=token)) if "userinfo_endpoint" in self.server_metadata else {}
        if more and more.get("sub") != told["sub"]:  # OpenID Connect Core 1.0, 5.3.2
            raise Refused("another subject's user info")
        return person_told({**more, **told}, token["id_token"])

    def ending(self, back: str, id_token: str | None) -> str | None:
        """The provider's address that ends its own session and leads back; None where it has none."""
        with _answered():
            metadata = self.load_server_metadata()
            if re.fullmatch(r"cognito-idp\.[a-z0-9-]+\.amazonaws\.com", urlsplit(self._issuer).hostname or ""):
                return _cognito_ending(metadata, self.client_id, back)
            if "end_session_endpoint" not in metadata:
                return None
            return str(self.create_logout_url(back, id_token, client_id=self.client_id)["url"])

    def load_server_metadata(self) -> dict[str, Any]:
        """Looked at anew every hour, and the keys with it: one that was withdrawn does not live on here."""
        now = self._clock().timestamp()
        if abs(now - self.server_metadata.get("_loaded_at", 0)) >= KNOWN_SECONDS:
            with self._get_session() as session:
                answer = session.request("GET", self._server_metadata_url, withhold_token=True)
                answer.raise_for_status()
                self.server_metadata = _metadata(answer.json(), self._issuer) | {"_loaded_at": now}
        return self.server_metadata


def _metadata(found: Any, issuer: str) -> dict[str, Any]:
    """What we use of it, and nothing else: Authlib would take "verify" or "proxies" for its own settings."""
    if found["issuer"] != issuer:
        raise Silent("another issuer's metadata")
    known = {name: found[name] for name in (*_ENDPOINTS, *_OTHERS) if name in _ENDPOINTS or name in found}
    scheme = "https" if issuer.startswith("https:") else "http"  # http on one machine alone: settings.py
    if any(urlsplit(address).scheme != scheme for address in known.values()):
        raise Silent("an address without TLS")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return known | {
        "issuer": issuer,
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "token_endpoint_auth_method": "client_secret_basic"
        if "client_secret_basic" in methods
        else "client_secret_post",
    }


def _cognito_ending(metadata: Mapping[str, Any], client_id: str, back: str) -> str:
    """Cognito's own form, which knows no hint and no post_logout_redirect_uri.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
    """
    place = urlsplit(metadata["authorization_endpoint"])
    return f"{place.scheme}://{place.netloc}/logout?{urlencode({'client_id': client_id, 'logout_uri': back})}"


@contextmanager
def _answered() -> Iterator[None]:
    """What a provider sends may have any shape, and Authlib takes it for what it should be."""
    try:
        yield
    except (Refused, Silent):
        raise
    except (AuthlibBaseError, JoseError) as error:
        raise Refused(_code(error)) from error
    except RequestException as error:
        raise Silent(type(error).__name__) from error
    except Exception as error:
        raise Silent(type(error).__name__) from error


def _code(error: AuthlibBaseError | JoseError) -> str:
    """An error's code, without what stands in the address or the token."""
    return error.error if re.fullmatch(r"[a-z_]{1,40}", str(error.error)) else type(error).__name__
