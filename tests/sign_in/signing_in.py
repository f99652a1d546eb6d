"""What the tests of signing in share: the app wired with a provider, and a browser that goes there and comes back."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.tables.audit import AuditRow
from handler.tables.sessions import SessionRow
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.roles import acting_as
from tests.sign_in.made_provider import CLIENT_ID, CLIENT_SECRET, MadeProvider
from tests.world import World

PUBLIC_URL = ENVIRONMENT["KUULOLLA_PUBLIC_URL"]


def with_provider(issuer: str, **differs: str) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "KUULOLLA_OIDC_ISSUER": issuer,
        "KUULOLLA_OIDC_CLIENT_ID": CLIENT_ID,
        "KUULOLLA_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "KUULOLLA_SESSION_KEY": "what sessions are signed with, in tests",
        **differs,
    }


def app_at(issuer: str, world: World, library: Library) -> Flask:
    """The pages, each request with the role of the function that answers it."""
    app = create_app(("web",), environment=with_provider(issuer), clock=world.clock, library=library)
    wsgi_app: Any = app.wsgi_app

    def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        with acting_as("web"):
            return wsgi_app(environ, start_response)

    app.wsgi_app = answered  # type: ignore[method-assign]
    return app


def answered_by(app: Flask, client: FlaskClient) -> FlaskClient:
    """The same browser, from now on with another container of the function."""
    cookie = client.get_cookie("kuulolla_session")
    assert cookie is not None
    other = app.test_client()
    other.set_cookie("kuulolla_session", cookie.value)
    return other


def leave(client: FlaskClient, wanted: str = "/opt-outs") -> str:
    """The provider's address to which the browser is sent."""
    answer = client.get("/login", query_string={"next": wanted})
    assert answer.status_code == 303
    return str(answer.location)


def come_back(client: FlaskClient, provider: MadeProvider, address: str) -> TestResponse:
    return client.get("/login/back", query_string=provider.code_for(address))


def sign_in(client: FlaskClient, provider: MadeProvider, wanted: str = "/opt-outs") -> TestResponse:
    return come_back(client, provider, leave(client, wanted))


def sign_out(client: FlaskClient) -> TestResponse:
    """As from a page, whose form holds the session's token."""
    assert is_in(client)
    return client.post("/logout")


def is_in(client: FlaskClient) -> bool:
    """Whether the browser has a session: opt-outs are open to every sender."""
    return client.get("/opt-outs").status_code == 200


def sessions() -> list[SessionRow]:
    return list(SessionRow.scan())


def audited() -> list[tuple[str, str]]:
    return [(row.who, row.did) for row in sorted(AuditRow.scan(), key=lambda row: row.time_id)]
