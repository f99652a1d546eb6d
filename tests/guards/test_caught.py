"""Guards that no other test would miss: in most, somebody is let in between the look and a write that must lose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from pynamodb.signals import pre_dynamodb_send

from handler.outside.carrier import SendFailed
from handler.outside.carrier_codes import OPTED_OUT_AT_CARRIER
from handler.routes.errors import add_errors
from handler.tables import invitations, sending_writes
from handler.tables.base import LostRace
from handler.tables.conversations import State
from handler.tables.invitations import InvitationState
from handler.tables.throttle import ThrottleRow
from handler.work.fold_sends import fold_recent
from handler.work.opt_out import refuses
from handler.work.request import Refusal, Refused
from tests.handler.keeping import Kept, rescue_batch, rescuing_of
from tests.handler.looking import contact, held, invitation, key_of, refused
from tests.world import PHONE, World, interrupt


def whole_survey(world: World) -> None:
    world.opened(caller="somebody else")
    for body in ("9", "3524", "OHITA"):
        world.text(body)
    assert held(world).state is State.CLOSED


def given_to_another(world: World) -> None:
    """The contact is somebody else's claim."""
    row = ThrottleRow.get(key_of(world))
    row.invitation_id = "another"
    row.save()


def whose_contact(world: World) -> str:
    found = contact(world)
    return found.invitation_id if found else "nobody's"


def test_a_contact_made_and_ended_between_the_look_and_the_claim_is_not_made_again(world: World) -> None:
    interrupt(world, lambda: whole_survey(world))
    assert refused(world).refusal is Refusal.THROTTLED
    assert len(world.carrier.sent) == 1


def test_a_trial_claimed_meanwhile_is_not_written_over(world: World) -> None:
    """A trial has no contact that could stand in the way."""
    world.text("KOE")
    interrupt(world, lambda: world.invite(caller="somebody else"))
    assert refused(world).refusal is Refusal.THROTTLED


def test_the_same_request_again_is_the_same_invitation(world: World) -> None:
    def answer() -> str:
        try:
            return world.invite(idempotency_key="visit").id
        except Refused as refusal:
            return refusal.refusal.value

    first, again = answer(), answer()
    assert first == again


def test_an_opening_whose_contact_is_another_s_does_not_leave(world: World) -> None:
    world.invite(send_after=world.clock.now + timedelta(days=1))
    given_to_another(world)
    world.clock.forward(days=1)
    world.tick()
    assert world.carrier.sent == []
    assert whose_contact(world) == "another"


def test_a_failed_opening_gives_no_other_s_contact_back(world: World) -> None:
    accepted = world.opened()
    given_to_another(world)
    world.callback(accepted, "undelivered", error_code="30003")
    assert whose_contact(world) == "another"


def test_of_two_writes_that_read_the_same_row_the_second_loses(world: World) -> None:
    world.opened()
    as_read = held(world)
    world.text("9")
    with pytest.raises(LostRace):
        sending_writes.look_again(as_read, due=world.clock.now)


def refused_on_sending(world: World) -> None:
    world.carrier.faults = [SendFailed(OPTED_OUT_AT_CARRIER)]
    world.opened()


def told_in_a_callback(world: World) -> None:
    world.callback(world.opened(), "failed", error_code=str(OPTED_OUT_AT_CARRIER))


def answered_by_the_carrier(world: World) -> None:
    world.opened()
    assert world.text("STOP", opt_out="STOP") == ""


WAYS: dict[str, Callable[[World], None]] = {
    "the send is refused": refused_on_sending,
    "a callback tells it": told_in_a_callback,
    "Advanced Opt-Out has answered": answered_by_the_carrier,
}


@pytest.mark.parametrize("refuse", WAYS.values(), ids=WAYS)
def test_who_refuses_at_the_carrier_is_known_to_refuse(world: World, refuse: Callable[[World], None]) -> None:
    refuse(world)
    assert refuses(world.parts, PHONE)


def test_a_write_of_an_earlier_conversation_loses_against_a_later_one(world: World) -> None:
    world.opened()
    earlier = held(world)
    world.text("STOP")
    world.text("START")
    world.clock.forward(days=100)
    world.opened()
    assert held(world).version == earlier.version
    with pytest.raises(LostRace):
        sending_writes.look_again(earlier, due=world.clock.now)


@contextmanager
def before_the_write(meanwhile: Callable[[], object]) -> Iterator[None]:
    """Whoever is about to write a conversation's turn is kept waiting while something else happens, once."""
    happens = [meanwhile]

    def let_in(_: object, operation_name: str, **__: object) -> None:
        if operation_name == "UpdateItem" and happens:
            happens.pop()()

    with pre_dynamodb_send.connected_to(let_in):
        yield


def test_whoever_lost_against_an_answer_has_not_seen_the_next_question(world: World) -> None:
    world.opened()
    for body in ("9", "ehkä", "hm"):  # from here on the statements come one by one
        world.text(body)
    with before_the_write(lambda: world.text("4", message_id="SMfirst")):
        assert world.text("3", message_id="SMsecond") == ""
    dialogue = held(world).dialogue
    assert dialogue is not None
    assert dialogue.answers == {"nps": 9, "apu": 4}


def test_an_answer_after_the_reminder_brings_no_second_one(world: World) -> None:
    world.opened()
    world.clock.forward(days=1)
    world.tick()
    assert len(world.carrier.sent) == 2
    world.text("9")
    world.clock.forward(days=1)
    world.tick()
    assert len(world.carrier.sent) == 2


def test_a_tombstone_has_the_last_three_message_ids_however_many_there_were(world: World) -> None:
    world.opened()
    for body in ("9", "HELP", "3524", "OHITA"):
        world.text(body)
    assert len(held(world).message_ids) == 3


def test_of_two_callbacks_at_once_the_higher_rank_stays(world: World) -> None:
    """Both have read the invitation as sending."""
    accepted = world.invite()
    assert invitations.advance(accepted.id, InvitationState.DELIVERED)
    assert not invitations.advance(accepted.id, InvitationState.SENT)
    assert invitation(accepted).state is InvitationState.DELIVERED


def test_the_contact_of_a_month_that_ends_early_is_over_at_its_clipped_end(world: World) -> None:
    """Contacted on 30 November, allowed again on 28 February."""
    world.clock.now = world.clock.now.replace(day=30)
    world.opened()
    found = contact(world)
    assert found is not None
    assert found.allowed_from == date(2027, 2, 28)


def test_an_opening_that_arrives_after_its_month_is_counted_in_it(world: World) -> None:
    world.clock.now = world.clock.now.replace(day=30)
    accepted = world.opened()
    world.clock.forward(days=1)
    world.callback(accepted, "delivered")
    fold_recent(world.parts)
    assert world.columns(month="2026-11")["delivered"] == 1


def test_what_was_folded_before_is_folded_anew_and_not_added(world: World) -> None:
    world.opened()
    for _ in range(2):
        fold_recent(world.parts)
    assert world.columns()["invited"] == 1


def test_a_fault_s_own_words_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """They may quote a number or a text."""
    app = Flask("broken")
    add_errors(app, None)

    @app.get("/broken")
    def broken() -> str:
        raise ValueError(f"no way to {PHONE}")

    assert app.test_client().get("/broken").status_code == 500
    assert "ValueError at GET /broken" in caplog.text
    assert PHONE not in caplog.text


def test_a_fault_s_own_words_are_not_logged_when_a_message_is_rescued(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.opened()
    item = Kept(world).keep("9")
    world.carrier.faults = [ArithmeticError(f"no way to {PHONE}")]
    record = {"messageId": "0", "body": item, "attributes": {"MessageGroupId": "one"}}
    assert rescue_batch(rescuing_of(world), {"Records": [record]})["batchItemFailures"]
    assert "ArithmeticError" in caplog.text
    assert PHONE not in caplog.text
