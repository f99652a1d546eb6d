"""The roles in the packaged template: one a function, only what it needs, and what is refused to each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.infra.packaged import VARIANTS, Template, packaged

pytestmark = pytest.mark.osls

FUNCTIONS = ("Sms", "Fallback", "Web", "Deliver", "Rescue", "Tick", "Report")
READING = {"GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect", "TransactGetItems"}


@pytest.fixture(params=VARIANTS.values(), ids=VARIANTS)
def template(request: pytest.FixtureRequest) -> Template:
    return packaged(request.param)


@dataclass(frozen=True)
class Grant:
    """One action on one resource that a role's statement allows or denies."""

    role: str
    sid: str
    effect: str
    action: str
    resource: str


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def named(resource: Any) -> str:
    """A resource of a statement in words: a logical id, or an ARN with its variables."""
    if isinstance(resource, str):
        return resource
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    return str(resource["Fn::Sub"])


def grants(template: Template) -> Iterator[Grant]:
    for name, role in template.of("AWS::IAM::Role").items():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in listed(statement["Action"]):
                    for resource in listed(statement["Resource"]):
                        sid = statement.get("Sid", "")
                        yield Grant(name, sid, statement["Effect"], action, named(resource))


def allowed(template: Template, role: str = "") -> list[Grant]:
    return [each for each in grants(template) if each.effect == "Allow" and role in ("", each.role)]


def those_who_may(template: Template, action: str, resource: str) -> set[str]:
    return {each.role for each in allowed(template) if (each.action, each.resource) == (action, resource)}


def test_each_function_has_its_own_role_and_no_policy_of_anybody_else_s(template: Template) -> None:
    functions = template.of("AWS::Lambda::Function")
    roles = {name: function["Role"]["Fn::GetAtt"][0] for name, function in functions.items()}
    assert roles == {f"{name}LambdaFunction": f"{name}Role" for name in FUNCTIONS}
    for name, role in template.of("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name
        assert name in {*roles.values(), "SchedulesRole", "AdministratorsRole"}


def test_a_function_s_role_is_for_lambda_alone(template: Template) -> None:
    roles = template.of("AWS::IAM::Role")
    for name in FUNCTIONS:
        (statement,) = roles[f"{name}Role"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


# What no ARN can say more exactly, and why.
WIDE = {
    ("AdministratorsRole", "dynamodb:ListTables"): "the console lists tables before it opens one",
    ("AdministratorsRole", "cloudwatch:*"): "CloudWatch knows no resources for reading metrics",
}
WIDE_ON_A_STAND_IN = {
    ("ReportRole", "ses:SendEmail"): "MiniStack knows no identity in a request for sending",
    ("ReportRole", "ses:SendRawEmail"): "as above",
}


def test_no_action_and_no_resource_is_a_wildcard_but_those_listed(template: Template) -> None:
    wide = set()
    for grant in allowed(template):
        assert "*" not in grant.action, grant
        streams_of_one_log = r"arn:.*:log-group:/aws/lambda/kuulolla-\w+-\w+:\*"
        if "*" in grant.resource and not re.fullmatch(streams_of_one_log, grant.resource):
            reading_metrics = re.fullmatch(r"cloudwatch:(Describe|Get|List)\w+", grant.action)
            wide.add((grant.role, "cloudwatch:*" if reading_metrics else grant.action))
    assert wide == set(WIDE) | (set(WIDE_ON_A_STAND_IN) if not template.holds("OnAws") else set())


def test_a_function_writes_to_its_own_log_alone(template: Template) -> None:
    for name in FUNCTIONS:
        written = {grant.resource for grant in allowed(template, f"{name}Role") if grant.action.startswith("logs:")}
        (arn,) = written
        assert arn.endswith(f":log-group:/aws/lambda/{template.prefix}{name.lower()}:*")


def test_numbers_are_unsealed_by_deliver_alone(template: Template) -> None:
    assert those_who_may(template, "kms:Encrypt", "SealingKey") == {"WebRole", "SmsRole", "RescueRole"}
    assert those_who_may(template, "kms:Decrypt", "SealingKey") == {"DeliverRole"}
    assert those_who_may(template, "kms:Encrypt", "InboundKey") == {"FallbackRole"}
    assert those_who_may(template, "kms:Decrypt", "InboundKey") == {"RescueRole"}
    assert {grant.action for grant in allowed(template) if grant.action.startswith("kms:")} == {
        "kms:Encrypt",
        "kms:Decrypt",
    }


def those_meant(statement: dict[str, Any]) -> set[str]:
    """The roles that a statement of a key's policy is about; there is no other condition in it."""
    ((_, condition),) = statement["Condition"].items()
    roles = (
        re.search(r":(?:assumed-)?role/([\w-]+)(?:/\*)?$", named(arn)) for arn in listed(condition["aws:PrincipalArn"])
    )
    return {role[1] if role else "anybody" for role in roles}


def test_a_key_s_own_policy_lets_nobody_seal_or_unseal_but_those_roles(template: Template) -> None:
    # Who seals, then who unseals.
    expected = {
        "SealingKey": [{"web", "sms", "rescue"}, {"deliver"}],
        "InboundKey": [{"fallback"}, {"rescue"}],
    }
    for name, key in template.of("AWS::KMS::Key").items():
        using = [
            statement
            for statement in key["KeyPolicy"]["Statement"]
            if {"kms:Encrypt", "kms:Decrypt", "kms:*"} & set(listed(statement["Action"]))
        ]
        wanted = [{template.prefix + role for role in roles} for roles in expected[name]]
        assert [those_meant(statement) for statement in using] == wanted
        managing = [each for each in key["KeyPolicy"]["Statement"] if each not in using]
        for action in (action for statement in managing for action in listed(statement["Action"])):
            assert not re.match(r"kms:(Encrypt|Decrypt|ReEncrypt|GenerateData|CreateGrant|Create\*|\*)", action), action


def test_no_function_reads_answers_and_those_of_the_phone_read_no_comments(template: Template) -> None:
    """Responses are written when a conversation closes; every figure comes from the counts. What has outlived its time
    is found by its key."""
    for name in FUNCTIONS:
        reading = {
            grant.resource
            for grant in allowed(template, f"{name}Role")
            if grant.action.removeprefix("dynamodb:") in READING
        }
        assert any("Responses" in resource for resource in reading) is (name == "Report"), name
        if name not in ("Web", "Report"):
            assert not any("Comments" in resource for resource in reading), name


def test_what_deletes_responses_may_ask_for_their_keys_alone(template: Template) -> None:
    """On AWS: the stand-in knows no such conditions."""
    (policy,) = template.of("AWS::IAM::Role")["ReportRole"]["Policies"]
    of_responses = {
        statement["Action"][0]: statement.get("Condition")
        for statement in policy["PolicyDocument"]["Statement"]
        if named(listed(statement["Resource"])[0]) == "ResponsesTable"
    }
    keys = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["unit_survey", "month_group_id"]}}
    expected = {
        "dynamodb:Query": {**keys, "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}},
        "dynamodb:DeleteItem": {"StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"}},
    }
    nothing = {action: {"Ref": "AWS::NoValue"} for action in expected}
    assert of_responses == (expected if template.holds("OnAws") else nothing)


def test_what_forgets_who_sent_may_change_nothing_else_of_an_invitation(template: Template) -> None:
    """On AWS: the stand-in knows no such conditions."""
    (policy,) = template.of("AWS::IAM::Role")["ReportRole"]["Policies"]
    (changing,) = (each for each in policy["PolicyDocument"]["Statement"] if each["Sid"] == "InvitationsSent")
    columns = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "month", "by", "send_at", "fingerprint"]}}
    expected = {**columns, "StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"}}
    assert changing["Condition"] == (expected if template.holds("OnAws") else {"Ref": "AWS::NoValue"})


def test_the_fallback_knows_no_table(template: Template) -> None:
    services = {grant.action.partition(":")[0] for grant in allowed(template, "FallbackRole")}
    assert services == {"logs", "ssm", "sqs", "kms"}


def test_nobody_makes_changes_or_carries_out_tables(template: Template) -> None:
    known = {
        *("GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect", "DescribeTable", "ListTables"),
        *("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
    }
    actions = {
        grant.action.removeprefix("dynamodb:") for grant in allowed(template) if grant.action.startswith("dynamodb:")
    }
    assert actions <= known


def test_secrets_are_read_by_name_and_by_functions_alone(template: Template) -> None:
    for grant in allowed(template):
        if grant.action.startswith("ssm:"):
            assert grant.role.removesuffix("Role") in FUNCTIONS
            assert grant.action == "ssm:GetParameter"
            assert re.search(rf":parameter/kuulolla/{template.variant.stage}/[a-z-]+$", grant.resource), grant


# --- administrators, in the console


def test_administrators_read_the_counts_and_nothing_else_of_the_tables(template: Template) -> None:
    tables = {
        grant.resource
        for grant in allowed(template, "AdministratorsRole")
        if grant.action.startswith("dynamodb:") and grant.action != "dynamodb:ListTables"
    }
    assert tables == {"CountsTable"}
    changing = re.compile(
        r":(Put|Update|Delete|Create|Restore|Export|Send|Start|Import|Batch(Write)|Set|Enable|Disable)"
    )
    assert [grant for grant in allowed(template, "AdministratorsRole") if changing.search(grant.action)] == []


def test_answers_and_ways_of_carrying_tables_out_are_refused_to_administrators_by_name(template: Template) -> None:
    denied = {
        (each.action, each.resource)
        for each in grants(template)
        if (each.role, each.effect) == ("AdministratorsRole", "Deny")
    }
    for table in ("ConversationsTable", "ResponsesTable", "CommentsTable"):
        assert ("dynamodb:*", f"${{{table}.Arn}}*") in denied
    for action in ("ExportTableToPointInTime", "RestoreTableToPointInTime", "RestoreTableFromBackup", "CreateBackup"):
        assert (f"dynamodb:{action}", "*") in denied
    for key in ("SealingKey", "InboundKey"):
        for action in ("CreateGrant", "Decrypt", "ReEncrypt*"):
            assert (f"kms:{action}", key) in denied
    # DynamoDB unseals a table's rows with AWS's key in the name of whoever reads them.
    assert ("kms:Decrypt", "*") not in denied


def test_administrators_come_with_a_second_factor(template: Template) -> None:
    """By themselves, or through IAM Identity Center, which asks for it and tells nobody."""
    of_users, of_people = template.of("AWS::IAM::Role")["AdministratorsRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert of_users["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    ((operator, condition),) = of_people["Condition"].items()
    assert operator == "ArnLike"
    (arn,) = (named(each) for each in listed(condition["aws:PrincipalArn"]))
    assert arn.endswith(":role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_KuulollaAdministrators_*")
