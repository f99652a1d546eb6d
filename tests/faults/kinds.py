"""What DynamoDB does when it is unwell, as rules for the proxy, each for one request of an operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handler.tables.base import RETRIES

# Longer than the clients of these tests wait: what comes so late is carried out all the same.
WAITS_SECONDS, LATE_MS = 0.5, 800

THROTTLED = {"error": {"code": "ProvisionedThroughputExceededException"}}
LIMITED = {"error": {"code": "ThrottlingException"}}
UNWELL = {"error": {"code": "InternalServerError", "status": 500}}
RESET = {"reset": True}
CONFLICT = {"error": {"code": "TransactionConflictException"}}
CANCELLED = {
    "error": {
        "code": "TransactionCanceledException",
        "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "fields": {"CancellationReasons": [{"Code": "TransactionConflict", "Message": "Transaction is ongoing"}]},
    }
}
THROTTLED_WITHIN = {
    "error": {
        "code": "TransactionCanceledException",
        "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "fields": {"CancellationReasons": [{"Code": "ThrottlingError", "Message": "Throughput exceeds the limit"}]},
    }
}
LOST = {"response": {"abort_frac": 0.0}}
LATE = {"latency": LATE_MS}

_READS = {"throttled": THROTTLED, "unwell": UNWELL, "reset": RESET}
_WRITES = {
    "throttled": THROTTLED,
    "limited": LIMITED,
    "in conflict": CONFLICT,
    "unwell": UNWELL,
    "reset": RESET,
    "answer lost": LOST,
}
_TRANSACTIONS = {
    "throttled": THROTTLED,
    "throttled within": THROTTLED_WITHIN,
    "cancelled by another": CANCELLED,
    "unwell": UNWELL,
    "reset": RESET,
    "answer lost": LOST,
    "late": LATE,
}
FAULTS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "GetItem": _READS,
    "Query": _READS,
    "Scan": _READS,
    "BatchGetItem": _READS,
    "PutItem": _WRITES,
    "UpdateItem": _WRITES | {"late": LATE},
    "DeleteItem": _WRITES,
    "TransactWriteItems": _TRANSACTIONS,
}

# At these doors at least somebody meets a fault of the operation.
MET_AT: Mapping[str, frozenset[str]] = {
    "GetItem": frozenset(
        {"invite", "cancel", "opt-outs", "deliver", "told delivered", "inbound 9", "inbound OHITA", "inbound STOP"}
    ),
    "Query": frozenset({"tick"}),
    "Scan": frozenset({"tick"}),
    "BatchGetItem": frozenset({"tick"}),
    "PutItem": frozenset({"opt-outs", "tick", "inbound STOP"}),
    "UpdateItem": frozenset({"invite", "deliver", "told delivered", "inbound 9", "inbound 3524"}),
    "DeleteItem": frozenset({"deliver"}),
    "TransactWriteItems": frozenset(
        {"invite", "cancel", "opt-outs", "deliver", "tick", "told undelivered", "inbound OHITA", "inbound STOP"}
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """`repeats` is how often the library repeats a request: never, as when all its tries met the fault; or as it does
    at work, where a repeat may meet what its own first try wrote. `spared` is a door that meets no fault."""

    operation: str
    fault: str
    repeats: int
    spared: str = ""

    @property
    def rule(self) -> dict[str, Any]:
        return {"service": "dynamodb", "operation": self.operation, "times": 1, **FAULTS[self.operation][self.fault]}

    @property
    def leaves_claims_unknown(self) -> bool:
        """A claim whose answer is lost at its last try too: the opening is never sent blindly, and ends as failed."""
        return self == CLAIMS_LOST

    @property
    def doors(self) -> frozenset[str]:
        """Those at which somebody must have met it, or the case shows nothing of them."""
        if self.leaves_claims_unknown:
            return frozenset({"invite", "deliver"})
        return MET_AT[self.operation] - {self.spared}

    def __str__(self) -> str:
        how = f"{self.operation}, {self.fault}, {'repeated' if self.repeats else 'told'}"
        return f"{how}, {self.spared} spared" if self.spared else how


CLAIMS_LOST = Case("TransactWriteItems", "answer lost", 0)


def cases() -> Iterator[Case]:
    for operation, faults in FAULTS.items():
        for fault in faults:
            if fault != "late":
                yield Case(operation, fault, 0)
            if fault in ("answer lost", "late"):
                yield Case(operation, fault, RETRIES)
    yield replace(CLAIMS_LOST, spared="deliver")  # so that answers and closings come to meet it, too
