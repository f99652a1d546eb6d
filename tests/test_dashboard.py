"""The console: what is counted and what is shown are the same, nothing tells an answer, every alarm says what to do."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from handler.outside.carrier import Fate, OutcomeUnknown
from handler.outside.metrics import DIMENSION, NAMESPACE, metric_lines
from handler.outside.send_queue import NotQueued
from handler.tables.counts import CountRow
from handler.work.metric import AGES, Metric, unit_of
from handler.work.tick import tick
from survey_flow.contact_policy import MOST_DAYS_QUEUED
from survey_flow.phone import PhoneNumber
from tests.test_infra import QUEUES, SERVERLESS, Template
from tests.world import REGION, World

ROOT = Path(__file__).resolve().parent.parent
HANDBOOK = (ROOT / "docs" / "handbook" / "konsoli.md").read_text(encoding="utf-8")
STAGE, PREFIX, ACCOUNT = "test", "kuulolla-test-", "000000000000"
BY_SERVERLESS = {
    "${self:service}": "kuulolla",
    "${self:custom.stage}": STAGE,
    "${self:custom.tablePrefix}": PREFIX,
    "${param:alarmsTo}": "alarms@kuulolla.example",
    "${param:mostOpeningsADay}": "3000",
    "${param:standIn, ''}": "ministack",
}


def deployed(name: str) -> str:
    """A file of infra/ as the Serverless Framework hands it on to CloudFormation."""
    text = (ROOT / "infra" / name).read_text(encoding="utf-8")
    for variable, value in BY_SERVERLESS.items():
        text = text.replace(variable, value)
    return text


def resources(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(deployed(name), Template)["Resources"]  # noqa: S506 a safe loader of our own file
    return found


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"] for name, resource in resources("alarms.yml").items() if resource["Type"] == kind
    }


ALARMS = of_kind("AWS::CloudWatch::Alarm")
BY_AWS_ALONE = {name for name, resource in resources("alarms.yml").items() if resource.get("Condition") == "OnAws"}
DASHBOARD = resources("dashboard.yml")["Dashboard"]["Properties"]


@dataclass(frozen=True)
class Watched:
    """A metric that an alarm looks at, on its own or in an expression."""

    alarm: str
    namespace: str
    metric: str
    dimensions: dict[str, str]
    statistic: str
    period: int


def watched() -> Iterator[Watched]:
    for name, alarm in ALARMS.items():
        inside = [each["MetricStat"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
        flat = [stat["Metric"] | {"Statistic": stat["Stat"], "Period": stat["Period"]} for stat in inside]
        for each in flat or [alarm]:
            dimensions = {dimension["Name"]: dimension["Value"] for dimension in each.get("Dimensions", [])}
            metric = each["Namespace"], each["MetricName"]
            yield Watched(name, *metric, dimensions, each["Statistic"], each["Period"])


WATCHED = list(watched())


def body() -> str:
    """The dashboard's body as CloudFormation hands it to CloudWatch."""
    text = str(DASHBOARD["DashboardBody"]).removeprefix("Sub ")
    values = {"${AWS::Region}": REGION, "${AWS::AccountId}": ACCOUNT, "${HttpApi}": "api1"}
    for variable, value in values.items():
        text = text.replace(variable, value)
    return text


WIDGETS = json.loads(body())["widgets"]
METRICS = [metric for widget in WIDGETS for metric in widget["properties"].get("metrics", [])]


def shown(namespace: str, *, dimension: str = "") -> set[str]:
    """The names, or a dimension's values, of a namespace's metrics on the dashboard."""
    ours = [metric for metric in METRICS if metric[0] == namespace]
    return {metric[metric.index(dimension) + 1] if dimension else metric[1] for metric in ours}


# --- what is counted is shown, and what is shown is counted


def used() -> set[Metric]:
    """The metrics that the code names outside the list of them."""
    found = set()
    for path in (ROOT / "handler").rglob("*.py"):
        if path.name == "metric.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Metric":
                found.add(Metric[node.attr])
    return found


def test_every_metric_is_counted_somewhere() -> None:
    assert used() == set(Metric)


def test_the_dashboard_shows_every_metric_of_the_code_and_no_other_of_ours() -> None:
    assert shown(NAMESPACE) == {metric.value for metric in Metric}


def test_an_alarm_on_a_metric_of_ours_is_on_one_that_is_counted() -> None:
    named = {each.metric for each in WATCHED if each.namespace == NAMESPACE}
    assert named
    assert named <= {metric.value for metric in Metric}


def test_the_stage_is_the_one_dimension_of_what_is_ours() -> None:
    for metric in METRICS:
        if metric[0] == NAMESPACE:
            assert metric[2:4] == [DIMENSION, STAGE], metric
    for each in WATCHED:
        if each.namespace == NAMESPACE:
            assert each.dimensions == {DIMENSION: STAGE}, each


@pytest.mark.parametrize("metric", Metric)
def test_a_line_of_the_log_holds_a_name_a_number_a_unit_and_the_stage_and_nothing_else(
    metric: Metric, world: World
) -> None:
    lines: list[str] = []
    metric_lines(STAGE, world.clock, lines.append, unit_of)(metric, 3)
    line = json.loads(lines[0])
    (described,) = line["_aws"]["CloudWatchMetrics"]
    unit = "Seconds" if metric in AGES else "Count"
    assert described == {"Namespace": NAMESPACE, "Dimensions": [["Stage"]], "Metrics": [{"Name": metric, "Unit": unit}]}
    assert {name: value for name, value in line.items() if name != "_aws"} == {"Stage": STAGE, metric.value: 3}


def test_no_metric_and_no_alarm_is_about_safety_texts_or_answers() -> None:
    named = [*Metric, *(each.metric for each in WATCHED), *(str(metric) for metric in METRICS)]
    forbidden = re.compile("safety|crisis|nps|comment|question|score|invocations", re.IGNORECASE)
    assert [name for name in named if forbidden.search(name)] == []


def test_when_a_phone_wrote_is_shown_nowhere() -> None:
    assert [metric for metric in METRICS if metric[0] == "AWS/ApiGateway" and metric[1] != "5xx"] == []
    assert [each.alarm for each in WATCHED if each.metric == "Count"] == ["NoInboundAlarm"], "and silence alone alarms"


# --- when it is counted


def counted(world: World, metric: Metric) -> list[int]:
    return [amount for name, amount in world.metrics if name == metric]


def other_phone(last: int) -> PhoneNumber:
    return PhoneNumber(f"+35840123{last:04}")


def test_an_opening_that_leaves_and_what_becomes_of_it_is_counted_once(world: World) -> None:
    accepted = world.opened()
    for _ in range(2):
        world.callback(accepted, "sent")
        world.callback(accepted, "delivered")
    assert (counted(world, Metric.INVITED), counted(world, Metric.DELIVERED)) == ([1], [1])


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_an_opening_that_never_arrived_is_counted_once(world: World, status: str) -> None:
    accepted = world.opened()
    for _ in range(2):
        world.callback(accepted, status, error_code="30003")
    assert (counted(world, Metric.UNDELIVERED), counted(world, Metric.DELIVERED)) == ([1], [])


def test_a_request_that_is_blocked_is_counted(world: World) -> None:
    world.opened()
    with pytest.raises(Exception, match="throttled"):
        world.invite()
    assert counted(world, Metric.BLOCKED) == [1]


def test_a_trial_is_counted_nowhere(world: World) -> None:
    world.text("KOE")
    accepted = world.opened()
    assert accepted.trial
    world.callback(accepted, "delivered")
    assert counted(world, Metric.INVITED) == counted(world, Metric.DELIVERED) == []


def test_an_opening_that_could_not_leave_for_a_week_is_counted_as_given_up(world: World) -> None:
    world.invite()
    world.clock.now += timedelta(days=MOST_DAYS_QUEUED)
    world.tick()
    assert (counted(world, Metric.GIVEN_UP), counted(world, Metric.INVITED)) == ([1], [])


@pytest.mark.parametrize(
    "messages", [("9", "3524", "OHITA"), ("9", "STOP"), ("STOP",), ("väärä numero",), ("haluan kuolla", "9")]
)
def test_nothing_is_counted_when_a_phone_writes(world: World, messages: tuple[str, ...]) -> None:
    world.opened()
    before = list(world.metrics)
    for message in messages:
        assert world.text(message)
    assert world.metrics == before


def finished(world: World, last: int) -> None:
    world.opened(number=other_phone(last))
    for body in ("9", "3524", "OHITA"):
        assert world.text(body, number=other_phone(last))


def day_after(world: World) -> None:
    world.clock.now += timedelta(days=1)
    world.tick()


def test_how_many_answered_is_told_once_a_day_and_in_full_fives(world: World) -> None:
    for last in range(4):
        finished(world, last)
    day_after(world)
    finished(world, 4)
    world.tick()
    told = counted(world, Metric.FINISHED)
    assert set(told) == {0}, "four are nobody"
    day_after(world)
    finished(world, 5)
    world.opened(number=other_phone(6))
    for message in ("9", "STOP"):
        world.text(message, number=other_phone(6))
    day_after(world)
    assert counted(world, Metric.FINISHED) == [*told, 5, 5]
    assert counted(world, Metric.STARTED) == [*told, 5, 5]  # seven by now
    assert set(counted(world, Metric.OPTED_OUT)) == {0}


def lost(_: object) -> None:
    """A queue that takes everything and hands out nothing."""


def test_the_ages_tell_what_waits_and_are_nothing_when_nothing_does(world: World) -> None:
    world.opened()
    world.clock.now += timedelta(minutes=1)
    world.tick()
    assert set(counted(world, Metric.OLDEST_OPENING)) == {0}
    world.invite(number=other_phone(1))
    for minutes in (0, 10, 10, 20):  # put into the queue, and lost there
        world.clock.now += timedelta(minutes=minutes)
        tick(world.parts, lost)
    assert counted(world, Metric.OLDEST_OPENING)[-4:] == [0, 10 * 60, 20 * 60, 40 * 60]


def test_a_send_that_nobody_knows_of_has_an_age_until_it_is_settled(world: World) -> None:
    world.carrier.faults, world.carrier.fates = [OutcomeUnknown()], [None, Fate("delivered")]
    world.opened()
    for _ in range(3):
        world.clock.now += timedelta(minutes=16)
        world.tick()
    assert counted(world, Metric.OLDEST_UNSETTLED_SEND) == [0, 16 * 60, 32 * 60, 0]
    assert counted(world, Metric.INVITED) == [1]


def test_a_round_in_which_something_failed_is_a_round(world: World) -> None:
    def broken(_: object) -> None:
        raise NotQueued("out of order")

    world.invite()
    with pytest.raises(NotQueued, match="out of order"):
        tick(world.parts, broken)
    assert counted(world, Metric.ROUND_DONE) == [1]


# --- the alarms


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_sent_and_called_off_and_says_what_to_do(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["AlarmActions"] == alarm["OKActions"] == ["Ref AlarmsTopic"]
    told = alarm["AlarmDescription"]
    assert re.search(r"\b([Oo]pen|[Ll]ook|[Ss]ee|[Aa]sk|[Tt]ext)\b", told), "say what to do"
    assert told.endswith(f" Run book: docs/run-book.md#{alarm['AlarmName'].removeprefix(PREFIX)}.")
    assert len(told) <= 1024


def test_the_run_book_has_a_section_for_every_alarm_and_for_no_other() -> None:
    run_book = (ROOT / "docs" / "run-book.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^#+ ([a-z]+(?:-[a-z]+)+)$", run_book, re.MULTILINE))
    assert sections == {alarm["AlarmName"].removeprefix(PREFIX) for alarm in ALARMS.values()}


# A count is written only when there is something to count; a round is done every minute, and one every morning; a daily
# look stands for a day.
WITHOUT_DATA = {"NoRoundsAlarm": "breaching", "NoRetentionAlarm": "breaching", "DeletionsOverdueAlarm": "ignore"}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_knows_what_no_data_means(name: str) -> None:
    assert ALARMS[name]["TreatMissingData"] == WITHOUT_DATA.get(name, "notBreaching")


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarms_window_is_one_that_cloudwatch_takes(name: str) -> None:
    """Seven days at most, one for periods under an hour (PutMetricAlarm, Amazon CloudWatch API reference)."""
    alarm = ALARMS[name]
    (period,) = {each.period for each in WATCHED if each.alarm == name}
    assert period % 60 == 0
    assert period * alarm["EvaluationPeriods"] <= (7 if period >= 3600 else 1) * 86_400
    assert alarm.get("DatapointsToAlarm", 1) <= alarm["EvaluationPeriods"]


EXPRESSIONS = {name: alarm for name, alarm in ALARMS.items() if "Metrics" in alarm}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_alarm_of_an_expression_is_left_out_where_something_stands_in_for_aws(name: str) -> None:
    assert name in BY_AWS_ALONE


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_takes_what_is_not_written_for_nothing_and_names_each_of_its_metrics(name: str) -> None:
    (returned,) = (each for each in EXPRESSIONS[name]["Metrics"] if each["ReturnData"])
    parts = {each["Id"] for each in EXPRESSIONS[name]["Metrics"] if each is not returned}
    assert set(re.findall(r"FILL\((\w+), 0\)", returned["Expression"])) == parts
    assert "Period" not in EXPRESSIONS[name]


# CloudWatch's expression as Python's: what would it say of these sums of three hours?
SILENCES = {
    "a campaign and not one message": (30, 0, True),
    "a campaign and one message": (3000, 1, False),
    "few were asked": (29, 0, False),
    "nobody was asked": (0, 0, False),
}


@pytest.mark.parametrize(("invited", "inbound", "silent"), SILENCES.values(), ids=SILENCES)
def test_a_campaign_that_nobody_answers_is_an_alarm(invited: int, inbound: int, silent: bool) -> None:
    alarm = ALARMS["NoInboundAlarm"]
    condition, then, otherwise = re.fullmatch(r"IF\((.*), (\d), (\d)\)", alarm["Metrics"][0]["Expression"]).groups()  # type: ignore[union-attr]
    python = re.sub(r"FILL\((\w+), 0\)", r"\1", condition).replace("AND", "and")
    value = int(then if eval(python, {"invited": invited, "inbound": inbound}) else otherwise)  # noqa: S307 our own file
    assert (value >= alarm["Threshold"]) is silent
    assert {each.period for each in WATCHED if each.alarm == "NoInboundAlarm"} == {3 * 3600}


def test_silence_is_that_of_the_route_by_which_messages_come_in() -> None:
    (inbound,) = (each for each in WATCHED if each.metric == "Count")
    assert inbound.namespace == "AWS/ApiGateway"
    path = inbound.dimensions["Resource"]
    assert inbound.dimensions == {"ApiId": "Ref HttpApi", "Stage": "$default", "Method": "POST", "Resource": path}
    assert path == "/sms/inbound"
    assert f"POST {path}" in [event.get("httpApi") for event in SERVERLESS["functions"]["sms"]["events"]]


def test_ten_minutes_without_a_round_are_an_alarm() -> None:
    alarm = ALARMS["NoRoundsAlarm"]
    assert (alarm["MetricName"], alarm["ComparisonOperator"]) == (Metric.ROUND_DONE, "LessThanThreshold")
    assert alarm["Period"] * alarm["EvaluationPeriods"] == timedelta(minutes=10).total_seconds()


def functions() -> set[str]:
    return {f"kuulolla-{STAGE}-{name}" for name in SERVERLESS["functions"]}


def alarmed(namespace: str, metric: str, dimension: str) -> set[str]:
    return {each.dimensions[dimension] for each in WATCHED if (each.namespace, each.metric) == (namespace, metric)}


def test_every_function_s_errors_are_alarmed_and_its_errors_throttles_and_durations_shown() -> None:
    assert alarmed("AWS/Lambda", "Errors", "FunctionName") == functions()
    for metric in ("Errors", "Throttles", "Duration"):
        assert {each[3] for each in METRICS if each[:2] == ["AWS/Lambda", metric]} == functions(), metric


def test_where_a_refused_call_loses_a_message_throttles_are_alarmed() -> None:
    webhooks = {f"kuulolla-{STAGE}-{name}" for name in ("sms", "fallback")}
    assert alarmed("AWS/Lambda", "Throttles", "FunctionName") == webhooks


def test_every_queue_is_shown_and_its_age_or_for_dead_letters_its_length_is_alarmed() -> None:
    queues = [each["Properties"] for each in QUEUES.values() if each["Type"] == "AWS::SQS::Queue"]
    names = {queue["QueueName"].replace("${self:custom.tablePrefix}", PREFIX) for queue in queues}
    dead = {name for name in names if name.removesuffix(".fifo").endswith("-dead")}
    assert shown("AWS/SQS", dimension="QueueName") == names
    assert alarmed("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName") == dead
    assert alarmed("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName") == names - dead


# --- the dashboard


def test_every_alarm_stands_on_the_dashboard() -> None:
    (widget,) = (widget for widget in WIDGETS if widget["type"] == "alarm")
    in_words = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:"
    expected = [
        in_words + alarm["AlarmName"] if name in BY_AWS_ALONE else f"${{{name}.Arn}}" for name, alarm in ALARMS.items()
    ]
    assert sorted(widget["properties"]["alarms"]) == sorted(expected)


def squares(widget: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for x in range(widget["x"], widget["x"] + widget["width"]):
        for y in range(widget["y"], widget["y"] + widget["height"]):
            yield x, y


def test_widgets_stand_beside_each_other_within_24_columns() -> None:
    taken = [square for widget in WIDGETS for square in squares(widget)]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


@pytest.mark.parametrize("widget", [widget for widget in WIDGETS if widget["type"] == "metric"], ids=str)
def test_a_graph_has_a_title_a_period_and_a_statistic(widget: dict[str, Any]) -> None:
    properties = widget["properties"]
    assert properties["title"]
    assert properties["view"] in ("timeSeries", "singleValue")
    assert properties["region"] == REGION
    assert properties["period"] >= 300
    assert properties["stat"]


def test_a_sum_is_made_of_counts_and_the_greatest_of_ages_and_totals() -> None:
    totals = {*AGES, Metric.STARTED, Metric.FINISHED, Metric.OPTED_OUT, Metric.DELETIONS_OVERDUE}
    for widget in WIDGETS:
        for metric in widget["properties"].get("metrics", []):
            if metric[0] == NAMESPACE:
                assert widget["properties"]["stat"] == ("Maximum" if metric[1] in totals else "Sum"), metric


def test_what_is_told_once_a_day_is_shown_by_the_day() -> None:
    daily = {Metric.STARTED, Metric.FINISHED, Metric.OPTED_OUT, Metric.OLDEST_DELETION, Metric.DELETIONS_OVERDUE}
    for widget in WIDGETS:
        if daily & {metric[1] for metric in widget["properties"].get("metrics", []) if metric[0] == NAMESPACE}:
            assert widget["properties"]["period"] == 86_400


# --- the handbook's page


def test_the_handbook_explains_every_alarm_and_every_graph() -> None:
    alarms = {alarm["AlarmName"].removeprefix(PREFIX) for alarm in ALARMS.values()}
    titles = {widget["properties"]["title"] for widget in WIDGETS if widget["type"] != "text"}
    assert [name for name in sorted(alarms) if f"| `{name}` |" not in HANDBOOK] == []
    assert [title for title in sorted(titles) if f"| *{title}* |" not in HANDBOOK] == []


def explained() -> list[re.Pattern[str]]:
    """The columns that the page explains, with its placeholders as what they stand for."""
    table = HANDBOOK.partition("| Sarake |")[2].partition("\n\n")[0]
    patterns = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    return [
        re.compile(pattern.replace("KYSYMYS", "[a-z][a-z0-9_]*?").replace("LUKU", "[0-9]+")) for pattern in patterns
    ]


SAID = {
    "finished": ("9", "3524", "OHITA"),
    "finished with a comment, and digits that were not known": ("eos", "eos", "hyvä paikka"),
    "passed over": ("OHITA", "OHITA", "OHITA"),
    "opted out half-way": ("9", "STOP"),
    "opted out at once": ("STOP",),
    "in need": ("haluan kuolla", "9", "STOP"),
    "broken off": ("9",),
}


@pytest.mark.parametrize("messages", SAID.values(), ids=SAID)
def test_a_row_of_counts_has_only_columns_that_the_handbook_explains(world: World, messages: tuple[str, ...]) -> None:
    accepted = world.opened()
    world.callback(accepted, "delivered")
    with pytest.raises(Exception, match="throttled"):
        world.invite()
    for message in messages:
        world.text(message)
    for _ in range(8):
        world.clock.now += timedelta(hours=20)
        world.tick()
    connection: Any = CountRow._get_connection()
    (row,) = connection.scan()["Items"]
    columns = set(row) - {"survey", "month_unit_group"}
    assert {"month", "unit", "respondent", "invited", "delivered", "blocked_throttled"} <= columns
    unexplained = [name for name in columns if not any(pattern.fullmatch(name) for pattern in explained())]
    assert unexplained == []


def test_a_row_is_found_by_its_survey_and_the_beginning_of_its_key(world: World) -> None:
    finished(world, 1)
    connection: Any = CountRow._get_connection()
    (row,) = connection.scan()["Items"]
    assert row["survey"] == {"S": "nuorten-matala-nuori"}
    assert row["month_unit_group"]["S"].startswith("2026-11#kotka")


# --- an engine takes it


@pytest.mark.engine
def test_an_engine_takes_the_dashboard_and_every_alarm(engine: str) -> None:
    import boto3

    console = boto3.client("cloudwatch", region_name=REGION)
    console.put_dashboard(DashboardName=DASHBOARD["DashboardName"], DashboardBody=body())
    kept = console.get_dashboard(DashboardName=DASHBOARD["DashboardName"])["DashboardBody"]
    assert json.loads(kept)["widgets"] == WIDGETS
    for alarm in ALARMS.values():
        console.put_metric_alarm(**alarm)
    names = {alarm["AlarmName"] for alarm in console.describe_alarms()["MetricAlarms"]}
    assert names == {alarm["AlarmName"] for alarm in ALARMS.values()}


@pytest.mark.engine
def test_a_stack_of_both_files_is_made(engine: str) -> None:
    import boto3

    parameters = "Parameters:\n  HttpApi: { Type: String, Default: api1 }\n"
    alarms_alone = deployed("alarms.yml").replace("Parameters:\n", "")
    both = alarms_alone + deployed("dashboard.yml").partition("\nResources:\n")[2]
    stacks = boto3.client("cloudformation", region_name=REGION)
    stacks.create_stack(StackName="console", TemplateBody=parameters + both)
    stacks.get_waiter("stack_create_complete").wait(StackName="console", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    console = boto3.client("cloudwatch", region_name=REGION)
    made = json.loads(console.get_dashboard(DashboardName="kuulolla-test")["DashboardBody"])
    (widget,) = (widget for widget in made["widgets"] if widget["type"] == "alarm")
    alarms = {alarm["AlarmArn"]: alarm for alarm in console.describe_alarms()["MetricAlarms"]}
    of_aws_alone = {f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{ALARMS[name]['AlarmName']}" for name in BY_AWS_ALONE}
    assert set(widget["properties"]["alarms"]) == set(alarms) | of_aws_alone
    (topic,) = boto3.client("sns", region_name=REGION).list_topics()["Topics"]
    assert {arn for alarm in alarms.values() for arn in alarm["AlarmActions"]} == {topic["TopicArn"]}
