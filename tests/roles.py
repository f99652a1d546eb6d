"""The functions' roles, as infra/roles.yml gives them, held against what the code asks of DynamoDB in every test.

AWS refuses what a role does not name; the engines of the tests let everything through. So each call that a function
would make is looked up in its role here: a table or an action that is missing fails the test that needed it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from handler.tables import base
from handler.tables.all_tables import TABLES

ROOT = Path(__file__).resolve().parent.parent
_OF_A_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
Use = tuple[str, str]
_acting: ContextVar[str | None] = ContextVar("acting", default=None)
# Prefix and region of the tables that are watched.
_watched: tuple[str, str] | None = None
_refused: list[str] = []


class CloudFormation(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!GetAtt A.Arn` becomes {"GetAtt": "A.Arn"}."""


def _short_form(loader: Any, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_mapping(node, deep=True)}


CloudFormation.add_multi_constructor("!", _short_form)


def loaded(name: str) -> dict[str, Any]:
    """A file of infra/."""
    return dict(yaml.load((ROOT / "infra" / name).read_text(encoding="utf-8"), CloudFormation))  # noqa: S506 our own


@cache
def allowed() -> Mapping[str, frozenset[Use]]:
    """By function, the tables (an index as "table/index") and the actions that its role names."""
    tables = {
        logical_id: table["Properties"]["TableName"].removeprefix("${self:custom.tablePrefix}")
        for logical_id, table in loaded("tables.yml")["Resources"].items()
    }
    roles = {}
    for role in loaded("roles.yml")["Resources"].values():
        (policy,) = role["Properties"]["Policies"]
        roles[policy["PolicyName"]] = frozenset(
            (_table(statement["Resource"], tables), action.removeprefix("dynamodb:"))
            for statement in policy["PolicyDocument"]["Statement"]
            for action in statement["Action"]
            if isinstance(action, str) and action.startswith("dynamodb:")
        )
    return roles


def _table(resource: Any, tables: Mapping[str, str]) -> str:
    """`!GetAtt CountsTable.Arn`, or `!Sub "${ConversationsTable.Arn}/index/due"`."""
    if "GetAtt" in resource:
        return tables[resource["GetAtt"].removesuffix(".Arn")]
    logical_id, _, index = resource["Sub"].removeprefix("${").partition(".Arn}/index/")
    return f"{tables[logical_id]}/{index}"


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """What is called within the block is called by this function; within another's, too, as when a test lets something
    happen in the middle of it."""
    if _watched is None:
        yield
        return
    _watch()
    token = _acting.set(function)
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def held_to_roles(prefix: str, region: str) -> Iterator[None]:
    """Within the block calls to tables of this prefix are looked up in the role of whoever acts. Fails at its end when
    something was refused, though the code under test may have caught the refusal. For one thread."""
    global _watched  # noqa: PLW0603 the tests of one process run one after another
    _watched = (prefix, region)
    _refused.clear()
    try:
        yield
    finally:
        _watched = None
    assert _refused == []


def _watch() -> None:
    """Clients are looked for at each act: wiring an app anew makes new ones."""
    assert _watched is not None
    clients = [table._get_connection().connection.client for table in TABLES]  # type: ignore[attr-defined]
    for client in [*clients, base._connection(_watched[1]).client]:
        client.meta.events.register("before-call.dynamodb", _look_up, unique_id="roles")


def _look_up(model: Any, params: dict[str, Any], **_: Any) -> None:
    function = _acting.get()
    if function is None or _watched is None:
        return
    for table, action in _uses(model.name, params):
        use = (table.removeprefix(_watched[0]), action)
        if use not in allowed()[function]:
            _refused.append(f"{function} may not {action} {use[0]}")
            raise PermissionError(_refused[-1])


def _uses(operation: str, params: dict[str, Any]) -> Iterator[Use]:
    """Table and action of a call as IAM sees it: the items of a transaction are calls of their own.

    Source: "Using IAM with transactions", Amazon DynamoDB developer guide.
    """
    asked = json.loads(params["body"])
    if operation == "TransactWriteItems":
        for item in asked["TransactItems"]:
            for kind, detail in item.items():
                yield detail["TableName"], _OF_A_TRANSACTION[kind]
    elif operation.startswith("Batch"):
        for table in asked["RequestItems"]:
            yield table, operation
    else:
        index = f"/{asked['IndexName']}" if "IndexName" in asked else ""
        yield asked["TableName"] + index, operation
