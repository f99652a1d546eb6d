"""What an answer costs: the calls to DynamoDB that it makes, counted at the edge of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from pynamodb.signals import pre_dynamodb_send

from handler.tables import throttle
from survey_flow.library import Library
from tests.world import PHONE, World, made_world

pytestmark = pytest.mark.engine

AN_ANSWER = ["GetItem conversations", "UpdateItem conversations"]


@pytest.fixture
def costing(engine: str, library: Library) -> World:
    return made_world(library, prefix=f"{uuid4().hex[:8]}-")


@contextmanager
def calls() -> Iterator[list[str]]:
    """The operations sent to DynamoDB within the block, each with its table's name where it has one."""
    seen: list[str] = []

    def note(_: object, operation_name: str, table_name: str | None, **__: Any) -> None:
        seen.append(f"{operation_name} {(table_name or '').partition('-')[2]}".strip())

    with pre_dynamodb_send.connected_to(note):
        yield seen


def test_an_answer_is_one_read_and_one_write(costing: World) -> None:
    costing.opened()
    for body in ("9 koska kuunneltiin", "3524"):
        with calls() as seen:
            costing.text(body)
        assert seen == AN_ANSWER


@pytest.mark.parametrize("body", ["en tiedä tuosta", "HELP", "ENGLISH", "TAKAISIN", "haluan kuolla"])
def test_whatever_goes_on_costs_as_an_answer_does(costing: World, body: str) -> None:
    costing.opened()
    costing.text("9")
    with calls() as seen:
        costing.text(body)
    assert seen == AN_ANSWER


def test_the_closing_answer_is_one_read_and_one_transaction(costing: World) -> None:
    costing.opened()
    costing.text("9 koska kuunneltiin")
    costing.text("3524")
    with calls() as seen:
        assert costing.text("OHITA")
    assert seen == ["GetItem conversations", "TransactWriteItems"]


def test_a_repeated_message_is_one_read(costing: World) -> None:
    costing.opened()
    costing.text("9", message_id="SM1")
    with calls() as seen:
        costing.text("9", message_id="SM1")
    assert seen == ["GetItem conversations"]


def test_an_opt_out_is_recorded_before_the_closing(costing: World) -> None:
    costing.opened()
    with calls() as seen:
        costing.text("STOP")
    assert seen == ["GetItem conversations", "PutItem opt_outs", "TransactWriteItems"]


def test_the_contact_is_given_back_within_the_closing(costing: World) -> None:
    accepted = costing.opened()
    with calls() as seen:
        costing.callback(accepted, "undelivered", error_code="30003")
    assert seen.count("TransactWriteItems") == 1
    assert not [call for call in seen if call.endswith("throttle")]
    assert throttle.read(costing.parts.phone_keys.all(PHONE)[0]) is None
