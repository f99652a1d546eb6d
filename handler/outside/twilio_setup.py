"""Twilio as an administrator sets it up: the account, and where the sender's messages go.

Messaging Services belong to Twilio's messaging API, numbers to its first API; both are looked at and changed alike.
Source: https://www.twilio.com/docs/messaging/api/service-resource,
https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

from handler.outside.twilio_client import is_service, silent_logger

SECONDS = 10
TWILIO = "https://api.twilio.com"

Value = str | bool | int
T = TypeVar("T")


class TwilioRefused(Exception):
    """Its text is a sentence, without Twilio's own words: they may hold a number."""


class TokenRefused(TwilioRefused):
    """The account is not known by this token."""


@dataclass(frozen=True, slots=True)
class Account:
    """`status` and `kind` in Twilio's words: "active", "suspended" or "closed"; "Full" or "Trial"."""

    status: str
    kind: str


class Sender(Protocol):
    """What surveys are sent from: a Messaging Service or one number."""

    def read(self, names: Iterable[str]) -> Mapping[str, Value]:
        """The settings of these names as they are at Twilio; what is unset is "". Raises TwilioRefused."""

    def change(self, settings: Mapping[str, Value]) -> None:
        """Raises TwilioRefused."""


class TwilioSetup:
    """Twilio's account; `api_url` is TWILIO, or a stand-in for all its APIs. Raises TwilioRefused for a wrong SID."""

    def __init__(self, account_sid: str, token: str, *, api_url: str = TWILIO, seconds: float = SECONDS) -> None:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        if re.fullmatch(r"AC[0-9a-f]{32}", account_sid) is None:
            raise TwilioRefused("The account SID is wrong: it is AC and 32 letters and digits, from Twilio's console.")
        self._client = Client(account_sid, token, http_client=TwilioHttpClient(timeout=seconds, logger=silent_logger()))
        if api_url.rstrip("/") != TWILIO:
            self._client.api.base_url = self._client.messaging.base_url = api_url.rstrip("/")

    def account(self) -> Account:
        """Raises TokenRefused, or TwilioRefused."""
        found = _asked(lambda: self._client.api.accounts(self._client.account_sid).fetch(), "the account")
        return Account(str(found.status), str(found.type))

    def sender(self, sender: str) -> Sender:
        """Raises TwilioRefused when the account has no such sender."""
        return _Service(self._client, sender) if is_service(sender) else _Number(self._client, sender)

    def numbers_of(self, service: str) -> int:
        """How many numbers the Messaging Service sends from, up to 20. Raises TwilioRefused."""
        numbers = self._client.messaging.v1.services(service).phone_numbers
        return len(_asked(lambda: list(islice(numbers.stream(page_size=20), 20)), "the service's numbers"))


class _Service:
    def __init__(self, client: Any, sid: str) -> None:
        self._service = client.messaging.v1.services(sid)

    def read(self, names: Iterable[str]) -> Mapping[str, Value]:
        return _settings(_asked(self._service.fetch, "the Messaging Service"), names)

    def change(self, settings: Mapping[str, Value]) -> None:
        _asked(lambda: self._service.update(**settings), "the Messaging Service")


class _Number:
    def __init__(self, client: Any, number: str) -> None:
        found = _asked(lambda: client.incoming_phone_numbers.list(phone_number=number, limit=20), "the number")
        exact = [one for one in found if one.phone_number == number]  # Twilio finds parts of numbers, too
        if not exact:
            raise TwilioRefused("The account has no such number: KUULOLLA_SENDER is written as +358451234567.")
        self._number = client.incoming_phone_numbers(exact[0].sid)

    def read(self, names: Iterable[str]) -> Mapping[str, Value]:
        return _settings(_asked(self._number.fetch, "the number"), names)

    def change(self, settings: Mapping[str, Value]) -> None:
        _asked(lambda: self._number.update(**settings), "the number")


def _settings(found: Any, names: Iterable[str]) -> dict[str, Value]:
    values = {name: getattr(found, name) for name in names}
    return {name: "" if value is None else value for name, value in values.items()}


def _asked(ask: Callable[[], T], about: str) -> T:
    from requests.exceptions import RequestException
    from twilio.base.exceptions import TwilioException, TwilioRestException

    refused: TwilioRefused
    try:
        return ask()
    except TwilioRestException as error:
        refused = _refusal(error.status, error.code, about)
    except TwilioException as error:  # of a list: the answer stands beside the words
        refused = _refusal(getattr(error.args[-1], "status_code", 0), None, about)
    except RequestException as error:
        refused = TwilioRefused(f"Twilio could not be asked ({type(error).__name__}): try again.")
    raise refused  # outside the block: Twilio's own words would come along


def _refusal(status: int, code: int | None, about: str) -> TwilioRefused:
    if status == 401:
        return TokenRefused("Twilio does not know this account by this token: compare both with Twilio's console.")
    if status == 404:
        return TwilioRefused(f"Twilio does not find {about} in this account: compare the SID with Twilio's console.")
    return TwilioRefused(f"Twilio refused {about}: status {status}, error {code or 'unknown'}.")
