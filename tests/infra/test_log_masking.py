"""The second net under the logs: what CloudWatch masks of numbers and codes, and what of ours it leaves whole."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from flask import Flask

from handler.outside.metrics import metric_lines
from handler.phone_keys import PhoneKeys
from handler.routes.errors import add_errors
from handler.settings import Pepper
from handler.work.metric import Metric, unit_of
from survey_flow.phone import PhoneNumber
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
POLICY: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "log-masking.yml").read_text(encoding="utf-8"))
EXPRESSIONS = {each["Name"]: each["Regex"] for each in POLICY["Configuration"]["CustomDataIdentifier"]}


def found(line: str) -> list[str]:
    """The expressions that find something in this line."""
    return [name for name, expression in EXPRESSIONS.items() if re.search(expression, line)]


def masked(line: str) -> str:
    """The line with whatever an expression found as asterisks, as CloudWatch shows it."""
    hidden = {
        place
        for expression in EXPRESSIONS.values()
        for match in re.finditer(expression, line)
        for place in range(*match.span())
    }
    return "".join("*" if place in hidden else letter for place, letter in enumerate(line))


# --- what CloudWatch takes


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_is_of_the_kind_that_cloudwatch_takes(name: str) -> None:
    expression = EXPRESSIONS[name]
    assert len(expression) <= 200
    assert re.fullmatch(r"[a-zA-Z0-9_#=@/;, ^$?\[\]{}|\\*+.-]+", expression), (
        "no groups, and none of the other characters"
    )
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", name)
    assert not re.search(r"\\[a-ce-zA-Z0-9]|[*+}?]\?", expression), "but for \\d, classes and laziness differ by engine"


def test_there_are_at_most_ten_expressions_and_each_is_looked_for_and_masked() -> None:
    assert len(EXPRESSIONS) <= 10
    look, mask = POLICY["Statement"]
    assert list(look["Operation"]) == ["Audit"]
    assert mask["Operation"] == {"Deidentify": {"MaskConfig": {}}}
    assert look["DataIdentifier"] == mask["DataIdentifier"]
    assert set(EXPRESSIONS) == {name for name in look["DataIdentifier"] if not name.startswith("arn:")}


def test_addresses_are_left_to_the_expression_that_cloudwatch_has_itself() -> None:
    managed = [name for name in POLICY["Statement"][0]["DataIdentifier"] if name.startswith("arn:")]
    assert managed == ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]


# --- what is caught, in every place of a line

SPELLINGS = (
    "+358401234567",
    "+358 40 123 4567",
    "+358 40 1234567",
    "+358 (0)40 123 4567",
    "+358-40-123-4567",
    "+358.40.1234567",
    "+ 358 40 1234567",
    "+358\N{NO-BREAK SPACE}40\N{NO-BREAK SPACE}1234567",
    "+358 9 1234 5678",
    "%2B358401234567",
    "%2b358401234567",
    "00358401234567",
    "00358 40 123 4567",
    "00 358 40 1234567",
    "358401234567",
    "358 40 1234567",
    "0401234567",
    "040 1234567",
    "040 123 4567",
    "040-1234567",
    "040-123 4567",
    "040-123-4567",
    "040.123.4567",
    "040/1234567",
    "040 - 123 4567",
    "040 – 1234567",
    "(040) 123 4567",
    "(040)1234567",
    "040%201234567",
    "040 12 34 567",
    "040 1234 567",
    "04 01 23 45 67",
    "0 4 0 1 2 3 4 5 6 7",
    "0400123456",
    "0400 123 456",
    "0400-123456",
    "0457 123 4567",
    "04571234567",
    "050 1234567",
    "0501234567",
    "050 123456",
    "131052-308T",
    "131052+308T",
    "010203A123B",
)
PLACES = {
    "within a sentence": "it was {} that wrote",
    "in quotes": '{{"From": "{}", "To": 1}}',
    "as a value": "From={}&Body=9",
    "in brackets": "ValueError: ({})",
    "after a colon": "number:{};",
    "at the end": "no reply from {}",
    "at the end of a printed line": "no reply from {}\n",
    "followed by a full stop": "It was {}.",
    "in a list": "[a, {}, b]",
    "in a path": "GET /people/{}/edit",
    "at the beginning": "{} wrote",
    "alone": "{}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("place", PLACES)
def test_a_number_or_a_code_is_masked(spelling: str, place: str) -> None:
    line = PLACES[place].format(spelling)
    start = line.index(spelling)
    assert found(line)
    assert not re.search(r"\d", masked(line)[start : start + len(spelling)].replace("%2B", "").replace("%2b", ""))


LISTS = {
    "one after another": " ".join(["0401234567"] * 9),
    "with commas": ",".join(["0401234567"] * 9),
    "parted": ";".join(["040 123 4567"] * 9),
    "of every kind": "040 1234567, 0501234567,+358441234567; 0400-123456",
}


@pytest.mark.parametrize("numbers", LISTS.values(), ids=LISTS)
def test_every_number_of_a_list_is_masked(numbers: str) -> None:
    assert not re.search(r"\d", masked(f"[{numbers}]"))


# The second net has holes; the first (nothing is logged) has to hold. Each is known here, so that none is a surprise.
HOLES = {
    "a landline written at home": "09 310 1691",
    "a number of another country": "+46 70 123 45 67",
    "a number without its zero, as a spreadsheet leaves it": "401234567",
    "words between the digits": "nolla neljä nolla 123 45 67",
    "a letter at its front": "puh0401234567",
    "a hyphen at its front": "puh.-0401234567",
    "escapes between single digits": "0%204%200%201%202%203%204%205%206%207",
    "underscores between the digits": "0_4_0_1_2_3_4_5_6_7",
    "digits that are not 0-9": "٠٤٠١٢٣٤٥٦٧",
    "half a number, split over two lines": "040 123",
}


@pytest.mark.parametrize("line", HOLES.values(), ids=HOLES)
def test_a_known_hole_is_still_one(line: str) -> None:
    assert found(f"it was {line} that wrote") == []


# --- what stays whole

LINES = {
    "a start of Lambda": "START RequestId: 04123456-7890-4045-8045-040123456789 Version: $LATEST",
    "a first start": "INIT_START Runtime Version: python:3.13.v40\tRuntime Version ARN: arn:aws:lambda:eu-north-1::"
    "runtime:0451234567890123456789012345678901234567890123456789012345678901",
    "a report of Lambda": "REPORT RequestId: 8f5e1c1e-0412-4567-8901-234567890123\tDuration: 1045.04 ms\t"
    "Billed Duration: 1046 ms\tMemory Size: 1024 MB\tMax Memory Used: 104 MB\tInit Duration: 450.12 ms",
    "a fault": "[ERROR]\t2026-11-04T05:06:07.041Z\t04123456-7890-4045-8045-040123456789\t"
    "an item of the queue failed: Timeout",
    "a time of Python": "2026-11-04 05:06:07,045 kuulolla.errors ERROR BadRequest at POST /sms/inbound",
    "a time with microseconds": "2026-04-05T04:05:06.041234+00:00",
    "a trace's id": "Root=1-5759e988-bd862e3fe1be46a994272793",
    "a request to the API": '{"time":"04/Nov/2026:05:06:07 +0000","route":"POST /sms/inbound","status":"200",'
    '"bytes":"104","ms":"450","fault":"-","function_fault":"-"}',
    "an account": "arn:aws:sqs:eu-north-1:040123456789:kuulolla-prod-sending",
    "a Twilio id": "SM04512345678901234567890123456789",
    "seconds and milliseconds since 1970": "1795842367 1795842367041 1795842367.0412345",
    "a month's key": "2026-11#kotka#youth 2026-04#kouvola#guardian",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_of_ours_stays_whole(line: str) -> None:
    assert masked(line) == line


@pytest.mark.parametrize("metric", Metric)
def test_a_metric_s_line_stays_whole_or_it_would_count_nothing(metric: Metric, world: World) -> None:
    lines: list[str] = []
    count = metric_lines("prod", world.clock, lines.append, unit_of)
    for amount in (0, 1, 45, 3600, 604_800, 450_123_456):
        count(metric, amount)
    assert [masked(line) for line in lines] == lines


def test_of_ten_thousand_ids_and_keys_of_each_kind_all_stay_whole() -> None:
    random = Random(5)  # noqa: S311 the same ones each time
    keys = PhoneKeys([Pepper("1", b"p" * 32)])
    makers: tuple[Callable[[int], str], ...] = (
        lambda _: str(uuid.UUID(int=random.getrandbits(128), version=4)),
        lambda _: uuid.UUID(int=random.getrandbits(128), version=4).hex,
        lambda each: keys.all(PhoneNumber(f"+35840{each:07}"))[0],
        lambda each: keys.keyed("rescued", str(each)),
    )
    for maker in makers:
        for each in range(10_000):
            line = f'failed: {maker(each)}, "{maker(each)}" at /{maker(each)}'
            assert masked(line) == line


def test_what_the_app_logs_when_a_door_fails_stays_whole(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask(__name__)
    add_errors(app, None)

    @app.get("/fails/<number>")
    def fails(number: str) -> str:
        raise ValueError(f"it was {number}")

    app.test_client().get("/fails/0401234567")
    assert "ValueError" in caplog.text
    assert "0401234567" not in caplog.text
    assert masked(caplog.text) == caplog.text
