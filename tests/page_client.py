"""A client that sends forms as a browser on our pages does: with the token that they hold, once it has a session."""

from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from handler.routes.doorkeeper import CSRF_FIELD, CSRF_HEADER


class PageClient(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if kwargs.get("method", "GET") != "GET" and (token := self._token(kwargs.get("base_url", ""))):
            kwargs["headers"] = {CSRF_HEADER: token, **dict(kwargs.get("headers") or {})}
        return super().open(*args, **kwargs)

    def _token(self, base_url: str) -> str:
        """As flask_wtf.csrf.generate_csrf makes it from what the session holds."""
        domain = base_url.partition("://")[2].partition("/")[0].partition(":")[0] or "localhost"
        cookie = self.get_cookie(self.application.config["SESSION_COOKIE_NAME"], domain=domain)
        reader = self.application.session_interface.get_signing_serializer(self.application)  # type: ignore[attr-defined]
        held = reader.loads(cookie.value).get(CSRF_FIELD, "") if cookie and reader else ""
        signer = URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token")
        return str(signer.dumps(held)) if held else ""
