"""Sending to the lines of a list: each is an invitation of its own, and no line's fault stops another."""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from handler.phone_keys import PhoneKeys
from handler.tables.invitations import InvitationState
from handler.work.invite import Inviting, invite
from handler.work.request import Refusal, Refused, Request

log = logging.getLogger("kuulolla")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and for which units; None is all of them."""

    caller: str
    units: frozenset[str] | None = None

    def may_send_for(self, unit: str) -> bool:
        return self.units is None or unit in self.units


class Result(StrEnum):
    """What became of a line; why a number is not sent to is not told."""

    SENDING = "sending"
    QUEUED = "queued"
    NOT_SENT = "not_sent"
    ALREADY = "already"
    FAULTY = "faulty"
    TRY_AGAIN = "try_again"


@dataclass(frozen=True, slots=True)
class RowResult:
    """`send_at` of what is queued; `refused` tells why the others were not."""

    result: Result
    send_at: datetime | None = None
    refused: Refused | None = None


_REFUSED = {
    Refusal.OPTED_OUT: Result.NOT_SENT,
    Refusal.THROTTLED: Result.NOT_SENT,
    # This line of this file was handled with other choices, or before "tomorrow" became another day.
    Refusal.IDEMPOTENCY_CONFLICT: Result.ALREADY,
    Refusal.TOO_LATE: Result.FAULTY,
    Refusal.CEILING: Result.TRY_AGAIN,
}


def file_key(keys: PhoneKeys, sender: Sender, content: bytes) -> str:
    """The same for the same file and sender; nothing of the file can be found from it."""
    return keys.keyed("bulk", sender.caller, sha256(content).hexdigest())


def idempotency_key(file: str, line: int) -> str:
    """By which a line of a file is handled once, however often the file is sent."""
    return f"bulk-{file}-{line}"


def send_row(inviting: Inviting, request: Request) -> RowResult:
    """Never raises: what fails by a fault of ours can be tried again."""
    try:
        accepted = invite(inviting, request)
    except Refused as refused:
        return RowResult(_REFUSED[refused.refusal], refused=refused)
    except Exception as error:
        log.error("%s while a line of a list was handled", type(error).__name__)
        return RowResult(Result.TRY_AGAIN)
    if accepted.repeated:
        return RowResult(Result.ALREADY)
    if accepted.state is InvitationState.QUEUED:
        return RowResult(Result.QUEUED, send_at=accepted.send_at)
    return RowResult(Result.SENDING)
