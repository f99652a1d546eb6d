"""What is asked of `invite`: the request, what refuses it, and how a repeat of it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import uuid4

from handler.phone_keys import PhoneKeys
from survey_flow.language import Language
from survey_flow.phone import PhoneNumber


class Refusal(StrEnum):
    OPTED_OUT = "opted-out"
    THROTTLED = "throttled"
    IDEMPOTENCY_CONFLICT = "idempotency-conflict"
    TOO_LATE = "too-late"
    CEILING = "ceiling"


class Refused(Exception):
    """The number is not asked; `allowed_from` is the day on which it could be, where there is one."""

    def __init__(self, refusal: Refusal, *, allowed_from: date | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.allowed_from = allowed_from


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, checked in form. `caller` is the key or person; `idempotency_key` tells repeats."""

    number: PhoneNumber
    unit: str
    respondent: str
    survey: str
    language: Language
    occasion: str | None
    neutral: bool
    facts: Mapping[str, int]
    send_after: datetime | None
    caller: str
    idempotency_key: str | None


def invitation_id(keys: PhoneKeys, request: Request) -> str:
    """Derived from the caller and the idempotency key, so that a repeat finds its own row; else random."""
    if request.idempotency_key is None:
        return str(uuid4())
    return keys.lasting("invitation", request.caller, request.idempotency_key)[:32]


def fingerprint(keys: PhoneKeys, request: Request) -> str:
    """Tells a repeat from another request under the same key. Keyed with the idempotency key too, which is stored
    nowhere: from the row alone nobody can try numbers against it."""
    return keys.keyed(*_asked(request))


def is_fingerprint_of(made: str | None, keys: PhoneKeys, request: Request) -> bool:
    """Whether it was made of this very request, under whatever pepper."""
    return made in keys.keyed_under_each(*_asked(request))


def _asked(request: Request) -> tuple[str, ...]:
    return (
        request.idempotency_key or "",
        request.number,
        request.unit,
        request.respondent,
        request.survey,
        request.language,
        request.occasion or "",
        str(request.neutral),
        repr(sorted(request.facts.items())),
        request.send_after.isoformat() if request.send_after else "",
    )
