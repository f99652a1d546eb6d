"""What Twilio refuses before it takes a message in."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from local.carrier.config import CarrierConfig
from local.carrier.errors import TwilioError
from local.carrier.network import Network
from local.carrier.numbers import Line, e164, line_of
from local.carrier.outbound import MAX_BODY, Order

_UNSUPPORTED = ("MediaUrl", "ContentSid", "ScheduleType", "SendAt")


def checked_order(form: Mapping[str, str], config: CarrierConfig, network: Network) -> Order:
    for name in _UNSUPPORTED:
        if form.get(name):
            raise TwilioError(20001, f"{name} is not supported by this stand-in for Twilio.")
    service = _service(form, config)
    number = _recipient(form.get("To", ""), network)
    if number == config.sender:
        raise TwilioError(21266, "'To' and 'From' number cannot be the same")
    body = _body(form.get("Body", ""))
    if network.phone(number).opted_out:
        raise TwilioError(21610, "Attempt to send to unsubscribed recipient")
    return Order(
        to=number,
        body=body,
        service=service,
        callback=_callback(form.get("StatusCallback", "")),
        validity=_validity(form.get("ValidityPeriod", "")),
    )


def _service(form: Mapping[str, str], config: CarrierConfig) -> str | None:
    """The Messaging Service asked for; None if the sender is our number."""
    service, sender = form.get("MessagingServiceSid", ""), form.get("From", "")
    if not service and sender.startswith("MG"):
        service, sender = sender, ""
    if service:
        if not service.startswith("MG") or (config.service and service != config.service):
            raise TwilioError(21701, f"The Messaging Service {service} does not exist.", 404)
        return service
    if not sender:
        raise TwilioError(21603, "A 'From' phone number is required.")
    if sender != config.sender:
        raise TwilioError(21606, f"The 'From' phone number {sender} is not an SMS-capable number of this account.")
    return None


def _recipient(to: str, network: Network) -> str:
    if not to.strip():
        raise TwilioError(21604, "A 'To' phone number is required.")
    number = e164(to)
    if number is None:
        raise TwilioError(21211, f"Invalid 'To' Phone Number: {to}")
    line = network.phone(number).kind or line_of(number)
    if line == Line.INVALID:
        raise TwilioError(21211, f"Invalid 'To' Phone Number: {to}")
    if line == Line.LANDLINE:
        raise TwilioError(21614, f"'To' number is not a valid mobile number: {number}")
    return number


def _body(body: str) -> str:
    if not body:
        raise TwilioError(21602, "Message body is required.")
    if len(body) > MAX_BODY:
        raise TwilioError(21617, "The concatenated message body exceeds the 1600 character limit")
    return body


def _callback(url: str) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TwilioError(21609, "The 'StatusCallback' URL is not a valid URL")
    return url


def _validity(seconds: str) -> timedelta | None:
    if not seconds:
        return None
    if not seconds.isascii() or not seconds.isdigit() or not 1 <= int(seconds) <= 36000:
        raise TwilioError(21624, "ValidityPeriod must be between 1 and 36000 seconds")
    return timedelta(seconds=int(seconds))
