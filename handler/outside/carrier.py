"""Sending through Twilio: one message, and one of four outcomes. Nothing here is ever sent a second time."""

import re
from dataclasses import dataclass
from typing import Protocol

from survey_flow.phone import PhoneNumber

# Connecting may take this long, and so may the answer; the deliverer's own time-out is longer than both together.
SECONDS = 8
# Twilio accepts 1 to 36,000 seconds (error 90007).
SHORTEST_VALIDITY, LONGEST_VALIDITY = 1, 36_000
OPTED_OUT_AT_CARRIER = 21610


class SendFailed(Exception):
    """The carrier refused for good; nothing left. `code` is Twilio's error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


class TryLater(Exception):
    """The carrier asked to wait (429); nothing left."""


class OutcomeUnknown(Exception):
    """Whether the message left is not known: a time-out, a broken connection or a 5xx after the request had gone."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    to: PhoneNumber
    text: str
    status_callback: str
    validity_seconds: int


class Carrier(Protocol):
    def send(self, message: Outgoing) -> str:
        """The carrier's id of the message. Raises SendFailed, TryLater or OutcomeUnknown."""


class TwilioCarrier:
    def __init__(self, *, account_sid: str, auth_token: str, api_url: str, sender: str) -> None:
        from twilio.http.http_client import TwilioHttpClient  # 250 ms of import, on the deliverer's path only
        from twilio.rest import Client

        # Without a time-out of ours the SDK waits for ever; max_retries stays None: a repeat would send twice.
        http = TwilioHttpClient(timeout=SECONDS)
        self._client = Client(account_sid, auth_token, http_client=http)
        self._client.api.base_url = api_url
        self._sender = {"messaging_service_sid" if _is_service(sender) else "from_": sender}

    def send(self, message: Outgoing) -> str:
        from requests.exceptions import ConnectTimeout, RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        validity = max(SHORTEST_VALIDITY, min(LONGEST_VALIDITY, message.validity_seconds))
        try:
            sent = self._client.messages.create(
                to=message.to,
                body=message.text,
                status_callback=message.status_callback,
                validity_period=validity,
                **self._sender,
            )
        except TwilioRestException as error:
            raise _reason(error.status, error.code) from None
        except ConnectTimeout:
            raise TryLater from None
        except (RequestException, TwilioException):
            raise OutcomeUnknown from None  # its text would hold the number: from None keeps it out of the logs
        return str(sent.sid)


def _reason(status: int, code: int | None) -> Exception:
    if status == 429:
        return TryLater()
    return SendFailed(code or status) if 400 <= status < 500 else OutcomeUnknown()


def _is_service(sender: str) -> bool:
    return re.fullmatch(r"MG[0-9a-f]{32}", sender) is not None
