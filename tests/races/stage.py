"""Calls to DynamoDB seen at the edge of this process: which rows each reads and writes, and whether it was done."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from handler.tables import base
from handler.tables.all_tables import TABLES
from handler.tables.conversations import shard_of
from tests.world import REGION

# A row is its table's short name and its key; no key is the table as a whole.
Row = tuple[str, str]
WHOLE = ""
_WRITES = ("Put", "Update", "Delete")


@dataclass(frozen=True, slots=True)
class Call:
    """`versions` are the rows that it gives another version: a write that leaves it stands in nobody's way."""

    operation: str
    reads: frozenset[Row] = frozenset()
    puts: frozenset[Row] = frozenset()
    deletes: frozenset[Row] = frozenset()
    versions: frozenset[Row] = frozenset()

    @property
    def writes(self) -> frozenset[Row]:
        return self.puts | self.deletes

    @property
    def refuses(self) -> bool:
        return any(table == "opt_outs" for table, _ in self.writes)

    @property
    def claims(self) -> bool:
        return self.operation == "TransactWriteItems" and any(table == "conversations" for table, _ in self.writes)

    def meets(self, other: "Call") -> bool:
        """Whether it matters which of the two comes first: one writes what the other reads or writes; or one is a
        refusal and the other may be a claim, whether or not it looks for one."""
        if (self.refuses and other.claims) or (other.refuses and self.claims):
            return True
        return _touch(self.writes, other.reads | other.writes) or _touch(other.writes, self.reads)

    def __str__(self) -> str:
        tables = sorted({table for table, _ in self.reads | self.writes})
        return f"{self.operation} {', '.join(tables)}"


def _touch(some: frozenset[Row], others: frozenset[Row]) -> bool:
    return any(
        table == its and (key == its_key or WHOLE in (key, its_key)) for table, key in some for its, its_key in others
    )


@dataclass(frozen=True, slots=True)
class Done:
    """A call that was carried out; `who` is the thread that made it."""

    who: int
    call: Call


@dataclass(slots=True)
class Ledger:
    """What was carried out, in order. `before` is called in the calling thread, and may keep it waiting."""

    before: Callable[[Call], None] = lambda _: None
    done: list[Done] = field(default_factory=list)
    _own: threading.local = field(default_factory=threading.local)

    @contextmanager
    def open(self) -> Iterator["Ledger"]:
        """Listens to every client that the tables have now."""
        clients = [table._get_connection().connection.client for table in TABLES]  # type: ignore[attr-defined]
        clients.append(base._connection(REGION).client)
        for client in clients:
            client.meta.events.register("before-call.dynamodb", self._begins, unique_id="ledger, before")
            client.meta.events.register("after-call.dynamodb", self._ends, unique_id="ledger, after")
        try:
            yield self
        finally:
            for client in clients:
                client.meta.events.unregister("before-call.dynamodb", unique_id="ledger, before")
                client.meta.events.unregister("after-call.dynamodb", unique_id="ledger, after")

    def latest_transaction(self) -> int:
        """The place of this thread's latest transaction: of whoever is just sending, the claim."""
        me = threading.get_ident()
        places = [
            at for at, one in enumerate(self.done) if one.who == me and one.call.operation == "TransactWriteItems"
        ]
        return places[-1] if places else -1

    def _begins(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        self._own.call = call = call_of(model.name, json.loads(params["body"]))
        self.before(call)

    def _ends(self, http_response: Any, **_: Any) -> None:
        if http_response.status_code < 300:
            self.done.append(Done(threading.get_ident(), self._own.call))


def call_of(operation: str, asked: Mapping[str, Any]) -> Call:
    if operation == "TransactWriteItems":
        return _transaction(asked["TransactItems"])
    if operation.startswith("Batch"):
        tables = asked["RequestItems"].items()
        return Call(operation, frozenset(_row(table, key) for table, of in tables for key in of["Keys"]))
    if operation in ("Query", "Scan"):
        short = _short(asked["TableName"])
        return Call(operation, frozenset({(short, _shard_asked(asked) if asked.get("IndexName") == "due" else WHOLE)}))
    short, row = _row(asked["TableName"], asked.get("Key") or asked.get("Item") or {})
    if operation == "GetItem":
        return Call(operation, frozenset({(short, row)}))
    written = _written(short, row)
    if operation == "DeleteItem":
        return Call(operation, deletes=written)
    return Call(operation, puts=written, versions=frozenset({(short, row)} if _gives_version(asked) else ()))


def _transaction(items: list[dict[str, Any]]) -> Call:
    found: dict[str, set[Row]] = {"reads": set(), "puts": set(), "deletes": set(), "versions": set()}
    for item in items:
        for kind, detail in item.items():
            row = _row(detail["TableName"], detail.get("Key") or detail["Item"])
            if kind in _WRITES:
                found["deletes" if kind == "Delete" else "puts"] |= _written(*row)
                found["versions"] |= {row} if _gives_version(detail) else set()
            else:
                found["reads"].add(row)
    return Call("TransactWriteItems", **{name: frozenset(rows) for name, rows in found.items()})


def _gives_version(asked: Mapping[str, Any]) -> bool:
    names = asked.get("ExpressionAttributeNames", {})
    set_here = re.findall(r"(#\w+) = ", asked.get("UpdateExpression", ""))
    return "version" in {*asked.get("Item", ()), *(names[short] for short in set_here)}


def _written(short: str, key: str) -> frozenset[Row]:
    """The row, and its shard of the index of what is due."""
    return frozenset({(short, key)} | ({(short, f"shard {shard_of(key)}")} if short == "conversations" else set()))


def _shard_asked(asked: Mapping[str, Any]) -> str:
    (number,) = (value["N"] for value in asked["ExpressionAttributeValues"].values() if len(value["N"]) == 1)
    return f"shard {number}"


def _row(table_name: str, item: Mapping[str, Mapping[str, str]]) -> Row:
    short = _short(table_name)
    return short, "|".join(item[name]["S"] for name in _keys()[short] if name in item)


def _short(table_name: str) -> str:
    return next(short for short in _keys() if table_name.endswith(f"-{short}"))


def _keys() -> dict[str, list[str]]:
    """By table, the attributes that are its key."""
    if not _known:
        for table in TABLES:
            named = table.get_attributes().values()
            key = [one.attr_name for one in named if one.is_hash_key] + [
                one.attr_name for one in named if one.is_range_key
            ]
            _known[table.Meta.short_name] = key  # type: ignore[attr-defined]
    return _known


_known: dict[str, list[str]] = {}
