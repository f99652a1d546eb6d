"""The settings of the app under test, made up."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.world import REGION

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
