"""The calls to DynamoDB, counted at the edge of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pynamodb.signals import pre_dynamodb_send


@contextmanager
def calls() -> Iterator[list[str]]:
    """The operations sent to DynamoDB within the block, each with its table's name where it has one."""
    seen: list[str] = []

    def note(_: object, operation_name: str, table_name: str | None, **__: Any) -> None:
        seen.append(f"{operation_name} {(table_name or '').partition('-')[2]}".strip())

    with pre_dynamodb_send.connected_to(note):
        yield seen
