"""The one reminder of a conversation: the same contact, inside the hours, never after a safety text, sent at most once.

Its outcome is not followed: a reminder that is lost is not repeated, and one that fails gives nothing back.
"""

from contextlib import suppress
from dataclasses import replace

from handler.outside.carrier import OutcomeUnknown, SendFailed, TryLater
from handler.outside.carrier_codes import OPTED_OUT_AT_CARRIER
from handler.tables import base, opt_outs, sending_writes
from handler.tables.base import LostRace
from handler.tables.conversations import Held
from handler.work.close import close_refused, expire
from handler.work.delivery import GIVEN_UP_AFTER, Delivery
from handler.work.metric import Metric
from handler.work.opt_out import opt_out
from handler.work.parts import Parts
from survey_flow import prompts
from survey_flow.conversation import LIFETIME, Conversation, OptOutHow
from survey_flow.phone import PhoneNumber


def deliver_reminder(delivery: Delivery, held: Held, dialogue: Conversation) -> None:
    """Raises LostRace, or Poisoned."""
    parts, now = delivery.parts, delivery.parts.clock()
    late = held.since is not None and now > held.since + GIVEN_UP_AFTER
    # Its survey was taken away meanwhile: there is nothing to go on with. Or they called for help as the opening left.
    if late or held.withheld or not parts.can_play(dialogue):
        expire(parts, held)
        return
    leaves_at = delivery.may_leave_at(dialogue, now, opening=False)
    if leaves_at > now:
        sending_writes.put_off_reminder(held, send_at=leaves_at)
        return
    _claim_and_send(delivery, held, dialogue, delivery.number(held))


def _claim_and_send(delivery: Delivery, held: Held, dialogue: Conversation, number: PhoneNumber) -> None:
    parts, now = delivery.parts, delivery.parts.clock()
    try:
        reminded = _claim(parts, held, number)
    except LostRace:
        if any(opt_outs.stands(key) for key in parts.phone_keys.all(number)):
            close_refused(parts, held)
        return
    text = prompts.reminder(parts.script(dialogue), dialogue)
    try:
        delivery.carrier.send(delivery.outgoing(number, text, valid_until=delivery.valid_until(dialogue, now)))
    except TryLater:
        parts.count(Metric.CARRIER_BUSY, 1)
        _owe_again(delivery, held, reminded)
    except SendFailed as failure:
        parts.count(Metric.SEND_REFUSED, 1)
        if failure.code == OPTED_OUT_AT_CARRIER:
            opt_out(parts, number, OptOutHow.CARRIER)
    except OutcomeUnknown:
        return


def _claim(parts: Parts, held: Held, number: PhoneNumber) -> Held:
    """The row as the claim leaves it: reminded. An opt-out, or anything said meanwhile, wins."""
    with base.transaction(parts.region) as together:
        for key in parts.phone_keys.all(number):
            opt_outs.check_none(together, key)
        sending_writes.claim_reminder(together, held, expires=parts.clock() + LIFETIME)
    return replace(held, version=held.version + 1)


def _owe_again(delivery: Delivery, held: Held, reminded: Held) -> None:
    if held.since is None:
        return
    with suppress(LostRace):  # something came from the number: no reminder is needed
        sending_writes.owe_reminder_again(reminded, since=held.since, send_at=delivery.wait_until(held))
