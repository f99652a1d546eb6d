"""Sending one opening: looked at anew, claimed in one transaction, sent at most once, recorded.

The number is unsealed before the claim: a fault of the key service then leaves the opening queued, not in limbo.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from handler.outside.carrier import OutcomeUnknown, SendFailed, TryLater
from handler.outside.carrier_codes import OPTED_OUT_AT_CARRIER
from handler.tables import base, conversations, invitations, opt_outs, sending_writes, throttle
from handler.tables.base import LostRace
from handler.tables.conversations import Claimed, Held, State
from handler.tables.invitations import Invitation, InvitationState
from handler.work.close import close_failed, close_unsent
from handler.work.delivery import GIVEN_UP_AFTER, Delivery, Poisoned
from handler.work.metric import Metric
from handler.work.opt_out import record_opt_out
from handler.work.owes import after_message
from handler.work.parts import Parts
from handler.work.settle import LEASE, NEVER_TAKEN, mark_unknown, settle_by_callback
from survey_flow import prompts
from survey_flow.contact_policy import MOST_DAYS_QUEUED
from survey_flow.conversation import Conversation, OptOutHow
from survey_flow.helsinki import day_of, month_of
from survey_flow.phone import PhoneNumber

_TRIES = 5


def deliver_opening(delivery: Delivery, held: Held, dialogue: Conversation) -> None:
    """Raises LostRace, or Poisoned."""
    parts, now = delivery.parts, delivery.parts.clock()
    invitation = invitations.read(held.invitation_id)
    if invitation is not None and invitation.state is not InvitationState.QUEUED:
        # Somebody moved the invitation on while the opening was queued again: what is known of it decides, else a look.
        if not settle_by_callback(parts, held):
            mark_unknown(parts, held)
        return
    if held.since is not None and now > held.since + GIVEN_UP_AFTER:
        _give_up(parts, held)
        return
    leaves_at = delivery.may_leave_at(dialogue, now, opening=True)
    if leaves_at > now + timedelta(days=MOST_DAYS_QUEUED):  # its collection window closed while it waited
        _give_up(parts, held)
        return
    if leaves_at > now:
        _queue_again(parts, held, leaves_at, anew=leaves_at > now + GIVEN_UP_AFTER)
        return
    if invitation is None:
        raise Poisoned("an opening is queued without its invitation")
    if held.withheld:  # at its hour it ends as one that the carrier refused: whoever asked learns no more than that
        close_failed(parts, held, InvitationState.FAILED, reason=NEVER_TAKEN)
        return
    _claim_and_send(delivery, held, dialogue, invitation, delivery.number(held))


def _give_up(parts: Parts, held: Held) -> None:
    close_unsent(parts, held, InvitationState.EXPIRED)
    parts.count(Metric.GIVEN_UP, 1)


def _claim_and_send(
    delivery: Delivery, held: Held, dialogue: Conversation, invitation: Invitation, number: PhoneNumber
) -> None:
    parts, now = delivery.parts, delivery.parts.clock()
    text = prompts.opening(parts.script(dialogue), dialogue)
    claimed = Claimed(now, delivery.valid_until(dialogue, now), text_digest(text))
    try:
        sending = _claim(parts, held, invitation, number, claimed)
    except LostRace:
        if any(opt_outs.stands(key) for key in parts.phone_keys.all(number)):
            close_unsent(parts, held, InvitationState.CANCELLED)
        return
    try:
        delivery.carrier.send(
            delivery.outgoing(number, text, valid_until=claimed.valid_until, about=held.invitation_id)
        )
    except TryLater:
        parts.count(Metric.CARRIER_BUSY, 1)
        _wait(delivery, sending)
    except SendFailed as failure:
        parts.count(Metric.SEND_REFUSED, 1)
        _failed(parts, sending, number, failure.code)
    except OutcomeUnknown:
        if not settle_by_callback(parts, sending):
            mark_unknown(parts, sending)
    else:
        _sent(parts, sending, dialogue)


def text_digest(text: str) -> str:
    """Tells the opening's text from another in the carrier's list, even after the survey's file has changed."""
    return sha256(text.encode()).hexdigest()


def _claim(
    parts: Parts,
    held: Held,
    invitation: Invitation,
    number: PhoneNumber,
    claimed: Claimed,
) -> Held:
    """The row as the claim leaves it. Not read again: a refusal that comes meanwhile may have closed it already."""
    month, lease_until = month_of(claimed.at), claimed.at + LEASE
    with base.transaction(parts.region) as together:
        for key in parts.phone_keys.all(number):
            opt_outs.check_none(together, key)
        sending_writes.claim_for_sending(together, held, month=month, claimed=claimed, lease_until=lease_until)
        invitations.mark_sending(together, invitation, month=month)
        if not invitation.trial:
            throttle.move_to(together, held.phone_key, contact_on=day_of(claimed.at), invitation_id=invitation.id)
    return replace(held, state=State.SENDING, version=held.version + 1, month=month, claimed=claimed)


def _sent(parts: Parts, held: Held, dialogue: Conversation) -> None:
    # The invitation first: after a crash between the two, the end of the lease finds in it that the opening has left.
    invitations.advance(held.invitation_id, InvitationState.SENT)
    if not dialogue.trial:
        parts.count(Metric.INVITED, 1)
    with suppress(LostRace):  # a reply or a callback was quicker
        sending_writes.record_opening_sent(held, after_message(held, dialogue, parts.clock()))


def _wait(delivery: Delivery, held: Held) -> None:
    later = delivery.wait_until(held)
    for _ in range(_TRIES):
        try:
            _queue_again(delivery.parts, held, later)
        except LostRace:
            if settle_by_callback(delivery.parts, held):  # it had taken the message all the same
                return
            now = conversations.read(held.phone_key)
            if now is None or now.version != held.version or now.conversation_id != held.conversation_id:
                break
        else:
            return
    # Closed meanwhile, by an opt-out or a wrong number: this opening never leaves.
    invitations.advance(held.invitation_id, InvitationState.FAILED)


def _queue_again(parts: Parts, held: Held, send_at: datetime, *, anew: bool = False) -> None:
    """Both rows together: one of them alone would wait for a send that never comes. `anew`: what waits for the next
    collection window has not been waiting before it. Raises LostRace."""
    with base.transaction(parts.region) as together:
        sending_writes.queue_again(together, held, send_at=send_at, anew=anew)
        invitations.queue_again(together, held.invitation_id, phone_key=held.phone_key, send_at=send_at)


def _failed(parts: Parts, held: Held, number: PhoneNumber, code: int) -> None:
    if code == OPTED_OUT_AT_CARRIER:
        record_opt_out(parts, number, OptOutHow.CARRIER)
    try:
        close_failed(parts, held, InvitationState.FAILED, reason=str(code))
    except LostRace:  # something came from the number meanwhile: its conversation goes on, the contact is kept
        invitations.advance(held.invitation_id, InvitationState.FAILED, reason=str(code))
