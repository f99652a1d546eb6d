"""Least privilege, shown: with each function's role what it needs is done, and what it must not do is refused.

What each function needs of DynamoDB is held against its role by every test of the use cases (tests/roles.py); here are
the roles as they were deployed, enforced by the embedded AWS.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.deployed_stage import TABLE_PREFIX, client
from local.deployment import deployed
from tests.deployed.stage import ACCOUNT, Stage, role_arn

pytestmark = [pytest.mark.osls, pytest.mark.runtime, pytest.mark.engine]

Call = tuple[str, str, dict[str, Any]]
HASH = {
    "conversations": {"phone_key": {"S": "1.a"}},
    "throttle": {"phone_key": {"S": "1.a"}},
    "opt_outs": {"phone_key": {"S": "1.a"}},
    "invitations": {"id": {"S": "a"}},
    "staff_keys": {"id": {"S": "a"}},
    "limits": {"what": {"S": "a"}},
    "responses": {"unit_survey": {"S": "kotka#a"}, "month_group_id": {"S": "2026-11#youth#a"}},
    "comments": {"unit": {"S": "kotka"}, "month_id": {"S": "2026-11#a"}},
    "counts": {"survey": {"S": "a"}, "month_unit_group": {"S": "2026-11#kotka#youth"}},
    "audit": {"month": {"S": "2026-11"}, "time_id": {"S": "a"}},
    "sessions": {"token_hash": {"S": "a"}},
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with deployed(tmp_path_factory.mktemp("roles")) as made:
        yield Stage(made, "")


def get(table: str) -> Call:
    return "dynamodb", "get_item", {"TableName": TABLE_PREFIX + table, "Key": HASH[table]}


def put(table: str) -> Call:
    return "dynamodb", "put_item", {"TableName": TABLE_PREFIX + table, "Item": HASH[table]}


def delete(table: str) -> Call:
    return "dynamodb", "delete_item", {"TableName": TABLE_PREFIX + table, "Key": HASH[table]}


def scan(table: str) -> Call:
    return "dynamodb", "scan", {"TableName": TABLE_PREFIX + table}


def query_audit() -> Call:
    asked = {"KeyConditionExpression": "#m = :m", "ExpressionAttributeNames": {"#m": "month"}}
    values = {"ExpressionAttributeValues": {":m": {"S": "2026-11"}}}
    return "dynamodb", "query", {"TableName": f"{TABLE_PREFIX}audit", **asked, **values}


def update(table: str) -> Call:
    changed = {"UpdateExpression": "SET #a = :a", "ExpressionAttributeNames": {"#a": "about"}}
    values = {"ExpressionAttributeValues": {":a": {"S": "another"}}}
    return "dynamodb", "update_item", {"TableName": TABLE_PREFIX + table, "Key": HASH[table], **changed, **values}


def secret(name: str) -> Call:
    return "ssm", "get_parameter", {"Name": f"/kuulolla/test/{name}", "WithDecryption": True}


def seal(key: str) -> Call:
    return "kms", "encrypt", {"KeyId": f"alias/{TABLE_PREFIX}{key}", "Plaintext": "number"}


TOKEN, PEPPER = secret("twilio-token"), secret("pepper")
SECRETS = [TOKEN, PEPPER]

READ_ALL = [scan("comments"), scan("conversations"), scan("responses"), get("responses"), get("staff_keys")]
# By role: what it may, and what it may not.
ROLES: dict[str, tuple[list[Call], list[Call]]] = {
    "sms": (
        [
            *(get("conversations"), put("responses"), put("comments"), put("opt_outs"), delete("throttle")),
            *(seal("sealing"), *SECRETS),
        ],
        [
            *(*READ_ALL, get("counts"), put("staff_keys"), put("throttle"), delete("responses"), put("audit")),
            *(seal("inbound"), secret("session-key"), get("sessions"), query_audit()),
        ],
    ),
    "fallback": (
        [seal("inbound"), *SECRETS],
        [*READ_ALL, get("conversations"), put("opt_outs"), get("counts"), scan("limits"), seal("sealing")],
    ),
    "web": (
        [
            *(
                put("conversations"),
                put("throttle"),
                get("staff_keys"),
                put("audit"),
                get("counts"),
                delete("comments"),
            ),
            *(put("staff_keys"), query_audit(), put("sessions"), delete("sessions")),
            *(seal("sealing"), *SECRETS, secret("session-key")),
        ],
        [
            *(get("responses"), scan("responses"), scan("conversations"), scan("opt_outs"), scan("audit")),
            *(delete("staff_keys"), delete("audit"), update("audit"), scan("sessions")),
            *(delete("responses"), delete("counts"), seal("inbound")),
        ],
    ),
    "deliver": (
        [get("conversations"), put("throttle"), put("responses"), *SECRETS],
        [*READ_ALL, put("conversations"), seal("sealing")],
    ),
    "rescue": (
        [get("conversations"), put("responses"), delete("limits"), seal("sealing"), *SECRETS],
        [*READ_ALL, seal("inbound"), get("sessions")],
    ),
    "tick": (
        [get("conversations"), put("responses"), *SECRETS],
        [*READ_ALL, put("conversations"), seal("sealing")],
    ),
    "report": (
        [
            *(get("counts"), put("limits"), *SECRETS),
            *(scan("conversations"), delete("responses"), delete("audit")),  # what has outlived its time
        ],
        [
            *(scan("comments"), scan("responses"), get("responses"), get("staff_keys"), get("conversations")),
            *(put("comments"), put("counts"), get("opt_outs"), delete("opt_outs"), get("throttle"), update("audit")),
        ],
    ),
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_its_function_needs(stage: Stage, role: str) -> None:
    may, _ = ROLES[role]
    assert dict(zip(map(said, may), stage.ended(role, may), strict=True)) == dict.fromkeys(map(said, may), "")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_not_what_its_function_must_not_do(stage: Stage, role: str) -> None:
    _, may_not = ROLES[role]
    ended = dict(zip(map(said, may_not), stage.ended(role, may_not), strict=True))
    assert [call for call, code in ended.items() if "AccessDenied" not in code] == []


def said(call: Call) -> str:
    service, method, arguments = call
    return f"{service} {method} {next(iter(arguments.values()))}"


# --- sealing

UNSEALING = {"sealing": ("web", "deliver"), "inbound": ("fallback", "rescue")}


@pytest.mark.parametrize("key", UNSEALING)
def test_what_one_function_seals_another_unseals_and_nobody_else(stage: Stage, key: str) -> None:
    sealing, unsealing = UNSEALING[key]
    sealed = stage.sealed(sealing, f"alias/{TABLE_PREFIX}{key}")
    for function in ROLES:
        (code,) = stage.ended(function, [("kms", "decrypt", {"CiphertextBlob": sealed})])
        assert (code == "") == (function == unsealing), function


# --- queues


def test_who_queues_cannot_read_the_queue(stage: Stage) -> None:
    for role, queue in (("web", "sending"), ("tick", "sending"), ("fallback", "rescue.fifo")):
        url = client(stage.made, "sqs").get_queue_url(QueueName=TABLE_PREFIX + queue)["QueueUrl"]
        other = client(stage.made, "sqs").get_queue_url(QueueName=f"{TABLE_PREFIX}sending-dead")["QueueUrl"]
        calls: list[Call] = [
            ("sqs", "receive_message", {"QueueUrl": url}),
            ("sqs", "purge_queue", {"QueueUrl": url}),
            ("sqs", "send_message", {"QueueUrl": other, "MessageBody": "a"}),
        ]
        assert all("AccessDenied" in code for code in stage.ended(role, calls)), role


# --- administrators, in the console

COUNTS, RESPONSES = f"{TABLE_PREFIX}counts", f"{TABLE_PREFIX}responses"
ADMINISTRATORS_MAY: list[Call] = [
    scan("counts"),
    ("cloudwatch", "describe_alarms", {}),
    ("cloudwatch", "get_dashboard", {"DashboardName": "kuulolla-test"}),
]
ADMINISTRATORS_MAY_NOT: list[Call] = [
    *(scan(table) for table in HASH if table != "counts"),
    put("counts"),
    delete("counts"),
    ("dynamodb", "create_backup", {"TableName": COUNTS, "BackupName": "carried-out"}),
    (
        "dynamodb",
        "restore_table_to_point_in_time",
        {"SourceTableName": RESPONSES, "TargetTableName": "carried-out", "UseLatestRestorableTime": True},
    ),
    (
        "dynamodb",
        "export_table_to_point_in_time",
        {"TableArn": f"arn:aws:dynamodb:eu-north-1:{ACCOUNT}:table/{RESPONSES}", "S3Bucket": "carried-out"},
    ),
    *SECRETS,
    seal("sealing"),
]


def test_administrators_see_the_counts_and_the_dashboard_and_nobody_s_answers(stage: Stage) -> None:
    with without_second_factor(stage):
        may = stage.ended("administrators", ADMINISTRATORS_MAY)
        may_not = stage.ended("administrators", ADMINISTRATORS_MAY_NOT)
    assert may == [""] * len(ADMINISTRATORS_MAY)
    ended = dict(zip(map(said, ADMINISTRATORS_MAY_NOT), may_not, strict=True))
    assert [call for call, code in ended.items() if "AccessDenied" not in code] == []


def test_whoever_shows_no_second_factor_does_not_get_the_administrators_role(stage: Stage) -> None:
    sts = client(stage.made, "sts")
    with pytest.raises(sts.exceptions.ClientError, match="not authorized to perform: sts:AssumeRole"):
        sts.assume_role(RoleArn=role_arn("administrators"), RoleSessionName="looking")


@contextmanager
def without_second_factor(stage: Stage) -> Iterator[None]:
    """A test has none to show; its role is otherwise as it was deployed."""
    iam, name = client(stage.made, "iam"), f"{TABLE_PREFIX}administrators"
    deployed_as = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    statement = {name: value for name, value in deployed_as["Statement"][0].items() if name != "Condition"}
    policy = json.dumps({**deployed_as, "Statement": [statement]})
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=policy)
    try:
        yield
    finally:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(deployed_as))
