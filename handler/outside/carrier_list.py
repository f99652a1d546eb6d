"""What the carrier's list of messages tells: which are ours, which are openings, how old they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from handler.outside.twilio_client import is_service

# The age asked about was told some calls before the carrier's list is here: on a slow day as long as the job may run. A
# message that is a little older than the claim is taken for ours, for in doubt a send counts as made.
MARGIN = timedelta(minutes=10)
# A reply is created within seconds of the message that it answers, which is when the stretch ends.
_REPLIES_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one age to another, as told now."""

    not_older_than: timedelta
    not_younger_than: timedelta


@dataclass(frozen=True, slots=True)
class Passed:
    """Ids of messages; `whole` is false when the list was too long to be seen to its end."""

    ids: tuple[str, ...]
    whole: bool = True


def created_since(message: Any, oldest: datetime) -> bool:
    return message.date_created is not None and bool(message.date_created >= oldest)


def is_opening(message: Any, digests: Collection[str]) -> bool:
    """A text emptied at the carrier (redaction) cannot be compared: it is taken for an opening's."""
    if message.direction not in (None, "outbound-api"):
        return False
    return not message.body or sha256(message.body.encode()).hexdigest() in digests


def within(stretch: Stretch, messages: Iterable[Any], *, now: datetime) -> list[Any]:
    """By the carrier's clock, whose `now` is. In doubt a message belongs to it."""
    oldest = now - stretch.not_older_than - MARGIN
    newest = now - stretch.not_younger_than + _REPLIES_WITHIN
    return [each for each in messages if created_since(each, oldest) and each.date_created <= newest]


def ours_of(messages: list[Any], sender: str) -> list[Any]:
    """Those that left from our sender or came to it: others may write to the number from the same account.

    Of a Messaging Service the replies may be told by the service's number alone, which its other messages name.
    """
    numbers = {sender} if not is_service(sender) else {_side(each) for each in messages if _service(each) == sender}
    return [each for each in messages if _service(each) == sender or _side(each) in numbers - {None}]


def _side(message: Any) -> str | None:
    """The number on our side; None while a service has not chosen one."""
    number = message.to if message.direction == "inbound" else message.from_
    return str(number) if number else None


def _service(message: Any) -> str | None:
    return message.messaging_service_sid or None
