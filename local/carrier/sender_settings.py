"""Where the sender's messages are said to go at Twilio: what an administrator sets, and what is set when it is new.

The carrier itself keeps to its own configuration: these settings are only kept and told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from local.carrier.errors import TwilioError

Value = str | bool | int | None
_METHODS = ("GET", "POST")
_LONGEST_VALIDITY = 36_000


def new_service() -> dict[str, Value]:
    """As a Messaging Service that was just made in the console."""
    return {
        "friendly_name": "Kuulolla",
        "inbound_request_url": None,
        "inbound_method": "POST",
        "fallback_url": None,
        "fallback_method": "POST",
        "status_callback": None,
        "sticky_sender": True,
        "mms_converter": True,
        "smart_encoding": True,
        "scan_message_content": "inherit",
        "fallback_to_long_code": True,
        "area_code_geomatch": True,
        "synchronous_validation": False,
        "validity_period": _LONGEST_VALIDITY,
        "usecase": "undeclared",
        "use_inbound_webhook_on_number": False,
    }


def new_number() -> dict[str, Value]:
    """As a number that was just bought."""
    return {
        "sms_application_sid": None,
        "sms_url": "https://demo.twilio.com/welcome/sms/reply/",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
    }


@dataclass
class SenderSettings:
    """Of the one service and the one number. `numbers` tells whether the service has the number in its pool."""

    service: dict[str, Value] = field(default_factory=new_service)
    number: dict[str, Value] = field(default_factory=new_number)
    pooled: bool = True


def change(settings: dict[str, Value], form: Mapping[str, str]) -> None:
    """Takes over what the form names in Twilio's way (SmsUrl for sms_url). Raises TwilioError, then nothing changes."""
    names = {"".join(word.capitalize() for word in name.split("_")): name for name in settings}
    settings |= {names[given]: _read(names[given], text, settings) for given, text in form.items() if given in names}


def _read(name: str, text: str, settings: Mapping[str, Value]) -> Value:
    if isinstance(settings[name], bool):
        return _checked(text.lower() == "true", text.lower() in ("true", "false"), name)
    if isinstance(settings[name], int):
        return _checked(int(text) if text.isascii() and text.isdigit() else 0, _in_range(text), name)
    if name.endswith("_method"):
        return _checked(text, text in _METHODS, name)
    if name.endswith(("_url", "_callback")):
        return _checked(text, not text or urlsplit(text).scheme in ("http", "https"), name)
    return text


def _in_range(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= _LONGEST_VALIDITY


def _checked(value: Value, right: bool, name: str) -> Value:
    if not right:
        raise TwilioError(20001, f"The parameter {name} is invalid.")
    return value
