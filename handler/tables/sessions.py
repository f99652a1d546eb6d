"""One row a signed-in browser: who it is, and since when. Under a hash: what is read here opens no session."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DoesNotExist, UpdateError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from handler.tables import base


class OfPersonIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "of_person"
        projection = KeysOnlyProjection()

    person = UnicodeAttribute(hash_key=True)


class SessionRow(Model):
    class Meta(base.Meta):
        short_name = "sessions"

    token_hash = UnicodeAttribute(hash_key=True)
    person = UnicodeAttribute()
    name = UnicodeAttribute()
    groups = UnicodeSetAttribute(null=True)
    begun = NumberAttribute()
    seen = NumberAttribute()
    id_token = UnicodeAttribute(null=True)
    forget_at = NumberAttribute()
    of_person = OfPersonIndex()


@dataclass(frozen=True, slots=True)
class Session:
    """`person` is "person:SUBJECT"; `id_token` is shown to the provider when its session is to end."""

    person: str
    name: str
    groups: frozenset[str]
    begun: datetime
    seen: datetime
    id_token: str | None = None


def put(token_hash: str, session: Session, *, forget_at: datetime) -> None:
    SessionRow(
        token_hash,
        person=session.person,
        name=session.name,
        groups=set(session.groups) or None,  # DynamoDB knows no empty set
        begun=_epoch(session.begun),
        seen=_epoch(session.seen),
        id_token=session.id_token,
        forget_at=_epoch(forget_at),
    ).save(condition=SessionRow.token_hash.does_not_exist())


def read(token_hash: str) -> Session | None:
    try:
        return _session(SessionRow.get(token_hash, consistent_read=True))
    except DoesNotExist:
        return None


def touch(token_hash: str, *, seen: datetime) -> bool:
    """Notes when the session was last used, never an earlier moment. False when it was ended, or noted, meanwhile."""
    moment = _epoch(seen)
    try:
        SessionRow(token_hash).update(
            [SessionRow.seen.set(moment)],
            condition=SessionRow.token_hash.exists() & (SessionRow.seen < moment),  # an ended one does not come back
        )
    except UpdateError as error:
        if not base.lost(error):
            raise
        return False
    return True


def delete(token_hash: str) -> None:
    """Nothing happens when there is none."""
    SessionRow(token_hash).delete()


def hashes_of(person: str) -> list[str]:
    """The sessions of a person, by their hashes."""
    return [row.token_hash for row in SessionRow.of_person.query(person)]


def _session(row: SessionRow) -> Session:
    return Session(
        person=row.person,
        name=row.name,
        groups=frozenset(row.groups or ()),
        begun=datetime.fromtimestamp(row.begun, UTC),
        seen=datetime.fromtimestamp(row.seen, UTC),
        id_token=row.id_token,
    )


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
