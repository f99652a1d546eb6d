"""Twilio's webhooks: inbound messages answered with TwiML, status callbacks with 204; heard only when signed."""

from html import escape

from flask import Blueprint, Response, abort, request
from twilio.request_validator import RequestValidator

from handler.work.carrier_report import Report, report
from handler.work.converse import Inbound, converse
from handler.work.parts import Parts
from survey_flow.phone import from_carrier

# The longest text that Twilio hands over in one webhook.
LONGEST_TEXT = 1600


def sms_routes(parts: Parts, *, public_url: str, auth_token: str) -> Blueprint:
    routes = Blueprint("sms", __name__)
    validator = RequestValidator(auth_token)

    @routes.before_request
    def only_what_twilio_signed() -> None:
        # The configured public URL, not request.url: behind an HTTP API the two differ.
        query = request.query_string.decode("ascii", "replace")
        url = f"{public_url}{request.path}{'?' if query else ''}{query}"
        # Without the header the validator raises; blank form fields are signed too and stay.
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(url, request.form, signature):
            abort(403)

    @routes.post("/sms/inbound")
    def inbound() -> Response:
        number = from_carrier(request.form.get("From", ""))
        message_id = request.form.get("MessageSid", "")
        if number is None or not message_id:
            return _twiml("")  # an operator's name cannot be answered
        text = request.form.get("Body", "")[:LONGEST_TEXT]
        message = Inbound(message_id, number, text, request.form.get("OptOutType", ""))
        return _twiml(converse(parts, message))

    @routes.post("/sms/status")
    def status() -> Response:
        number = from_carrier(request.form.get("To", ""))
        if number is not None:
            told = Report(
                request.args.get("invitation", ""),
                request.form.get("MessageStatus", ""),
                number,
                request.form.get("ErrorCode", ""),
                request.form.get("MessageSid", ""),
            )
            report(parts, told)
        return Response(status=204)

    return routes


def _twiml(reply: str) -> Response:
    """One message or none. Escaped by hand: twilio.twiml costs 33 ms of import for two tags."""
    message = f"<Message>{escape(reply, quote=False)}</Message>" if reply else ""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'
    return Response(body, content_type="text/xml; charset=utf-8")
