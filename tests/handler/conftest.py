"""The doors over the world's tables: the app as it is wired for real, with KMS from moto and the world's clock."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from handler.app import create_app
from handler.outside.sealing import KmsSealing
from handler.settings import settings_from
from local.one_app import make_missing
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.world import REGION, World


@pytest.fixture
def app(world: World, library: Library) -> Flask:
    settings = settings_from(ENVIRONMENT)
    make_missing(settings)
    world.delivery = replace(world.delivery, sealing=KmsSealing(settings.sealing_key, region=REGION))
    return create_app(("web", "sms"), environment=ENVIRONMENT, clock=world.clock, library=library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
