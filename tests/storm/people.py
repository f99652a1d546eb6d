"""Who is asked in a storm: what they text, what becomes of their phones, and what goes wrong on the way to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

from local.carrier.faults import Asked, Fault, How
from local.carrier.testing import World
from survey_flow.phone import PhoneNumber

T = TypeVar("T")


class Before(StrEnum):
    """What is said of a number before its opening has left."""

    NOTHING = "nothing"
    REFUSED = "refused before it is asked"
    STOPS = "texts STOP while queued"
    CANCELLED = "cancelled while queued"


class Phone(StrEnum):
    WELL = "well"
    LANDLINE = "landline"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked at the carrier"


class Way(StrEnum):
    """What goes wrong with this number alone, beside the weather."""

    WELL = "well"
    UNHEARD = "no callback is heard"
    FORSAKEN = "taken, but nobody can be asked"
    LOST = "never taken, and nobody can be asked"
    HANGS = "texts STOP while the carrier hangs"


FINISHES = ("9", "3524", "OHITA")
SAYS: dict[tuple[str, ...], float] = {
    (): 34,
    FINISHES: 40,
    ("9",): 9,
    ("9", "3524"): 4,
    ("STOP",): 7,
    ("9", "STOP"): 6,
}
BEFORE = {Before.NOTHING: 88, Before.REFUSED: 4, Before.STOPS: 5, Before.CANCELLED: 3}
PHONES = {Phone.WELL: 93, Phone.LANDLINE: 2, Phone.UNREACHABLE: 3, Phone.BLOCKED: 2}
WAYS = {Way.WELL: 92, Way.UNHEARD: 5, Way.FORSAKEN: 1, Way.LOST: 1, Way.HANGS: 1}
UNITS = ("kotka", "kouvola")
TWICE, TOMORROW, AGAIN = 0.08, 0.05, 0.15

WEATHER = {
    "hang_seconds": 1.5,  # longer than the client waits
    "create": {
        "429": 0.06,
        "500": 0.01,
        "503_accepted": 0.02,
        "reset": 0.01,
        "reset_accepted": 0.02,
        "close_accepted": 0.01,
        "hang": 0.01,
        "hang_accepted": 0.02,
    },
    "list": {"429": 0.1, "503": 0.1, "reset": 0.03, "hang": 0.02},
    "delete": {"429": 0.06, "500": 0.03, "500_accepted": 0.03, "reset": 0.02},
    "callbacks": {"lose": 0.05, "repeat": 0.1, "delay": 0.1, "reorder": 0.1, "early": 0.1},
    "arrives": {"undelivered_30005": 0.03, "refused_21614": 0.02},
}


@dataclass(frozen=True, slots=True)
class Person:
    number: PhoneNumber
    unit: str
    says: tuple[str, ...]
    before: Before
    phone: Phone
    way: Way
    twice: bool
    tomorrow: bool


def people(rng: Random, count: int) -> list[Person]:
    return [_person(rng, PhoneNumber(f"+35840765{place:04}")) for place in range(count)]


def _person(rng: Random, number: PhoneNumber) -> Person:
    way = _drawn(rng, WAYS)
    return Person(
        number=number,
        unit=rng.choice(UNITS),
        says=() if way in (Way.FORSAKEN, Way.LOST, Way.HANGS) else _drawn(rng, SAYS),
        before=Before.NOTHING if way is Way.HANGS else _drawn(rng, BEFORE),
        phone=_drawn(rng, PHONES) if way is Way.WELL else Phone.WELL,
        way=way,
        twice=rng.random() < TWICE,
        tomorrow=way is not Way.HANGS and rng.random() < TOMORROW,
    )


def prepare(net: World, person: Person) -> None:
    """The carrier is told what this number's phone and way are like."""
    if person.phone is Phone.LANDLINE:
        net.carrier.network.set_phone(person.number, kind="landline")
    if person.phone is Phone.UNREACHABLE:
        net.carrier.network.set_phone(person.number, reachable=False)
    if person.phone is Phone.BLOCKED:
        net.carrier.network.set_phone(person.number, opted_out=True)
    for fault in _faults(person):
        net.carrier.faults.add(fault)


def _faults(person: Person) -> Sequence[Fault]:
    number = str(person.number)
    if person.way is Way.HANGS:
        return [Fault(how=How.HANG, seconds=1.5, number=number)]
    if person.way is Way.FORSAKEN or person.way is Way.LOST:
        silent = Fault(on=Asked.LIST, status=503, number=number, times=1_000_000)
        return [Fault(how=How.CLOSE, accepted=person.way is Way.FORSAKEN, number=number), silent]
    return []


def _drawn(rng: Random, weights: Mapping[T, float]) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]
