"""What the carrier reports of an opening: status callbacks, in any order, more than once, before the send returned."""

from dataclasses import dataclass

from handler.outside.carrier_codes import OPTED_OUT_AT_CARRIER
from handler.tables import invitations, sending_writes
from handler.tables.base import LostRace
from handler.tables.conversations import Held, State
from handler.tables.invitations import NEVER_ARRIVED, RANK, InvitationState
from handler.work.close import close_failed
from handler.work.metric import Metric
from handler.work.opt_out import opt_out, record_opt_out
from handler.work.owes import after_message
from handler.work.parts import Parts
from handler.work.strays import heard_once
from survey_flow.conversation import OptOutHow
from survey_flow.phone import PhoneNumber

_STATES = {
    "sent": InvitationState.SENT,
    "delivered": InvitationState.DELIVERED,
    "undelivered": InvitationState.UNDELIVERED,
    "failed": InvitationState.FAILED,
}
_COUNTED = {
    InvitationState.DELIVERED: Metric.DELIVERED,
    InvitationState.UNDELIVERED: Metric.UNDELIVERED,
    InvitationState.FAILED: Metric.UNDELIVERED,
}
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Report:
    """One status callback; `number` is whom the message went to. A reminder's names no invitation."""

    invitation_id: str
    status: str
    number: PhoneNumber
    error_code: str
    message_id: str = ""


def report(parts: Parts, told: Report) -> None:
    """Moves the invitation forward; gives the contact back when the opening never reached the phone."""
    if told.error_code == str(OPTED_OUT_AT_CARRIER):
        # Once: a late repeat must not undo a START since.
        heard_once(parts, f"21610#{told.message_id}#{told.invitation_id}", lambda: _opted_out(parts, told))
    state = _STATES.get(told.status)
    if state is None or not told.invitation_id:
        return
    invitation = invitations.read(told.invitation_id)
    if invitation is None or (RANK[invitation.state] >= RANK[state] and invitation.state is not state):
        return
    # The conversation first: after a crash between the two the carrier's repeat finds this still to be done.
    _settle_conversation(parts, told, state)
    invitations.advance(told.invitation_id, state, reason=told.error_code or None)
    if state in _COUNTED and invitation.state is not state and not invitation.trial:
        parts.count(_COUNTED[state], 1)


def _opted_out(parts: Parts, told: Report) -> None:
    """An opening that never arrived is closed as failed by what follows; nothing follows in any other conversation: of
    a reminder, of an opening that was answered, of a later invitation."""
    held = parts.held(told.number)
    opened = held is not None and told.invitation_id and held.invitation_id == told.invitation_id
    if held is not None and opened and not _has_written(held):
        record_opt_out(parts, told.number, OptOutHow.CARRIER)
    else:
        opt_out(parts, told.number, OptOutHow.CARRIER)


def _settle_conversation(parts: Parts, told: Report, state: InvitationState) -> None:
    for _ in range(_TRIES):
        held = parts.held(told.number)
        if held is None or held.invitation_id != told.invitation_id:
            return
        try:
            _settle(parts, held, state, told)
        except LostRace:
            continue
        return


def _settle(parts: Parts, held: Held, state: InvitationState, told: Report) -> None:
    # Queued again, because the carrier said to wait: it had taken the message all the same.
    waiting = held.state is State.QUEUED
    if state in NEVER_ARRIVED and (held.listening or waiting) and not _has_written(held):
        close_failed(parts, held, state, reason=told.error_code)
    elif state not in NEVER_ARRIVED and (held.state is State.UNKNOWN or waiting):
        sending_writes.record_opening_sent(held, after_message(held, held.dialogue, parts.clock()))


def _has_written(held: Held) -> bool:
    """Whether something has come from the number in this conversation: then its opening arrived, whatever is told."""
    return bool(held.last_reply) or (held.dialogue is not None and held.dialogue.begun)
