"""What each thing that the libraries do for nothing costs: with it and without, in turns, on the same engine.

Before is the library as it comes, after is what handler/tables/ does, or what could be set and was left.
"""

import gc
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.parsers import create_parser
from botocore.session import Session
from pynamodb.connection import Connection

from benchmarks.engine import Engine
from benchmarks.respondents import respondents
from benchmarks.speed.rows import of_a_row
from benchmarks.speed.setting import Setting
from handler.tables import base
from handler.tables.conversations import ConversationRow

ROUNDS, CALLS, STARTS = 40, 15, 12
_WAITS = {"connect_timeout": base.CONNECT_SECONDS, "read_timeout": base.READ_SECONDS}
_RETRIES = {"total_max_attempts": 1 + base.RETRIES, "mode": "standard"}


@dataclass(frozen=True, slots=True)
class Found:
    name: str
    taken: bool
    unit: str
    before: list[float]
    after: list[float]


def measured(engine: Engine, rounds: int = ROUNDS, calls: int = CALLS, starts: int = STARTS) -> list[Found]:
    people = respondents(engine.settings)
    (number,) = people.opened(1)
    of_calls = _of_a_call(engine, people.parts.phone_keys.all(number)[0])
    gc.freeze()  # of 300,000 objects; looking them through before each turn would take longer than the turns
    try:
        found = [_in_turns(setting, rounds, calls) for setting in of_calls]
        return [*found, *(_in_turns(setting, starts, 1) for setting in _of_a_start(engine))]
    finally:
        gc.unfreeze()


def _in_turns(setting: Setting, rounds: int, calls: int) -> Found:
    before: list[float] = []
    after: list[float] = []
    for number in range(rounds + 2):
        turns = [(setting.before, before), (setting.after, after)]
        for work, sample in turns if number % 2 else reversed(turns):
            gc.collect()
            begun = time.process_time_ns()
            for _ in range(calls):
                work()
            taken = (time.process_time_ns() - begun) / calls
            if number >= 2:
                sample.append(taken / (1e3 if setting.unit == "µs" else 1e6))
    return Found(setting.name, setting.taken, setting.unit, before, after)


def _of_a_call(engine: Engine, key: str) -> list[Setting]:
    region, table = engine.settings.region, ConversationRow.Meta.table_name
    asked = {"TableName": table, "Key": {"phone_key": {"S": key}}, "ConsistentRead": True}

    def get(**settings: Any) -> Callable[[], object]:
        config = {"parameter_validation": False, "retries": _RETRIES, **_WAITS, **settings}
        client = Session().create_client("dynamodb", region_name=region, config=Config(**config))
        return lambda: client.get_item(**asked)

    plain = get()
    return [
        Setting("user agent put together for each call / our own", plain, get(user_agent=base.USER_AGENT), taken=True),
        *of_a_row(region, key),
        Setting(
            "parameters validated / not (PynamoDB's own setting)", get(parameter_validation=True), plain, taken=True
        ),
        Setting("endpoint by account looked for / not", plain, get(account_id_endpoint_mode="disabled"), taken=False),
        Setting(
            "checksums and compression looked at / only when required",
            plain,
            get(
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                disable_request_compression=True,
            ),
            taken=False,
        ),
        Setting("host prefix looked at / not", plain, get(inject_host_prefix=False), taken=False),
        Setting(
            "retries by the standard mode / by the legacy one",
            plain,
            get(retries={"total_max_attempts": 1 + base.RETRIES, "mode": "legacy"}),
            taken=False,
        ),
        _parsing(region, asked),
    ]


def _parsing(region: str, asked: dict[str, Any]) -> Setting:
    """What the answer's parser takes beyond reading JSON: it can be replaced by botocore's internal component alone."""
    client = Session().create_client("dynamodb", region_name=region)
    told: list[Any] = []
    client.meta.events.register("after-call.dynamodb", lambda http_response, **_: told.append(http_response))
    client.get_item(**asked)
    shape = client.meta.service_model.operation_model("GetItem").output_shape
    answer = {"headers": told[0].headers, "status_code": 200, "body": told[0].content, "context": {}}
    parser = create_parser("json")
    return Setting(
        "answer parsed by its shape / as JSON alone (no setting)",
        lambda: parser.parse(answer, shape),
        lambda: json.loads(told[0].content),
        taken=False,
    )


def _of_a_start(engine: Engine) -> list[Setting]:
    region = engine.settings.region

    def clients(count: int) -> Callable[[], object]:
        return lambda: [Connection(region=region).client for _ in range(count)]

    one = base.SharedConnection
    return [
        Setting(
            "first closing: clients for the table and for transactions / the one client",
            clients(2),
            lambda: one(region).client,
            taken=True,
            unit="ms",
        ),
        Setting(
            "first STOP: clients for three tables and for transactions / the one client",
            clients(4),
            lambda: one(region).client,
            taken=True,
            unit="ms",
        ),
    ]
