"""Cancelling an invitation while it is queued."""

from handler.tables import conversations
from handler.tables.base import LostRace
from handler.tables.conversations import State
from handler.tables.invitations import Invitation, InvitationState
from handler.work.close import close_unsent
from handler.work.parts import Parts

_TRIES = 5


def cancel(parts: Parts, invitation: Invitation) -> bool:
    """True when it will not be sent; False when it is too late: it has left or is just leaving."""
    if invitation.state is InvitationState.CANCELLED:
        return True
    if invitation.state is not InvitationState.QUEUED or invitation.phone_key is None:
        return False
    for _ in range(_TRIES):
        held = conversations.read(invitation.phone_key)
        if held is None or held.invitation_id != invitation.id or held.state is not State.QUEUED:
            break
        try:
            close_unsent(parts, held, InvitationState.CANCELLED)
        except LostRace:
            continue  # it is just leaving; or whoever was in the way lost as well, and it is still queued
        return True
    return False
