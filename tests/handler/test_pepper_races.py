"""A pepper changed while the service runs: containers that write under the old key race those that write under the new.

Over the real engine, as in test_races.py. Which containers can meet is told by the steps of the change (docs/decisions/
0026): nobody who knows the old pepper alone ever meets one that writes under the new.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import pytest

from handler.settings import Pepper
from handler.tables import conversations, opt_outs, throttle
from handler.tables.all_tables import bind_all
from handler.tables.conversations import Held, State
from handler.tables.invitations import InvitationRow
from handler.work.claim import Planned, claim
from handler.work.deliver import deliver
from handler.work.opt_out import refuses, staff_opt_out, staff_withdraw
from handler.work.request import Refusal, Refused
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.handler.keeping import Kept
from tests.handler.looking import refused
from tests.handler.test_races import at_once
from tests.races.engines import ENGINES, tables_on
from tests.world import PHONE, REGION, World, empty_tables, world_over

OLD, NEW = Pepper("1", b"pepper"), Pepper("2", b"newer")
# What a container knows at each step of the change, the writing pepper first.
BEFORE, READS, WRITES, AFTER = (OLD,), (OLD, NEW), (NEW, OLD), (NEW,)
THREADS = 8
NUMBERS = [PhoneNumber(f"+35840123456{n}") for n in range(3)]
WHO_MEET = {
    "one does not know the new pepper yet": (BEFORE, READS),
    "the new pepper begins to write": (READS, WRITES),
    "one does not know that the old pepper is gone": (WRITES, AFTER),
}
BOTH_WAYS = {"the old key first": (READS, WRITES), "the new key first": (WRITES, READS)}
Peppers = tuple[Pepper, ...]


@dataclass(frozen=True, slots=True)
class Containers:
    """Two of them over the same tables, with one clock and one carrier."""

    one: World
    other: World

    def keys(self, number: PhoneNumber = PHONE) -> set[str]:
        return {key for world in (self.one, self.other) for key in world.parts.phone_keys.all(number)}

    def rows(self, number: PhoneNumber = PHONE) -> list[Held]:
        return [held for key in self.keys(number) if (held := conversations.read(key)) is not None]

    def live(self, number: PhoneNumber = PHONE) -> list[Held]:
        return [held for held in self.rows(number) if held.state is not State.CLOSED]

    def contacts(self, number: PhoneNumber = PHONE) -> list[str]:
        return [found.invitation_id for key in self.keys(number) if (found := throttle.read(key)) is not None]

    def opted_out(self, number: PhoneNumber = PHONE) -> int:
        return sum(opt_outs.stands(key) for key in self.keys(number))

    def all_at_once(self, deed: Callable[[World], object]) -> list[object]:
        """In many threads of either."""
        return at_once([lambda world=world: deed(world) for world in (self.one, self.other)] * (THREADS // 2))


Meet = Callable[[Peppers, Peppers], Containers]


@pytest.fixture(scope="module", params=ENGINES)
def prefix(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    """Tables that all tests here share."""
    yield from tables_on(request, library, "pepper")


@pytest.fixture
def meet(prefix: str, library: Library) -> Meet:
    bind_all(prefix=prefix, region=REGION)
    empty_tables()

    def containers(one: Peppers, other: Peppers) -> Containers:
        first, second = (world_over(library, prefix=prefix, peppers=peppers) for peppers in (one, other))
        second.clock = first.clock
        second.parts = replace(second.parts, clock=first.clock)
        second.delivery = replace(second.delivery, parts=second.parts, carrier=first.carrier)
        second.carrier = first.carrier
        second.messages = 500  # messages of its own
        return Containers(first, second)

    return containers


@pytest.fixture(params=BOTH_WAYS.values(), ids=BOTH_WAYS.keys())
def changing(meet: Meet, request: pytest.FixtureRequest) -> Containers:
    """While the new pepper begins to write; `one` acts before `other`."""
    return meet(*request.param)


def invited_or_refused(world: World, number: PhoneNumber) -> str:
    try:
        return world.invite(number=number).id
    except Refused as found:
        return found.refusal.value


def claimed(world: World, *, trial: bool = False) -> bool:
    """The claim's transaction alone, without the looks that invite takes before it."""
    request, planned = world.request(), Planned(str(uuid4()), world.clock.now, trial)
    return claim(world.parts, request, planned, world.delivery.sealing)


# --- the claim


@pytest.mark.parametrize("peppers", WHO_MEET.values(), ids=WHO_MEET.keys())
def test_of_claims_under_either_key_exactly_one_wins(meet: Meet, peppers: tuple[Peppers, Peppers]) -> None:
    containers = meet(*peppers)
    for number in NUMBERS:
        results = containers.all_at_once(lambda world, number=number: invited_or_refused(world, number))
        (winner,) = (result for result in results if result != Refusal.THROTTLED)
        assert containers.contacts(number) == [winner]
        assert [held.invitation_id for held in containers.live(number)] == [winner]


def test_a_container_that_knows_the_old_pepper_alone_would_ask_twice_so_the_new_one_waits_to_write(meet: Meet) -> None:
    """Why `setup rotate pepper --step write` waits until every container reads both."""
    containers = meet(BEFORE, WRITES)
    assert claimed(containers.other)
    assert claimed(containers.one)
    assert len(containers.live()) == 2


def test_the_claim_loses_to_a_contact_under_the_other_key(changing: Containers) -> None:
    changing.one.opened()
    changing.one.text("STOP")
    changing.one.text("START")
    assert changing.live() == []
    assert not claimed(changing.other)
    assert refused(changing.other).refusal is Refusal.THROTTLED


def test_the_claim_loses_to_a_conversation_under_the_other_key(changing: Containers) -> None:
    """A trial is no contact: the conversation alone stands in the way."""
    assert claimed(changing.one, trial=True)
    assert not claimed(changing.other, trial=True)
    assert not claimed(changing.other)
    assert len(changing.live()) == 1


def test_the_claim_loses_to_an_opt_out_under_the_other_key(changing: Containers) -> None:
    changing.one.text("STOP")
    assert changing.opted_out() == 1
    assert not claimed(changing.other)
    assert refused(changing.other).refusal is Refusal.OPTED_OUT


def test_a_request_that_either_container_repeats_is_one_invitation(changing: Containers) -> None:
    for number in NUMBERS:
        changing.all_at_once(lambda world, number=number: world.invite(number=number, idempotency_key=f"{number}").id)
    assert InvitationRow.count() == len(NUMBERS)


def test_another_request_under_the_same_idempotency_key_is_known_as_another(changing: Containers) -> None:
    first = changing.one.invite(idempotency_key="visit 1")
    assert changing.other.invite(idempotency_key="visit 1").id == first.id
    assert refused(changing.other, idempotency_key="visit 1", unit="kouvola").refusal is Refusal.IDEMPOTENCY_CONFLICT


# --- refusals


def test_a_refusal_under_one_key_against_claims_under_the_other_leaves_nothing_live(changing: Containers) -> None:
    for number in NUMBERS:
        at_once(
            [
                lambda number=number: changing.one.text("STOP", number=number),
                lambda number=number: invited_or_refused(changing.other, number),
            ]
            * (THREADS // 2)
        )
        assert changing.live(number) == []
        assert refuses(changing.one.parts, number)
        assert refuses(changing.other.parts, number)


def test_a_refusal_against_the_delivery_under_the_other_key_leaves_nothing_open(changing: Containers) -> None:
    for number in NUMBERS:
        changing.one.invite(number=number)
        (queued,) = changing.live(number)
        at_once(
            [
                lambda number=number: changing.other.text("STOP", number=number),
                lambda queued=queued: deliver(changing.one.delivery, queued.phone_key),
            ]
        )
        assert changing.live(number) == []
        assert refuses(changing.one.parts, number)


def test_a_refusal_is_kept_under_the_key_of_the_conversation_too(changing: Containers) -> None:
    """What finishes a closing after a crash knows that key alone."""
    changing.one.opened()
    (held,) = changing.live()
    changing.other.text("STOP")
    assert opt_outs.stands(held.phone_key)
    assert changing.opted_out() == 2


def test_nothing_is_written_under_the_old_key_without_a_conversation_there(meet: Meet) -> None:
    """It may have leaked."""
    containers = meet(READS, WRITES)
    containers.other.text("STOP")
    assert not opt_outs.stands(containers.one.parts.phone_keys.all(PHONE)[0])
    assert refuses(containers.one.parts, PHONE)


@pytest.mark.parametrize("body", ["STOP", "väärä numero"])
def test_start_lifts_the_refusal_under_both_keys(changing: Containers, body: str) -> None:
    changing.one.text(body)
    changing.other.text(body, message_id="SM2")
    assert changing.opted_out() == 2
    changing.other.text("START")
    assert changing.opted_out() == 0


def test_a_wrong_number_under_the_other_key_drops_the_answers(changing: Containers) -> None:
    changing.one.opened()
    changing.one.text("9")
    changing.other.text("väärä numero")
    assert changing.live() == []
    assert changing.opted_out() == 2
    assert World.responses() == []


def test_staff_lift_what_staff_recorded_under_either_key(changing: Containers) -> None:
    staff_opt_out(changing.one.parts, PHONE, who="test")
    staff_withdraw(changing.other.parts, PHONE, who="test")
    assert changing.opted_out() == 0


def test_staff_do_not_lift_what_the_respondent_said_under_the_other_key(changing: Containers) -> None:
    changing.one.text("STOP")
    staff_opt_out(changing.other.parts, PHONE, who="test")
    staff_withdraw(changing.other.parts, PHONE, who="test")
    assert refuses(changing.other.parts, PHONE)


def test_a_refusal_is_found_after_years_and_a_contact_for_three_months(changing: Containers) -> None:
    changing.one.text("STOP", number=NUMBERS[1])
    changing.one.opened()
    changing.one.text("väärä numero, tai siis en halua osallistua")
    changing.one.text("START")
    until = refused(changing.other)
    assert until.refusal is Refusal.THROTTLED
    assert until.allowed_from is not None
    changing.one.clock.now += (until.allowed_from - changing.one.parts.today()) - timedelta(days=1)
    assert refused(changing.other).refusal is Refusal.THROTTLED
    changing.one.clock.now += timedelta(days=1)
    assert changing.other.invite()
    changing.one.clock.forward(days=3000)
    assert refused(changing.other, number=NUMBERS[1]).refusal is Refusal.OPTED_OUT


# --- a conversation that goes on


def test_one_answer_that_both_containers_are_handed_is_stored_once(changing: Containers) -> None:
    for number in NUMBERS:
        changing.one.opened(number=number)
        replies = changing.all_at_once(
            lambda world, number=number: world.text("9", number=number, message_id=f"SM{number}")
        )
        assert len(set(replies)) == 1
        (held,) = changing.live(number)
        assert held.dialogue is not None
        assert held.dialogue.answers == {"nps": 9}


def test_an_opening_queued_under_the_other_key_leaves_once(changing: Containers) -> None:
    for done, number in enumerate(NUMBERS, 1):
        changing.one.invite(number=number)
        (queued,) = changing.live(number)
        changing.all_at_once(lambda world, queued=queued: deliver(world.delivery, queued.phone_key))
        assert len(changing.one.carrier.sent) == done


def test_an_opening_queued_under_the_old_key_does_not_leave_after_a_refusal_under_the_new(meet: Meet) -> None:
    containers = meet(READS, WRITES)
    containers.one.invite()
    (queued,) = containers.live()
    opt_outs.record(
        containers.other.parts.phone_keys.all(PHONE)[0], how=opt_outs.OptOutHow.SMS, today=containers.one.parts.today()
    )
    for world in (containers.one, containers.other):
        deliver(world.delivery, queued.phone_key)
    assert containers.one.carrier.sent == []
    assert containers.live() == []


def test_an_opening_that_failed_under_the_other_key_gives_the_contact_back(changing: Containers) -> None:
    accepted = changing.one.opened()
    changing.other.callback(accepted, "undelivered", error_code="30003")
    assert changing.contacts() == []
    assert claimed(changing.other)


def test_a_tombstone_under_the_other_key_blocks_nothing_and_its_messages_are_known_again(changing: Containers) -> None:
    changing.one.text("KOE")
    changing.one.opened()
    changing.one.text("STOP", message_id="SMlast")
    changing.one.text("START")
    changing.other.text("KOE")
    changing.other.opened()
    assert changing.other.text("STOP", message_id="SMlast") == ""
    (held,) = changing.live()
    assert held.state is State.OPEN
    assert not refuses(changing.other.parts, PHONE)


# --- marks


def test_a_repeat_of_an_old_refusal_at_the_other_container_does_not_undo_a_start_since(changing: Containers) -> None:
    reply = changing.one.text("STOP", message_id="SM1")
    changing.one.text("START")
    assert changing.other.text("STOP", message_id="SM1") == reply
    assert changing.opted_out() == 0


def test_a_stranger_gets_one_kind_answer_a_week_from_both_together(changing: Containers) -> None:
    for number in NUMBERS:
        replies = [changing.one.text("moi", number=number), changing.other.text("hei", number=number, message_id="SM2")]
        assert [bool(reply) for reply in replies] == [True, False]
        changing.one.clock.forward(days=7)
        assert changing.other.text("moi", number=number, message_id="SM3")
        assert changing.one.text("moi", number=number, message_id="SM4") == ""


def test_many_messages_of_a_stranger_at_once_get_one_kind_answer_at_most(changing: Containers) -> None:
    for number in NUMBERS:
        replies = changing.all_at_once(
            lambda world, number=number: world.text("moi", number=number, message_id=f"SM{uuid4()}")
        )
        assert sum(bool(reply) for reply in replies) <= 1


def test_the_same_message_of_a_stranger_gets_the_same_answer_from_both(changing: Containers) -> None:
    reply = changing.one.text("moi", message_id="SM1")
    assert changing.other.text("moi", message_id="SM1") == reply != ""


def test_a_trial_word_heard_by_one_is_known_to_the_other(changing: Containers) -> None:
    changing.one.text("KOE")
    assert changing.other.invite().trial


def test_a_message_rescued_by_both_is_answered_once(changing: Containers) -> None:
    for number in NUMBERS:
        changing.one.opened(number=number)
        before = len(changing.one.carrier.sent)
        item = Kept(changing.one).keep("9", number=number, message_id=f"SMkept{number}")
        changing.all_at_once(lambda world, item=item: Kept(world).rescue(item))
        assert len(changing.one.carrier.sent) == before + 1
