"""What is typed of a new key, field by field; every fault has its sentence in templates/pages/."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handler.work.staff_key import LONGEST_DAYS
from handler.work.staff_key_keeping import MOST_OLD_DAYS, Wish
from survey_flow.access import Right

LONGEST_PURPOSE = 80


class Fault(StrEnum):
    MISSING = "missing"
    UNKNOWN = "unknown"
    TOO_LONG = "too_long"
    NOT_DAYS = "not_days"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form of a new key as it was sent."""

    purpose: str
    units: Sequence[str]
    rights: Sequence[str]
    days: str


def read_wish(typed: Typed, units: Collection[str]) -> tuple[Wish | None, dict[str, Fault]]:
    """What is wished for, or the faults by field. `units` are those that a key may be made for."""
    faults: dict[str, Fault] = {}
    purpose = " ".join(typed.purpose.split())
    if not purpose:
        faults["keys_purpose"] = Fault.MISSING
    elif len(purpose) > LONGEST_PURPOSE:
        faults["keys_purpose"] = Fault.TOO_LONG
    faults |= _ticked("keys_units", typed.units, units)
    faults |= _ticked("keys_rights", typed.rights, set(Right))
    days = _days(typed.days, least=1, most=LONGEST_DAYS)
    if days is None:
        faults["keys_days"] = Fault.NOT_DAYS
    if faults or days is None:
        return None, faults
    return Wish(frozenset(typed.units), frozenset(map(Right, typed.rights)), purpose, timedelta(days=days)), {}


def read_old_days(fields: Mapping[str, str]) -> int | None:
    """For how many days the old key holds on; None for what is no such number."""
    return _days(fields.get("old_days", ""), least=0, most=MOST_OLD_DAYS)


def _ticked(field: str, ticked: Sequence[str], known: Collection[str]) -> dict[str, Fault]:
    if not ticked:
        return {field: Fault.MISSING}
    return {} if set(ticked) <= set(known) else {field: Fault.UNKNOWN}


def _days(text: str, *, least: int, most: int) -> int | None:
    # int() takes "1_0", and isdigit() takes "²".
    text = text.strip()
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
    return days if least <= days <= most else None
