"""Sending one opening: looked at anew, claimed in one transaction, sent at most once, recorded, and the number erased.

The number is unsealed before the claim: a fault of the key service then leaves the opening queued, not in limbo.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pynamodb.exceptions import TransactWriteError

from handler.outside.carrier import (
    OPTED_OUT_AT_CARRIER,
    Carrier,
    OutcomeUnknown,
    Outgoing,
    SendFailed,
    TryLater,
)
from handler.outside.sealing import Sealing
from handler.tables import base, conversation_writes, conversations, invitations, opt_outs, throttle
from handler.tables.conversations import Held, LostRace, State
from handler.tables.invitations import Invitation, InvitationState
from handler.work.close import close_failed, close_unsent
from handler.work.opt_out import record_opt_out
from handler.work.parts import Parts
from survey_flow import prompts
from survey_flow.conversation import LIFETIME, Conversation, OptOutHow
from survey_flow.helsinki import day_of, month_of
from survey_flow.phone import PhoneNumber
from survey_flow.sending_hours import IsHoliday, closing_time, next_sending_time

# Longer than the carrier's two time-outs together: nobody else looks at a send that may still be under way.
LEASE = timedelta(seconds=60)
# After "too many requests" the opening waits this long, spread by up to as much again.
WAIT = timedelta(seconds=60)
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Delivery:
    """What delivering needs beside the parts. `spread` gives 0 to 1, so that what waited does not return at once."""

    parts: Parts
    sealing: Sealing
    carrier: Carrier
    is_holiday: IsHoliday
    public_url: str
    spread: Callable[[], float]


def deliver(delivery: Delivery, phone_key: str) -> None:
    """Sends the opening that this number is owed, if it is still owed, due and allowed."""
    try:
        _deliver(delivery, phone_key)
    except LostRace:
        return  # somebody else moved it on; what is owed after that is seen in the next round


def _deliver(delivery: Delivery, phone_key: str) -> None:
    parts = delivery.parts
    held = conversations.read(phone_key)
    if held is None or held.state is not State.QUEUED or held.dialogue is None or held.due is None:
        return
    now = parts.clock()
    if held.due > now:
        return
    if now > held.due + LIFETIME:
        close_unsent(parts, held, InvitationState.EXPIRED)
        return
    sendable = now if held.dialogue.trial else _next_time(delivery, held.dialogue, now)
    if sendable > now:
        _queue_again(parts, held, sendable)
        return
    invitation = invitations.read(held.invitation_id)
    if invitation is not None and held.sealed_number is not None:
        number = delivery.sealing.unseal(held.sealed_number, conversation_id=held.conversation_id)
        _claim_and_send(delivery, held, held.dialogue, invitation, number)


def _next_time(delivery: Delivery, dialogue: Conversation, now: datetime) -> datetime:
    unit = delivery.parts.library.organisation.units[dialogue.unit]
    return next_sending_time(now, unit.hours_for(dialogue.respondent), delivery.is_holiday)


def _claim_and_send(
    delivery: Delivery, held: Held, dialogue: Conversation, invitation: Invitation, number: PhoneNumber
) -> None:
    parts = delivery.parts
    try:
        claimed = _claim(parts, held, dialogue, invitation, number)
    except LostRace:
        if any(opt_outs.stands(key) for key in parts.phone_keys.all(number)):
            close_unsent(parts, held, InvitationState.CANCELLED)
        return
    try:
        delivery.carrier.send(_message(delivery, claimed, dialogue, number))
    except TryLater:
        _wait(delivery, claimed)
    except SendFailed as failure:
        _failed(parts, claimed, number, failure.code)
    except OutcomeUnknown:
        mark_unknown(parts, claimed)
    else:
        _sent(parts, claimed)


def _claim(parts: Parts, held: Held, dialogue: Conversation, invitation: Invitation, number: PhoneNumber) -> Held:
    """The row as the claim leaves it. Not read again: a refusal that comes meanwhile may have closed it already."""
    now = parts.clock()
    try:
        with base.transaction(parts.region) as together:
            for key in parts.phone_keys.all(number):
                opt_outs.check_none(together, key)
            conversation_writes.claim_for_sending(together, held, month=month_of(now), lease_until=now + LEASE)
            invitations.mark_sending(together, invitation, month=month_of(now))
            if not dialogue.trial:
                throttle.move_to(together, held.phone_key, contact_on=day_of(now), invitation_id=invitation.id)
    except TransactWriteError as error:
        raise (LostRace() if base.lost(error) else error) from error
    return replace(held, state=State.SENDING, version=held.version + 1, month=month_of(now))


def _message(delivery: Delivery, held: Held, dialogue: Conversation, number: PhoneNumber) -> Outgoing:
    now = delivery.parts.clock()
    unit = delivery.parts.library.organisation.units[dialogue.unit]
    closes = closing_time(now, unit.hours_for(dialogue.respondent))
    # A trial may leave outside the hours: its phone waits for it, a quarter of an hour is enough.
    validity = timedelta(minutes=15) if closes <= now else closes - now
    return Outgoing(
        to=number,
        text=prompts.opening(delivery.parts.script(dialogue), dialogue),
        status_callback=f"{delivery.public_url}/sms/status?invitation={held.invitation_id}",
        validity_seconds=int(validity.total_seconds()),
    )


def _sent(parts: Parts, held: Held) -> None:
    with suppress(LostRace):  # a reply or a callback was quicker, and erased the number
        conversation_writes.record_opening_sent(held, expires=parts.clock() + LIFETIME)
    invitations.advance(held.invitation_id, InvitationState.SENT)


def _wait(delivery: Delivery, held: Held) -> None:
    later = delivery.parts.clock() + WAIT * (1 + delivery.spread())
    for _ in range(_TRIES):
        try:
            _queue_again(delivery.parts, held, later)
        except LostRace:
            now = conversations.read(held.phone_key)
            if now is None or now.version != held.version or now.conversation_id != held.conversation_id:
                break
        else:
            return
    # Closed meanwhile, by an opt-out or a wrong number: this opening never leaves.
    invitations.advance(held.invitation_id, InvitationState.FAILED)


def _queue_again(parts: Parts, held: Held, due: datetime) -> None:
    """Both rows together: one of them alone would wait for a send that never comes. Raises LostRace."""
    try:
        with base.transaction(parts.region) as together:
            conversation_writes.queue_again(together, held, due=due)
            invitations.queue_again(together, held.invitation_id, phone_key=held.phone_key, send_at=due)
    except TransactWriteError as error:
        raise (LostRace() if base.lost(error) else error) from error


def _failed(parts: Parts, held: Held, number: PhoneNumber, code: int) -> None:
    if code == OPTED_OUT_AT_CARRIER:
        record_opt_out(parts, number, OptOutHow.CARRIER)
    try:
        close_failed(parts, held, InvitationState.FAILED, reason=str(code))
    except LostRace:  # something came from the number meanwhile: its conversation goes on, the contact is kept
        invitations.advance(held.invitation_id, InvitationState.FAILED, reason=str(code))


def mark_unknown(parts: Parts, held: Held) -> None:
    """It is not known whether the opening left: a callback or a message from the number settles it, no second send."""
    try:
        conversation_writes.mark_unknown(held, expires=parts.clock() + LIFETIME)
    except LostRace:
        return
    invitations.advance(held.invitation_id, InvitationState.UNKNOWN)
