"""Metrics as lines of the log in CloudWatch's embedded metric format: no call, no library.

Format: "Specification: CloudWatch embedded metric format", Amazon CloudWatch user guide. The stage is the one
dimension: every unique set of dimensions is a billed metric, and a unit's own would be a small group told in real time.
"""

import json
from collections.abc import Callable
from datetime import datetime

NAMESPACE = "Kuulolla"
DIMENSION = "Stage"


def metric_lines(
    stage: str, clock: Callable[[], datetime], write: Callable[[str], object], unit_of: Callable[[str], str]
) -> Callable[[str, int], None]:
    """A function that writes one line for each metric that it is told of; `unit_of` knows what its number is of."""

    def count(name: str, amount: int) -> None:
        described = {
            "Namespace": NAMESPACE,
            "Dimensions": [[DIMENSION]],
            "Metrics": [{"Name": name, "Unit": unit_of(name)}],
        }
        line = {
            "_aws": {"Timestamp": int(clock().timestamp() * 1000), "CloudWatchMetrics": [described]},
            DIMENSION: stage,
            name: amount,
        }
        write(json.dumps(line))

    return count
