"""What Twilio posts when a text has come, read; and TwiML, which it is answered with."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

from flask import Response

from handler.work.inbound import Inbound
from survey_flow.phone import from_carrier

# The longest text that Twilio hands over in one webhook.
LONGEST_TEXT = 1600


def inbound_from(form: Mapping[str, str], *, kept_at: datetime | None = None) -> Inbound | None:
    """The message, or None for what cannot be answered: an operator's name as its sender, or no id."""
    number, message_id = from_carrier(form.get("From", "")), form.get("MessageSid", "")
    if number is None or not message_id:
        return None
    return Inbound(message_id, number, form.get("Body", "")[:LONGEST_TEXT], form.get("OptOutType", ""), kept_at)


def twiml(reply: str) -> Response:
    """One message or none. Escaped by hand: twilio.twiml costs 33 ms of import for two tags."""
    message = f"<Message>{escape(reply, quote=False)}</Message>" if reply else ""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'
    return Response(body, content_type="text/xml; charset=utf-8")
