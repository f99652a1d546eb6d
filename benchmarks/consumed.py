"""What DynamoDB itself says that calls consume: its own figures, asked for by ReturnConsumedCapacity.

Only DynamoDB Local's are worth reading beside AWS's: other stand-ins make theirs up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from handler.tables import base

_HEARD = {"before-parameter-build.dynamodb": "ask", "after-call.dynamodb": "note"}
_READS = ("GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems")


@dataclass(frozen=True, slots=True)
class Use:
    """One table's part of a call, in request units: its own, and its indexes' together."""

    operation: str
    table: str
    units: float
    in_indexes: float = 0

    @property
    def reads(self) -> bool:
        return self.operation in _READS


@dataclass(slots=True)
class Consumed:
    """`refused` counts writes that a condition refused: the engine is silent on them, AWS bills each as one unit."""

    uses: list[Use] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def writes(self) -> float:
        return sum(use.units for use in self.uses if not use.reads)

    @property
    def index_writes_of_transactions(self) -> float:
        """The part of `writes` that indexes took within transactions."""
        return sum(use.in_indexes for use in self.uses if use.operation == "TransactWriteItems")

    @property
    def reads(self) -> float:
        return sum(use.units for use in self.uses if use.reads)

    def ask(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "INDEXES"

    def note(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        told = parsed.get("ConsumedCapacity", [])
        for one in told if isinstance(told, list) else [told]:
            indexes = {**one.get("GlobalSecondaryIndexes", {}), **one.get("LocalSecondaryIndexes", {})}
            in_indexes = sum(index["CapacityUnits"] for index in indexes.values())
            self.uses.append(Use(model.name, one["TableName"], one["CapacityUnits"], in_indexes))
        self.calls.append(model.name)
        self.refused += parsed.get("Error", {}).get("Code") == "ConditionalCheckFailedException"


@contextmanager
def consumed(region: str) -> Iterator[Consumed]:
    """What the calls of the block over the process's one connection consume."""
    seen = Consumed()
    events = base._connection(region).client.meta.events
    for event, heard in _HEARD.items():
        events.register(event, getattr(seen, heard), unique_id=f"consumed {event}")
    try:
        yield seen
    finally:
        for event in _HEARD:
            events.unregister(event, unique_id=f"consumed {event}")
