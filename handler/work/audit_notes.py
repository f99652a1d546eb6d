"""What is noted of sending, asking, cancelling, reading and taking along, around the use cases that know nothing of the
audit.

What reveals something is noted first, and not done when it cannot be noted. Sending is noted after it: an invitation
that stands would only be refused to whoever tried again, and its own row tells who made it.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta

from handler.tables import audit, limits
from handler.tables.audit import Did
from handler.tables.invitations import Invitation, InvitationState
from handler.work.cancel import cancel
from handler.work.invite import Accepted, Inviting
from handler.work.parts import Parts
from handler.work.request import Refused, Request
from handler.work.telling import TELLS, invite_telling
from survey_flow.organisation import Unit

log = logging.getLogger("kuulolla")

# Whoever asks on and on does not fill the audit.
TOLD_ONCE_IN = timedelta(hours=1)


def invite_noted(inviting: Inviting, request: Request) -> Accepted:
    """One invitation, by form or API; a repeat of the same request is noted once. Raises Refused and TooMany."""
    try:
        accepted = invite_telling(inviting, request)
    except Refused as refused:
        if refused.refusal in TELLS:
            _note_told(inviting.parts, who=request.caller, unit=request.unit)
        raise
    if not accepted.repeated:
        _note_after(inviting.parts, who=request.caller, did=Did.INVITED, unit=request.unit)
    return accepted


def note_list_checked(parts: Parts, caller: str, units: Iterable[str]) -> None:
    """Before a check is answered: one row for each unit that the list asks for. Without a count: beside how many were
    sent it would tell how many were held back."""
    for unit in sorted(set(units)):
        audit.note(parts.clock(), who=caller, did=Did.LIST_CHECKED, unit=unit)


def note_told_of_list(parts: Parts, caller: str, units: Iterable[str]) -> None:
    """Lines of a chunk were not sent to, which tells of their numbers; its other lines are sent, so this never
    fails."""
    for unit in sorted(set(units)):
        try:
            _note_told(parts, who=caller, unit=unit)
        except Exception as error:
            log.error("%s while %s was noted in the audit", type(error).__name__, Did.REFUSAL_TOLD)


def note_list_sent(parts: Parts, caller: str, accepted: Mapping[str, int]) -> None:
    """A chunk of a list: one row for each of its units, with how many it accepted."""
    for unit, count in accepted.items():
        _note_after(parts, who=caller, did=Did.LIST_SENT, unit=unit, about=str(count))


def cancel_noted(parts: Parts, invitation: Invitation, *, who: str) -> bool:
    """True when it will not be sent; only who stopped it is noted."""
    stood = invitation.state is not InvitationState.CANCELLED
    done = cancel(parts, invitation)
    if done and stood:
        _note_after(parts, who=who, did=Did.CANCELLED, unit=invitation.unit)
    return done


def note_reading(parts: Parts, unit: Unit, *, who: str, about: str = "") -> None:
    """Before comments are shown; `about` tells which of them, "shared" or "meeting"."""
    audit.note(parts.clock(), who=who, did=Did.COMMENTS_READ, unit=unit.id, about=about or None)


def note_export(parts: Parts, unit: Unit, *, who: str, kind: str) -> None:
    """Before figures are given to take along."""
    audit.note(parts.clock(), who=who, did=Did.EXPORTED, unit=unit.id, about=kind)


def _note_told(parts: Parts, *, who: str, unit: str) -> None:
    """That somebody was told of numbers that are not sent to: once an hour for each of them and unit, and not which
    refusal it was. Before it is told; the mark comes after the row, so that no hour is without one."""
    mark, now = f"audit-told#{who}#{unit}", parts.clock()
    if limits.stands(mark, now=now) is None:
        audit.note(now, who=who, did=Did.REFUSAL_TOLD, unit=unit)
        limits.once(mark, now=now, window=TOLD_ONCE_IN)


def _note_after(parts: Parts, *, who: str, did: Did, unit: str, about: str | None = None) -> None:
    try:
        audit.note(parts.clock(), who=who, did=did, unit=unit, about=about)
    except Exception as error:
        log.error("%s while %s was noted in the audit", type(error).__name__, did)
