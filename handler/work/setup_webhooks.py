"""What is to stand at Twilio, so that messages come to us and are answered once.

docs/decisions/0023 has the figures of the connection overrides.
Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handler.outside.twilio_client import is_service
from handler.outside.twilio_setup import Sender, Value

# One request may take 13 s, a second more than the function's own time: a repeat comes when the first has ended, and a
# slow answer is still taken. What is left of Twilio's 15 s is for repeats after a failed connection or a 5xx.
INBOUND_OVERRIDES = "rc=2&rp=ct,rt,5xx&ct=1500&rt=13000&tt=15000"
# The fallback only seals and queues, and a message that comes twice is queued once: short tries, three of them.
FALLBACK_OVERRIDES = "rc=2&rp=all&ct=1000&rt=4000&tt=15000"
# The longest that Twilio takes. Openings and reminders bear their own; this holds for replies, and for a phone that was
# off over night the safety text comes in the morning.
REPLY_VALIDITY = 36_000

_BOTH_POST: Mapping[str, Value] = MappingProxyType({"inbound_method": "POST", "fallback_method": "POST"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting at Twilio that is not as it is to be."""

    name: str
    found: Value
    wanted: Value

    def __str__(self) -> str:
        return f"{self.name}: {_shown(self.found)} -> {_shown(self.wanted)}"


def wanted_of(sender: str, public_url: str) -> Mapping[str, Value]:
    """The settings of the sender, by Twilio's names."""
    inbound = f"{public_url}/sms/inbound#{INBOUND_OVERRIDES}"
    fallback = f"{public_url}/sms/fallback#{FALLBACK_OVERRIDES}"
    if is_service(sender):
        return {
            "inbound_request_url": inbound,
            "fallback_url": fallback,
            **_BOTH_POST,
            "use_inbound_webhook_on_number": False,
            "status_callback": "",  # each message of ours names its own
            "sticky_sender": True,  # a conversation stays with the number that began it
            "smart_encoding": False,  # texts leave as they were written and counted
            "validity_period": REPLY_VALIDITY,
        }
    return {
        "sms_url": inbound,
        "sms_fallback_url": fallback,
        "sms_method": "POST",
        "sms_fallback_method": "POST",
        "sms_application_sid": "",  # where it is set, Twilio ignores the addresses
    }


def differences(sender: Sender, wanted: Mapping[str, Value]) -> list[Difference]:
    """Raises TwilioRefused."""
    found = sender.read(wanted)
    return [Difference(name, found[name], value) for name, value in wanted.items() if found[name] != value]


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) or "nothing"
