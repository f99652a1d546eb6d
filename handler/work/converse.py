"""One inbound message: read the conversation, take the turn, write it once, say the reply."""

from contextlib import suppress

from handler.tables import base, conversation_writes, invitations
from handler.tables.base import LostRace
from handler.tables.conversation_writes import Taken
from handler.tables.conversations import Held, State
from handler.tables.invitations import InvitationState
from handler.work.close import close, still_to_tell
from handler.work.inbound import Inbound
from handler.work.opt_out import lift, note_refusal, opt_out, record_opt_out
from handler.work.owe_deletion import owe
from handler.work.owes import after_message
from handler.work.parts import Parts
from handler.work.strays import answer_early, answer_stray, heard_once, is_trial_word, is_urgent
from survey_flow.conversation import LiftOptOut, OptOut, OptOutHow, Outcome, Turn
from survey_flow.dialogue import advance

_TRIES = 8


class TooBusy(Exception):
    """Every try lost its race; the carrier's retry will find a quieter moment."""


def converse(parts: Parts, inbound: Inbound) -> str:
    """The reply, or "" for silence. The same message id again gives the same reply and changes nothing."""
    if inbound.opt_out_type:
        heard_once(parts, inbound.message_id, lambda: _said_to_carrier(parts, inbound))
        return ""
    asked: tuple[str, ...] | None = None
    for _ in range(_TRIES):
        held = parts.held(inbound.number)
        if held is not None and inbound.message_id in held.message_ids:
            return _said_before(parts, inbound, held)
        if held is not None and _is_early(parts, inbound, held):
            return answer_early(parts, inbound, held)
        if held is not None and _begins_trial_anew(parts, inbound, held):
            continue
        if held is None or not held.listening or held.dialogue is None or not parts.can_play(held.dialogue):
            return answer_stray(parts, inbound, held)
        if asked is None:
            asked = held.dialogue.asking
        unseen = held.dialogue.asking != asked or inbound.written_before(held.asked_at)
        turn = advance(parts.script(held.dialogue), held.dialogue, inbound.text, unseen_question=unseen)
        try:
            _perform(parts, inbound, held, turn)
        except LostRace:
            continue
        return turn.reply
    raise TooBusy


def _said_before(parts: Parts, inbound: Inbound, held: Held) -> str:
    """The same reply again. It may leave long after the closing, when what is owed of the conversation is done."""
    if inbound.message_id != held.message_ids[-1]:
        return ""
    if held.state is State.CLOSED:
        owe(parts, inbound.number)
    return held.last_reply


def _is_early(parts: Parts, inbound: Inbound, held: Held) -> bool:
    """Whether it was written before the opening left, and so is no part of the conversation. A call for help or a
    refusal is, once the opening has left: no reminder and no question follows it."""
    if not held.listening or not inbound.written_before(held.claimed.at if held.claimed else None):
        return False
    return held.state is not State.OPEN or not is_urgent(parts, inbound, held)


def _begins_trial_anew(parts: Parts, inbound: Inbound, held: Held) -> bool:
    """A colleague who texts KOE in the middle of a trial wants another: the open one is closed and leaves nothing."""
    if held.dialogue is None or not held.dialogue.trial or not is_trial_word(inbound.text):
        return False
    if inbound.written_before(held.asked_at):  # they have gone on with it since
        return False
    with suppress(LostRace):
        close(parts, held, held.dialogue, Outcome.BROKEN_OFF)
    return True


def _perform(parts: Parts, inbound: Inbound, held: Held, turn: Turn) -> None:
    for effect in turn.effects:
        if isinstance(effect, OptOut):
            record_opt_out(parts, inbound.number, effect.how)
            note_refusal(parts, inbound)
        elif isinstance(effect, LiftOptOut):
            lift(parts, inbound)
    message_ids, told = (*held.message_ids, inbound.message_id), still_to_tell(held, _told_by(turn))
    if turn.outcome is not None:
        close(parts, held, turn.conversation, turn.outcome, message_ids=message_ids, reply=turn.reply, told=told)
        return
    now = parts.clock()
    taken = Taken(turn.conversation, message_ids, turn.reply, after_message(held, turn.conversation, now), at=now)
    if told is None:
        conversation_writes.record_turn(held, taken)
        return
    with base.transaction(parts.region) as together:
        conversation_writes.record_turn_within(together, held, taken)
        invitations.advance_within(together, held.invitation_id, told)


def _told_by(turn: Turn) -> InvitationState:
    """Whoever answers has got the opening; a refusal may have been on its way before."""
    refused = turn.outcome in (Outcome.OPTED_OUT, Outcome.WRONG_NUMBER)
    return InvitationState.UNKNOWN if refused else InvitationState.SENT


def _said_to_carrier(parts: Parts, inbound: Inbound) -> None:
    """Advanced Opt-Out has answered the phone already: what it did is recorded, and our own reply stays empty."""
    if inbound.opt_out_type == "STOP":
        opt_out(parts, inbound.number, OptOutHow.CARRIER)
        note_refusal(parts, inbound)
    elif inbound.opt_out_type == "START":
        lift(parts, inbound)
