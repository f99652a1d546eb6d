"""Answering later, once, a message that the fallback set aside because the webhook had not answered it.

The same item may come again after any step: the conversation knows the message by its id and gives the same reply, and
the reply is claimed before it is sent. What cannot be read, and what is too old, is given up and never comes again.
"""

from dataclasses import dataclass
from datetime import timedelta

from handler.outside.carrier import (
    LONGEST_VALIDITY,
    Carrier,
    OutcomeUnknown,
    Outgoing,
    SendFailed,
    TryLater,
)
from handler.outside.carrier_codes import OPTED_OUT_AT_CARRIER
from handler.outside.sealed_forms import CannotUnseal
from handler.tables import limits
from handler.work.callbacks import status_address
from handler.work.converse import converse
from handler.work.inbound import Inbound, UnreadableMessage, unpacked
from handler.work.metric import Metric
from handler.work.opt_out import opt_out, refuses
from handler.work.parts import Parts
from handler.work.set_aside import Forms
from survey_flow.conversation import OptOutHow
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber

# Nothing is kept for longer than a day, and what was heard is known again for a day (strays.py). The queues forget by
# themselves; an item that was put back from the dead letters begins its time there anew.
ANSWERED_WITHIN = timedelta(hours=23)
# Longer than any item lives.
_CLAIM_STANDS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Rescuing:
    parts: Parts
    forms: Forms
    carrier: Carrier
    public_url: str


def rescue(rescuing: Rescuing, item: str) -> None:
    """Hears the message and sends what there is to say. Whatever it raises, the item is to come again."""
    parts = rescuing.parts
    try:
        inbound = unpacked(rescuing.forms.unseal(item))
    except (CannotUnseal, UnreadableMessage):
        parts.count(Metric.RESCUE_GIVEN_UP, 1)
        return
    if inbound.kept_at is None or parts.clock() > inbound.kept_at + ANSWERED_WITHIN:
        parts.count(Metric.RESCUE_GIVEN_UP, 1)
        return
    reply = converse(parts, inbound)
    if not reply or _outdated(parts, inbound.number, reply) or _send_once(rescuing, inbound, reply):
        parts.count(Metric.RESCUED, 1)


def _outdated(parts: Parts, number: PhoneNumber, reply: str) -> bool:
    """Whether it tells of an opt-out, or of an end of one, that is no more: they have changed their mind since."""
    if _says(parts, reply, "stop", "wrong_number"):
        return not refuses(parts, number)
    return _says(parts, reply, "start") and refuses(parts, number)


def _says(parts: Parts, reply: str, *keys: str) -> bool:
    """Whether the reply is one of these texts, in whatever language."""
    return any(reply == parts.library.messages.say(key, language) for key in keys for language in Language)


def _send_once(rescuing: Rescuing, inbound: Inbound, reply: str) -> bool:
    """Whether the reply left, now. At most once: a death between the claim and the send loses it, and is counted when
    the item comes again. Raises TryLater."""
    parts, claim = rescuing.parts, rescuing.parts.phone_keys.lasting("rescued", inbound.message_id)
    settled = f"{claim}#settled"
    if not limits.once(claim, now=parts.clock(), window=_CLAIM_STANDS):
        if limits.stands(settled, now=parts.clock()) is None:
            parts.count(Metric.RESCUE_GIVEN_UP, 1)
        return False
    left = _sent(rescuing, inbound, reply, claim)
    limits.mark(settled, now=parts.clock(), window=_CLAIM_STANDS)
    return left


def _sent(rescuing: Rescuing, inbound: Inbound, reply: str, claim: str) -> bool:
    """Raises TryLater, with the claim given back."""
    parts = rescuing.parts
    try:
        rescuing.carrier.send(
            Outgoing(
                to=inbound.number,
                text=reply,
                status_callback=status_address(rescuing.public_url),
                validity_seconds=LONGEST_VALIDITY,  # as long as the reply to a webhook
            )
        )
    except TryLater:
        parts.count(Metric.CARRIER_BUSY, 1)
        limits.unmark(claim)
        raise
    except SendFailed as failure:
        parts.count(Metric.SEND_REFUSED, 1)
        if failure.code == OPTED_OUT_AT_CARRIER:
            opt_out(parts, inbound.number, OptOutHow.CARRIER)
        return False
    except OutcomeUnknown:
        parts.count(Metric.RESCUE_GIVEN_UP, 1)
        return False
    return True
