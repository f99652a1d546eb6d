"""One message by two ways at one moment, over the real engine: answered once, and no answer to what was not asked."""

from collections.abc import Iterator

import pytest

from handler.tables import opt_outs
from handler.tables.conversations import State
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.handler.keeping import Kept
from tests.handler.looking import held, key_of
from tests.handler.test_races import GROUP, NUMBERS, THREADS, Racers, at_once, dialogue_of
from tests.races.engines import ENGINES, emptied_world, tables_on
from tests.world import World


@pytest.fixture(scope="module", params=ENGINES)
def prefix(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    yield from tables_on(request, library, "race")


@pytest.fixture
def raced(prefix: str, library: Library) -> World:
    return emptied_world(library, prefix)


@pytest.fixture
def racers(raced: World, prefix: str) -> Iterator[Racers]:
    started = Racers(prefix)
    yield started
    started.stop()


def sent_to(world: World, number: PhoneNumber) -> list[str]:
    """The replies, without the opening."""
    return [message.text for message in world.carrier.sent if message.to == number][1:]


def test_one_item_handed_to_many_at_once_is_answered_once(raced: World) -> None:
    kept = Kept(raced)
    for number in NUMBERS:
        raced.opened(number=number)
        item = kept.keep("9", number=number)
        at_once([lambda item=item: kept.rescue(item)] * THREADS)
        assert len(sent_to(raced, number)) == 1
        assert dialogue_of(raced, number).answers == {"nps": 9}


def test_one_item_handed_to_many_processes_is_answered_once(raced: World, racers: Racers) -> None:
    kept = Kept(raced)
    for number in NUMBERS:
        raced.opened(number=number)
        sent = racers.at_once({"deed": "rescue", "item": kept.keep("9", number=number)})
        assert sum(len(texts) for texts in sent) == 1
        assert dialogue_of(raced, number).answers == {"nps": 9}


def test_a_message_that_the_webhook_hears_while_it_is_rescued_is_one_answer(raced: World, racers: Racers) -> None:
    kept = Kept(raced)
    for number in NUMBERS:
        raced.opened(number=number)
        message_id = f"SM{number}"
        item = kept.keep("9", number=number, message_id=message_id)
        told = racers.at_once(
            {"deed": "rescue", "item": item},
            {"deed": "text", "number": number, "body": "9", "message_id": message_id},
        )
        sent, replies = [*told[0], *told[2]], {told[1], told[3]}
        assert set(sent) == replies
        assert (len(sent), len(replies)) == (1, 1)
        assert list(held(raced, number).message_ids) == [message_id]
        assert dialogue_of(raced, number).answers == {"nps": 9}


def test_a_kept_number_against_a_newer_one_is_stored_first_or_not_at_all(raced: World) -> None:
    """Whichever comes first answers the question; the kept one is never an answer to the next."""
    kept = Kept(raced)
    for number in NUMBERS:
        raced.opened(number=number)
        item = kept.keep("5", number=number, message_id=f"SM5{number}")
        at_once(
            [
                lambda item=item: kept.rescue(item),
                lambda number=number: raced.text("9", number=number, message_id=f"SM9{number}"),
            ]
            * (THREADS // 2)
        )
        first = held(raced, number).message_ids[0]
        dialogue = dialogue_of(raced, number)
        assert dialogue.answers == {"nps": int(first[2])}
        assert dialogue.asking == GROUP


def test_a_kept_start_against_a_stop_leaves_the_number_in_peace(raced: World) -> None:
    kept = Kept(raced)
    for number in NUMBERS:
        raced.opened(number=number)
        item = kept.keep("START", number=number)
        raced.clock.forward(minutes=1)
        raced.text("STOP", number=number)
        at_once(
            [
                lambda item=item: kept.rescue(item),
                lambda number=number: raced.text("STOP", number=number),
            ]
            * (THREADS // 2)
        )
        assert opt_outs.stands(key_of(raced, number))
        assert held(raced, number).state is State.CLOSED
