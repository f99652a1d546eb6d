"""What a month with so many finished surveys takes of everything that is billed, and what that costs in dollars."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.cost_inputs import HERE, Inputs
from handler.templates import checked_library
from handler.work.metric import Metric
from handler.work.tick import FOLD_EVERY

ROOT = HERE.parent
GB, READ_UNIT = 1024**3, 4096
# A month's books stay open through the sixth day of the next one, and it fills evenly until its end.
MEAN_MONTHS_OPEN = 0.5 + 6 / 30

# What the carrier bills; the rest is AWS's.
CARRIERS = ("Text messages sent", "Text messages received", "A number")

Lines = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Month:
    """A month with so many finished surveys."""

    inputs: Inputs
    finished: int
    finish_rate: float

    @property
    def invited(self) -> float:
        return self.finished / self.finish_rate

    @property
    def rounds(self) -> float:
        return self.inputs.planning["hours"] * 60

    @property
    def folds(self) -> float:
        return min(self.rounds, timedelta(hours=self.inputs.planning["hours"]) / FOLD_EVERY)

    @property
    def rows_folded(self) -> float:
        """The mean of the invitations that one fold reads: those of the open months."""
        return self.invited * MEAN_MONTHS_OPEN

    @property
    def cells(self) -> int:
        """Of the largest month in usage.toml that is not larger."""
        return max(cells for finished, cells in self.inputs.cells.items() if int(finished) <= self.finished)

    def of(self, what: str) -> float:
        """So much of it in all the month's conversations."""
        journeys = self.inputs.journeys
        return self.finished * journeys["finished"][what] + (self.invited - self.finished) * journeys["silent"][what]


def lines(month: Month) -> Lines:
    """What is billed, in dollars."""
    return {
        "Text messages sent": month.inputs.cost("sms_out", month.of("segments_out")),
        "Text messages received": month.inputs.cost("sms_in", month.of("messages_in")),
        "A number": month.inputs.cost("number", 1),
        "DynamoDB, surveys": _surveys(month),
        "DynamoDB, rounds of the schedule": _rounds(month),
        "DynamoDB, stored, when 36 months are full": _stored(month),
        "Lambda": _lambda(month),
        "HTTP API": month.inputs.cost("http_api", _requests(month)),
        "SQS": _queues(month),
        "KMS": _keys(month),
        "EventBridge Scheduler": month.inputs.cost("scheduler", month.rounds + 31),
        "CloudWatch, logs": _logs(month),
        "CloudWatch, metrics, alarms, dashboard": _watched(month.inputs),
        "SES and SSM": month.inputs.cost("mail", month.inputs.planning["mails"]) + month.inputs.cost("parameter", 3),
    }


def _surveys(month: Month) -> float:
    cost = month.inputs.cost
    return cost("dynamodb_write", month.of("write_units")) + cost("dynamodb_read", month.of("read_units"))


def _rounds(month: Month) -> float:
    each, cost = month.inputs.round, month.inputs.cost
    pages = month.rows_folded * each["invitation_bytes"] / READ_UNIT / 2
    written = month.cells * each["cell_write_units"] if month.finished else 0
    writes = month.rounds * each["write_units"] + month.folds * written
    reads = month.rounds * each["read_units"] + month.folds * (month.cells * each["cell_read_units"] + pages)
    return cost("dynamodb_write", writes) + cost("dynamodb_read", reads)


def _stored(month: Month) -> float:
    planning, silent = month.inputs.planning, month.invited - month.finished
    overhead = month.finished * planning["items_kept_a_survey"] + silent * planning["items_kept_a_silent"]
    bytes_a_month = month.of("kept_bytes") + overhead * planning["item_overhead_bytes"]
    stored = bytes_a_month * checked_library().organisation.keep_months / GB
    return month.inputs.cost("dynamodb_storage", stored) + month.inputs.cost("dynamodb_recovery", stored)


def _lambda(month: Month) -> float:
    planning, memory = month.inputs.planning, month.inputs.memory_mb
    fold_ms = month.rows_folded * planning["fold_row_cpu_ms"] * planning["full_cpu_mb"] / memory["tick"]
    calls = {
        "sms": month.of("webhooks"),
        "web": _pages(month),
        "deliver": month.of("queue_items"),
        "tick": month.rounds,
    }
    ms = {
        "sms": calls["sms"] * planning["webhook_ms"],
        "web": calls["web"] * planning["page_ms"],
        "deliver": calls["deliver"] * planning["item_ms"],
        "tick": calls["tick"] * planning["round_ms"] + month.folds * fold_ms,
    }
    gb_seconds = sum(ms[name] / 1000 * memory[name] / 1024 for name in ms)
    cost = month.inputs.cost
    return cost("lambda_request", sum(calls.values())) + cost("lambda_gb_second", gb_seconds)


def _pages(month: Month) -> float:
    return month.invited * month.inputs.planning["pages_an_invitation"] + month.inputs.planning["pages_a_month"]


def _requests(month: Month) -> float:
    return month.of("webhooks") + _pages(month)


def _queues(month: Month) -> float:
    planning, cost = month.inputs.planning, month.inputs.cost
    polls = planning["hours"] * 60 * planning["polls_a_minute"]
    return cost("sqs", polls + month.of("queue_items") * planning["requests_an_item"]) + cost("sqs_fifo", polls)


def _keys(month: Month) -> float:
    requests = month.of("kms_requests") + month.inputs.planning["idle_kms_requests"]
    return month.inputs.cost("kms_key", _declared("AWS::KMS::Key")) + month.inputs.cost("kms_request", requests)


def _logs(month: Month) -> float:
    planning = month.inputs.planning
    calls = _requests(month) + month.of("queue_items") + month.rounds
    told = month.of("metric_lines") + month.rounds * month.inputs.round["metric_lines"]
    gb = (calls * planning["log_bytes_a_call"] + told * planning["log_bytes_a_metric"]) / GB
    return month.inputs.cost("log_gb", gb) + month.inputs.cost("log_masking_gb", gb)


def _watched(inputs: Inputs) -> float:
    """Of the metrics at most: each is billed by the hours in which it is told."""
    metrics = len(Metric) + inputs.planning["route_metrics"] * _routes()
    alarms, dashboards = _declared("AWS::CloudWatch::Alarm"), _declared("AWS::CloudWatch::Dashboard")
    return inputs.cost("metric", metrics) + inputs.cost("alarm", alarms) + inputs.cost("dashboard", dashboards)


def _routes() -> int:
    """How many routes of the HTTP API have metrics of their own."""
    return len(re.findall(r"DetailedMetricsEnabled: true\b", (ROOT / "infra" / "api.yml").read_text()))


def _declared(kind: str) -> int:
    """How many resources of the kind infra/ declares."""
    files = sorted((ROOT / "infra").glob("*.yml"))
    return sum(line.strip() == f"Type: {kind}" for path in files for line in path.read_text().splitlines())
