"""Weather: a seeded plan of what goes wrong, over every request and callback until it is changed.

What happens is drawn from the seed, the number and how-many-th request (or message) of that number it is, never from a
stream that requests share: those that come side by side do not change each other's fate.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Self

from local.carrier.errors import Unreadable
from local.carrier.faults import LONGEST_HANG, Asked, Fault, How

Rates = Mapping[str, float]

_TROUBLE = re.compile(r"([45][0-9]{2}|reset|close|hang)(_accepted)?")
_ARRIVES = re.compile(r"(undelivered|refused)_([0-9]{5})")
_CALLBACKS = re.compile("lose|repeat|delay|reorder|early")
_SHORTEST_DELAY, _LONGEST_DELAY = 0.1, 0.5  # seconds: longer than a message takes to arrive here


@dataclass(frozen=True)
class CallbackFate:
    """How many times a status callback is posted, and how many seconds late."""

    times: int
    delay: float


@dataclass(frozen=True, kw_only=True)
class Weather:
    """Rates from 0 to 1: of `requests` by what is asked, of `callbacks`, and of what `arrives`."""

    seed: int = 0
    requests: Mapping[Asked, Rates] = field(default_factory=dict)
    callbacks: Rates = field(default_factory=dict)
    arrives: Rates = field(default_factory=dict)
    hang_seconds: float = 1

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises Unreadable, so that a misspelt name does not pass for fine weather."""
        kinds = {asked.value for asked in Asked}
        unknown = data.keys() - kinds - {"seed", "callbacks", "arrives", "hang_seconds"}
        if unknown:
            raise Unreadable(f"The weather has no {sorted(unknown)[0]!r}.")
        try:
            seed, hang_seconds = int(data.get("seed", 0)), float(data.get("hang_seconds", 1))
        except (TypeError, ValueError):
            raise Unreadable("The seed and the seconds of a hang are numbers.") from None
        if not 0 <= hang_seconds <= LONGEST_HANG:
            raise Unreadable(f"A hang lasts for 0 to {LONGEST_HANG} seconds.")
        return cls(
            seed=seed,
            requests={Asked(kind): _exclusive(data, kind, _TROUBLE) for kind in sorted(kinds & data.keys())},
            callbacks=_rates(data, "callbacks", _CALLBACKS),
            arrives=_exclusive(data, "arrives", _ARRIVES),
            hang_seconds=hang_seconds,
        )

    def to_json(self) -> dict[str, object]:
        requests = {asked.value: dict(rates) for asked, rates in self.requests.items()}
        rest = {"callbacks": dict(self.callbacks), "arrives": dict(self.arrives), "hang_seconds": self.hang_seconds}
        return {"seed": self.seed, **requests, **rest}

    @property
    def calm(self) -> bool:
        return not (self.requests or self.callbacks or self.arrives)

    def trouble(self, asked: Asked, number: str, turn: int) -> Fault | None:
        """What happens to a request. One that is refused is never accepted, whatever else would have happened."""
        name = _picked(self.requests.get(asked, {}), self._draw(asked, number, turn))
        fault = self._fault(asked, name) if name else None
        if asked is Asked.CREATE and (fault is None or fault.accepted):
            code = _picked(self._of("refused"), self._draw("refused", number, turn))
            return Fault(status=400, code=int(code)) if code else fault
        return fault

    def undelivered(self, number: str, turn: int) -> int | None:
        """The error code with which a message does not arrive."""
        code = _picked(self._of("undelivered"), self._draw("undelivered", number, turn))
        return int(code) if code else None

    def callback(self, number: str, turn: int, status: str) -> CallbackFate:
        if self._happens("lose", number, turn, status):
            return CallbackFate(0, 0)
        times = 2 if self._happens("repeat", number, turn, status) else 1
        late = self._happens("delay", number, turn, status)
        span = (_LONGEST_DELAY - _SHORTEST_DELAY) * self._draw("how late", number, turn, status)
        return CallbackFate(times, _SHORTEST_DELAY + span if late else 0)

    def reorders(self, number: str, turn: int) -> bool:
        """Whether the message's last callback overtakes `sent`."""
        return self._happens("reorder", number, turn)

    def early(self, number: str, turn: int) -> bool:
        """Whether the message's callbacks overtake the answer to the request itself."""
        return self._happens("early", number, turn)

    def _fault(self, asked: Asked, name: str) -> Fault:
        kind, _, accepted = name.partition("_")
        if kind.isdigit():
            return Fault(on=asked, status=int(kind), accepted=bool(accepted))
        return Fault(on=asked, how=How(kind), accepted=bool(accepted), seconds=self.hang_seconds)

    def _of(self, kind: str) -> Rates:
        return {name.partition("_")[2]: rate for name, rate in self.arrives.items() if name.startswith(kind)}

    def _happens(self, name: str, *of: object) -> bool:
        rate = self.callbacks.get(name, 0)
        return rate > 0 and self._draw(name, *of) < rate

    def _draw(self, *of: object) -> float:
        """From 0 up to 1, always the same for the same things."""
        key = "|".join(map(str, (self.seed, *of)))
        return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") / 2**64


def _picked(rates: Rates, drawn: float) -> str | None:
    """One of several that exclude each other; by name, so that the order in which they were written is the same."""
    for name in sorted(rates):
        if drawn < rates[name]:
            return name
        drawn -= rates[name]
    return None


def _exclusive(data: Mapping[str, Any], kind: str, names: re.Pattern[str]) -> dict[str, float]:
    rates = _rates(data, kind, names)
    if sum(rates.values()) > 1 + 1e-9:
        raise Unreadable(f"The rates of {kind} are over 1 together.")
    return rates


def _rates(data: Mapping[str, Any], kind: str, names: re.Pattern[str]) -> dict[str, float]:
    given = data.get(kind, {})
    if not isinstance(given, dict):
        raise Unreadable(f"{kind} is not an object of names and rates.")
    return dict(_checked(kind, given, names))


def _checked(kind: str, given: Mapping[str, object], names: re.Pattern[str]) -> Iterator[tuple[str, float]]:
    for name, rate in given.items():
        if not names.fullmatch(name):
            raise Unreadable(f"{kind} has no {name!r}.")
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise Unreadable(f"The rate of {kind} {name} is not a number from 0 to 1.")
        yield name, float(rate)
