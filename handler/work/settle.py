"""A send whose outcome is unknown: a time-out, a broken connection, a process that died after the claim.

It is settled by its callback, by anything that the number texts, or here by the carrier's own list; it is never sent
again. Absent in two looks a quarter of an hour apart it never left; when nobody can be asked it stays unknown.
"""

from datetime import datetime, timedelta

from handler.outside.carrier import CarrierSilent, Fate
from handler.tables import invitations, sending_writes
from handler.tables.conversations import Claimed, Held
from handler.tables.invitations import NEVER_ARRIVED, InvitationState
from handler.work.close import close_failed
from handler.work.delivery import Delivery, Poisoned
from handler.work.metric import Metric
from handler.work.owes import after_message
from handler.work.parts import Parts
from survey_flow.conversation import LIFETIME, Conversation

# Longer than the claim's transaction and the carrier's two time-outs together: nobody else looks at a send that may
# still be under way.
LEASE = timedelta(seconds=60)
# The carrier's list is looked at so long after the lease, and again so long after a look.
BETWEEN_LOOKS = timedelta(minutes=15)
LOOKS = 2
# Even a validity that ends within minutes leaves the list so long to become reachable.
SHORTEST_PATIENCE = timedelta(hours=1)
# Why an opening failed that the carrier never took: stands in the invitation beside the carrier's own codes.
NEVER_TAKEN = "absent"
_ARRIVED = (InvitationState.SENT, InvitationState.DELIVERED)


def mark_unknown(parts: Parts, held: Held) -> None:
    """Nobody is sending any more, and nobody knows whether it left. Raises LostRace."""
    claimed_at = held.claimed.at if held.claimed else parts.clock()
    sending_writes.mark_unknown(held, look_at=claimed_at + LEASE + BETWEEN_LOOKS)
    invitations.advance(held.invitation_id, InvitationState.UNKNOWN)


def settle_by_callback(parts: Parts, held: Held) -> bool:
    """Whether a callback that came while the process was dying has told the outcome already. Raises LostRace."""
    invitation = invitations.read(held.invitation_id)
    if invitation is None:
        return False
    if invitation.state in _ARRIVED:
        sending_writes.record_opening_sent(held, after_message(held, held.dialogue, parts.clock()))
        return True
    if invitation.state in NEVER_ARRIVED:
        close_failed(parts, held, invitation.state, reason=invitation.reason)
        return True
    return False


def settle(delivery: Delivery, held: Held, dialogue: Conversation) -> None:
    """One look at the carrier's list. Raises LostRace, or Poisoned."""
    parts, now = delivery.parts, delivery.parts.clock()
    if settle_by_callback(parts, held):
        return
    if held.claimed is None:
        raise Poisoned("an unknown send without its claim")
    try:
        fate = delivery.carrier.fate_of(
            delivery.number(held), held.claimed.digest, not_older_than=now - held.claimed.at
        )
    except CarrierSilent:
        _nobody_answers(parts, held, held.claimed, now)
        return
    if fate is None:
        _not_in_the_list(parts, held, held.claimed, now)
    elif fate.arrived_never:
        close_failed(parts, held, _state_of(fate), reason=fate.error_code)
    else:
        invitations.advance(held.invitation_id, _state_of(fate))
        sending_writes.record_opening_sent(held, after_message(held, dialogue, now))
        if not dialogue.trial:
            parts.count(Metric.INVITED, 1)


def _not_in_the_list(parts: Parts, held: Held, claimed: Claimed, now: datetime) -> None:
    if claimed.absent + 1 < LOOKS:
        sending_writes.record_look(held, look_at=now + BETWEEN_LOOKS, absent=claimed.absent + 1)
    else:
        close_failed(parts, held, InvitationState.FAILED, reason=NEVER_TAKEN)


def _nobody_answers(parts: Parts, held: Held, claimed: Claimed, now: datetime) -> None:
    if now < max(claimed.valid_until, claimed.at + SHORTEST_PATIENCE):
        sending_writes.record_look(held, look_at=now + BETWEEN_LOOKS, absent=claimed.absent)
        return
    invitations.advance(held.invitation_id, InvitationState.UNKNOWN)
    sending_writes.leave_unknown(held, expires=claimed.at + LIFETIME)
    parts.count(Metric.UNKNOWN_SEND, 1)


def _state_of(fate: Fate) -> InvitationState:
    if fate.arrived_never:
        return InvitationState.UNDELIVERED if fate.status == "undelivered" else InvitationState.FAILED
    return InvitationState.DELIVERED if fate.status == "delivered" else InvitationState.SENT
