"""An inbound message as the carrier handed it over, and how it is kept while it waits for its rescue."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from survey_flow.phone import PhoneNumber, from_carrier

# For so long at most a message has been with Twilio when the fallback takes it: all tries at the webhook together have
# 15 seconds ("tt"), then all tries at the fallback have as many. One more: tables keep moments cut to the second.
# Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
TWILIO_TRIES_FOR = timedelta(seconds=31)


class UnreadableMessage(Exception):
    """What was kept is no message of ours. Holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """`opt_out_type` is set when the carrier has answered it itself. `kept_at` is when the fallback took it; None for a
    message that is heard as it comes."""

    message_id: str
    number: PhoneNumber
    text: str
    opt_out_type: str
    kept_at: datetime | None = None

    def written_before(self, moment: datetime | None) -> bool:
        """Whether it was, or in doubt may have been, written before what was sent at `moment` could be seen."""
        if self.kept_at is None or moment is None:
            return False
        return self.kept_at - TWILIO_TRIES_FOR <= moment


def packed(inbound: Inbound) -> bytes:
    """One line of JSON, then the text as it is: in JSON a control character would become six bytes."""
    kept_at = inbound.kept_at.timestamp() if inbound.kept_at else None
    head = [inbound.message_id, inbound.number, inbound.opt_out_type, kept_at]
    return f"{json.dumps(head)}\n{inbound.text}".encode("utf-8", "replace")


def unpacked(plain: bytes) -> Inbound:
    """The inverse of packed. Raises UnreadableMessage."""
    try:
        head, _, text = plain.decode().partition("\n")
        message_id, number, opt_out_type, kept_at = json.loads(head)
        found, moment = from_carrier(number), datetime.fromtimestamp(kept_at, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise UnreadableMessage from None
    if found is None or not isinstance(message_id, str) or not message_id or not isinstance(opt_out_type, str):
        raise UnreadableMessage
    return Inbound(message_id, found, text, opt_out_type, moment)
