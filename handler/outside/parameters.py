"""Secrets that a setting names instead of holding (SSM parameters, encrypted)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from handler.outside.lean_client import lean_client


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one parameter is waited for."""

    connect_seconds: float
    read_seconds: float
    tries: int

    @property
    def slowest(self) -> float:
        return (self.connect_seconds + self.read_seconds) * self.tries


# A container that begins has nothing to go by; one that runs keeps what it has, and somebody waits for its answer. A
# test compares both with the functions' time-outs.
AT_START = Patience(0.5, 1.5, 2)
IN_PASSING = Patience(0.5, 1, 1)


class ParametersSilent(Exception):
    """The parameters could not be read now. Its text is the fault's name alone."""


def read_parameters(names: Sequence[str], *, region: str, patience: Patience = AT_START) -> Mapping[str, str]:
    """The decrypted values by name; those that do not exist are absent. Raises ParametersSilent.

    One call each, though SSM has one for all: a role names them one by one, and what is refused has a name.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    found: dict[str, str] = {}
    try:
        ssm = lean_client(
            "ssm",
            region=region,
            connect_seconds=patience.connect_seconds,
            read_seconds=patience.read_seconds,
            tries=patience.tries,
        )
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
