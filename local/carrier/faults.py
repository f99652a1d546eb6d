"""Single faults: the next requests of a kind are answered with an error, late, or not at all."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from local.carrier.errors import TwilioError, Unreadable
from local.carrier.numbers import typed


class Asked(StrEnum):
    """What the application asks of the REST API about messages; and what it is asked: the webhook of a text from a
    phone, with all its tries."""

    CREATE = "create"
    LIST = "list"
    FETCH = "fetch"
    DELETE = "delete"
    UPDATE = "update"
    INBOUND = "inbound"


class How(StrEnum):
    """An error, silence, or a connection that ends without an answer: torn (TCP RST) or closed in order."""

    ANSWER = "answer"
    HANG = "hang"
    RESET = "reset"
    CLOSE = "close"


LONGEST_HANG = 3600  # seconds
_CODES = {401: 20003, 404: 20404, 429: 20429}
_INTERNAL = 20500
_TEXTS = {
    20003: "Authenticate",
    20429: "Too Many Requests",
    _INTERNAL: "An internal server error has occurred",
    21211: "Invalid 'To' Phone Number",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`accepted`: what was asked is done all the same. `code` 0: a gateway's page instead of Twilio's JSON.

    A hang ends after `seconds`, or when it is released: with `status` it is answered then, 2xx with the ordinary
    answer; without one the connection is closed.
    """

    on: Asked = Asked.CREATE
    how: How = How.ANSWER
    status: int | None = None
    code: int | None = None
    accepted: bool = False
    number: str | None = None
    times: int = 1
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.status is None and self.how is How.ANSWER:
            raise Unreadable("A fault that is an answer needs a status.")
        if self.status is not None and not self._possible(self.status):
            raise Unreadable("The status is 400 to 599; a hang that is accepted may end with 200 to 299.")
        if self.times < 1:
            raise Unreadable("A fault happens at least once.")
        if self.seconds is not None and not 0 <= self.seconds <= LONGEST_HANG:
            raise Unreadable(f"A hang lasts for 0 to {LONGEST_HANG} seconds.")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises Unreadable. {"create": 503} is short for {"on": "create", "status": 503}."""
        given = dict(data)
        if "create" in given:
            given |= {"on": Asked.CREATE, "status": given.pop("create")}
        unknown = given.keys() - _READ.keys()
        if unknown:
            raise Unreadable(f"A fault has no {sorted(unknown)[0]!r}.")
        try:
            return cls(**{name: _READ[name](value) for name, value in given.items() if value is not None})
        except (TypeError, ValueError) as error:
            raise Unreadable(f"The fault cannot be read: {error}") from None

    @property
    def name(self) -> str:
        """As the weather names it: "503", "reset_accepted"."""
        kind = str(self.status) if self.how is How.ANSWER else self.how.value
        return f"{kind}_accepted" if self.accepted else kind

    @property
    def error(self) -> TwilioError:
        status = self.status or 500
        code = self.code or _CODES.get(status, _INTERNAL)
        return TwilioError(code, _TEXTS.get(code, "This fault was asked for."), status)

    def _possible(self, status: int) -> bool:
        return 400 <= status < 600 or (200 <= status < 300 and self.how is How.HANG and self.accepted)


class Faults:
    """Those that wait for their request, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def take(self, asked: Asked, number: str) -> Fault | None:
        """The oldest one meant for this request; one of its times is then used."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.on is asked and fault.number in (None, number):
                    rest = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                    self._waiting[place : place + 1] = rest
                    return fault
            return None

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is not true or false.")
    return value


def _number(value: object) -> str:
    number = typed(str(value))
    if number is None:
        raise ValueError(f"{value!r} is not a phone number.")
    return number


_READ: dict[str, Callable[[Any], Any]] = {
    "on": Asked,
    "how": How,
    "status": int,
    "code": int,
    "accepted": _flag,
    "number": _number,
    "times": int,
    "seconds": float,
}
