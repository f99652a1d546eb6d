"""The commands of `setup` as an administrator runs them, over whatever AWS the test has."""

import re
from contextlib import suppress
from typing import Any

import boto3
from click.testing import Result

from handler.app import create_app
from handler.outside.secret_parameters import PEPPER, SESSION_KEY, TWILIO_TOKEN, SecretParameters
from tests.world import REGION

OLD, NEW = "11" * 32, "22" * 32
# What Twilio's tokens look like.
TOKEN, SECOND_TOKEN = "0123456789abcdef" * 2, "fedcba9876543210" * 2
SECRET = re.compile(r"[0-9a-f]{32,}")


def run(*words: str, typed: str = "", **environment: str) -> Result:
    """`setup ...` of stage test, with this on standard input. A fault is a sentence, never a trace."""
    result = (
        create_app()
        .test_cli_runner()
        .invoke(args=["setup", *words, "--stage", "test"], input=typed, env=environment, catch_exceptions=False)
    )
    assert "Traceback" not in result.output
    return result


def parameters() -> SecretParameters:
    return SecretParameters("test", region=REGION)


def ssm() -> Any:
    return boto3.client("ssm", region_name=REGION)


def put(secret: str, value: str) -> None:
    ssm().put_parameter(Name=f"/kuulolla/test/{secret}", Value=value, Type="SecureString", Overwrite=True)


def value_of(secret: str) -> str:
    held = parameters().read(secret)
    assert held is not None
    return held.value


def make_all() -> None:
    put(PEPPER, f"1:{OLD}")
    put(SESSION_KEY, OLD)
    put(TWILIO_TOKEN, TOKEN)


def make_table(name: str) -> None:
    """With a phone key, which is enough here; by boto3: the models may be bound to another engine of this run."""
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    with suppress(dynamodb.exceptions.ResourceInUseException):
        dynamodb.create_table(
            TableName=f"kuulolla-test-{name}",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "phone_key", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "phone_key", "KeyType": "HASH"}],
        )
