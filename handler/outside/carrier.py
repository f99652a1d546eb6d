"""Sending through Twilio: one message, and one of four outcomes. Nothing here is ever sent a second time.

What the carrier holds is asked for, and deleted, here too.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, Protocol

from handler.outside.carrier_list import MARGIN, Passed, Stretch, created_since, is_opening, ours_of, within
from handler.outside.twilio_client import is_service, silent_logger
from survey_flow.phone import PhoneNumber

# Connecting may take this long, and so may the answer; the deliverer's own time-out is longer than both together.
SECONDS = 8
# One call at its slowest; it is never tried again here.
SLOWEST_CALL = 2 * SECONDS
# Twilio accepts 1 to 36,000 seconds (error 90007).
SHORTEST_VALIDITY, LONGEST_VALIDITY = 1, 36_000
# Refusals of us rather than of the number: the sender is wrong or missing (21212, 21603, 21606, 21659-21661, 21701,
# 21703), or its queue is full (21611). The next number would fare the same, so the opening waits.
# So do 401, 403 and 404: a wrong token, a suspended account. An unknown code of status 400 is taken for the number's.
# Source: https://www.twilio.com/docs/api/errors
OURS = frozenset({21212, 21603, 21606, 21611, 21659, 21660, 21661, 21701, 21703})
# A number's messages are few: forty replies a conversation, one conversation in three months. One page, one call.
_MOST_LOOKED_AT = 200


class SendFailed(Exception):
    """The carrier refused for good; nothing left. `code` is Twilio's error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


class TryLater(Exception):
    """The carrier asked to wait (429), or refused us and not the number; nothing left."""


class OutcomeUnknown(Exception):
    """Whether the message left is not known: a time-out, a broken connection or a 5xx after the request had gone."""


class CarrierSilent(Exception):
    """The carrier could not be asked; it may be asked again."""


class NotYet(CarrierSilent):
    """The carrier answers, but does not do it yet: the message is still on its way (20009)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    to: PhoneNumber
    text: str
    status_callback: str
    validity_seconds: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message, in Twilio's word for its status; `error_code` is "" when there is none."""

    status: str
    error_code: str = ""

    @property
    def arrived_never(self) -> bool:
        return self.status in ("failed", "undelivered", "canceled")


class Carrier(Protocol):
    def send(self, message: Outgoing) -> str:
        """The carrier's id of the message. Raises SendFailed, TryLater or OutcomeUnknown."""

    def fate_of(self, number: PhoneNumber, digest: str, *, not_older_than: timedelta) -> Fate | None:
        """What became of the message to this number whose text has this SHA-256, created so long ago at most; None when
        the carrier never took it. Raises CarrierSilent."""

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        """Every message between us and the number within the stretch, either way, but openings: what we sent with a
        text of one of these SHA-256s. Raises CarrierSilent."""

    def delete(self, message_id: str) -> None:
        """Deletes the message at the carrier; done too when it is not there. Raises CarrierSilent, or NotYet while it
        is on its way."""


class TwilioCarrier:
    def __init__(
        self, *, account_sid: str, auth_token: str, api_url: str, sender: str, seconds: float = SECONDS
    ) -> None:
        from twilio.http.http_client import TwilioHttpClient  # 250 ms of import, on the deliverer's path only
        from twilio.rest import Client

        self._date = ""
        # Without a time-out of ours the SDK waits for ever; max_retries stays None: a repeat would send twice.
        http = TwilioHttpClient(timeout=seconds, request_hooks={"response": self._note_date}, logger=silent_logger())
        self._client = Client(account_sid, auth_token, http_client=http)
        self._client.api.base_url = api_url
        self._sender_is = sender
        self._sender = {"messaging_service_sid" if is_service(sender) else "from_": sender}

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
            return str(sent.sid)
        except TwilioRestException as error:
            fault = _reason(error.status, error.code)
        except ConnectTimeout:
            fault = TryLater()
        except (RequestException, TwilioException):
            fault = OutcomeUnknown()
        raise fault  # outside the block: the carrier's own words would come along, and they hold the number

    def fate_of(self, number: PhoneNumber, digest: str, *, not_older_than: timedelta) -> Fate | None:
        listed = self._listed(to=number)
        oldest = self._now() - not_older_than - MARGIN
        found = [each for each in listed if created_since(each, oldest) and is_opening(each, {digest})]
        # An earlier one that failed was no contact; what arrived decides.
        fates = [Fate(str(message.status), str(message.error_code or "")) for message in found]
        return min(fates, key=lambda fate: fate.arrived_never, default=None)

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        to, from_ = self._listed(to=number), self._listed(from_=number)
        ours = within(stretch, ours_of([*to, *from_], self._sender_is), now=self._now())
        ids = tuple(str(message.sid) for message in ours if not is_opening(message, but))
        return Passed(ids, whole=max(len(to), len(from_)) < _MOST_LOOKED_AT)

    def delete(self, message_id: str) -> None:
        self._once_gone(lambda: self._client.messages(message_id).delete())

    def _listed(self, **of: str) -> list[Any]:
        """The newest messages to or from a number. Raises CarrierSilent."""
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException

        with suppress(RequestException, TwilioException):
            return list(islice(self._client.messages.stream(**of, page_size=_MOST_LOOKED_AT), _MOST_LOOKED_AT))
        raise CarrierSilent

    def _note_date(self, response: Any, **_: Any) -> None:
        self._date = response.headers.get("Date", "")

    def _now(self) -> datetime:
        """The carrier's own time: the age of its messages is told by its clock, not by ours."""
        try:
            return parsedate_to_datetime(self._date)
        except ValueError:
            return datetime.now(UTC)

    @staticmethod
    def _once_gone(call: Callable[[], object]) -> None:
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        silent: CarrierSilent | None = None
        try:
            call()
        except TwilioRestException as error:
            if error.status != 404:
                silent = NotYet() if error.status == 409 else CarrierSilent()
        except (RequestException, TwilioException):
            silent = CarrierSilent()
        if silent is not None:
            raise silent


def _reason(status: int, code: int | None) -> Exception:
    if status in (401, 403, 404, 429) or code in OURS:
        return TryLater()
    if not 400 <= status < 500:
        return OutcomeUnknown()
    return SendFailed(code or status)
