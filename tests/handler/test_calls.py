"""What an answer costs: the calls to DynamoDB that it makes, counted at the edge of this process."""

from collections.abc import Iterator

import pytest

from survey_flow.library import Library
from tests.calls import calls
from tests.handler.looking import is_contact
from tests.races.engines import ENGINES, emptied_world, tables_on
from tests.world import World

AN_ANSWER = ["GetItem conversations", "UpdateItem conversations"]


@pytest.fixture(scope="module", params=ENGINES)
def prefix(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    yield from tables_on(request, library, "calls")


@pytest.fixture
def costing(prefix: str, library: Library) -> World:
    return emptied_world(library, prefix)


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
    # The note of its moment is for a START that comes late by the rescue.
    assert seen == ["GetItem conversations", "PutItem opt_outs", "PutItem limits", "TransactWriteItems"]


def test_the_contact_is_given_back_within_the_closing(costing: World) -> None:
    accepted = costing.opened()
    with calls() as seen:
        costing.callback(accepted, "undelivered", error_code="30003")
    assert seen.count("TransactWriteItems") == 1
    assert not [call for call in seen if call.endswith("throttle")]
    assert not is_contact(costing)
