"""The daily ceilings: a guard on what is spent, for each unit and for the whole organisation.

A place is taken by a conditional ADD before the claim, in no transaction, and given back when the claim is lost. A
crash between the two leaves a place unused: the guard errs on the side of sending less. Reminders and replies are not
counted: each belongs to an opening that was.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from handler.tables import limits
from handler.work.parts import Parts
from survey_flow.helsinki import HELSINKI, day_of
from survey_flow.organisation import Unit


def take_place(parts: Parts, unit: Unit, day: date) -> bool:
    """One opening of this unit on this day; False when the unit's or the organisation's ceiling is reached."""
    until = datetime.combine(day + timedelta(days=2), time(), HELSINKI)
    held: list[str] = []
    for what, most in _ceilings(parts, unit, day):
        if not limits.take(what, most=most, until=until):
            for earlier in held:
                limits.give_back(earlier)
            return False
        held.append(what)
    return True


def give_place_back(parts: Parts, unit: Unit, day: date) -> None:
    """The invitation was not made after all."""
    for what, _ in _ceilings(parts, unit, day):
        limits.give_back(what)


def places_left(parts: Parts, unit: Unit, day: date) -> int | None:
    """How many openings of this unit the day has room for; None when there is no ceiling."""
    left = [most - limits.taken(what) for what, most in _ceilings(parts, unit, day)]
    return max(min(left), 0) if left else None


def next_day(moment: datetime) -> datetime:
    """The beginning of the day after, in Helsinki."""
    return datetime.combine(day_of(moment) + timedelta(days=1), time(), HELSINKI)


def _ceilings(parts: Parts, unit: Unit, day: date) -> Iterator[tuple[str, int]]:
    if unit.daily_ceiling is not None:
        yield f"ceiling#{unit.id}#{day.isoformat()}", unit.daily_ceiling
    whole = parts.library.organisation.daily_ceiling
    if whole is not None:
        yield f"ceiling##{day.isoformat()}", whole
