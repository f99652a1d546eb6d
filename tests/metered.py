"""What the calls of a block to DynamoDB are billed, reckoned from the items themselves at the edge of this process.

The stand-ins' own figures of consumed capacity are not AWS's, so sizes are taken by AWS's rules: "DynamoDB item sizes
and formats" and "DynamoDB read and write operations", Amazon DynamoDB developer guide. Only for one thread at a time.
"""

import base64
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3

from handler.tables import base
from handler.tables.all_tables import TABLES

Item = dict[str, dict[str, Any]]
_WRITES = {"PutItem": "Item", "UpdateItem": "Key", "DeleteItem": "Key"}
_EVENTS = ("before-call.dynamodb", "after-call.dynamodb")


@dataclass(slots=True)
class Bill:
    """`writes` and `reads` in AWS's request units: of 1 KB written, or 4 KB read consistently; `calls` by operation."""

    writes: float = 0
    reads: float = 0
    calls: list[str] = field(default_factory=list)


@contextmanager
def metered(region: str) -> Iterator[Bill]:
    """The bill of the block."""
    meter = _Meter(boto3.client("dynamodb", region_name=region))
    clients = [model._get_connection().connection.client for model in TABLES]
    clients.append(base._connection(region).client)
    for client in clients:
        for event, heard in zip(_EVENTS, (meter.before, meter.after), strict=True):
            client.meta.events.register(event, heard, unique_id=event)
    try:
        yield meter.bill
    finally:
        for client in clients:
            for event in _EVENTS:
                client.meta.events.unregister(event, unique_id=event)


@dataclass(slots=True)
class _Write:
    table: str
    key: Item
    before: Item | None
    checked: bool = False


class _Meter:
    def __init__(self, engine: Any) -> None:
        self.bill = Bill()
        self._engine = engine
        self._writes: list[_Write] = []
        self._asked: dict[str, Any] = {}

    def before(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        self._asked = asked = json.loads(params["body"])
        self.bill.calls.append(model.name)
        if model.name in _WRITES:
            self._writes = [self._write(asked, _WRITES[model.name])]
        elif model.name == "TransactWriteItems":
            self._writes = [self._write_of(action) for action in asked["TransactItems"]]
        else:
            self._writes = []

    def after(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        times = 2 if model.name == "TransactWriteItems" else 1
        for write in self._writes:
            self.bill.writes += times * self._units(write) + self._index_units(write)
        if not self._writes:
            self.bill.reads += self._read_units(model.name, parsed)

    def _write_of(self, action: dict[str, Any]) -> _Write:
        ((name, asked),) = action.items()
        write = self._write(asked, "Item" if name == "Put" else "Key")
        write.checked = name == "ConditionCheck"
        return write

    def _write(self, asked: dict[str, Any], where: str) -> _Write:
        names = [each["AttributeName"] for each in self._described(asked["TableName"])["KeySchema"]]
        key = {name: asked[where][name] for name in names}
        return _Write(asked["TableName"], key, self._item(asked["TableName"], key))

    def _item(self, table: str, key: Item) -> Item | None:
        found: Item | None = self._engine.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _described(self, table: str) -> dict[str, Any]:
        return dict(self._engine.describe_table(TableName=table)["Table"])

    def _units(self, write: _Write) -> int:
        """The larger of the item before and after; at least one, also of what is refused or only checked."""
        sizes = [size(write.before or {}), size(self._item(write.table, write.key) or {})]
        return max(1, math.ceil(max(sizes) / 1024))

    def _index_units(self, write: _Write) -> int:
        if write.checked:
            return 0
        after = self._item(write.table, write.key)
        indexes = self._described(write.table).get("GlobalSecondaryIndexes", [])
        return sum(_moved(_entry(index, write.before, write.key), _entry(index, after, write.key)) for index in indexes)

    def _read_units(self, name: str, parsed: dict[str, Any]) -> float:
        """A page is rounded up as a whole; a scan's filter saves nothing, and these scans are of small tables."""
        if name == "GetItem":
            sizes, consistent = [size(parsed.get("Item", {}))], self._asked.get("ConsistentRead", False)
        elif name == "BatchGetItem":
            sizes = [size(item) for items in parsed["Responses"].values() for item in items]
            return sum(max(0.5, math.ceil(each / 4096) / 2) for each in sizes)
        else:
            sizes = [sum(size(item) for item in parsed.get("Items", []))]
            consistent = self._asked.get("ConsistentRead", False)
        return sum(max(1, math.ceil(each / 4096)) for each in sizes) * (1 if consistent else 0.5)


def _entry(index: dict[str, Any], item: Item | None, key: Item) -> tuple[Item, Item] | None:
    """An item's entry in an index: its key there, and all that it holds; None when it has none."""
    names = [each["AttributeName"] for each in index["KeySchema"]]
    if item is None or not all(name in item for name in names):
        return None
    place = {name: item[name] for name in names}
    held = item if index["Projection"]["ProjectionType"] == "ALL" else {**key, **place}
    return place, held


def _moved(before: tuple[Item, Item] | None, after: tuple[Item, Item] | None) -> int:
    """An entry that comes, goes or changes is a write; one whose key changes is two."""
    if before == after:
        return 0
    entries = [each for each in (before, after) if each is not None]
    if len(entries) == 2 and entries[0][0] == entries[1][0]:
        entries = entries[1:]
    return sum(max(1, math.ceil(size(held) / 1024)) for _, held in entries)


def size(item: Item) -> int:
    """In bytes, names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "N":
        return math.ceil(len(held.strip("-").replace(".", "")) / 2) + 1
    if kind == "B":
        return len(held) if isinstance(held, bytes) else len(base64.b64decode(held))
    if kind == "L":
        return 3 + sum(1 + _value_size(each) for each in held)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_size(each) for name, each in held.items())
    return 1
