"""The doors over the world's tables: the app as it is wired for real, with KMS from moto and the world's clock."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from handler.app import create_app
from handler.outside.sealing import KmsSealing
from handler.settings import settings_from
from local.one_app import make_missing
from survey_flow.library import Library
from tests.world import REGION, World

PUBLIC_URL = "https://kuulolla.example"
AUTH_TOKEN = "a made-up token"
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "KUULOLLA_STAGE": "local",
        "KUULOLLA_PUBLIC_URL": PUBLIC_URL,
        "KUULOLLA_TWILIO_URL": "https://twilio.example",
        "KUULOLLA_SENDER": "+358450000000",
        "KUULOLLA_PEPPER": "pepper",
        "KUULOLLA_TABLE_PREFIX": "test-",
        "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "AWS_REGION": REGION,
    }
)


@pytest.fixture
def app(world: World, library: Library) -> Flask:
    settings = settings_from(ENVIRONMENT)
    make_missing(settings)
    world.delivery = replace(world.delivery, sealing=KmsSealing(settings.sealing_key, region=REGION))
    return create_app(("web", "sms"), environment=ENVIRONMENT, clock=world.clock, library=library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
