"""The claim of an invitation: one transaction of opt-outs, throttle, conversation and invitation, all or nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from handler.outside.sealing import Sealing
from handler.tables import base, conversation_writes, conversations, invitations, opt_outs, throttle
from handler.tables.base import LostRace
from handler.tables.invitations import InvitationRow, InvitationState
from handler.work.parts import Parts
from handler.work.request import Request, fingerprint
from survey_flow import dialogue
from survey_flow.conversation import Conversation, Turn
from survey_flow.helsinki import day_of, month_of
from survey_flow.survey import Survey


@dataclass(frozen=True, slots=True)
class Planned:
    """What was decided before the claim: under which id, when the opening leaves, whether it is a trial."""

    invitation_id: str
    send_at: datetime
    trial: bool


def claim(parts: Parts, request: Request, planned: Planned, sealing: Sealing) -> bool:
    """The one transaction; False when it was lost. It touches no row that another number's invitation touches."""
    key, *older_keys = parts.phone_keys.all(request.number)
    today, conversation_id = parts.today(), str(uuid4())
    begun = beginning(parts, request, trial=planned.trial).conversation
    sealed = sealing.seal(request.number, conversation_id=conversation_id)
    try:
        with base.transaction(parts.region) as together:
            for each in (key, *older_keys):
                opt_outs.check_none(together, each)
            for each in older_keys:
                conversation_writes.check_free(together, each)
            if not planned.trial:
                for each in older_keys:
                    throttle.check_free(together, each, today=today)
                throttle.claim(
                    together, key, contact_on=day_of(planned.send_at), today=today, invitation_id=planned.invitation_id
                )
            conversation_writes.put_queued(
                together,
                phone_key=key,
                conversation_id=conversation_id,
                invitation_id=planned.invitation_id,
                dialogue=begun,
                month=month_of(planned.send_at),
                send_at=planned.send_at,
                sealed_number=sealed,
                carried_ids=_carried_ids(key, *older_keys),
            )
            invitations.put_new(together, _queued_row(parts, request, planned, key))
    except LostRace:
        return False
    return True


def _carried_ids(*phone_keys: str) -> tuple[str, ...]:
    """The messages of the number's last conversation: a late repeat of one of them is no answer to this one.

    The newest come last: the row under the writing key is the later one.
    """
    held = [conversations.read(key) for key in reversed(phone_keys)]
    return tuple(message_id for each in held if each is not None for message_id in each.message_ids)


def invitation_row(
    request: Request, invitation_id: str, leaves_at: datetime, state: InvitationState, **more: Any
) -> InvitationRow:
    """What is kept of a request, whether it was accepted or blocked."""
    return invitations.row(
        invitation_id,
        unit=request.unit,
        survey=request.survey,
        respondent=request.respondent,
        month=month_of(leaves_at),
        by=request.caller,
        state=state,
        **more,
    )


def _queued_row(parts: Parts, request: Request, planned: Planned, phone_key: str) -> InvitationRow:
    return invitation_row(
        request,
        planned.invitation_id,
        planned.send_at,
        InvitationState.QUEUED,
        send_at=int(planned.send_at.timestamp()),
        fingerprint=fingerprint(parts.phone_keys, request) if request.idempotency_key else None,
        trial=1 if planned.trial else None,
        phone_key=phone_key,
    )


def beginning(parts: Parts, request: Request, *, trial: bool) -> Turn:
    """The opening, and the conversation as it stands then."""
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
    return dialogue.start(parts.script(conversation), conversation)
