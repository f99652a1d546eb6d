"""Metrics as lines of the log in CloudWatch's embedded metric format: no call, no library.

Format: "Specification: CloudWatch embedded metric format", Amazon CloudWatch user guide. The stage is the one
dimension: every unique set of dimensions is a billed metric.
"""

import json
from collections.abc import Callable
from datetime import datetime


def metric_lines(
    stage: str, clock: Callable[[], datetime], write: Callable[[str], object]
) -> Callable[[str, int], None]:
    """A function that writes one line for each metric that it is told of."""

    def count(name: str, amount: int) -> None:
        described = {"Namespace": "Kuulolla", "Dimensions": [["Stage"]], "Metrics": [{"Name": name, "Unit": "Count"}]}
        line = {
            "_aws": {"Timestamp": int(clock().timestamp() * 1000), "CloudWatchMetrics": [described]},
            "Stage": stage,
            name: amount,
        }
        write(json.dumps(line))

    return count
