"""Races over the real engine: many threads, and several processes, do the same or opposite things at one moment.

moto proves nothing here (it is not thread-safe and undoes other threads' writes); MiniStack keeps DynamoDB's promises.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from handler.tables import opt_outs
from handler.tables.conversations import State
from handler.tables.invitations import InvitationRow, InvitationState
from handler.work.cancel import cancel
from handler.work.deliver import deliver
from handler.work.metric import Metric
from handler.work.opt_out import staff_opt_out
from handler.work.request import Refusal, Refused
from local.ministack import ROOT
from survey_flow.conversation import Conversation
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.handler.looking import contact, held, invitation, is_contact, key_of, refused
from tests.races.engines import ENGINES, emptied_world, tables_on
from tests.world import World

THREADS, PROCESSES = 16, 4
# A number of its own for each round.
NUMBERS = [PhoneNumber(f"+35840123456{n}") for n in range(5)]
GROUP = ("apu", "tosissaan", "vaikutus", "hyoty")
T = TypeVar("T")


@pytest.fixture(scope="module", params=ENGINES)
def prefix(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    yield from tables_on(request, library, "race")


@pytest.fixture
def raced(prefix: str, library: Library) -> World:
    return emptied_world(library, prefix)


def at_once(deeds: Sequence[Callable[[], T]]) -> list[T]:
    """What each deed returned; all begin at the same moment. A deed that raises fails the test."""
    gate = threading.Barrier(len(deeds))

    def wait_and_do(deed: Callable[[], T]) -> T:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result() for future in [pool.submit(wait_and_do, deed) for deed in deeds]]


class Racers:
    """Processes that each have a world of their own over the same tables."""

    def __init__(self, prefix: str) -> None:
        command = [sys.executable, "-m", "tests.handler.racer", prefix]
        self._running = [
            subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for _ in range(PROCESSES)
        ]
        assert self._answers() == ["ready"] * PROCESSES

    def at_once(self, *deeds: dict[str, str]) -> list[Any]:
        """The deeds, dealt out in turn, one to each process."""
        for n, process in enumerate(self._running):
            assert process.stdin
            process.stdin.write(json.dumps(deeds[n % len(deeds)] | {"caller": f"process {n}"}) + "\n")
        for process in self._running:
            assert process.stdin
            process.stdin.flush()
        return self._answers()

    def stop(self) -> None:
        for process in self._running:
            process.communicate(timeout=10)

    def _answers(self) -> list[Any]:
        return [json.loads(process.stdout.readline()) for process in self._running if process.stdout]


@pytest.fixture
def racers(raced: World, prefix: str) -> Iterator[Racers]:
    started = Racers(prefix)
    yield started
    started.stop()


def dialogue_of(world: World, number: PhoneNumber) -> Conversation:
    dialogue = held(world, number).dialogue
    assert dialogue is not None
    return dialogue


def accepted_rows() -> set[str]:
    return {row.id for row in InvitationRow.scan() if row.state != InvitationState.BLOCKED}


# --- the throttle's claim


def invited_or_refused(world: World, number: PhoneNumber, caller: str) -> str:
    try:
        return world.invite(number=number, caller=caller).id
    except Refused as refused:
        return refused.refusal.value


def assert_one_invitation(world: World, number: PhoneNumber, results: list[str]) -> None:
    (winner,) = (result for result in results if result != Refusal.THROTTLED)
    found = contact(world, number)
    assert found is not None
    assert held(world, number).invitation_id == found.invitation_id == winner
    assert accepted_rows() & set(results) == {winner}


def test_of_many_callers_who_invite_one_number_exactly_one_wins(raced: World) -> None:
    for number in NUMBERS:
        results = at_once(
            [lambda n=n, number=number: invited_or_refused(raced, number, f"unit {n}") for n in range(THREADS)]
        )
        assert_one_invitation(raced, number, results)
    assert len(accepted_rows()) == len(NUMBERS)


def test_of_many_processes_that_invite_one_number_exactly_one_wins(raced: World, racers: Racers) -> None:
    for number in NUMBERS:
        assert_one_invitation(raced, number, racers.at_once({"deed": "invite", "number": number}))
    assert len(accepted_rows()) == len(NUMBERS)


def test_one_request_sent_many_times_at_once_is_one_invitation_for_all(raced: World) -> None:
    for number in NUMBERS:
        results = at_once(
            [lambda number=number: raced.invite(number=number, idempotency_key=f"visit {number}").id] * THREADS
        )
        assert len(set(results)) == 1
    assert InvitationRow.count() == len(NUMBERS)  # and nobody was counted as blocked


def test_one_request_refused_many_times_at_once_is_counted_once(raced: World) -> None:
    for number in NUMBERS:
        staff_opt_out(raced.parts, number, who="person:1")
        at_once([lambda number=number: refused(raced, number=number, idempotency_key=f"visit {number}")] * THREADS)
    assert InvitationRow.count() == len(NUMBERS)
    assert [amount for name, amount in raced.metrics if name == Metric.BLOCKED] == [1] * len(NUMBERS)


# --- messages


def test_one_message_handed_over_many_times_at_once_is_one_answer(raced: World) -> None:
    for number in NUMBERS:
        raced.opened(number=number)
        before = held(raced, number)
        replies = at_once([lambda number=number: raced.text("9", number=number, message_id=f"SM{number}")] * THREADS)
        assert len(set(replies)) == 1
        assert replies[0]
        assert held(raced, number).version == before.version + 1
        assert dialogue_of(raced, number).answers == {"nps": 9}


def test_one_message_handed_to_many_processes_is_one_answer(raced: World, racers: Racers) -> None:
    for number in NUMBERS:
        raced.opened(number=number)
        replies = racers.at_once({"deed": "text", "number": number, "body": "9", "message_id": f"SM{number}"})
        assert len(set(replies)) == 1
        assert replies[0]
        assert dialogue_of(raced, number).answers == {"nps": 9}


def assert_one_number_stored(world: World, number: PhoneNumber) -> None:
    """And both messages were heard, one after the other: no write went over another."""
    message_ids, dialogue = held(world, number).message_ids, dialogue_of(world, number)
    assert sorted(message_ids) == [f"SM5{number}", f"SM9{number}"]
    assert dialogue.answers == {"nps": int(message_ids[0][2])}
    assert dialogue.asking == GROUP


def test_of_two_messages_at_once_one_is_stored_and_the_other_is_no_answer_to_the_next_question(raced: World) -> None:
    for number in NUMBERS:
        raced.opened(number=number)
        at_once(
            [
                lambda number=number, body=body: raced.text(body, number=number, message_id=f"SM{body}{number}")
                for body in ["9", "5"] * (THREADS // 2)
            ]
        )
        assert_one_number_stored(raced, number)


def test_of_two_messages_to_several_processes_one_is_stored(raced: World, racers: Racers) -> None:
    for number in NUMBERS:
        raced.opened(number=number)
        racers.at_once(
            *({"deed": "text", "number": number, "body": body, "message_id": f"SM{body}{number}"} for body in "95")
        )
        assert_one_number_stored(raced, number)


def test_a_closing_answer_handed_over_many_times_leaves_one_response(raced: World) -> None:
    for done, number in enumerate(NUMBERS, 1):
        raced.opened(number=number)
        raced.text("9", number=number)
        raced.text("3524", number=number)
        replies = at_once(
            [lambda number=number: raced.text("OHITA", number=number, message_id=f"SM{number}")] * THREADS
        )
        assert len(set(replies)) == 1
        assert len(raced.responses()) == raced.columns()["finished"] == raced.columns()["nps_9"] == done


def test_respondents_of_one_unit_who_finish_at_once_are_all_counted(raced: World) -> None:
    """Their transactions meet on one row of counts, and on no other."""
    numbers = [PhoneNumber(f"+3584076543{n:02}") for n in range(THREADS)]
    for number in numbers:
        raced.opened(number=number)
        raced.text("9", number=number)
        raced.text("3524", number=number)
    replies = at_once([lambda number=number: raced.text("OHITA", number=number) for number in numbers])
    assert all(reply.startswith("Kiitos") for reply in replies)
    assert len(raced.responses()) == raced.columns()["finished"] == THREADS


def test_a_stop_against_an_answer_always_closes(raced: World) -> None:
    for done, number in enumerate(NUMBERS, 1):
        raced.opened(number=number)
        at_once(
            [
                lambda number=number, body=body: raced.text(body, number=number, message_id=f"SM{body}{number}")
                for body in ["9", "STOP"] * (THREADS // 2)
            ]
        )
        assert held(raced, number).state is State.CLOSED
        assert opt_outs.stands(key_of(raced, number))
        assert len(raced.responses()) == raced.columns()["opted_out"] == done


def test_a_strangers_call_for_help_that_is_handed_over_many_times_at_once_is_counted_once(raced: World) -> None:
    for done, number in enumerate(NUMBERS, 1):
        replies = at_once(
            [lambda number=number: raced.text("haluan kuolla", number=number, message_id=f"SMcry{number}")] * THREADS
        )
        assert all(reply.startswith("Kuulostaa siltä") for reply in replies)
        assert raced.columns(survey="-", unit="-", group="-") == {"safety_texts": done}


# --- sending


def test_many_deliverers_of_one_opening_send_it_once(raced: World) -> None:
    for done, number in enumerate(NUMBERS, 1):
        accepted = raced.invite(number=number)
        at_once([lambda number=number: deliver(raced.delivery, key_of(raced, number))] * THREADS)
        assert len(raced.carrier.sent) == done
        assert invitation(accepted).state is InvitationState.SENT


def test_deliverers_outside_the_hours_put_an_opening_off_together(raced: World) -> None:
    for number in NUMBERS:
        raced.invite(number=number)
    raced.clock.forward(hours=5)
    for number in NUMBERS:
        at_once([lambda number=number: deliver(raced.delivery, key_of(raced, number))] * THREADS)
        row = held(raced, number)
        assert row.state is State.QUEUED
        assert row.due is not None
        assert row.due > raced.clock.now
    assert raced.carrier.sent == []


def test_a_cancelled_opening_has_not_left_and_one_that_left_is_not_cancelled(raced: World) -> None:
    for number in NUMBERS:
        accepted = raced.invite(number=number)
        queued = invitation(accepted)
        already = len(raced.carrier.sent)
        at_once(
            [
                lambda queued=queued: cancel(raced.parts, queued),
                lambda number=number: deliver(raced.delivery, key_of(raced, number)),
            ]
            * (THREADS // 2)
        )
        left = len(raced.carrier.sent) - already
        assert (invitation(accepted).state, left) in ((InvitationState.SENT, 1), (InvitationState.CANCELLED, 0))
        assert is_contact(raced, number) is bool(left)


def test_an_opt_out_against_a_delivery_leaves_nothing_open(raced: World) -> None:
    for number in NUMBERS:
        raced.invite(number=number)
        at_once(
            [
                lambda number=number: raced.text("STOP", number=number),
                lambda number=number: deliver(raced.delivery, key_of(raced, number)),
            ]
        )
        assert held(raced, number).state is State.CLOSED
        assert opt_outs.stands(key_of(raced, number))
