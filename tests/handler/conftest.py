"""The doors over the world's tables: the app as it is wired for real, with KMS from moto and the world's clock."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from handler.app import create_app
from handler.outside.sealing import KmsSealing
from handler.settings import settings_from
from local.one_app import make_missing
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.roles import acting_as
from tests.world import REGION, World


@pytest.fixture
def app(world: World, library: Library) -> Flask:
    settings = settings_from(ENVIRONMENT)
    make_missing(settings)
    world.delivery = replace(world.delivery, sealing=KmsSealing(settings.sealing_key, region=REGION))
    app = create_app(("web", "sms"), environment=ENVIRONMENT, clock=world.clock, library=library)
    app.wsgi_app = _held_to_its_role(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _held_to_its_role(wsgi_app: Any) -> Any:
    """Each request is answered with the role of the function that answers it when deployed."""

    def answered(environ: dict[str, Any], start_response: Any) -> Any:
        with acting_as("sms" if environ["PATH_INFO"].startswith("/sms/") else "web"):
            return wsgi_app(environ, start_response)

    return answered


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
