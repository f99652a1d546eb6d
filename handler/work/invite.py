"""Inviting a number: may it be contacted, when may the message leave, and one transaction that claims it all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handler.outside.sealing import Sealing
from handler.tables import invitations, limits, opt_outs, throttle
from handler.tables.conversations import State
from handler.tables.invitations import Invitation, InvitationState
from handler.work.claim import Planned, claim, invitation_row
from handler.work.parts import Parts
from handler.work.request import Refusal, Refused, Request, fingerprint, invitation_id
from survey_flow.contact_policy import MOST_DAYS_QUEUED, allowed_from
from survey_flow.helsinki import day_of
from survey_flow.phone import PhoneNumber
from survey_flow.sending_hours import IsHoliday, next_sending_time

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Accepted:
    id: str
    state: InvitationState
    send_at: datetime
    trial: bool


def invite(parts: Parts, request: Request, *, sealing: Sealing, is_holiday: IsHoliday) -> Accepted:
    """Queues the opening. Raises Refused. A repeat under the same idempotency key finds what the first one made."""
    new_id = invitation_id(parts.phone_keys, request)
    earlier = _repeated(parts, request, new_id)
    if earlier is not None:
        return earlier
    trial = _is_trial(parts, request.number)
    send_at = _send_at(parts, request, trial=trial, is_holiday=is_holiday)
    planned = Planned(new_id, send_at, trial)
    for _ in range(_TRIES):
        refused = _blocked(parts, request.number, trial=trial)
        if refused is None and claim(parts, request, planned, sealing):
            return Accepted(new_id, _shown(InvitationState.QUEUED, send_at, parts), send_at, trial)
        # What stands in the way may be this very request, sent twice at the same moment.
        earlier = _repeated(parts, request, new_id)
        if earlier is not None:
            return earlier
        if refused is not None:
            _count_blocked(request, planned, refused.refusal)
            raise refused
    raise RuntimeError("an invitation lost every race without anything in its way")


def state_of(parts: Parts, invitation: Invitation) -> InvitationState:
    """The state as it is shown: what is queued with its hour come is being sent."""
    return _shown(invitation.state, invitation.send_at, parts)


def _shown(state: InvitationState, send_at: datetime | None, parts: Parts) -> InvitationState:
    due = send_at is not None and send_at <= parts.clock()
    return InvitationState.SENDING if state is InvitationState.QUEUED and due else state


def _repeated(parts: Parts, request: Request, new_id: str) -> Accepted | None:
    """What the same request made earlier, if it did. Raises Refused when its key was used for another request."""
    earlier = invitations.read(new_id) if request.idempotency_key else None
    if earlier is None:
        return None
    if earlier.fingerprint != fingerprint(parts.phone_keys, request):
        raise Refused(Refusal.IDEMPOTENCY_CONFLICT)
    return Accepted(earlier.id, state_of(parts, earlier), earlier.send_at or parts.clock(), earlier.trial)


def trial_mark(phone_key: str) -> str:
    """The mark left by a phone that texted KOE."""
    return f"trial#{phone_key}"


def _is_trial(parts: Parts, number: PhoneNumber) -> bool:
    return limits.stands(trial_mark(parts.phone_keys.all(number)[0]), now=parts.clock()) is not None


def _send_at(parts: Parts, request: Request, *, trial: bool, is_holiday: IsHoliday) -> datetime:
    now = parts.clock().replace(microsecond=0)
    earliest = max(now, request.send_after.replace(microsecond=0)) if request.send_after else now
    latest = now + timedelta(days=MOST_DAYS_QUEUED)
    if earliest > latest:
        raise Refused(Refusal.TOO_LATE, latest=day_of(latest))
    if trial:  # the colleague's phone has just written to us and waits for the answer
        return earliest
    hours = parts.library.organisation.units[request.unit].hours_for(request.respondent)
    send_at = next_sending_time(earliest, hours, is_holiday)
    if send_at > latest:
        raise Refused(Refusal.TOO_LATE, latest=day_of(latest))
    return send_at


def _count_blocked(request: Request, planned: Planned, refusal: Refusal) -> None:
    """A request refused because of the number is counted as blocked; a trial is not counted."""
    if planned.trial:
        return
    blocked_id = f"blocked-{planned.invitation_id}"
    invitation_row(request, blocked_id, planned.send_at, InvitationState.BLOCKED, reason=refusal.value).save()


def _blocked(parts: Parts, number: PhoneNumber, *, trial: bool) -> Refused | None:
    today = parts.today()
    keys = parts.phone_keys.all(number)
    if any(opt_outs.stands(key) for key in keys):
        return Refused(Refusal.OPTED_OUT)
    contacts = [contact for key in keys if not trial and (contact := throttle.read(key)) is not None]
    standing = [contact.allowed_from for contact in contacts if contact.allowed_from > today]
    if standing:
        return Refused(Refusal.THROTTLED, allowed_from=max(standing))
    held = parts.held(number)
    if held is not None and held.state is not State.CLOSED:
        return Refused(Refusal.THROTTLED, allowed_from=today if trial else allowed_from(today))
    return None
