"""What is held on a number, and its erasure: for the data protection officer, by a command."""

from dataclasses import dataclass

from handler.tables import audit, deletions, invitations, number_rows
from handler.tables.audit import Did
from handler.tables.base import LostRace
from handler.tables.conversations import Held, State
from handler.tables.invitations import Invitation, InvitationState
from handler.tables.number_rows import Rows
from handler.work.close import close, close_unsent, still_to_tell
from handler.work.parts import Parts
from survey_flow.conversation import Outcome
from survey_flow.phone import PhoneNumber

# Each lost race is somebody's write: a message that just came, a send that is under way.
_TRIES = 10


class StillWritten(Exception):
    """The number's rows were written again and again; what is erased by then stays so."""


@dataclass(frozen=True, slots=True)
class UnderKey:
    """What stands under one of the number's keys, and what these rows lead to: invitations, and a deletion owed at the
    carrier, for which the number is kept sealed."""

    rows: Rows
    invitations: tuple[Invitation, ...]
    deletion_owed: bool


def look_up(parts: Parts, number: PhoneNumber, *, who: str) -> tuple[UnderKey, ...]:
    """Under every pepper in force, the writing one first."""
    audit.note(parts.clock(), who=who, did=Did.NUMBER_LOOKED_UP)
    return held_on(parts, number)


def held_on(parts: Parts, number: PhoneNumber) -> tuple[UnderKey, ...]:
    """The same, for what is audited otherwise."""
    found = (number_rows.read(key) for key in parts.phone_keys.all(number))
    return tuple(UnderKey(rows, _invitations(rows), _deletion_owed(rows)) for rows in found)


def erase(parts: Parts, number: PhoneNumber, *, who: str, opt_out_too: bool) -> None:
    """Closes an open conversation without keeping its answers; then erases what stands under the number's keys.

    What is owed to the respondent at the carrier is owed still, and its row keeps the number sealed until it is done.
    Done half, it is finished by doing it again. Raises StillWritten.
    """
    audit.note(parts.clock(), who=who, did=Did.NUMBER_ERASED)
    for phone_key in parts.phone_keys.all(number):
        _erase_under(parts, phone_key, opt_out_too=opt_out_too)


def _erase_under(parts: Parts, phone_key: str, *, opt_out_too: bool) -> None:
    for _ in range(_TRIES):
        rows = number_rows.read(phone_key)
        if rows.empty:
            return
        try:
            if rows.conversation is not None and rows.conversation.state is not State.CLOSED:
                _drop(parts, rows.conversation)
            else:
                number_rows.erase(parts.region, rows, opt_out_too=opt_out_too)
                return
        except LostRace:
            continue
    raise StillWritten


def _drop(parts: Parts, held: Held) -> None:
    """Ends it as a wrong number does: no response, no comment. Raises LostRace."""
    if held.state is State.QUEUED:
        close_unsent(parts, held, InvitationState.CANCELLED)
    elif held.dialogue is not None:
        told = still_to_tell(held, InvitationState.UNKNOWN)
        close(parts, held, held.dialogue, Outcome.WRONG_NUMBER, told=told)


def _deletion_owed(rows: Rows) -> bool:
    """Of the latest conversation: its row has its id. A row for a message outside of one is found by nothing."""
    return rows.conversation is not None and deletions.read(rows.conversation.conversation_id) is not None


def _invitations(rows: Rows) -> tuple[Invitation, ...]:
    ids = {rows.conversation.invitation_id} if rows.conversation else set()
    ids |= {rows.contact.invitation_id} if rows.contact else set()
    return tuple(found for each in sorted(ids - {""}) if (found := invitations.read(each)) is not None)
