"""How often somebody may do something: places in a window, taken by a conditional count before it is done.

A window is a clock hour or a day of Helsinki, so around its end twice as many pass: enough against a program that runs
away and a key that was stolen. What is refused here has changed nothing, and takes no place. No call is made for
messages that come in: the dialogue has limits of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from ipaddress import ip_address, ip_network

from handler.tables import audit, limits
from handler.work.ceiling import next_day
from handler.work.parts import Parts


class Window(Enum):
    TEN_MINUTES = timedelta(minutes=10)
    HOUR = timedelta(hours=1)
    DAY = timedelta(days=1)

    def ends(self, now: datetime) -> datetime:
        if self is Window.DAY:
            return next_day(now)
        seconds = int(self.value.total_seconds())
        return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)


@dataclass(frozen=True, slots=True)
class Rate:
    """`most` by who it is: a person, a key, an address."""

    name: str
    window: Window
    most: Mapping[str, int]

    def most_for(self, who: str) -> int:
        """The smallest for whoever is of no kind named here."""
        return self.most.get(who.partition(":")[0], min(self.most.values()))


# By hand: one number every half minute for an hour; who has more has a list. By key: a quarter of the organisation's
# day (organisation.toml ships 6,000) within an hour.
SENDS = Rate("sends", Window.HOUR, {"person": 120, "key": 1200})
# A client says it at the desk, some a day. Whoever records hundreds keeps clients from being heard.
OPT_OUTS = Rate("opt_outs", Window.HOUR, {"person": 60, "key": 600})
# Everything else that a page changes, chunks of lists with it: the largest list is 200 chunks, so three of them. By
# key, which asks for states and results, too: one a second.
REQUESTS = Rate("requests", Window.HOUR, {"person": 600, "key": 3600})
# Answers that tell of a number that it has opted out or was contacted. By hand a refusal is rare, and each is of a
# client at hand; a system repeats itself more, for it does not remember whom it asked.
TOLD = Rate("told", Window.DAY, {"person": 30, "key": 200})
# The same on lines of lists: as if half of the largest list (5,000) were held back.
TOLD_OF_LISTS = Rate("told_of_lists", Window.DAY, {"person": 2500, "key": 2500})
# A checked list sends nothing and tells totals from five on: with four numbers that are known, one check tells of a
# fifth. A list is checked, corrected and checked again.
CHECKS = Rate("checks", Window.DAY, {"person": 20, "key": 50})
# Wrong keys and sign-ins that failed. A whole county may come from one address, and a wrong key of one system must not
# keep the others out: only what fails is counted, and only what fails is refused.
FAILURES = Rate("failures", Window.TEN_MINUTES, {"address": 60})


class TooMany(Exception):
    """Not done; it may be tried again from `again_at` on."""

    def __init__(self, rate: Rate, again_at: datetime) -> None:
        super().__init__(rate.name)
        self.rate = rate
        self.again_at = again_at


@dataclass(frozen=True, slots=True)
class Places:
    """Places that are taken, in the window in which they were."""

    what: str
    number: int

    def give_back(self, unused: int | None = None) -> None:
        """So many of them, or all."""
        places = self.number if unused is None else unused
        if places:
            limits.give_back(self.what, places=places)


def take(parts: Parts, rate: Rate, who: str, *, places: int = 1) -> Places:
    """`who` is "person:ID", "key:ID" or "address:..." (see `at_address`). Raises TooMany, which is audited once."""
    if not places:
        return Places("", 0)
    end = rate.window.ends(parts.clock())
    what = f"rate#{rate.name}#{who}#{int(end.timestamp())}"
    if not limits.take(what, most=rate.most_for(who), until=end, places=places):
        _audit_once(parts, rate, who, end)
        raise TooMany(rate, end)
    return Places(what, places)


def at_address(parts: Parts, rate: Rate, address: str) -> str:
    """Who asks, by where they ask from, as a keyed digest that is another one in the next window.

    A household has 2^64 addresses of IPv6: they count as one.
    """
    end = rate.window.ends(parts.clock())
    digest = parts.phone_keys.keyed("address", _network(address), str(int(end.timestamp())))
    return f"address:{digest[:32]}"


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _audit_once(parts: Parts, rate: Rate, who: str, end: datetime) -> None:
    """Once a window for each person and key, and once for all addresses together, of which there are endless."""
    now = parts.clock()
    named = "address" if who.startswith("address:") else who
    mark = f"limit#{rate.name}#{named}#{int(end.timestamp())}"
    if limits.once(mark, now=now, window=end - now):
        audit.note(now, who=named, did=audit.Did.LIMIT_REACHED, about=rate.name)
