"""What is deployed matches the code: every table with its keys, indexes and TTL, every entry point."""

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pynamodb.models import Model

from handler import jobs
from handler.outside import carrier, mail
from handler.outside.parameters import AT_START, IN_PASSING
from handler.outside.secret_parameters import SecretParameters
from handler.settings import NEEDED, SECRETS, SIGN_IN, Stage, queues_of, settings_from
from handler.tables import base
from handler.tables.all_tables import TABLES
from handler.work import reports
from handler.work.settle import LEASE
from infra.packaging.platforms import Platform
from infra.packaging.runtime import RUNTIME
from tests.environment import ENVIRONMENT
from tests.roles import loaded

ROOT = Path(__file__).resolve().parent.parent
DEPLOYED = {
    resource["Properties"]["TableName"].removeprefix("${self:custom.tablePrefix}"): resource
    for resource in yaml.safe_load((ROOT / "infra" / "tables.yml").read_text())["Resources"].values()
}
WITHOUT_RECOVERY = {"conversations", "deletions", "sessions"}


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which stand for themselves here."""


def _short_form(loader: Any, suffix: str, node: yaml.Node) -> Any:
    """`!Ref Topic` as "Ref Topic"; what is made of a list as {"If": [...]}."""
    if isinstance(node, yaml.ScalarNode):
        return f"{suffix} {loader.construct_scalar(node)}"
    return {suffix: loader.construct_sequence(node, deep=True)}


Template.add_multi_constructor("!", _short_form)
# The secrets that every function has; the others are of sign-in, and the pages' alone.
EVERYBODYS = [name for name in SECRETS if name not in SIGN_IN]
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
    prefix = SERVERLESS["custom"]["secrets"].replace("${self:custom.stage}", "test")
    made = SecretParameters("test", region="eu-north-1")
    given = {
        name: environment[name].replace("${self:custom.secrets}", prefix) for name in SECRETS if name not in SIGN_IN
    }
    assert given == {"KUULOLLA_PEPPER": made.name("pepper"), "TWILIO_AUTH_TOKEN": made.name("twilio-token")}
    web = SERVERLESS["functions"]["web"]["environment"]
    assert set(web) == set(SIGN_IN)  # and no other function knows of sign-in
    signing_in = {
        name: web[name]["If"][1].replace("${self:custom.secrets}", prefix) for name in SECRETS if name in SIGN_IN
    }
    assert signing_in == {
        "KUULOLLA_OIDC_CLIENT_SECRET": made.name("oidc-client-secret"),
        "KUULOLLA_SESSION_KEY": made.name("session-key"),
    }
    assert [name for name, each in SERVERLESS["functions"].items() if "environment" in each] == ["web"]


def test_every_function_that_is_deployed_exists() -> None:
    for function in SERVERLESS["functions"].values():
        module, _, name = function["handler"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


# --- secrets

# Each secret's own call at its slowest.
START_SECONDS = len(EVERYBODYS) * AT_START.slowest


def test_secrets_that_do_not_come_end_no_function_that_could_answer() -> None:
    """A function that is ended by its time-out begins anew, and then has no secrets to go by at all."""
    shortest = min(function["timeout"] for function in SERVERLESS["functions"].values())
    assert shortest > START_SECONDS
    assert len(EVERYBODYS) * IN_PASSING.slowest <= shortest / 3
    web = SERVERLESS["functions"]["web"]["timeout"]  # it has those of sign-in, too
    assert web > len(SECRETS) * AT_START.slowest
    assert len(SECRETS) * IN_PASSING.slowest <= web / 3


# --- the queue and its time-outs


def test_the_queues_and_keys_of_the_code_are_deployed() -> None:
    code = settings_from({**ENVIRONMENT, "KUULOLLA_TABLE_PREFIX": PREFIX})
    assert {named(queue["QueueName"]) for queue in properties(QUEUES)} == set(queues_of(PREFIX))
    aliases = properties(loaded("keys.yml")["Resources"])
    assert {named(key["AliasName"]) for key in aliases if "AliasName" in key} == {code.sealing_key, code.inbound_key}


PREFIX = "kuulolla-test-"


def named(name: str) -> str:
    return name.replace("${self:custom.tablePrefix}", PREFIX)


def properties(resources: dict[str, Any]) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in resources.values()]


def test_a_queue_hands_an_item_out_again_as_the_code_reckons() -> None:
    sending = QUEUES["SendingQueue"]["Properties"]
    assert sending["VisibilityTimeout"] == jobs.VISIBILITY_SECONDS
    assert sending["RedrivePolicy"]["maxReceiveCount"] == jobs.MOST_RECEIVES
    rescue = QUEUES["RescueQueue"]["Properties"]
    assert rescue["VisibilityTimeout"] == jobs.RESCUE_VISIBILITY_SECONDS
    assert rescue["RedrivePolicy"]["maxReceiveCount"] == jobs.RESCUE_MOST_RECEIVES


def test_what_the_fallback_took_is_kept_for_a_day_in_all() -> None:
    kept = [QUEUES[name]["Properties"]["MessageRetentionPeriod"] for name in ("RescueQueue", "RescueDeadLetters")]
    assert kept == [jobs.RESCUE_KEPT_SECONDS, jobs.RESCUE_DEAD_KEPT_SECONDS]
    assert sum(kept) <= 24 * 3600


def test_a_rescue_ends_within_its_function_and_the_function_before_the_message_is_handed_out_again() -> None:
    rescue = SERVERLESS["functions"]["rescue"]
    (event,) = rescue["events"]
    assert event["sqs"]["batchSize"] == jobs.RESCUE_BATCH_SIZE
    assert event["sqs"]["functionResponseType"] == "ReportBatchItemFailures"
    assert rescue["timeout"] == jobs.RESCUE_SECONDS
    at_its_slowest = START_SECONDS + jobs.RESCUE_BATCH_SIZE * jobs.RESCUE_ITEM_SECONDS
    assert at_its_slowest <= jobs.RESCUE_SECONDS < jobs.RESCUE_VISIBILITY_SECONDS


def test_the_package_is_made_for_the_runtime_that_is_deployed() -> None:
    assert SERVERLESS["provider"]["runtime"] == f"python{RUNTIME}"
    assert SERVERLESS["provider"]["architecture"] == Platform.ARM64.value


def test_the_stages_are_those_of_the_code_but_the_one_of_one_machine() -> None:
    assert set(SERVERLESS["custom"]["stages"]) == set(Stage) - {Stage.LOCAL}
    assert set(loaded("stages.yml")) == {"default", *SERVERLESS["custom"]["stages"]}


def test_the_slowest_batch_ends_within_its_function_and_the_function_before_the_item_is_handed_out_again() -> None:
    deliver = SERVERLESS["functions"]["deliver"]
    (event,) = deliver["events"]
    assert event["sqs"]["batchSize"] == jobs.BATCH_SIZE
    assert event["sqs"]["functionResponseType"] == "ReportBatchItemFailures"
    assert deliver["timeout"] == jobs.DELIVER_SECONDS
    assert START_SECONDS + jobs.BATCH_SIZE * jobs.ITEM_SECONDS <= jobs.DELIVER_SECONDS < jobs.VISIBILITY_SECONDS


def test_a_lease_outlasts_the_slowest_claim_and_send() -> None:
    assert LEASE.total_seconds() > base.SLOWEST_CALL + carrier.SLOWEST_CALL


# --- the reports


def test_the_reports_run_once_a_day_within_their_function_s_time() -> None:
    report = SERVERLESS["functions"]["report"]
    assert report["handler"] == "handler.jobs.report"
    (event,) = report["events"]
    assert (event["schedule"]["rate"], event["schedule"]["timezone"]) == (["cron(0 7 * * ? *)"], "Europe/Helsinki")
    assert report["timeout"] == jobs.REPORT_SECONDS


def test_a_report_s_lease_outlasts_its_claim_its_send_and_its_mark() -> None:
    assert reports.LEASE.total_seconds() > 2 * base.SLOWEST_CALL + mail.SLOWEST_CALL
    assert reports.LEASE.total_seconds() < jobs.REPORT_SECONDS
