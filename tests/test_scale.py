"""What docs/scale.md reckons with is in force in the code and in what is deployed."""

import re
from collections.abc import Callable
from inspect import signature
from pathlib import Path

import pytest

from handler.tables import conversations
from handler.work import callbacks, converse, deletions, tick
from survey_flow.library import Library

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "scale.md").read_text()
SERVERLESS = (ROOT / "serverless.yml").read_text()
API = (ROOT / "infra" / "api.yml").read_text()


def rate_of(route: str) -> int:
    """Requests a second that the route takes."""
    found = re.search(rf"^ +{re.escape(route)}:.*\n(?: +\w+: .*\n)*? +ThrottlingRateLimit: (\d+)", API, re.MULTILINE)
    assert found
    return int(found[1])


def reserved(name: str) -> int:
    found = re.search(rf"^  {name}:\n(?:    .*\n)*?    reservedConcurrency: (\d+)", SERVERLESS, re.MULTILINE)
    assert found
    return int(found[1])


def all_reserved() -> int:
    return sum(map(int, re.findall(r"reservedConcurrency: (\d+)", SERVERLESS)))


def items_a_round() -> tuple[int, int]:
    a_shard = signature(conversations.due_keys).parameters["most"].default
    return a_shard, a_shard * conversations.SHARDS


RECKONED_WITH: dict[str, Callable[[], str]] = {
    "concurrent calls that are reserved": lambda: f"{all_reserved()} concurrent calls are reserved",
    "the quota that they need": lambda: f"a quota of {all_reserved() + 100} or more",
    "deletions a round": lambda: f"{deletions.MOST_A_ROUND} closings a round",
    "items a shard and round": lambda: "{} items a shard, {:,} a round".format(*items_a_round()),
    "shards": lambda: f"over {conversations.SHARDS} shards [c: `SHARDS`]",
    "tries of an answer": lambda: f"{converse._TRIES} times at once",
    "webhooks a second": lambda: f"{rate_of('POST /sms/status')} a second [c: infra/api.yml]",
    "API and form": lambda: f"{rate_of('ANY /api/{proxy+}')}; {rate_of('POST /')} |",
    "how Twilio repeats a callback": lambda: f"repeats by `{callbacks.STATUS_OVERRIDES}`",
    "function sms": lambda: f"{reserved('sms')} at once [c: serverless.yml]",
}


@pytest.mark.parametrize("what", RECKONED_WITH)
def test_the_page_of_scale_names_what_is_in_force(what: str) -> None:
    assert RECKONED_WITH[what]() in PAGE


def test_the_deliverer_takes_two_at_once_and_the_fold_comes_every_minute() -> None:
    assert reserved("deliver") == 5
    assert re.search(r"maximumConcurrency: 2 # a brake", SERVERLESS)
    assert f"Two deliverers hand {2 / 0.350:.1f} openings a second" in PAGE
    assert tick.FOLD_EVERY.total_seconds() == 60


def test_the_page_of_scale_names_the_shipped_ceiling(library: Library) -> None:
    assert f"{library.organisation.daily_ceiling:,} a day" in PAGE
    for unit in library.organisation.units.values():
        assert unit.daily_ceiling is None
