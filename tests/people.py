"""People who are signed in, for tests of pages: by the app's own sessions, without the way through a provider."""

from collections.abc import Collection

from flask import Flask
from flask.testing import FlaskClient

from handler.outside.signed_in import SignedIn
from handler.routes.doorkeeper import CSRF_FIELD
from handler.routes.login import TOKEN
from handler.work import sessions
from tests.environment import ENVIRONMENT
from tests.world import World

# An app that people sign in to: a stage of AWS, for the cookie is another one on one machine.
SIGN_IN = {
    **ENVIRONMENT,
    "KUULOLLA_STAGE": "test",
    "KUULOLLA_OIDC_ISSUER": "https://login.kuulolla.example",
    "KUULOLLA_OIDC_CLIENT_ID": "kuulolla",
    "KUULOLLA_OIDC_CLIENT_SECRET": "secret-of-the-client",
    "KUULOLLA_SESSION_KEY": "k" * 32,
}
ADDRESS = "https://kuulolla.example"

SENDERS, SUPERVISORS = "kuulolla-{}-lahettajat", "kuulolla-{}-esihenkilot"
ADMINISTRATORS = "kuulolla-yllapito"


def signed_in(app: Flask, world: World, groups: Collection[str], *, subject: str = "sanna") -> FlaskClient:
    """A browser in which a person of these groups has signed in. Call it with base_url=ADDRESS."""
    client = app.test_client()
    told = SignedIn(subject, subject.title(), frozenset(groups))
    with client.session_transaction(base_url=ADDRESS) as session:
        session[TOKEN] = sessions.begin(told, now=world.clock())
        session[CSRF_FIELD] = "c" * 40
    return client
