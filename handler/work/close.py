"""Closing a conversation: one transaction of response, comment, counts and tombstone, or nothing."""

from pynamodb.transactions import TransactWrite

from handler.tables import (
    base,
    comments,
    conversation_writes,
    counts,
    invitations,
    opt_outs,
    responses,
    throttle,
)
from handler.tables.base import LostRace
from handler.tables.conversations import Held, State
from handler.tables.invitations import RANK, InvitationState
from handler.tables.responses import Place
from handler.work.owe_deletion import owe_within
from handler.work.parts import Parts
from survey_flow.closing import MESSAGES_IN, SEGMENTS_OUT, Record, record
from survey_flow.conversation import Conversation, Outcome
from survey_flow.helsinki import day_of


def close(
    parts: Parts,
    held: Held,
    dialogue: Conversation,
    outcome: Outcome,
    *,
    message_ids: tuple[str, ...] | None = None,
    reply: str = "",
    told: InvitationState | None = None,
) -> None:
    """Closes an open conversation with what was answered; `told` is what that tells of its invitation. Raises
    LostRace, with nothing written."""
    from survey_flow.publication import counted_in  # the months of the results: on a closing's path alone

    kept = record(parts.library.surveys.get(dialogue.survey), dialogue, outcome)
    month = counted_in(held.month, day_of(parts.clock()))
    place = Place(dialogue.unit, dialogue.survey, dialogue.respondent, month)
    with base.transaction(parts.region) as together:
        ids = held.message_ids if message_ids is None else message_ids
        conversation_writes.close(together, held, message_ids=ids, reply=reply, now=parts.clock())
        owe_within(parts, together, held)
        if told is not None:
            invitations.advance_within(together, held.invitation_id, told)
        _store(together, place, kept, survey_version=dialogue.survey_version)
        if not dialogue.trial:
            counts.add(together, place, {**kept.columns, **_traffic(held, dialogue, ids)})


def _store(together: TransactWrite, place: Place, kept: Record, *, survey_version: int) -> None:
    if kept.answers is not None:
        answers = dict(kept.answers)
        responses.put(together, place, survey_version=survey_version, answers=answers, outcome=kept.outcome)
    if kept.comment:
        comments.put(together, place, text=kept.comment, segment=kept.segment)


def _traffic(held: Held, dialogue: Conversation, message_ids: tuple[str, ...]) -> dict[str, int]:
    """What it took, for the cost. A reminder is one segment; what the tombstone before carried over is not counted."""
    sent = dialogue.segments + (1 if held.reminded else 0)
    return {SEGMENTS_OUT: sent, MESSAGES_IN: len(message_ids) - held.carried}


def still_to_tell(held: Held, state: InvitationState) -> InvitationState | None:
    """What the invitation is to be told when the conversation leaves a send whose outcome is open: nobody looks for it
    after that. Told in the same transaction, for the opening may just be queued again."""
    if held.state not in (State.SENDING, State.UNKNOWN):
        return None
    found = invitations.read(held.invitation_id)
    return state if found is not None and RANK[found.state] < RANK[state] else None


def close_unsent(parts: Parts, held: Held, state: InvitationState) -> None:
    """Closes a conversation whose opening is still queued: nothing left, so it is no contact. Raises LostRace."""
    with base.transaction(parts.region) as together:
        conversation_writes.close(together, held, message_ids=held.message_ids, reply="", now=parts.clock())
        invitations.cancel(together, held.invitation_id, state)
        _give_back(together, held)


def close_failed(parts: Parts, held: Held, state: InvitationState, *, reason: str) -> None:
    """Closes a conversation whose opening never reached the phone, and gives the contact back. Raises LostRace."""
    try:
        _close_failed(parts, held, (state, reason))
    except LostRace:
        ended = invitations.read(held.invitation_id)
        if ended is None or RANK[ended.state] < RANK[state]:
            raise
        _close_failed(parts, held, None)  # the invitation has ended already, by its callback


def _close_failed(parts: Parts, held: Held, ends: tuple[InvitationState, str] | None) -> None:
    with base.transaction(parts.region) as together:
        conversation_writes.close(together, held, message_ids=held.message_ids, reply="", now=parts.clock())
        _give_back(together, held)
        if ends is not None:
            invitations.advance_within(together, held.invitation_id, *ends)


def _give_back(together: TransactWrite, held: Held) -> None:
    """With the closing, not after it: a crash between the two would keep the number from surveys for three months."""
    if held.dialogue is not None and not held.dialogue.trial:
        throttle.give_back(together, held.phone_key, invitation_id=held.invitation_id)


def close_refused(parts: Parts, held: Held) -> None:
    """Closes what stands when a number has opted out some other way than by answering. Raises LostRace."""
    if held.state is State.QUEUED:
        close_unsent(parts, held, InvitationState.CANCELLED)
    elif held.dialogue is not None:
        close(parts, held, held.dialogue, Outcome.OPTED_OUT, told=still_to_tell(held, InvitationState.UNKNOWN))


def expire(parts: Parts, held: Held) -> None:
    """Closes a conversation that went quiet; a broken-off survey counts. Raises LostRace.

    An opt-out that a crash left without its closing is finished here.
    """
    if held.dialogue is None:
        return
    refused = opt_outs.stands(held.phone_key)
    close(parts, held, held.dialogue, Outcome.OPTED_OUT if refused else Outcome.BROKEN_OFF)
