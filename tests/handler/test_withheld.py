"""A call for help while an opening waits for its hour: the opening never leaves, and nobody who asked learns why.

What the sender and the API see of it is what they see of an opening that the carrier refused.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from handler.outside.carrier import Outgoing, SendFailed, TryLater
from handler.tables import sending_writes
from handler.tables.audit import AuditRow
from handler.tables.base import LostRace
from handler.tables.conversations import ConversationRow, Held, State
from handler.tables.invitations import InvitationRow, InvitationState
from handler.work.cancel import cancel
from handler.work.deliver import deliver
from handler.work.opening import deliver_opening
from handler.work.staff_key import Right
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.handler.keeping import Kept
from tests.handler.looking import held, invitation, invitation_in, is_contact, key_of
from tests.handler.test_api import Api, new_key
from tests.handler.test_conflicts import in_the_way
from tests.handler.test_form import USUAL
from tests.handler.test_races import NUMBERS, THREADS, at_once
from tests.world import OTHER_PHONE, PHONE, START, RecordingCarrier, World, made_world

CRY = "haluan kuolla"
NIGHT = timedelta(hours=6)
# To the hour at which the young are asked.
NEXT_DAY = timedelta(hours=17)
TYPED = {PHONE: "040 123 4567", OTHER_PHONE: "040 765 4321"}


def waiting(world: World) -> None:
    world.clock.now += NIGHT


# --- what is seen


def as_seen(text: str) -> str:
    """Without what is another's of each invitation and each request."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|(?<=value=\")[\w.-]{20,}", "ID", text)


def form_as_seen(client: FlaskClient, world: World, number: PhoneNumber) -> list[tuple[object, ...]]:
    """Sent by the form in the evening: the page, after a text, at the hour, at the next; and sending again each time.

    A number other than PHONE is refused by the carrier at its hour, and texts nothing that matters.
    """
    fields = {**USUAL, "phone": TYPED[number]}
    page = client.post("/", data={**fields, "request_key": f"r{number}"}).location
    seen: list[tuple[object, ...]] = []

    def look() -> None:
        shown = client.get(page)
        again = client.post("/", data={**fields, "request_key": str(uuid4())})
        seen.append((shown.status_code, as_seen(shown.text), again.status_code))

    look()
    world.text(CRY if number == PHONE else "hei", number=number)
    look()
    world.clock.now += NEXT_DAY
    look()
    world.tick()
    look()
    return seen


def api_as_seen(api: Api, world: World, number: PhoneNumber) -> list[tuple[object, ...]]:
    made = api.invite(phone=TYPED[number])
    seen: list[tuple[object, ...]] = []

    def look() -> None:
        again = api.invite(phone=TYPED[number])
        seen.append((as_seen(api.get(f"/api/invitations/{made.json['id']}").text), again.status_code))

    look()
    world.text(CRY if number == PHONE else "hei", number=number)
    look()
    world.clock.now += NEXT_DAY
    look()
    world.tick()
    look()
    return seen


@pytest.mark.parametrize("door", ["form", "api"])
def test_what_is_seen_is_what_is_seen_of_an_opening_that_the_carrier_refused(
    client: FlaskClient, world: World, door: str
) -> None:
    sealing = world.delivery.sealing  # KMS's, for what is owed at the carrier as well
    seal = lambda number, row_id: sealing.seal(number, conversation_id=row_id)  # noqa: E731
    world.parts = replace(world.parts, seal=seal)
    api, start = Api(client, new_key(world, *Right)), world.clock.now
    seen = []
    for number in (OTHER_PHONE, PHONE):
        world.clock.now = start + NIGHT
        world.carrier.faults = [] if number == PHONE else [SendFailed(21614)]
        see = form_as_seen(client, world, number) if door == "form" else api_as_seen(api, world, number)
        seen.append(see)
    refused, withheld = seen
    assert withheld == refused
    assert [again for *_, again in withheld] == [409, 409, 409, 303 if door == "form" else 201]


def test_at_its_hour_it_ends_as_failed_is_no_contact_and_leaves_nothing_behind(world: World) -> None:
    waiting(world)
    accepted = world.invite()
    world.text(CRY)
    assert (invitation(accepted).state, is_contact(world)) == (InvitationState.QUEUED, True)
    world.clock.now += NEXT_DAY
    world.tick()
    assert (invitation(accepted).state, invitation(accepted).phone_key) == (InvitationState.FAILED, None)
    row = held(world)
    assert (row.state, row.sealed_number, row.withheld, is_contact(world)) == (State.CLOSED, None, False, False)
    assert world.carrier.sent == []


def test_no_metric_and_no_row_of_the_audit_tells_of_it(world: World) -> None:
    def told() -> set[str]:
        return {name for name, _ in world.metrics}

    waiting(world)
    world.tick()
    idle = told()
    world.invite()
    world.text(CRY)
    world.clock.now += NEXT_DAY
    world.tick()
    assert told() == idle
    assert AuditRow.count() == 0


def test_its_row_tells_a_reason_that_others_have_too(world: World) -> None:
    waiting(world)
    accepted = world.invite()
    world.text(CRY)
    world.clock.now += NEXT_DAY
    world.tick()
    assert InvitationRow.get(accepted.id).reason == "absent"


def test_it_can_be_cancelled_as_ever(world: World) -> None:
    waiting(world)
    accepted = world.invite()
    world.text(CRY)
    assert cancel(world.parts, invitation(accepted))
    assert (invitation(accepted).state, is_contact(world)) == (InvitationState.CANCELLED, False)


def test_stop_after_it_ends_it_at_once_as_ever(world: World) -> None:
    waiting(world)
    accepted = world.invite()
    world.text(CRY)
    world.text("STOP")
    assert (invitation(accepted).state, held(world).state) == (InvitationState.CANCELLED, State.CLOSED)


def test_what_is_put_off_stays_withheld(world: World) -> None:
    """Its item comes before the hours open."""
    waiting(world)
    accepted = world.invite(send_after=world.clock.now + timedelta(days=1))
    world.text(CRY)
    world.clock.now += timedelta(days=1, hours=17)
    for _ in range(3):
        deliver(world.delivery, key_of(world))
        world.clock.now += timedelta(hours=8)
    world.tick()
    assert (invitation(accepted).state, world.carrier.sent) == (InvitationState.FAILED, [])


def test_what_the_carrier_put_off_does_not_leave_either(world: World) -> None:
    world.carrier.faults = [TryLater()]
    accepted = world.opened()
    assert invitation(accepted).state is InvitationState.QUEUED
    world.text(CRY)
    world.clock.forward(minutes=30)
    world.tick()
    assert (invitation(accepted).state, world.carrier.sent) == (InvitationState.FAILED, [])


def test_what_the_carrier_had_taken_all_the_same_is_followed_by_no_reminder(world: World) -> None:
    """It asked to wait, and reported later that it had delivered: the phone may answer, and is asked no more."""
    world.carrier.faults = [TryLater()]
    accepted = world.opened()
    world.text(CRY)
    world.callback(accepted, "delivered")
    assert held(world).state is State.OPEN
    world.lapse(days=2)
    assert world.carrier.sent == []


def test_a_kept_call_for_help_from_before_the_opening_keeps_it_from_being_tried_again(world: World) -> None:
    """It is heard while the opening is at the carrier, which asks to wait."""
    kept = Kept(world)
    world.invite()
    item = kept.keep(CRY)
    world.clock.forward(minutes=5)

    class Meanwhile(RecordingCarrier):
        def send(self, message: Outgoing) -> str:
            if not invitation_in(message.status_callback):
                return super().send(message)
            kept.rescue(item)
            raise TryLater

    usual, busy = world.delivery, Meanwhile()
    world.delivery = replace(usual, carrier=busy)
    world.tick()
    assert [message.text[:9] for message in busy.sent] == ["Kuulostaa"]
    world.delivery = usual
    world.lapse(days=3)
    assert world.carrier.sent == []


# --- races


def test_a_mark_that_comes_after_the_claim_loses_and_one_before_keeps_it_from_leaving(world: World) -> None:
    world.invite(number=OTHER_PHONE)
    before = held(world, OTHER_PHONE)
    world.tick()
    assert len(world.carrier.sent) == 1
    with pytest.raises(LostRace):
        sending_writes.withhold(before)
    accepted = world.invite()
    read_before = held(world)
    world.text(CRY)
    assert read_before.dialogue is not None
    deliver_opening(world.delivery, read_before, read_before.dialogue)
    assert (invitation(accepted).state, len(world.carrier.sent)) == (InvitationState.QUEUED, 1)
    world.clock.forward(minutes=30)
    world.tick()
    assert (invitation(accepted).state, len(world.carrier.sent)) == (InvitationState.FAILED, 1)


def test_whoever_cancels_at_that_moment_is_not_told_that_it_is_too_late(world: World) -> None:
    waiting(world)
    world.invite()
    read_before = held(world)
    world.text(CRY)
    assert held(world).version == read_before.version


def test_a_transaction_in_the_way_does_not_lose_it(world: World) -> None:
    waiting(world)
    world.invite()
    row = held(world)
    with in_the_way(ConversationRow, 2) as refused:
        sending_writes.withhold(row)
    assert len(refused) == 2
    assert held(world).withheld


@pytest.fixture
def raced(engine: str, library: Library) -> World:
    return made_world(library, prefix=f"withheld-{uuid4().hex[:8]}-")


def cries(world: World, number: PhoneNumber) -> Callable[[], object]:
    return lambda: world.text(CRY, number=number, message_id=f"SM{number}")


@pytest.mark.engine
def test_against_a_delivery_it_has_left_and_nothing_follows_or_it_never_leaves(raced: World) -> None:
    for number in NUMBERS:
        accepted = raced.invite(number=number)
        already = len(raced.carrier.sent)
        deliveries = [lambda number=number: deliver(raced.delivery, key_of(raced, number))] * (THREADS // 2)
        at_once([cries(raced, number), *deliveries])
        left = len(raced.carrier.sent) - already
        row = held(raced, number)
        if left:
            assert row.withheld or (row.dialogue is not None and row.dialogue.safety_texts)
        else:
            deliver(raced.delivery, key_of(raced, number))
        expected = InvitationState.SENT if left else InvitationState.FAILED
        assert (invitation(accepted).state, len(raced.carrier.sent) - already) == (expected, left)
        assert is_contact(raced, number) is bool(left)
    openings = len(raced.carrier.sent)
    raced.clock.forward(days=1)
    for number in NUMBERS:
        deliver(raced.delivery, key_of(raced, number))
    assert len(raced.carrier.sent) == openings


@pytest.mark.engine
def test_against_whoever_cancels_it_is_cancelled(raced: World) -> None:
    waiting(raced)
    for number in NUMBERS:
        accepted = raced.invite(number=number)
        queued = invitation(accepted)
        results = at_once([cries(raced, number), lambda queued=queued: cancel(raced.parts, queued)])
        assert results[1] is True or invitation(accepted).state is InvitationState.QUEUED
        assert cancel(raced.parts, invitation(accepted))
        assert (held(raced, number).state, is_contact(raced, number)) == (State.CLOSED, False)


@pytest.mark.engine
def test_against_a_delivery_that_puts_it_off_and_a_round_it_is_withheld(raced: World) -> None:
    for number in NUMBERS:
        raced.invite(number=number)
    raced.clock.forward(hours=5)
    for number in NUMBERS:
        deeds = [lambda number=number: deliver(raced.delivery, key_of(raced, number))] * 4
        row = held(raced, number)
        at_once([cries(raced, number), *deeds, lambda row=row: looked_at(row)])
        assert (held(raced, number).state, held(raced, number).withheld) == (State.QUEUED, True)


def looked_at(row: Held) -> None:
    """As a round does, which has put the item into the queue."""
    with suppress(LostRace):
        sending_writes.look_again(row, due=row.due or START)


@pytest.mark.engine
def test_against_stop_nothing_stays_open(raced: World) -> None:
    waiting(raced)
    for number in NUMBERS:
        accepted = raced.invite(number=number)
        at_once(
            [
                cries(raced, number),
                lambda number=number: raced.text("STOP", number=number, message_id=f"SMstop{number}"),
            ]
        )
        assert (held(raced, number).state, is_contact(raced, number)) == (State.CLOSED, False)
        assert invitation(accepted).state is InvitationState.CANCELLED


def test_the_answer_is_the_safety_text_whatever_waits(world: World) -> None:
    waiting(world)
    world.invite(respondent="guardian", survey="nuorten-matala-huoltaja")
    assert world.text(CRY) == world.parts.library.messages.say("crisis_adult", Language.FI)
