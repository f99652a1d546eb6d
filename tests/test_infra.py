"""What is deployed matches the code: every table with its keys, indexes and TTL, every entry point."""

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pynamodb.models import Model

from handler import jobs
from handler.outside import carrier, mail
from handler.settings import NEEDED, settings_from
from handler.tables import base
from handler.tables.all_tables import TABLES
from handler.work import reports
from handler.work.settle import LEASE
from tests.environment import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent
DEPLOYED = {
    resource["Properties"]["TableName"].removeprefix("${self:custom.tablePrefix}"): resource
    for resource in yaml.safe_load((ROOT / "infra" / "tables.yml").read_text())["Resources"].values()
}
WITHOUT_RECOVERY = {"conversations"}


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which stand for themselves here."""


Template.add_multi_constructor("!", lambda loader, suffix, node: f"{suffix} {loader.construct_scalar(node)}")
SERVERLESS = yaml.load((ROOT / "serverless.yml").read_text(), Template)  # noqa: S506 a safe loader of our own file
QUEUES = yaml.load((ROOT / "infra" / "queues.yml").read_text(), Template)["Resources"]  # noqa: S506


def _keys(schema: list[dict[str, str]]) -> dict[str, str]:
    return {key["AttributeName"]: key["KeyType"] for key in schema}


def _indexes(indexes: list[Any], name: str, keys: str, projection: str, kind: str) -> dict[str, tuple[Any, str]]:
    return {index[name]: (_keys(index[keys]), index[projection][kind]) for index in indexes}


def test_every_table_of_the_code_is_deployed_and_no_other() -> None:
    assert set(DEPLOYED) == {table.Meta.short_name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.Meta.short_name)
def test_a_table_is_deployed_as_its_model_declares_it(table: type[Model]) -> None:
    properties = DEPLOYED[table.Meta.short_name]["Properties"]
    schema = table._get_schema()
    assert _keys(properties["KeySchema"]) == _keys(schema["key_schema"])
    deployed = _indexes(
        properties.get("GlobalSecondaryIndexes", []), "IndexName", "KeySchema", "Projection", "ProjectionType"
    )
    declared = _indexes(schema["global_secondary_indexes"], "index_name", "key_schema", "projection", "ProjectionType")
    assert deployed == declared
    ttl = properties.get("TimeToLiveSpecification", {}).get("AttributeName")
    assert ttl == ("forget_at" if "forget_at" in table.get_attributes() else None)


@pytest.mark.parametrize("name", DEPLOYED)
def test_a_table_is_kept_encrypted_and_recoverable_unless_it_must_forget(name: str) -> None:
    resource = DEPLOYED[name]
    properties = resource["Properties"]
    assert resource["DeletionPolicy"] == "Retain"
    assert properties["DeletionProtectionEnabled"] is True
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    recovery = properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False)
    assert recovery is (name not in WITHOUT_RECOVERY)


def test_every_setting_is_given_and_no_secret_stands_in_the_file() -> None:
    environment = SERVERLESS["provider"]["environment"]
    assert set(environment) == set(NEEDED) - {"AWS_REGION"}  # Lambda itself gives the region
    assert environment["KUULOLLA_PEPPER"].startswith("/")
    assert environment["TWILIO_AUTH_TOKEN"].startswith("/")


def test_every_function_that_is_deployed_exists() -> None:
    for function in SERVERLESS["functions"].values():
        module, _, name = function["handler"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


# --- the queue and its time-outs


def test_the_queues_of_the_code_are_deployed() -> None:
    names = {queue["Properties"]["QueueName"].removeprefix("${self:custom.tablePrefix}") for queue in QUEUES.values()}
    made = settings_from({**ENVIRONMENT, "KUULOLLA_TABLE_PREFIX": "x-"}).sending_queue.removeprefix("x-")
    assert names == {made, f"{made}-dead"}
    sending = QUEUES["SendingQueue"]["Properties"]
    assert sending["VisibilityTimeout"] == jobs.VISIBILITY_SECONDS
    assert sending["RedrivePolicy"]["maxReceiveCount"] == jobs.MOST_RECEIVES


def test_the_slowest_batch_ends_within_its_function_and_the_function_before_the_item_is_handed_out_again() -> None:
    deliver = SERVERLESS["functions"]["deliver"]
    (event,) = deliver["events"]
    assert event["sqs"]["batchSize"] == jobs.BATCH_SIZE
    assert event["sqs"]["functionResponseType"] == "ReportBatchItemFailures"
    assert deliver["timeout"] == jobs.DELIVER_SECONDS
    assert jobs.BATCH_SIZE * jobs.ITEM_SECONDS <= jobs.DELIVER_SECONDS < jobs.VISIBILITY_SECONDS


def test_a_lease_outlasts_the_slowest_claim_and_send() -> None:
    assert LEASE.total_seconds() > base.SLOWEST_CALL + carrier.SLOWEST_CALL


# --- the reports


def test_the_reports_run_once_a_day_within_their_function_s_time() -> None:
    report = SERVERLESS["functions"]["report"]
    assert report["handler"] == "handler.jobs.report"
    (event,) = report["events"]
    minute, hour, *every = event["schedule"].removeprefix("cron(").removesuffix(")").split()
    assert every == ["*", "*", "?", "*"]
    assert (int(minute), int(hour)) == (0, 5)
    assert report["timeout"] == jobs.REPORT_SECONDS


def test_a_report_s_lease_outlasts_its_claim_its_send_and_its_mark() -> None:
    assert reports.LEASE.total_seconds() > 2 * base.SLOWEST_CALL + mail.SLOWEST_CALL
    assert reports.LEASE.total_seconds() < jobs.REPORT_SECONDS
