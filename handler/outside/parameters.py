"""Secrets that a setting names instead of holding (SSM parameters, encrypted)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from handler.outside.lean_client import lean_client

CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 3, 3


class ParametersSilent(Exception):
    """The parameters could not be read now. Its text is the fault's name alone."""


def read_parameters(names: Sequence[str], *, region: str) -> Mapping[str, str]:
    """The decrypted values by name; those that do not exist are absent. Raises ParametersSilent.

    One call each, though SSM has one for all: a role names them one by one, and what is refused has a name.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    found: dict[str, str] = {}
    try:
        ssm = lean_client("ssm", region=region, connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, tries=TRIES)
        for name in names:
            with suppress(ssm.exceptions.ParameterNotFound):
                found[name] = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except ClientError as error:
        fault = error.response["Error"]["Code"]
    except BotoCoreError as error:
        fault = type(error).__name__
    else:
        return found
    raise ParametersSilent(fault)
