"""What every table has in common: its name's prefix, its place, short time-outs, and the connection.

What the libraries do for nothing is switched off here by their own settings, each with its figure
(docs/decisions/0031-what-the-libraries-do-for-nothing.md).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from botocore.config import Config
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

# Twilio waits 15 seconds for a webhook's answer; the defaults (15 s to connect, 30 s to read, 3 retries) outlast it.
CONNECT_SECONDS = 1
READ_SECONDS = 3
RETRIES = 2
# Connections that are kept open; on Lambda a process answers one request at a time.
MOST_AT_ONCE = 32
USER_AGENT = "kuulolla"
# One call at its slowest: every try to its end.
SLOWEST_CALL = (CONNECT_SECONDS + READ_SECONDS) * (RETRIES + 1)

# Attributes by name, each with its type: {"version": {"N": "3"}}.
Item = Mapping[str, Mapping[str, Any]]

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


class SharedConnection(Connection):
    """One for all tables and transactions of a process, and so one client: each costs some 40 ms of CPU to make."""

    def __init__(self, region: str) -> None:
        super().__init__(
            region=region,
            connect_timeout_seconds=CONNECT_SECONDS,
            read_timeout_seconds=READ_SECONDS,
            max_retry_attempts=RETRIES,
            max_pool_connections=MOST_AT_ONCE,
        )

    @property
    def session(self) -> Any:
        """With a user agent of our own: botocore else puts its own together anew for each call, a tenth of its CPU."""
        session: Any = super().session
        session.set_default_client_config(Config(user_agent=USER_AGENT))
        return session


_connections: dict[str, SharedConnection] = {}


def bind(models: Iterable[type[Model]], *, prefix: str, region: str) -> None:
    """Gives every model its full table name and the one connection, which knows each table's keys.

    Once a process, before the first call; a later one begins anew.
    """
    _connections.clear()
    shared = _connection(region)
    for model in models:
        meta: Any = model.Meta
        meta.table_name = f"{prefix}{meta.short_name}"
        meta.region = region
        table: Any = model._get_connection()
        shared.add_meta_table(table.get_meta_table())
        table.connection = shared


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


def _connection(region: str) -> SharedConnection:
    if region not in _connections:
        _connections[region] = SharedConnection(region)
    return _connections[region]


def update(model: type[Model], key: str, actions: list[Action], *, condition: Condition) -> None:
    """As the model's own update, which has the whole row sent back and takes it apart. Raises UpdateError."""
    meta: Any = model.Meta
    _connection(meta.region).update_item(
        meta.table_name, key, actions=actions, condition=condition, return_consumed_capacity="NONE"
    )


def read(model: type[Model], key: str) -> Item | None:
    """The row as DynamoDB gives it, read consistently. Raises GetError."""
    meta: Any = model.Meta
    found: Item | None = _connection(meta.region).get_item(meta.table_name, key, consistent_read=True).get("Item")
    return found


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
