"""What is still as it was shipped: made-up numbers, addresses that nobody has, planning prices, groups of nobody's.

Goals, names in Swedish and English and the texts themselves cannot be told from real ones here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from survey_flow.organisation import Organisation
from survey_flow.price import Prices

# Numbers of no county: the shipped file's begin so, and say that they are made up.
_NUMBER = re.compile(r"012 ?345 ?67")
# Kept free of real addresses (RFC 2606).
_ADDRESS = re.compile(r"@(.+\.)?example(\.(com|net|org))?")
_GROUP = re.compile(r"kuulolla-(\w+-)?(lahettajat|esihenkilot|yllapito)")
_PLANNED = Prices("USD", Decimal("0.08"), Decimal("0.0075"))


class Kind(StrEnum):
    NUMBER = "number"
    ADDRESS = "address"
    PRICES = "prices"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Example:
    """`unit` is the unit it belongs to, "" for the organisation's own."""

    kind: Kind
    value: str
    unit: str = ""


def examples_left(organisation: Organisation) -> list[Example]:
    """In the file's order, each once."""
    return list(dict.fromkeys([*_of_organisation(organisation), *_of_units(organisation), *_of_access(organisation)]))


def _of_organisation(organisation: Organisation) -> Iterator[Example]:
    yield from _numbers("", organisation.contact, organisation.number)
    yield from _addresses("", organisation.reports_from, *organisation.reports_to)
    if organisation.prices == _PLANNED:
        yield Example(Kind.PRICES, f"{_PLANNED.segment_out} / {_PLANNED.segment_in} {_PLANNED.currency}")


def _of_units(organisation: Organisation) -> Iterator[Example]:
    for unit in organisation.units.values():
        yield from _numbers("", unit.county_contact)
        yield from _numbers(unit.id, unit.contact)
        yield from _addresses(unit.id, *unit.reports_to)


def _of_access(organisation: Organisation) -> Iterator[Example]:
    for grant in organisation.access:
        if _GROUP.fullmatch(grant.group):
            yield Example(Kind.GROUP, grant.group)


def _numbers(unit: str, *numbers: str) -> Iterator[Example]:
    yield from (Example(Kind.NUMBER, number, unit) for number in numbers if _NUMBER.match(number))


def _addresses(unit: str, *addresses: str) -> Iterator[Example]:
    yield from (Example(Kind.ADDRESS, address, unit) for address in addresses if _ADDRESS.search(address))
