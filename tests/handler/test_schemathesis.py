"""The API against its own description, openapi.json: what it allows is answered as it says, and so is what it forbids.

schemathesis makes the requests, the same ones at each run.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from handler.templates import TEMPLATES
from handler.work import rates
from survey_flow.access import Right
from tests.handler.test_api import new_key
from tests.world import OTHER_PHONE, World

DESCRIPTION = json.loads((TEMPLATES / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = [(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 20


def named(operations: list[tuple[str, str]]) -> list[str]:
    return [f"{method.upper()} {path}" for path, method in operations]


def with_known_values(invitation_id: str) -> dict[str, Any]:
    """The description, with values that exist here in the place of texts: nearly all made-up ones would be refused."""
    made = deepcopy(DESCRIPTION)
    schemas = made["components"]["schemas"]
    # The last is how the number of the list in the description comes back.
    schemas["Phone"] = {"type": "string", "enum": [*(f"040 123 45{n:02}" for n in range(20)), "+358401234567"]}
    units = {"type": "string", "enum": ["kotka", "nemova", "kouvola", "nowhere"]}
    for name in ("NewInvitation", "BulkRow"):
        schemas[name]["properties"] |= {"unit": units, "phone": schemas["Phone"]}
        schemas[name]["properties"].pop("survey", None)
    for methods in made["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "id":
                    parameter["schema"] = {"type": "string", "enum": [invitation_id, "0" * 32]}
                elif parameter["name"] == "unit":
                    parameter["schema"] = units
    return made


def tried(
    app: Flask, description: dict[str, Any], operation: tuple[str, str], mode: GenerationMode, key: Mapping[str, str]
) -> set[int]:
    """The statuses of the answers, each of which was held to the description."""
    statuses = set()
    path, method = operation
    schema = schemathesis.openapi.from_dict(description)
    schema.app = app
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS

    @given(case=schema[path][method.upper()].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(headers=dict(key))
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=checks, headers=dict(key))

    ask()
    return statuses


@pytest.fixture
def key(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {new_key(world, *Right).key}"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=named(OPERATIONS))
def test_what_the_description_allows_is_answered_as_it_says(
    app: Flask, world: World, key: dict[str, str], operation: tuple[str, str]
) -> None:
    queued = world.invite(number=OTHER_PHONE, send_after=world.clock.now + timedelta(days=1))
    description = with_known_values(queued.id)
    statuses = tried(app, description, operation, GenerationMode.POSITIVE, key)
    assert min(statuses) < 300, "nothing of what it allows was done"


@pytest.mark.parametrize("operation", OPERATIONS, ids=named(OPERATIONS))
def test_what_the_description_forbids_is_refused_as_it_says(
    app: Flask, key: dict[str, str], operation: tuple[str, str]
) -> None:
    tried(app, DESCRIPTION, operation, GenerationMode.NEGATIVE, key)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named(OPERATIONS))
def test_without_a_key_nothing_but_401_comes_of_it(app: Flask, operation: tuple[str, str]) -> None:
    wrong = {"Authorization": "Bearer kuulolla_0123abcd_wrong"}
    assert tried(app, DESCRIPTION, operation, GenerationMode.POSITIVE, wrong) == {401}


@pytest.mark.parametrize("operation", OPERATIONS, ids=named(OPERATIONS))
def test_what_was_asked_too_often_is_answered_as_it_says(
    app: Flask, world: World, key: dict[str, str], operation: tuple[str, str]
) -> None:
    who = f"key:{key['Authorization'].split('_')[1]}"
    for rate in (rates.REQUESTS, rates.SENDS, rates.OPT_OUTS):
        rates.take(world.parts, rate, who, places=rate.most_for(who))
    assert tried(app, DESCRIPTION, operation, GenerationMode.POSITIVE, key) == {429}
