"""What is deployed matches the code: every table with its keys, indexes and TTL, every entry point."""

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pynamodb.models import Model

from handler.settings import NEEDED
from handler.tables.all_tables import TABLES

ROOT = Path(__file__).resolve().parent.parent
DEPLOYED = {
    resource["Properties"]["TableName"].removeprefix("${self:custom.tablePrefix}"): resource
    for resource in yaml.safe_load((ROOT / "infra" / "tables.yml").read_text())["Resources"].values()
}
WITHOUT_RECOVERY = {"conversations"}


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
    environment = yaml.safe_load((ROOT / "serverless.yml").read_text())["provider"]["environment"]
    assert set(environment) == set(NEEDED) - {"AWS_REGION"}  # Lambda itself gives the region
    assert environment["KUULOLLA_PEPPER"].startswith("/")
    assert environment["TWILIO_AUTH_TOKEN"].startswith("/")


def test_every_function_that_is_deployed_exists() -> None:
    functions = yaml.safe_load((ROOT / "serverless.yml").read_text())["functions"]
    for function in functions.values():
        module, _, name = function["handler"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))
