"""The form fields that Twilio posts. The blank ones are sent, and signed, too."""

from local.carrier.config import CarrierConfig
from local.carrier.messages import Message
from local.carrier.numbers import country_of
from local.carrier.segments import segments

API_VERSION = "2010-04-01"


def inbound_form(message: Message, config: CarrierConfig) -> dict[str, str]:
    form = {
        "ToCountry": country_of(message.to),
        "ToState": "",
        "ToCity": "",
        "ToZip": "",
        "FromCountry": country_of(message.sender),
        "FromState": "",
        "FromCity": "",
        "FromZip": "",
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageSid": message.sid,
        "AccountSid": config.account,
        "From": message.sender,
        "To": message.to,
        "Body": message.text,
        "NumMedia": str(message.num_media),
        "NumSegments": str(segments(message.text)),
        "SmsStatus": "received",
        "ApiVersion": API_VERSION,
    }
    if message.service:
        form["MessagingServiceSid"] = message.service
    if message.opt_out:
        form["OptOutType"] = message.opt_out
    for number in range(message.num_media):
        form[f"MediaUrl{number}"] = (
            f"https://api.twilio.com/{API_VERSION}/Accounts/{config.account}/Messages/{message.sid}/Media/ME{number:032x}"
        )
        form[f"MediaContentType{number}"] = "image/jpeg"
    return form


def status_form(message: Message, config: CarrierConfig) -> dict[str, str]:
    form = {
        "SmsSid": message.sid,
        "MessageSid": message.sid,
        "SmsStatus": message.status,
        "MessageStatus": message.status,
        "To": message.to,
        "From": message.sender,
        "AccountSid": config.account,
        "ApiVersion": API_VERSION,
    }
    if message.service:
        form["MessagingServiceSid"] = message.service
    if message.error_code is not None:
        form["ErrorCode"] = str(message.error_code)
    return form
