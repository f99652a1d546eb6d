"""The packaged template, as CloudFormation gets it: functions, doors, tables, queues, logs, and no secret anywhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from handler.settings import NEEDED, SECRETS, SIGN_IN, settings_from
from handler.tables.all_tables import TABLES
from tests.environment import ENVIRONMENT
from tests.infra.packaged import VARIANTS, Template, packaged

pytestmark = pytest.mark.osls

FORGETS = {"conversations", "deletions", "sessions"}
WEBHOOKS = {"POST /sms/inbound": "Sms", "POST /sms/status": "Sms", "POST /sms/fallback": "Fallback"}


@pytest.fixture(params=VARIANTS.values(), ids=VARIANTS)
def template(request: pytest.FixtureRequest) -> Template:
    return packaged(request.param)


# --- the tables


def test_tables_are_those_of_the_code_and_are_kept_encrypted_protected_and_recoverable(template: Template) -> None:
    tables = template.of("AWS::DynamoDB::Table")
    assert {table["TableName"] for table in tables.values()} == {
        template.prefix + table.Meta.short_name for table in TABLES
    }
    for name, table in tables.items():
        short = table["TableName"].removeprefix(template.prefix)
        assert template.resources[name]["DeletionPolicy"] == "Retain", name
        assert template.resources[name]["UpdateReplacePolicy"] == "Retain", name
        assert table["DeletionProtectionEnabled"] is True, name
        assert table["SSESpecification"] == {"SSEEnabled": True}, name
        assert table["BillingMode"] == "PAY_PER_REQUEST", name
        recovery = table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False)
        assert recovery is (short not in FORGETS), name
        assert not {"StreamSpecification", "KinesisStreamSpecification", "ContributorInsightsSpecification"} & set(
            table
        )


def test_what_is_to_be_forgotten_is_deleted_by_its_time(template: Template) -> None:
    forgetting = {template.prefix + table.Meta.short_name for table in TABLES if "forget_at" in table.get_attributes()}
    deployed = {
        table["TableName"]: table["TimeToLiveSpecification"]
        for table in template.of("AWS::DynamoDB::Table").values()
        if "TimeToLiveSpecification" in table
    }
    assert deployed == {name: {"AttributeName": "forget_at", "Enabled": True} for name in forgetting}
    assert forgetting


# --- the queues and the keys


def test_queues_and_keys_are_called_what_the_code_calls_them(template: Template) -> None:
    settings = settings_from({**ENVIRONMENT, "KUULOLLA_TABLE_PREFIX": template.prefix})
    queues = {queue["QueueName"] for queue in template.of("AWS::SQS::Queue").values()}
    assert {settings.sending_queue, settings.rescue_queue} == {name for name in queues if "-dead" not in name}
    aliases = {alias["AliasName"] for alias in template.of("AWS::KMS::Alias").values()}
    assert aliases == {settings.sealing_key, settings.inbound_key}


def test_every_queue_is_encrypted_and_what_fails_in_one_that_is_listened_to_goes_to_dead_letters(
    template: Template,
) -> None:
    queues = template.of("AWS::SQS::Queue")
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())
    mappings = template.of("AWS::Lambda::EventSourceMapping").values()
    listened_to = {mapping["EventSourceArn"]["Fn::GetAtt"][0] for mapping in mappings}
    dead = {name: queues[name]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for name in listened_to}
    assert listened_to | set(dead.values()) == set(queues)
    for name, dead_name in dead.items():
        assert "RedrivePolicy" not in queues[dead_name]
        assert queues[name].get("FifoQueue") == queues[dead_name].get("FifoQueue")
        stem, dead_stem = (queues[each]["QueueName"].removesuffix(".fifo") for each in (name, dead_name))
        assert dead_stem == f"{stem}-dead"
    for mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_a_message_that_the_fallback_took_is_kept_for_a_day_in_all(template: Template) -> None:
    kept = [queue for queue in template.of("AWS::SQS::Queue").values() if "rescue" in queue["QueueName"]]
    assert sum(queue["MessageRetentionPeriod"] for queue in kept) <= 86_400


def test_keys_are_turned_every_year_and_the_one_of_numbers_outlives_the_stack(template: Template) -> None:
    assert all(key["EnableKeyRotation"] is True for key in template.of("AWS::KMS::Key").values())
    assert template.resources["SealingKey"]["DeletionPolicy"] == "Retain"


# --- the functions


def test_every_function_is_of_the_one_kind_and_has_a_brake(template: Template) -> None:
    functions = template.of("AWS::Lambda::Function")
    assert len(functions) == 7
    for name, function in functions.items():
        assert function["Runtime"] == "python3.13", name
        assert function["Architectures"] == ["arm64"], name
        assert function["ReservedConcurrentExecutions"] >= 1, name
        assert 512 <= function["MemorySize"] <= 1769, name
        assert function.get("TracingConfig", {"Mode": "PassThrough"}) == {"Mode": "PassThrough"}, name
        of_sign_in = set(SIGN_IN) if name == "WebLambdaFunction" else set()
        assert set(function["Environment"]["Variables"]) == set(NEEDED) - {"AWS_REGION"} | of_sign_in, name
        assert "Layers" not in function, name
    assert template.of("AWS::Lambda::Url") == {}, "the HTTP API is the only door"


def test_a_function_s_time_fits_who_waits_for_it(template: Template) -> None:
    queues, functions = template.of("AWS::SQS::Queue"), template.of("AWS::Lambda::Function")
    for mapping in template.of("AWS::Lambda::EventSourceMapping").values():
        queue, function = mapping["EventSourceArn"]["Fn::GetAtt"][0], mapping["FunctionName"]["Fn::GetAtt"][0]
        assert functions[function]["Timeout"] < queues[queue]["VisibilityTimeout"], function
    for name in WEBHOOKS.values():
        assert functions[f"{name}LambdaFunction"]["Timeout"] < 15, "Twilio waits for fifteen seconds"
    assert functions["WebLambdaFunction"]["Timeout"] < 30, "an HTTP API waits for thirty"


def test_the_schedules_are_on_and_keep_finnish_time(template: Template) -> None:
    schedules = template.of("AWS::Scheduler::Schedule").values()
    called = {schedule["Target"]["Arn"]["Fn::GetAtt"][0] for schedule in schedules}
    assert called == {"TickLambdaFunction", "ReportLambdaFunction"}
    for schedule in schedules:
        assert schedule["State"] == "ENABLED"
        assert schedule["ScheduleExpressionTimezone"] == "Europe/Helsinki"
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}


# --- the doors


def routes(template: Template) -> Iterator[tuple[str, str]]:
    """Each route with the function behind it."""
    for route in template.of("AWS::ApiGatewayV2::Route").values():
        _, (_, target) = route["Target"]["Fn::Join"]
        integration = template.resources[target["Ref"]]["Properties"]
        yield route["RouteKey"], integration["IntegrationUri"]["Fn::GetAtt"][0]


def test_every_route_has_a_function_that_it_may_call(template: Template) -> None:
    callable_ = {
        permission["FunctionName"]["Fn::GetAtt"][0]
        for permission in template.of("AWS::Lambda::Permission").values()
        if permission["Principal"] == "apigateway.amazonaws.com" and "SourceArn" in permission
    }
    for key, function in routes(template):
        assert function == f"{WEBHOOKS.get(key, 'Web')}LambdaFunction", key
        assert function in callable_, key
    assert set(WEBHOOKS) <= dict(routes(template)).keys()


def test_each_route_has_its_limit_the_webhooks_the_highest_and_forms_and_api_the_lowest(template: Template) -> None:
    (stage,) = template.of("AWS::ApiGatewayV2::Stage").values()
    pages, limits = stage["DefaultRouteSettings"], stage["RouteSettings"]
    assert set(limits) | {"$default"} == dict(routes(template)).keys(), "a limit of a route that is not there, or none"
    for key, limit in limits.items():
        lower, higher = (pages, limit) if key in WEBHOOKS else (limit, pages)
        assert lower["ThrottlingRateLimit"] < higher["ThrottlingRateLimit"], key
        assert lower["ThrottlingBurstLimit"] <= higher["ThrottlingBurstLimit"], key
    measured = {key for key, limit in limits.items() if limit.get("DetailedMetricsEnabled")}
    assert measured == {"POST /sms/inbound"}, "no-inbound looks at it, and times of the others are nobody's business"
    assert (stage["StageName"], stage["AutoDeploy"]) == ("$default", True)


def test_no_other_site_s_page_may_call_us(template: Template) -> None:
    (api,) = template.of("AWS::ApiGatewayV2::Api").values()
    assert "CorsConfiguration" not in api


# --- the logs


def test_every_log_is_kept_for_a_month_and_masked(template: Template) -> None:
    groups = template.of("AWS::Logs::LogGroup")
    names = {function["FunctionName"] for function in template.of("AWS::Lambda::Function").values()}
    assert {f"/aws/lambda/{name}" for name in names} < {group["LogGroupName"] for group in groups.values()}
    (stage,) = template.of("AWS::ApiGatewayV2::Stage").values()
    assert stage["AccessLogSettings"]["DestinationArn"]["Fn::GetAtt"][0] in groups
    for name, group in groups.items():
        assert group["RetentionInDays"] == 30, name
        assert group["DataProtectionPolicy"]["Name"] == "kuulolla-numbers", name


def test_the_access_log_tells_neither_who_called_nor_which_page_of_whom(template: Template) -> None:
    (stage,) = template.of("AWS::ApiGatewayV2::Stage").values()
    told = set(re.findall(r"\$context\.([\w.]+)", stage["AccessLogSettings"]["Format"]))
    assert told.isdisjoint({"path", "identity.sourceIp", "identity.userAgent", "domainName", "requestId"})
    assert "routeKey" in told
    json.loads(stage["AccessLogSettings"]["Format"])


# --- the optional parts


def test_what_is_optional_is_made_where_it_is_asked_for_alone(template: Template) -> None:
    asked = dict(template.variant.params)
    assert bool(template.of("AWS::ApiGatewayV2::DomainName")) is bool(asked.get("domain"))
    assert bool(template.of("AWS::ApiGatewayV2::ApiMapping")) is bool(asked.get("domain"))
    expressions = [alarm for alarm in template.of("AWS::CloudWatch::Alarm").values() if "Metrics" in alarm]
    assert bool(expressions) is ("standIn" not in asked)


# --- no secret

ACCOUNT = re.compile(r"AC[0-9a-f]{32}")  # Twilio's number of the account, which is none
SECRET = re.compile(
    r"(?<![0-9A-Za-z])[0-9a-fA-F]{32,}|(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40,}={0,2}|AKIA[A-Z0-9]{16}|-----BEGIN|resolve:"
)


def texts(part: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the template with the key that it stands under."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from texts(inner, name)
    elif isinstance(part, list):
        for inner in part:
            yield from texts(inner, key)
    elif isinstance(part, str):
        yield key, part


def secrets_in(body: Any) -> list[str]:
    harmless = set(body["Resources"])  # the framework names a version by a digest of the package
    return [
        f"{key}: {text}"
        for key, text in texts(body)
        if SECRET.search(ACCOUNT.sub("", text)) and text not in harmless and key != "CodeSha256"
    ]


def test_no_secret_stands_in_the_template(template: Template) -> None:
    assert secrets_in(template.body) == []
    for function in template.of("AWS::Lambda::Function").values():
        environment = function["Environment"]["Variables"]
        for name in set(SECRETS) & set(environment):
            none = name in SIGN_IN and not environment["KUULOLLA_OIDC_ISSUER"]
            wanted = "" if none else f"/kuulolla/{template.variant.stage}/"  # a parameter's name
            assert environment[name].startswith(wanted), name
            assert bool(environment[name]) is not none, name
    assert template.of("AWS::SSM::Parameter") == template.of("AWS::SecretsManager::Secret") == {}


PLANTED = ("0123456789abcdef0123456789abcdef", "AKIAIOSFODNN7EXAMPLE", "{{resolve:ssm-secure:/kuulolla/prod/pepper}}")


@pytest.mark.parametrize("secret", PLANTED)
def test_a_secret_in_the_template_would_be_found(secret: str) -> None:
    body = json.loads(json.dumps(packaged(VARIANTS["prod"]).body))
    body["Resources"]["SmsLambdaFunction"]["Properties"]["Environment"]["Variables"]["TWILIO_AUTH_TOKEN"] = secret
    assert secrets_in(body) == [f"TWILIO_AUTH_TOKEN: {secret}"]
