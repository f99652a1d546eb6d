"""Inviting a number: may it be contacted, when may the message leave, and one transaction that claims it all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from pynamodb.exceptions import TransactWriteError

from handler.outside.sealing import Sealing
from handler.tables import base, conversations, invitations, limits, opt_outs, throttle
from handler.tables.conversations import State
from handler.tables.invitations import Invitation, InvitationRow, InvitationState
from handler.work.parts import Parts
from survey_flow import dialogue
from survey_flow.contact_policy import MOST_DAYS_QUEUED, allowed_from
from survey_flow.conversation import Conversation
from survey_flow.helsinki import day_of, month_of
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber
from survey_flow.prompts import Script
from survey_flow.sending_hours import IsHoliday, next_sending_time
from survey_flow.survey import Survey

_TRIES = 5


class Refusal(StrEnum):
    OPTED_OUT = "opted-out"
    THROTTLED = "throttled"
    IDEMPOTENCY_CONFLICT = "idempotency-conflict"
    TOO_LATE = "too-late"


class Refused(Exception):
    """The number is not asked; `allowed_from` tells when it may be, `latest` until when it may be queued."""

    def __init__(self, refusal: Refusal, *, allowed_from: date | None = None, latest: date | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.allowed_from = allowed_from
        self.latest = latest


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, checked in form. `caller` is the key or person; `idempotency_key` tells repeats."""

    number: PhoneNumber
    unit: str
    respondent: str
    survey: str
    language: Language
    occasion: str | None
    neutral: bool
    facts: Mapping[str, int]
    send_after: datetime | None
    caller: str
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Accepted:
    id: str
    state: InvitationState
    send_at: datetime
    trial: bool


def invite(parts: Parts, request: Request, *, sealing: Sealing, is_holiday: IsHoliday) -> Accepted:
    """Queues the opening. Raises Refused. A repeat under the same idempotency key finds what the first one made."""
    invitation_id = _id(parts, request)
    earlier = _repeated(parts, request, invitation_id)
    if earlier is not None:
        return earlier
    trial = _is_trial(parts, request.number)
    send_at = _send_at(parts, request, trial=trial, is_holiday=is_holiday)
    for _ in range(_TRIES):
        refused = _blocked(parts, request.number, trial=trial)
        if refused is None and _claim(parts, request, invitation_id, send_at, trial=trial, sealing=sealing):
            return Accepted(invitation_id, _shown(InvitationState.QUEUED, send_at, parts), send_at, trial)
        # What stands in the way may be this very request, sent twice at the same moment.
        earlier = _repeated(parts, request, invitation_id)
        if earlier is not None:
            return earlier
        if refused is not None:
            _count_blocked(request, invitation_id, send_at, refused.refusal, trial=trial)
            raise refused
    raise RuntimeError("an invitation lost every race without anything in its way")


def state_of(parts: Parts, invitation: Invitation) -> InvitationState:
    """The state as it is shown: what is queued with its hour come is being sent."""
    return _shown(invitation.state, invitation.send_at, parts)


def _shown(state: InvitationState, send_at: datetime | None, parts: Parts) -> InvitationState:
    due = send_at is not None and send_at <= parts.clock()
    return InvitationState.SENDING if state is InvitationState.QUEUED and due else state


def _id(parts: Parts, request: Request) -> str:
    if request.idempotency_key is None:
        return str(uuid4())
    return parts.phone_keys.keyed("invitation", request.caller, request.idempotency_key)[:32]


def _fingerprint(parts: Parts, request: Request) -> str:
    """Tells a repeat from another request under the same key. Keyed with the idempotency key too, which is stored
    nowhere: from the row alone nobody can try numbers against it."""
    return parts.phone_keys.keyed(
        request.idempotency_key or "",
        request.number,
        request.unit,
        request.respondent,
        request.survey,
        request.language,
        request.occasion or "",
        str(request.neutral),
        repr(sorted(request.facts.items())),
        request.send_after.isoformat() if request.send_after else "",
    )


def _repeated(parts: Parts, request: Request, invitation_id: str) -> Accepted | None:
    """What the same request made earlier, if it did. Raises Refused when its key was used for another request."""
    earlier = invitations.read(invitation_id) if request.idempotency_key else None
    if earlier is None:
        return None
    if earlier.fingerprint != _fingerprint(parts, request):
        raise Refused(Refusal.IDEMPOTENCY_CONFLICT)
    return Accepted(earlier.id, state_of(parts, earlier), earlier.send_at or parts.clock(), earlier.trial)


def trial_mark(phone_key: str) -> str:
    """The mark left by a phone that texted KOE."""
    return f"trial#{phone_key}"


def _is_trial(parts: Parts, number: PhoneNumber) -> bool:
    return limits.stands(trial_mark(parts.phone_keys.all(number)[0]), now=parts.clock()) is not None


def _send_at(parts: Parts, request: Request, *, trial: bool, is_holiday: IsHoliday) -> datetime:
    now = parts.clock().replace(microsecond=0)
    earliest = max(now, request.send_after) if request.send_after else now
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


def _count_blocked(request: Request, invitation_id: str, send_at: datetime, refusal: Refusal, *, trial: bool) -> None:
    """A request refused because of the number is counted as blocked; a trial is not counted."""
    if trial:
        return
    invitations.row(
        f"blocked-{invitation_id}",
        unit=request.unit,
        survey=request.survey,
        respondent=request.respondent,
        month=month_of(send_at),
        by=request.caller,
        state=InvitationState.BLOCKED,
        reason=refusal.value,
    ).save()


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


def _claim(
    parts: Parts, request: Request, invitation_id: str, send_at: datetime, *, trial: bool, sealing: Sealing
) -> bool:
    """The one transaction; False when it was lost. It touches no row that another number's invitation touches."""
    key, *older_keys = parts.phone_keys.all(request.number)
    today, conversation_id = parts.today(), str(uuid4())
    held = conversations.read(key)
    begun = dialogue.start(*_beginning(parts, request, trial=trial)).conversation
    sealed = sealing.seal(request.number, conversation_id=conversation_id)
    try:
        with base.transaction(parts.region) as together:
            for each in (key, *older_keys):
                opt_outs.check_none(together, each)
            for each in older_keys:
                conversations.check_free(together, each)
            if not trial:
                for each in older_keys:
                    throttle.check_free(together, each, today=today)
                throttle.claim(together, key, contact_on=day_of(send_at), today=today, invitation_id=invitation_id)
            conversations.put_queued(
                together,
                phone_key=key,
                conversation_id=conversation_id,
                invitation_id=invitation_id,
                dialogue=begun,
                month=month_of(send_at),
                due=send_at,
                sealed_number=sealed,
                carried_ids=held.message_ids if held else (),
            )
            invitations.put_new(together, _row(parts, request, invitation_id, send_at, phone_key=key, trial=trial))
    except TransactWriteError as error:
        if not base.lost(error):
            raise
        return False
    return True


def _row(
    parts: Parts, request: Request, invitation_id: str, send_at: datetime, *, phone_key: str, trial: bool
) -> InvitationRow:
    return invitations.row(
        invitation_id,
        unit=request.unit,
        survey=request.survey,
        respondent=request.respondent,
        month=month_of(send_at),
        by=request.caller,
        state=InvitationState.QUEUED,
        send_at=int(send_at.timestamp()),
        fingerprint=_fingerprint(parts, request) if request.idempotency_key else None,
        trial=1 if trial else None,
        phone_key=phone_key,
    )


def _beginning(parts: Parts, request: Request, *, trial: bool) -> tuple[Script, Conversation]:
    survey: Survey = parts.library.surveys[request.survey]
    conversation = Conversation(
        survey=survey.id,
        survey_version=survey.version,
        unit=request.unit,
        respondent=request.respondent,
        language=request.language,
        occasion=request.occasion,
        neutral=request.neutral,
        trial=trial,
        facts=survey.fixed_facts(occasion=request.occasion, respondent=request.respondent, facts=request.facts),
    )
    return parts.script(conversation), conversation
