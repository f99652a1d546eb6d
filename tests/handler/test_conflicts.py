"""Writes of one row that meet somebody's transaction on it: DynamoDB refuses them for some milliseconds, and nothing
may be lost by that. No engine for one machine refuses so, so the refusal is put in front of it."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from handler.tables import base, counts, invitations, limits, opt_outs
from handler.tables.counts import CountRow
from handler.tables.invitations import InvitationRow, InvitationState
from handler.tables.limits import LimitRow
from handler.tables.opt_outs import OptOutRow
from handler.tables.responses import Place
from handler.work.cancel import cancel
from survey_flow.conversation import OptOutHow
from tests.handler.looking import invitation
from tests.world import REGION, START, World

KEY = "1.aa"
DAY, DAY_LONG = date(2026, 11, 24), timedelta(days=1)
PLACE = Place("kotka", "nuorten-matala-nuori", "youth", "2026-11")


def _cancelled() -> tuple[Any, dict[str, Any]]:
    """The whole transaction, because of another on one of its rows."""
    answer, parsed = _refused()
    parsed["Error"]["Code"] = "TransactionCanceledException"
    return answer, parsed | {"CancellationReasons": [{"Code": "TransactionConflict"}]}


def _refused() -> tuple[Any, dict[str, Any]]:
    body = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException"}
    told = {"Error": {"Code": "TransactionConflictException", "Message": "Transaction is ongoing for the item"}}
    answer = SimpleNamespace(status_code=400, headers={}, content=json.dumps(body).encode(), text=json.dumps(body))
    return answer, told | {"ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {}}}


def in_the_way(table: type[Model], times: int) -> AbstractContextManager[list[str]]:
    """A transaction that so many writes of the table meet. Gives the writes that were refused."""
    connection: Any = table._get_connection()
    return _met(connection.connection.client, ("PutItem", "UpdateItem", "DeleteItem"), times, _refused)


def transactions_in_the_way(times: int) -> AbstractContextManager[list[str]]:
    """The same, met by so many transactions."""
    return _met(base._connection(REGION).client, ("TransactWriteItems",), times, _cancelled)


@contextmanager
def _met(client: Any, operations: Collection[str], times: int, answer: Callable[[], Any]) -> Iterator[list[str]]:
    refused: list[str] = []

    def before(model: Any, **_: Any) -> Any:
        if model.name not in operations or len(refused) >= times:
            return None
        refused.append(model.name)
        return answer()

    client.meta.events.register("before-call.dynamodb", before, unique_id="in the way")
    try:
        yield refused
    finally:
        client.meta.events.unregister("before-call.dynamodb", unique_id="in the way")


WRITES: dict[str, tuple[type[Model], Callable[[], object], Callable[[], bool]]] = {
    "a respondent's opt-out": (
        OptOutRow,
        lambda: opt_outs.record(KEY, how=OptOutHow.SMS, today=DAY),
        lambda: opt_outs.stands(KEY),
    ),
    "an opt-out told to the staff": (
        OptOutRow,
        lambda: opt_outs.record(KEY, how=OptOutHow.STAFF, today=DAY),
        lambda: opt_outs.stands(KEY),
    ),
    "sending columns": (
        CountRow,
        lambda: counts.set_columns(PLACE, {"invited": 3}),
        lambda: counts.read(PLACE) == {"invited": 3},
    ),
    "a mark": (
        LimitRow,
        lambda: limits.mark("refused#1.aa", now=START, window=DAY_LONG),
        lambda: limits.stands("refused#1.aa", now=START) is not None,
    ),
    "a mark of the first": (
        LimitRow,
        lambda: limits.once("stray#1.aa", now=START, window=DAY_LONG),
        lambda: limits.stands("stray#1.aa", now=START) is not None,
    ),
    "a place": (
        LimitRow,
        lambda: limits.take("answers#1.aa", most=1, until=START + DAY_LONG),
        lambda: limits.taken("answers#1.aa") == 1,
    ),
    "a safety text without a conversation": (
        CountRow,
        lambda: counts.add_alone(PLACE, {"safety_texts": 1}),
        lambda: counts.read(PLACE) == {"safety_texts": 1},
    ),
}


@pytest.mark.parametrize(("table", "write", "done"), WRITES.values(), ids=WRITES)
def test_a_write_that_meets_a_transaction_is_done_when_that_is_over(
    world: World, table: type[Model], write: Callable[[], object], done: Callable[[], bool]
) -> None:
    with in_the_way(table, 2) as refused:
        write()
    assert len(refused) == 2
    assert done()


def test_what_staff_recorded_is_lifted_though_a_transaction_was_in_the_way(world: World) -> None:
    opt_outs.record(KEY, how=OptOutHow.STAFF, today=DAY)
    with in_the_way(OptOutRow, 1):
        assert opt_outs.lift_staff_recorded(KEY)
    assert not opt_outs.stands(KEY)


def test_a_callback_that_meets_a_reply_s_transaction_is_not_lost(world: World) -> None:
    accepted = world.opened()
    with in_the_way(InvitationRow, 1) as refused:
        assert invitations.advance(accepted.id, InvitationState.DELIVERED)
    assert refused
    assert invitation(accepted).state is InvitationState.DELIVERED


def test_a_transaction_that_does_not_end_is_a_fault(world: World) -> None:
    with in_the_way(OptOutRow, 9) as refused, pytest.raises(PynamoDBException):
        opt_outs.record(KEY, how=OptOutHow.SMS, today=DAY)
    assert len(refused) == 5
    assert not opt_outs.stands(KEY)


def test_a_cancelling_that_another_transaction_was_in_the_way_of_is_done_again(world: World) -> None:
    accepted = world.invite()
    with transactions_in_the_way(1) as refused:
        assert cancel(world.parts, invitation(accepted))
    assert refused
    assert invitation(accepted).state is InvitationState.CANCELLED
