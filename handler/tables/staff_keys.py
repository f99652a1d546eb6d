"""API keys: hashed, for named units and rights, expiring."""

from dataclasses import dataclass
from datetime import date

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.models import Model

from handler.tables import base


class StaffKeyRow(Model):
    class Meta(base.Meta):
        short_name = "staff_keys"

    id = UnicodeAttribute(hash_key=True)
    secret_hash = UnicodeAttribute()
    units = UnicodeSetAttribute()
    rights = UnicodeSetAttribute()
    made_on = UnicodeAttribute()
    expires_on = UnicodeAttribute()
    revoked_on = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class StaffKey:
    id: str
    secret_hash: str
    units: frozenset[str]
    rights: frozenset[str]
    expires_on: date
    revoked: bool

    def holds(self, today: date) -> bool:
        return not self.revoked and today < self.expires_on


def read(key_id: str) -> StaffKey | None:
    try:
        row = StaffKeyRow.get(key_id, consistent_read=True)
    except DoesNotExist:
        return None
    return _key(row)


def every() -> list[StaffKey]:
    """All keys, oldest first."""
    return [_key(row) for row in sorted(StaffKeyRow.scan(), key=lambda row: (row.made_on, row.id))]


def put(key: StaffKey, *, made_on: date) -> None:
    StaffKeyRow(
        key.id,
        secret_hash=key.secret_hash,
        units=set(key.units),
        rights=set(key.rights),
        made_on=made_on.isoformat(),
        expires_on=key.expires_on.isoformat(),
    ).save(condition=StaffKeyRow.id.does_not_exist())


def revoke(key_id: str, *, today: date) -> None:
    """Raises pynamodb's UpdateError when there is no such key."""
    StaffKeyRow(key_id).update([StaffKeyRow.revoked_on.set(today.isoformat())], condition=StaffKeyRow.id.exists())


def _key(row: StaffKeyRow) -> StaffKey:
    return StaffKey(
        id=row.id,
        secret_hash=row.secret_hash,
        units=frozenset(row.units),
        rights=frozenset(row.rights),
        expires_on=date.fromisoformat(row.expires_on),
        revoked=row.revoked_on is not None,
    )
