"""What the sender of a list is told before anything is sent, and what is held back of it.

How many of the list were contacted lately or refuse surveys is about persons: from one to four it is told as "under
five". What leaves would give it away by subtraction, and is then told as it would be if nobody were held back ("at
most"): that follows from the list alone. When fewer than five are left to send to, the two reasons are told as one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from survey_flow.publication import HIDDEN_UNDER


class TotalName(StrEnum):
    """The sentence for each is in templates/pages/."""

    READ = "read"
    READY = "ready"
    NOW = "now"
    QUEUED = "queued"
    NO_ROOM = "no_room"
    CONTACTED = "contacted"
    OPTED_OUT = "opted_out"
    HELD_BACK = "held_back"
    ALREADY = "already"
    LEFT_OUT = "left_out"
    DUPLICATES = "duplicates"


class Told(StrEnum):
    """How a number is told."""

    EXACTLY = "exactly"
    UNDER_FIVE = "under_five"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many openings leave `at_once`, how many later (the last at `last`), and for how many no day has room."""

    at_once: int
    queued: int
    no_room: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """`ready` rows can be tried. Of those not handled `already`, some are held back; `plan` is of the others,
    `plan_of_all` as if nobody were held back."""

    read: int
    left_out: int
    duplicates: int
    ready: int
    already: int
    contacted: int
    opted_out: int
    plan: Plan
    plan_of_all: Plan


@dataclass(frozen=True, slots=True)
class Total:
    """`until` is when the last of the queued leaves."""

    name: TotalName
    number: int
    told: Told = Told.EXACTLY
    until: datetime | None = None


def totals(found: Found) -> list[Total]:
    """In the order in which they are told."""
    always = [Total(TotalName.READ, found.read), Total(TotalName.READY, found.ready)]
    at_the_end = (
        Total(TotalName.ALREADY, found.already),
        Total(TotalName.LEFT_OUT, found.left_out),
        Total(TotalName.DUPLICATES, found.duplicates),
    )
    return always + list(_what_leaves(found)) + _held_back(found) + [total for total in at_the_end if total.number]


def _what_leaves(found: Found) -> Iterator[Total]:
    hides = any(_is_small(number) for number in (found.contacted, found.opted_out))
    plan, told = (found.plan_of_all, Told.AT_MOST) if hides else (found.plan, Told.EXACTLY)
    yield Total(TotalName.NOW, plan.at_once, told if plan.at_once else Told.EXACTLY)
    if plan.queued:
        yield Total(TotalName.QUEUED, plan.queued, told, plan.last)
    if plan.no_room:
        yield Total(TotalName.NO_ROOM, plan.no_room, told)


def _held_back(found: Found) -> list[Total]:
    ahead = found.ready - found.already
    if not ahead:
        return []
    if ahead < HIDDEN_UNDER:
        return [_about_persons(TotalName.HELD_BACK, found.contacted + found.opted_out)]
    return [
        _about_persons(TotalName.CONTACTED, found.contacted),
        _about_persons(TotalName.OPTED_OUT, found.opted_out),
    ]


def _about_persons(name: TotalName, number: int) -> Total:
    """What is told as "under five" carries no number that could slip into an answer."""
    return Total(name, 0, Told.UNDER_FIVE) if _is_small(number) else Total(name, number)


def _is_small(number: int) -> bool:
    """Nobody at all counts as few: a list of one person would tell what became of them."""
    return number < HIDDEN_UNDER
