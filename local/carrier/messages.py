"""A message, a phone and a line of its log, as the network keeps them."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal, Self

Direction = Literal["inbound", "outbound-api", "outbound-reply"]

ON_THE_WAY = frozenset({"accepted", "queued", "sending"})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


class _Kept:
    """Written to and read from the state file: times as ISO 8601, everything else as it is."""

    _times: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, object]:
        return {name: _plain(value) for name, value in asdict(self).items()}  # type: ignore[call-overload]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        values = {name: value for name, value in data.items() if name in known}
        for name in cls._times & values.keys():
            values[name] = datetime.fromisoformat(values[name]) if values[name] else None
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class Message(_Kept):
    """`body` is Twilio's record and can be redacted or deleted (`recorded`); `text` stays on the phone regardless.

    `turn` tells how-many-th message to its number it is, which the weather goes by.
    """

    sid: str
    direction: Direction
    sender: str
    to: str
    text: str
    body: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    valid_until: datetime | None = None
    num_media: int = 0
    error_code: int | None = None
    service: str | None = None
    callback: str | None = None
    recorded: bool = True
    carrier_own: bool = False
    opt_out: str | None = None
    order: int = 0
    turn: int = 0

    _times = frozenset({"created", "updated", "sent", "valid_until"})

    @property
    def phone(self) -> str:
        return self.sender if self.direction == "inbound" else self.to

    @property
    def on_the_way(self) -> bool:
        return self.direction != "inbound" and self.status in ON_THE_WAY


@dataclass(frozen=True, kw_only=True)
class Phone(_Kept):
    """`kind` None means: what the number itself tells."""

    number: str
    kind: Literal["mobile", "landline"] | None = None
    reachable: bool = True
    unreachable_code: int = 30003
    opted_out: bool = False


@dataclass(frozen=True, kw_only=True)
class LogLine(_Kept):
    number: str
    at: datetime
    code: int | None
    text: str

    _times = frozenset({"at"})
