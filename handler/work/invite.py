"""Inviting a number: may it be contacted, when may the message leave, and one transaction that claims it all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handler.outside.sealing import Sealing
from handler.outside.send_queue import NotQueued
from handler.tables import invitations, limits, opt_outs, throttle
from handler.tables.conversations import State
from handler.tables.invitations import Invitation, InvitationState
from handler.work import ceiling, when
from handler.work.claim import Planned, claim, invitation_row
from handler.work.metric import Metric
from handler.work.parts import Parts
from handler.work.request import Refusal, Refused, Request, invitation_id, is_fingerprint_of
from handler.work.trial_mark import trial_mark
from survey_flow.contact_policy import allowed_from
from survey_flow.helsinki import day_of
from survey_flow.phone import PhoneNumber
from survey_flow.sending_hours import IsHoliday

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Inviting:
    """What inviting needs beside the parts. `enqueue` is given the phone key of what may leave at once."""

    parts: Parts
    sealing: Sealing
    is_holiday: IsHoliday
    enqueue: Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Accepted:
    id: str
    state: InvitationState
    send_at: datetime
    trial: bool
    repeated: bool = False


def invite(inviting: Inviting, request: Request) -> Accepted:
    """Queues the opening. Raises Refused. A repeat under the same idempotency key finds what the first one made."""
    parts = inviting.parts
    new_id = invitation_id(parts.phone_keys, request)
    earlier = _repeated(parts, request, new_id)
    if earlier is not None:
        return earlier
    trial = _is_trial(parts, request.number)
    earliest = when.earliest(parts, request, inviting.is_holiday, trial=trial)
    for _ in range(_TRIES):
        refused = _blocked(parts, request.number, trial=trial)
        if refused is None:
            send_at = when.with_a_place(parts, request, inviting.is_holiday, earliest, trial=trial)
            planned = Planned(new_id, send_at, trial)
            if _claimed(inviting, request, planned):
                return Accepted(new_id, _shown(InvitationState.QUEUED, send_at, parts), send_at, trial)
        # What stands in the way may be this very request, sent twice at the same moment.
        earlier = _repeated(parts, request, new_id)
        if earlier is not None:
            return earlier
        if refused is not None:
            _count_blocked(parts, request, Planned(new_id, earliest, trial), refused.refusal)
            raise refused
    raise RuntimeError("an invitation lost every race without anything in its way")


def _claimed(inviting: Inviting, request: Request, planned: Planned) -> bool:
    """The claim; what may leave at once goes into the queue. A place that it does not use is given back."""
    parts = inviting.parts
    if not claim(parts, request, planned, inviting.sealing):
        ceiling.give_place_back(parts, parts.library.organisation.units[request.unit], day_of(planned.send_at))
        return False
    if planned.send_at <= parts.clock():
        try:
            inviting.enqueue([parts.phone_keys.all(request.number)[0]])
        except NotQueued:  # the next round of the schedule finds it due
            parts.count(Metric.NOT_QUEUED, 1)
    return True


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
    if not is_fingerprint_of(earlier.fingerprint, parts.phone_keys, request):
        raise Refused(Refusal.IDEMPOTENCY_CONFLICT)
    send_at = earlier.send_at or parts.clock()
    return Accepted(earlier.id, state_of(parts, earlier), send_at, earlier.trial, repeated=True)


def _is_trial(parts: Parts, number: PhoneNumber) -> bool:
    now = parts.clock()
    return any(limits.stands(trial_mark(key), now=now) for key in parts.phone_keys.all(number))


def _count_blocked(parts: Parts, request: Request, planned: Planned, refusal: Refusal) -> None:
    """A request refused because of the number is counted as blocked, once; a trial is not counted."""
    if planned.trial:
        return
    blocked_id = f"blocked-{planned.invitation_id}"
    row = invitation_row(request, blocked_id, planned.send_at, InvitationState.BLOCKED, reason=refusal.value)
    if invitations.keep_blocked(row):
        parts.count(Metric.BLOCKED, 1)


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
