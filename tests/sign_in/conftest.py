"""A provider that does as it is told, and a browser at the pages that go by it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_flow.library import Library
from tests.sign_in.made_provider import MadeProvider, served_provider
from tests.sign_in.signing_in import app_at
from tests.world import World


@pytest.fixture(scope="package")
def one_provider() -> Iterator[MadeProvider]:
    with served_provider() as provider:
        yield provider


@pytest.fixture
def provider(one_provider: MadeProvider) -> MadeProvider:
    one_provider.begin_anew()
    return one_provider


@pytest.fixture
def app(world: World, library: Library, provider: MadeProvider) -> Flask:
    return app_at(provider.issuer, world, library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
