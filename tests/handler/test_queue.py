"""The queue and its items: batches, poison, dead letters, what comes twice, late or for nothing, and waiting."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from handler.jobs import MOST_RECEIVES, deliver_batch
from handler.outside.carrier import Outgoing, SendFailed, TryLater
from handler.outside.send_queue import NotQueued, SendQueue
from handler.settings import Settings, settings_from
from handler.tables import opt_outs
from handler.tables.conversations import ConversationRow, State
from handler.tables.invitations import InvitationState
from handler.work.deliver import deliver
from handler.work.invite import Inviting, invite
from handler.work.metric import Metric
from handler.work.tick import LAST_LOOK, tick
from local.queue import QueueWorker, make_missing_queue
from survey_flow.phone import PhoneNumber
from tests.environment import ENVIRONMENT
from tests.handler.looking import held, invitation, is_contact, key_of
from tests.roles import acting_as
from tests.world import OTHER_PHONE, PHONE, REGION, RecordingCarrier, World

MINUTE = timedelta(minutes=1)
NEMOVA = {"unit": "nemova", "respondent": "client", "survey": "vaikuttavuus-asiakas"}


def numbers(count: int) -> list[PhoneNumber]:
    return [PhoneNumber(f"+35840765{n:04}") for n in range(count)]


# --- a batch as Lambda gives it


def batch(*bodies: str | None) -> dict[str, Any]:
    """The items are named by their place, from 0."""
    return {"Records": [{"messageId": str(place), "body": body} for place, body in enumerate(bodies)]}


def failed(world: World, *bodies: str | None) -> list[str]:
    answer = deliver_batch(world.delivery, batch(*bodies))
    assert set(answer) == {"batchItemFailures"}
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


NO_KEYS = {
    "empty": "",
    "no body at all": None,
    "a word": "kuulolla",
    "a number": PHONE,
    "a key with a line's end": f"1.{'a' * 64}\n",
    "two keys": f"1.{'a' * 64} 1.{'b' * 64}",
    "JSON": '{"phone_key": "1"}',
}


@pytest.mark.parametrize("body", NO_KEYS.values(), ids=NO_KEYS)
def test_a_malformed_item_is_named_and_harms_no_neighbour(world: World, body: str | None) -> None:
    world.invite()
    world.invite(number=OTHER_PHONE)
    assert failed(world, key_of(world), body, key_of(world, OTHER_PHONE)) == ["1"]
    assert {message.to for message in world.carrier.sent} == {PHONE, OTHER_PHONE}
    assert world.metrics.count((Metric.ITEM_FAILED, 1)) == 1


def lose_the_seal(world: World) -> None:
    ConversationRow(key_of(world)).update([ConversationRow.sealed_number.remove()])


def spoil_the_seal(world: World) -> None:
    ConversationRow(key_of(world)).update([ConversationRow.sealed_number.set(b"another|+358401234567")])


def lose_the_unit(world: World) -> None:
    take_away(world, units={name: unit for name, unit in organisation(world).units.items() if name != "nemova"})


def lose_the_survey(world: World) -> None:
    surveys = {name: one for name, one in world.parts.library.surveys.items() if name != NEMOVA["survey"]}
    world.delivery = replace(
        world.delivery, parts=replace(world.parts, library=replace(world.parts.library, surveys=surveys))
    )


def organisation(world: World) -> Any:
    return world.parts.library.organisation


def take_away(world: World, *, units: dict[str, Any]) -> None:
    library = replace(world.parts.library, organisation=replace(organisation(world), units=units))
    world.delivery = replace(world.delivery, parts=replace(world.parts, library=library))


def spoil_the_dialogue(world: World) -> None:
    ConversationRow(key_of(world)).update([ConversationRow.dialogue.set({"unit": "nemova", "phone": PHONE})])


POISON: dict[str, Callable[[World], None]] = {
    "a row without its seal": lose_the_seal,
    "a row with another's seal": spoil_the_seal,
    "an unknown unit": lose_the_unit,
    "an unknown survey": lose_the_survey,
    "a row that cannot be read": spoil_the_dialogue,
}


@pytest.mark.parametrize("spoil", POISON.values(), ids=POISON)
def test_a_row_that_cannot_be_delivered_is_named_and_harms_no_neighbour(
    world: World, spoil: Callable[[World], None]
) -> None:
    accepted = world.invite(**NEMOVA)
    world.invite(number=OTHER_PHONE)
    spoil(world)
    assert failed(world, key_of(world), key_of(world, OTHER_PHONE), key_of(world)) == ["0", "2"]
    assert [message.to for message in world.carrier.sent] == [OTHER_PHONE]
    assert invitation(accepted).state is InvitationState.QUEUED


def test_a_batch_in_which_all_is_well_names_nobody(world: World) -> None:
    asked = numbers(5)
    for number in asked:
        world.invite(number=number)
    assert failed(world, *(key_of(world, number) for number in asked)) == []
    assert [message.to for message in world.carrier.sent] == asked


# --- what the logs hold


def traces(world: World, *numbers: PhoneNumber) -> list[str]:
    keys = [key_of(world, number) for number in numbers]
    return [*(number.removeprefix("+358") for number in numbers), *keys, *(key[10:40] for key in keys)]


def amid_faults(world: World) -> None:
    """A batch with everything in it: poison of all kinds, a fault within, and what is well."""
    world.invite(**NEMOVA)
    world.invite(number=OTHER_PHONE)
    for spoil in POISON.values():
        spoil(world)
        failed(world, key_of(world), PHONE, f"{key_of(world)}\n", key_of(world, OTHER_PHONE))
    world.carrier.faults = [ArithmeticError(f"no message to {PHONE}")]
    third = PhoneNumber("+358405550000")
    world.invite(number=third)
    assert failed(world, key_of(world, third)) == ["0"]


def test_no_log_holds_a_number_or_a_key(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)  # as in the functions; the AWS libraries tell their bodies when debugging
    amid_faults(world)
    assert "Poisoned" in caplog.text
    for trace in traces(world, PHONE, OTHER_PHONE):
        assert trace not in caplog.text


def test_nothing_but_the_aws_libraries_tells_a_number_or_a_key_when_debugging(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    amid_faults(world)
    ours = [record for record in caplog.records if record.name.partition(".")[0] not in AWS_LIBRARIES]
    told = "\n".join(logging.Formatter().format(record) for record in ours)
    assert "Poisoned" in told
    for trace in traces(world, PHONE, OTHER_PHONE):
        assert trace not in told


AWS_LIBRARIES = {"botocore", "boto3", "pynamodb", "urllib3", "moto"}


# --- an item that comes twice, late, or for nothing


def finish(world: World) -> None:
    world.opened()
    for body in ("9", "3524", "OHITA"):
        world.text(body)


FOR_NOTHING: dict[str, Callable[[World], object]] = {
    "an unknown number": lambda _: None,
    "an opening that has left": lambda world: world.opened(),
    "an opening that waits for tomorrow": lambda world: world.invite(send_after=world.clock.now + timedelta(days=1)),
    "a finished conversation": finish,
    "an opted-out conversation": lambda world: [world.opened(), world.text("STOP")],
    "an answered conversation": lambda world: [world.opened(), world.text("9")],
}


@pytest.mark.parametrize("before", FOR_NOTHING.values(), ids=FOR_NOTHING)
def test_an_item_for_nothing_does_nothing(world: World, before: Callable[[World], object]) -> None:
    before(world)
    row, sent = world.held(), list(world.carrier.sent)
    assert failed(world, *[key_of(world)] * 3) == []
    assert (world.held(), world.carrier.sent) == (row, sent)


def test_an_item_that_comes_days_late_finds_what_stands_then(world: World) -> None:
    world.opened()
    item = key_of(world)
    for _ in range(6):
        world.clock.forward(days=1)
        world.tick()
    row, sent = world.held(), list(world.carrier.sent)
    assert failed(world, item, item) == []
    assert (world.held(), world.carrier.sent) == (row, sent)


@dataclass(slots=True)
class SlowCarrier(RecordingCarrier):
    """While it sends, another deliverer handles the same item, and a round of the schedule begins."""

    world: World | None = None

    def send(self, message: Outgoing) -> str:
        assert self.world is not None
        deliver(self.world.delivery, key_of(self.world, message.to))
        with acting_as("tick"):
            tick(self.world.parts, self.world.queued.extend)
        return RecordingCarrier.send(self, message)


def test_two_deliverers_of_one_item_send_once(world: World) -> None:
    slow = SlowCarrier(world=world)
    world.delivery = replace(world.delivery, carrier=slow)
    accepted = world.opened()
    world.queued.extend([key_of(world)] * 2)
    world.deliver()
    assert len(slow.sent) == 1
    assert (invitation(accepted).state, held(world).state) == (InvitationState.SENT, State.OPEN)


# --- asked to wait


def waits(world: World, times: int) -> list[timedelta]:
    """How long an opening waits each time that the carrier asks for it."""
    world.carrier.faults = [TryLater() for _ in range(times)]
    found = []
    for _ in range(times):
        world.tick()
        due = held(world).due
        assert due is not None
        found.append(due - world.clock.now)
        world.clock.now = due
    assert world.carrier.faults == []
    return found


def test_asked_to_wait_again_and_again_it_waits_longer_and_longer(world: World) -> None:
    world.invite()
    found = waits(world, 8)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (MINUTE, 30 * MINUTE)
    world.tick()
    assert len(world.carrier.sent) == 1


def test_waits_are_spread_so_that_what_waited_does_not_return_at_once(world: World) -> None:
    spread = iter([0.0, 0.25, 0.5, 0.75, 0.99])
    world.delivery = replace(world.delivery, spread=lambda: next(spread))
    asked = numbers(5)
    for number in asked:
        world.invite(number=number)
    world.carrier.faults = [TryLater() for _ in asked]
    world.tick()
    moments = [held(world, number).due for number in asked]
    assert len(set(moments)) == len(asked)
    assert all(moment and MINUTE <= moment - world.clock.now <= 2 * MINUTE for moment in moments)


def test_what_waits_past_the_hours_leaves_the_next_day(world: World) -> None:
    world.clock.forward(hours=3, minutes=59)  # a minute before 19
    world.carrier.faults = [TryLater()]
    accepted = world.opened()
    world.clock.now += 2 * MINUTE
    world.tick()
    assert world.carrier.sent == []
    found = invitation(accepted)
    assert found.send_at is not None
    assert (found.state, found.send_at.isoformat()) == (InvitationState.QUEUED, "2026-11-25T12:00:00+00:00")
    world.clock.now = found.send_at
    world.tick()
    assert len(world.carrier.sent) == 1


def test_what_waited_for_a_week_expires_and_was_no_contact(world: World) -> None:
    world.carrier.faults = [TryLater() for _ in range(50)]
    accepted = world.opened()
    for _ in range(7):
        world.clock.forward(days=1)
        world.tick()
        assert invitation(accepted).state is InvitationState.QUEUED
    world.clock.forward(minutes=31)
    world.tick()
    assert (invitation(accepted).state, held(world).state) == (InvitationState.EXPIRED, State.CLOSED)
    assert (is_contact(world), world.carrier.sent) == (False, [])


@pytest.mark.parametrize("code", [21211, 21614, 21408, 30003])
def test_a_number_that_is_refused_is_counted_as_undelivered_and_is_no_contact(world: World, code: int) -> None:
    world.carrier.faults = [SendFailed(code)]
    accepted = world.opened()
    assert (invitation(accepted).state, invitation(accepted).reason) == (InvitationState.FAILED, str(code))
    assert (is_contact(world), opt_outs.stands(key_of(world))) == (False, False)
    world.clock.now += MINUTE
    world.tick()
    assert (world.columns()["invited"], world.columns()["undelivered"]) == (0, 1)
    assert (Metric.SEND_REFUSED, 1) in world.metrics


# --- SQS


@pytest.fixture
def settings(world: World) -> Settings:
    return settings_from(ENVIRONMENT)


def sqs() -> Any:
    return boto3.client("sqs", region_name=REGION)


def bodies(address: str) -> list[str]:
    """Everything that can be received from a queue, deleted there."""
    client, found = sqs(), []
    while messages := client.receive_message(QueueUrl=address, MaxNumberOfMessages=10).get("Messages", []):
        found += [message["Body"] for message in messages]
        for message in messages:
            client.delete_message(QueueUrl=address, ReceiptHandle=message["ReceiptHandle"])
    return found


@pytest.mark.parametrize("count", [1, 9, 10, 11, 25])
def test_any_number_of_keys_is_put_in_batches_of_ten(settings: Settings, world: World, count: int) -> None:
    address = make_missing_queue(settings)
    keys = [key_of(world, number) for number in numbers(count)]
    SendQueue(settings.sending_queue, region=REGION).put(keys)
    assert sorted(bodies(address)) == sorted(keys)


def test_nothing_to_put_is_no_fault(settings: Settings) -> None:
    address = make_missing_queue(settings)
    SendQueue(settings.sending_queue, region=REGION).put([])
    assert bodies(address) == []


def test_a_queue_that_is_not_there_takes_nothing_and_its_fault_names_nobody(settings: Settings, world: World) -> None:
    with pytest.raises(NotQueued) as refused:
        SendQueue(settings.sending_queue, region=REGION).put([key_of(world)])
    fault: BaseException | None = refused.value
    while fault is not None:
        assert key_of(world) not in repr(fault)
        fault = fault.__cause__ or fault.__context__


def test_a_queue_that_was_taken_away_takes_nothing(settings: Settings, world: World) -> None:
    address, queue = make_missing_queue(settings), SendQueue(settings.sending_queue, region=REGION)
    queue.put([key_of(world)])
    sqs().delete_queue(QueueUrl=address)
    with pytest.raises(NotQueued):
        queue.put([key_of(world)])


def over_sqs(world: World, settings: Settings) -> tuple[SendQueue, QueueWorker, str]:
    """The queue and what drains it; what failed is handed out again at once."""
    address = make_missing_queue(settings)
    sqs().set_queue_attributes(QueueUrl=address, Attributes={"VisibilityTimeout": "0"})
    worker = QueueWorker(partial(deliver_batch, world.delivery), address, region=REGION)
    return SendQueue(settings.sending_queue, region=REGION), worker, address


def test_invitations_go_through_the_queue_to_the_phones(world: World, settings: Settings) -> None:
    queue, worker, address = over_sqs(world, settings)
    inviting = replace(world.inviting(), enqueue=queue.put)
    asked = numbers(12)
    for number in asked:
        invite(inviting, world.request(number=number))
    tick(world.parts, queue.put)  # all of them a second time
    assert worker.drain() == 24
    assert sorted(message.to for message in world.carrier.sent) == asked
    assert bodies(address) == []


def test_the_queues_items_are_phone_keys_only(world: World, settings: Settings) -> None:
    queue, _, address = over_sqs(world, settings)
    invite(replace(world.inviting(), enqueue=queue.put), world.request())
    world.invite(number=OTHER_PHONE)
    tick(world.parts, queue.put)
    assert sorted(bodies(address)) == sorted([key_of(world), key_of(world), key_of(world, OTHER_PHONE)])


def test_a_poison_item_reaches_the_dead_letters_and_its_neighbours_the_phones(
    world: World, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    queue, worker, address = over_sqs(world, settings)
    world.invite()
    world.invite(number=OTHER_PHONE)
    ConversationRow(key_of(world)).update([ConversationRow.sealed_number.remove()])
    queue.put(["kuulolla", key_of(world), key_of(world, OTHER_PHONE)])
    for _ in range(2):
        worker.drain()
    assert [message.to for message in world.carrier.sent] == [OTHER_PHONE]
    assert world.metrics.count((Metric.ITEM_FAILED, 1)) == 2 * MOST_RECEIVES
    dead = sqs().get_queue_url(QueueName=f"{settings.sending_queue}-dead")["QueueUrl"]
    assert sorted(bodies(dead)) == sorted(["kuulolla", key_of(world)])
    assert bodies(address) == []
    for trace in traces(world, PHONE, OTHER_PHONE):
        assert trace not in caplog.text


def test_a_queue_is_made_once(settings: Settings) -> None:
    assert make_missing_queue(settings) == make_missing_queue(settings)
    with suppress(ClientError):
        sqs().get_queue_url(QueueName=f"{settings.sending_queue}-dead")
        return
    raise AssertionError("there is no queue of dead letters")


# --- when the queue takes nothing


def refuse(_: Sequence[str]) -> None:
    raise NotQueued("ConnectTimeoutError")


def without_a_queue(world: World) -> Inviting:
    return replace(world.inviting(), enqueue=refuse)


def test_an_invitation_that_cannot_be_queued_is_accepted_and_leaves_in_the_next_round(
    world: World, settings: Settings
) -> None:
    missing = SendQueue(settings.sending_queue, region=REGION)
    accepted = invite(replace(world.inviting(), enqueue=missing.put), world.request())
    assert (accepted.state, held(world).state) == (InvitationState.SENDING, State.QUEUED)
    assert (Metric.NOT_QUEUED, 1) in world.metrics
    world.tick()
    assert len(world.carrier.sent) == 1
    assert invitation(accepted).state is InvitationState.SENT


def test_a_round_that_cannot_queue_does_all_else_says_so_and_is_made_up_for(world: World) -> None:
    world.opened(number=OTHER_PHONE)
    world.text("haluan kuolla", number=OTHER_PHONE)  # no reminder: its end is due after 72 hours
    world.clock.forward(hours=72)
    invite(without_a_queue(world), world.request())
    with pytest.raises(NotQueued):
        tick(world.parts, refuse)
    assert held(world, OTHER_PHONE).state is State.CLOSED
    world.tick()
    assert [message.to for message in world.carrier.sent] == [OTHER_PHONE, PHONE]


# --- how often the schedule puts what is due


def rounds(world: World, count: int, every: timedelta) -> list[int]:
    """So many rounds without anybody delivering; in which of them the number was put, from 0."""
    found = []
    for number in range(count):
        put: list[str] = []
        tick(world.parts, put.extend)
        found += [number] * len(put)
        world.clock.now += every
    return found


def test_what_is_due_is_put_once_in_ten_minutes_and_not_every_round(world: World) -> None:
    world.invite()
    assert rounds(world, 21, MINUTE) == [0, 10, 20]


def test_what_is_never_delivered_is_put_again_less_and_less_often_for_ever(world: World) -> None:
    world.invite()
    found = rounds(world, 4 * 24 * 3, timedelta(minutes=15))
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == LAST_LOOK / timedelta(minutes=15)
    world.tick()
    assert len(found) < 20


def test_an_item_that_was_lost_is_delivered_all_the_same(world: World) -> None:
    world.invite()
    world.queued.clear()
    assert rounds(world, 1, 10 * MINUTE) == [0]
    world.tick()
    assert len(world.carrier.sent) == 1


def test_what_is_delivered_between_two_rounds_is_put_no_more(world: World) -> None:
    world.invite()
    put: list[str] = []

    def at_once(keys: Sequence[str]) -> None:
        """The deliverer is quicker than the schedule's mark."""
        put.extend(keys)
        for key in keys:
            deliver(world.delivery, key)

    for _ in range(30):
        tick(world.parts, at_once)
        world.clock.now += MINUTE
    assert (put, len(world.carrier.sent)) == ([key_of(world)], 1)
    assert held(world).state is State.OPEN
