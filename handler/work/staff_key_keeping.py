"""Keeping API keys: made, rotated with two that hold at once, revoked, listed; each noted in the audit.

What opens something is noted first: no key is made that the audit does not know of. What closes something is done
first: a key is revoked even when nothing can be noted.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handler.tables import audit, staff_keys
from handler.tables.audit import Did
from handler.tables.base import LostRace
from handler.tables.staff_keys import StaffKey
from handler.work.parts import Parts
from handler.work.staff_key import NewKey, new_key
from survey_flow.access import Right

# In time for whoever uses the key to put another in its place.
SOON = timedelta(days=30)
# For how many days a key holds on beside the one that replaces it.
OLD_DAYS = 7
MOST_OLD_DAYS = 30
# As staff_key.new_id makes them.
_ID = re.compile(r"[0-9a-f]{8}")


class KeyState(StrEnum):
    VALID = "valid"
    UNUSED = "unused"
    ENDS_SOON = "ends_soon"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new key is to be."""

    units: frozenset[str]
    rights: frozenset[Right]
    purpose: str
    lifetime: timedelta


class NoSuchKey(Exception):
    """There is no key of this id."""


class MadeAlready(Exception):
    """The same form was sent before: its key was made, shown, and cannot be shown again."""


class NotToRotate(Exception):
    """Only a key that holds, and that no other replaces yet, can be rotated."""


def make(parts: Parts, wish: Wish, *, who: str, key_id: str | None = None) -> NewKey:
    """A new key. Raises MadeAlready when there is one of this id."""
    made, kept = new_key(
        units=wish.units,
        rights=frozenset(wish.rights),
        today=parts.today(),
        lifetime=wish.lifetime,
        purpose=wish.purpose,
        key_id=key_id,
    )
    if key_id is not None and staff_keys.read(key_id) is not None:
        raise MadeAlready
    audit.note(parts.clock(), who=who, did=Did.KEY_CREATED, about=made.id)
    try:
        staff_keys.put(kept)
    except LostRace as lost:
        raise MadeAlready from lost
    return made


def rotate(parts: Parts, key_id: str, *, old_days: int = OLD_DAYS, who: str) -> NewKey:
    """A new key of the same units, rights, purpose and lifetime; the old one holds for so many days more.

    Raises NoSuchKey and NotToRotate.
    """
    today, old = parts.today(), find(key_id)
    if not may_be_rotated(old, today):
        raise NotToRotate
    made, kept = new_key(
        units=old.units,
        rights=old.rights,
        today=today,
        lifetime=old.expires_on - old.made_on,
        purpose=old.purpose,
    )
    audit.note(parts.clock(), who=who, did=Did.KEY_ROTATED, about=f"{old.id} {made.id}")
    until = min(old.expires_on, today + timedelta(days=old_days))
    try:
        staff_keys.replace(old, kept, old_until=until, region=parts.region)
    except LostRace as lost:
        raise NotToRotate from lost
    return made


def revoke(parts: Parts, key_id: str, *, who: str) -> bool:
    """At once; False when it was revoked before. Raises NoSuchKey."""
    if find(key_id).revoked_on is not None:
        return False
    try:
        staff_keys.revoke(key_id, today=parts.today())
    except LostRace:
        return False
    audit.note(parts.clock(), who=who, did=Did.KEY_REVOKED, about=key_id)
    return True


def find(key_id: str) -> StaffKey:
    """Raises NoSuchKey."""
    found = staff_keys.read(key_id) if is_id(key_id) else None
    if found is None:
        raise NoSuchKey
    return found


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def listed(today: date) -> list[StaffKey]:
    """Those that hold first, the next to end at the top; then those that have ended, the latest first."""
    every = staff_keys.every()
    holding = sorted((key for key in every if key.holds(today)), key=lambda key: (key.expires_on, key.id))
    ended = [key for key in every if not key.holds(today)]
    return holding + sorted(ended, key=lambda key: (key.revoked_on or key.expires_on, key.id), reverse=True)


def state_of(key: StaffKey, today: date) -> KeyState:
    if key.revoked_on is not None:
        return KeyState.REVOKED
    if not key.holds(today):
        return KeyState.EXPIRED
    if key.expires_on - today <= SOON:
        return KeyState.ENDS_SOON
    return KeyState.VALID if key.last_used_on else KeyState.UNUSED


def may_be_rotated(key: StaffKey, today: date) -> bool:
    return key.holds(today) and key.replaced_by is None
