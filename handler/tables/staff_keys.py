"""API keys: hashed, for named units and rights, expiring."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DoesNotExist, PutError, UpdateError
from pynamodb.models import Model

from handler.tables import base
from handler.tables.base import LostRace


class StaffKeyRow(Model):
    class Meta(base.Meta):
        short_name = "staff_keys"

    id = UnicodeAttribute(hash_key=True)
    secret_hash = UnicodeAttribute()
    units = UnicodeSetAttribute()
    rights = UnicodeSetAttribute()
    purpose = UnicodeAttribute(null=True)
    made_on = UnicodeAttribute()
    expires_on = UnicodeAttribute()
    revoked_on = UnicodeAttribute(null=True)
    replaced_by = UnicodeAttribute(null=True)
    last_used_on = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class StaffKey:
    """`purpose` is what it is for, in the administrator's words; `replaced_by` the id of the key made in its stead."""

    id: str
    secret_hash: str
    units: frozenset[str]
    rights: frozenset[str]
    made_on: date
    expires_on: date
    purpose: str = ""
    revoked_on: date | None = None
    replaced_by: str | None = None
    last_used_on: date | None = None

    @property
    def last_day(self) -> date:
        return self.expires_on - timedelta(days=1)

    def holds(self, today: date) -> bool:
        return self.revoked_on is None and today < self.expires_on


def read(key_id: str) -> StaffKey | None:
    try:
        row = StaffKeyRow.get(key_id, consistent_read=True)
    except DoesNotExist:
        return None
    return _key(row)


def every() -> list[StaffKey]:
    """All keys, oldest first."""
    return [_key(row) for row in sorted(StaffKeyRow.scan(consistent_read=True), key=lambda row: (row.made_on, row.id))]


def put(key: StaffKey) -> None:
    """Raises LostRace when there is such a key already."""
    try:
        _row(key).save(condition=StaffKeyRow.id.does_not_exist())
    except PutError as error:
        raise (LostRace() if base.lost(error) else error) from error


def replace(old: StaffKey, new: StaffKey, *, old_until: date, region: str) -> None:
    """Puts the new key and lets the old one end, both or neither.

    Raises LostRace when the old one was revoked or replaced meanwhile.
    """
    as_read = StaffKeyRow.revoked_on.does_not_exist() & StaffKeyRow.replaced_by.does_not_exist()
    with base.transaction(region) as together:
        together.save(_row(new), condition=StaffKeyRow.id.does_not_exist())
        together.update(
            StaffKeyRow(old.id),
            actions=[StaffKeyRow.expires_on.set(old_until.isoformat()), StaffKeyRow.replaced_by.set(new.id)],
            condition=as_read & (StaffKeyRow.expires_on == old.expires_on.isoformat()),
        )


def revoke(key_id: str, *, today: date) -> None:
    """Raises LostRace when there is no such key, or it is revoked already."""
    condition = StaffKeyRow.id.exists() & StaffKeyRow.revoked_on.does_not_exist()

    def write() -> None:
        StaffKeyRow(key_id).update([StaffKeyRow.revoked_on.set(today.isoformat())], condition=condition)

    _unless_lost(write)


def note_use(key_id: str, *, today: date) -> None:
    """The day of its last use, once a day. Raises LostRace when that day, or a later one, stands there already."""
    unknown = StaffKeyRow.last_used_on.does_not_exist() | (StaffKeyRow.last_used_on < today.isoformat())

    def write() -> None:
        StaffKeyRow(key_id).update(
            [StaffKeyRow.last_used_on.set(today.isoformat())], condition=StaffKeyRow.id.exists() & unknown
        )

    _unless_lost(write)


def _unless_lost(write: Callable[[], None]) -> None:
    """A rotation may be writing the row at this moment: it is out of the way in some milliseconds."""
    try:
        base.despite_conflicts(write)
    except UpdateError as error:
        raise (LostRace() if base.lost(error) else error) from error


def _row(key: StaffKey) -> StaffKeyRow:
    return StaffKeyRow(
        key.id,
        secret_hash=key.secret_hash,
        units=set(key.units),
        rights=set(key.rights),
        purpose=key.purpose or None,
        made_on=key.made_on.isoformat(),
        expires_on=key.expires_on.isoformat(),
    )


def _key(row: StaffKeyRow) -> StaffKey:
    return StaffKey(
        id=row.id,
        secret_hash=row.secret_hash,
        units=frozenset(row.units),
        rights=frozenset(row.rights),
        made_on=date.fromisoformat(row.made_on),
        expires_on=date.fromisoformat(row.expires_on),
        purpose=row.purpose or "",
        revoked_on=_day(row.revoked_on),
        replaced_by=row.replaced_by,
        last_used_on=_day(row.last_used_on),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
