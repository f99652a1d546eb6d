"""What every table has in common: its name's prefix, its place, and short time-outs."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

# Twilio waits 15 seconds for a webhook's answer; the defaults (15 s to connect, 30 s to read, 3 retries) outlast it.
CONNECT_SECONDS = 1
READ_SECONDS = 3
RETRIES = 2
# One call at its slowest: every try to its end.
SLOWEST_CALL = (CONNECT_SECONDS + READ_SECONDS) * (RETRIES + 1)

_CONFLICT = "TransactionConflictException"
# Between the tries of a write that met a transaction, in seconds.
_PAUSES = (0.02, 0.05, 0.1, 0.2)


class Meta:
    """Base of each model's Meta. PynamoDB finds a stand-in by AWS_ENDPOINT_URL; `host` stays unset."""

    table_name: str
    region: str | None = None
    host: str | None = None
    connect_timeout_seconds = CONNECT_SECONDS
    read_timeout_seconds = READ_SECONDS
    max_retry_attempts = RETRIES


_connections: dict[str, Connection] = {}


def bind(models: Iterable[type[Model]], *, prefix: str, region: str) -> None:
    """Gives every model its full table name. Once a process, before the first call; a later one begins anew."""
    _connections.clear()
    for model in models:
        meta: Any = model.Meta
        meta.table_name = f"{prefix}{meta.short_name}"
        meta.region = region


class LostRace(Exception):
    """A row is no longer as it was read; nothing was written."""


@contextmanager
def transaction(region: str) -> Iterator[TransactWrite]:
    """A transaction of conditional writes: `with transaction(region) as together: ...`. All, or nothing and LostRace.

    Its token makes a repeat of the same call after a lost answer the same transaction, not a lost race.
    """
    try:
        with TransactWrite(connection=_connection(region), client_request_token=str(uuid4())) as together:
            yield together
    except TransactWriteError as error:
        raise (LostRace() if lost(error) else error) from error


def _connection(region: str) -> Connection:
    if region not in _connections:
        _connections[region] = Connection(
            region=region,
            connect_timeout_seconds=CONNECT_SECONDS,
            read_timeout_seconds=READ_SECONDS,
            max_retry_attempts=RETRIES,
        )
    return _connections[region]


def despite_conflicts(write: Callable[[], object]) -> None:
    """A write of one row that somebody's transaction may be in the way of: done again until it is out of the way.

    DynamoDB refuses it while a transaction on the row is under way, which lasts some milliseconds, and no library
    repeats it ("Transaction conflict handling", Amazon DynamoDB developer guide). After the last try the fault is
    raised.
    """
    for pause in _PAUSES:
        try:
            write()
        except PynamoDBException as error:
            if error.cause_response_code != _CONFLICT:
                raise
            time.sleep(pause)
        else:
            return
    write()


def lost(error: PynamoDBException) -> bool:
    """Whether a write was refused by its condition or by another transaction in its way, rather than by a fault."""
    if isinstance(error, TransactWriteError):
        codes = {reason.code for reason in error.cancellation_reasons if reason is not None}
        return bool(codes) and codes <= {"ConditionalCheckFailed", "TransactionConflict"}
    return error.cause_response_code in ("ConditionalCheckFailedException", _CONFLICT)
