"""What somebody finds who has every table raw, the log that the carrier has left, and the peppers.

From a number they follow whatever leads on, from row to row, and have everything in it: that is all that the number can
be known by. A response they know by all that its rows hold.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy
from scipy.optimize import linear_sum_assignment

from handler.tables.all_tables import TABLES
from survey_flow.phone import PhoneNumber
from tests.carrier_log import digest_of
from tests.world import World

# What is kept of answers, without any number.
ANSWERS = ("responses", "comments", "counts")
SINGLE = ("responses", "comments")
_NO_ANSWERS = "('answers', {'S': '{}'})"
# Ids, keyed hashes, message ids: what may lead from one row to another.
_LEADS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{40,64}|\b(?:SM|MM)[0-9A-Za-z-]+|\+358\d+")

Row = tuple[str, str]


def rows(*, answers: bool) -> Iterator[Row]:
    """Table and whole content of each row, of the tables with answers or of all others."""
    for table in TABLES:
        name = table.Meta.short_name  # type: ignore[attr-defined]
        if (name in ANSWERS) == answers:
            connection: Any = table._get_connection()  # type: ignore[no-untyped-call]
            for item in connection.scan()["Items"]:
                yield name, repr(sorted(item.items()))


def kept_of_answers() -> Counter[str]:
    """What the tables of single answers hold, without the ids of its rows. A row without answers is nobody's answers: a
    refusal at once, which the counts tell as well."""
    told = (_LEADS.sub("*", f"{table}: {content}") for table, content in rows(answers=True) if table in SINGLE)
    return Counter(each for each in told if _NO_ANSWERS not in each)


def leads(text: str) -> set[str]:
    return set(_LEADS.findall(text))


class Seized:
    """Every table but those of the answers, and the carrier's log, as they stand now."""

    def __init__(self, world: World) -> None:
        self._world = world
        of_texts = {digest_of(message.body) for message in world.carrier.log.messages}  # everybody's, and so nobody's
        self._rows = [(row, leads(row[1]) - of_texts) for row in rows(answers=False)]

    def known_of(self, number: PhoneNumber) -> tuple[str, ...]:
        """All that the number leads to; names of rows and messages, which tell nothing by themselves, stand as *."""
        keys = self._world.parts.phone_keys.all(number)
        known, found = {number, *(key.partition(".")[2] for key in keys)}, set[Row]()
        while more := [(row, led) for row, led in self._rows if led & known and row not in found]:
            found.update(row for row, _ in more)
            known.update(*(led for _, led in more))
        logged = sorted((each.direction, each.body, each.date_created) for each in self._world.carrier.log.of(number))
        told = [f"{table}: {content}" for table, content in found] + [f"carrier: {each}" for each in logged]
        return tuple(sorted(_LEADS.sub("*", each) for each in told))


@dataclass(frozen=True, slots=True)
class Known:
    """A number's features, and how its owner answered: finer than anything that a response tells."""

    features: Mapping[str, str]
    course: str


def features(told: Sequence[str]) -> dict[str, str]:
    """Each column by itself, and how many rows and messages there are."""
    found = Counter(each.partition(":")[0] for each in told)
    columns = {f"how many of {name}": str(number) for name, number in found.items()}
    for each in told:
        table, _, content = each.partition(": ")
        for name, value in re.findall(r"\('(\w+)', (\{.*?\})\)", content):
            columns[f"{table} {name}"] = value
    return columns


def right_guesses(taught: Sequence[Known], asked: Sequence[Known], *, seed: int) -> tuple[int, float]:
    """How many of those asked about are given a response like their own, by the likeliest assignment of all to all;
    and the share of a thousand blind assignments that do as well. The attacker knows how the taught answered."""
    random = numpy.random.default_rng(seed)
    numbers, responses = random.permutation(len(asked)), random.permutation(len(asked))  # ties fall by lot
    likely = numpy.array([[_likelihood(taught, asked[n], asked[r].course) for r in responses] for n in numbers])
    found = zip(*linear_sum_assignment(likely, maximize=True), strict=True)
    right = sum(asked[numbers[row]].course == asked[responses[column]].course for row, column in found)
    blind = [_right(asked, random.permutation(len(asked))) for _ in range(1000)]
    return right, sum(each >= right for each in blind) / len(blind)


def _right(asked: Sequence[Known], guessed: Sequence[int]) -> int:
    return sum(known.course == asked[other].course for known, other in zip(asked, guessed, strict=True))


def _likelihood(taught: Sequence[Known], number: Known, course: str) -> float:
    """Of the number's features, had its owner answered so: column by column, by the taught who did."""
    alike = [known.features for known in taught if known.course == course]
    return sum(
        log((sum(each.get(name) == value for each in alike) + 0.5) / (len(alike) + 1))
        for name, value in number.features.items()
    )
