"""API keys: made once and shown once, kept hashed, checked by units and rights."""

import hmac
import logging
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from handler.tables import staff_keys
from handler.tables.base import LostRace
from handler.tables.staff_keys import StaffKey
from survey_flow.access import Right

log = logging.getLogger("kuulolla")

_PREFIX = "kuulolla"
# Ours have 61 characters. DynamoDB refuses to look for what is longer than 2,048 bytes.
_LONGEST = 200
LIFETIME = timedelta(days=365)
LONGEST_DAYS = 731


@dataclass(frozen=True, slots=True)
class NewKey:
    """`key` is the whole of it, with the secret: told once, and nowhere else."""

    id: str
    key: str = field(repr=False)


def new_id() -> str:
    """An id for a key: what lists and the log of deeds call it."""
    return secrets.token_hex(4)


def new_key(
    *,
    units: frozenset[str],
    rights: frozenset[str],
    today: date,
    lifetime: timedelta = LIFETIME,
    purpose: str = "",
    key_id: str | None = None,
) -> tuple[NewKey, StaffKey]:
    """A new key of 256 random bits, and what is kept of it: their hash."""
    key_id, secret = key_id or new_id(), secrets.token_urlsafe(32)
    kept = StaffKey(
        id=key_id,
        secret_hash=_hash(secret),
        units=units,
        rights=frozenset(str(right) for right in rights),
        made_on=today,
        expires_on=today + lifetime,
        purpose=purpose,
    )
    return NewKey(key_id, f"{_PREFIX}_{key_id}_{secret}"), kept


def make_key(*, units: frozenset[str], rights: frozenset[Right], today: date, lifetime: timedelta = LIFETIME) -> NewKey:
    """A new key that nobody made by hand: nothing is noted of it."""
    made, kept = new_key(units=units, rights=frozenset(rights), today=today, lifetime=lifetime)
    staff_keys.put(kept)
    return made


def find_key(text: str, *, today: date) -> StaffKey | None:
    """The key that this text is, if it holds today."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != _PREFIX or not key_id or not secret or len(text) > _LONGEST:
        return None
    found = staff_keys.read(key_id)
    if found is None or not hmac.compare_digest(found.secret_hash, _hash(secret)) or not found.holds(today):
        return None
    _note_use(found, today)
    return found


def _note_use(key: StaffKey, today: date) -> None:
    """One write on the first use of a day. What it is used for goes on when that fails; the next use tries again."""
    if key.last_used_on == today:
        return
    try:
        staff_keys.note_use(key.id, today=today)
    except LostRace:
        pass  # another request of this moment has noted it
    except Exception as error:
        log.error("%s while the last use of a key was noted", type(error).__name__)


def _hash(secret: str) -> str:
    # A plain digest is enough: the secret is random and long, nothing to guess.
    return sha256(secret.encode()).hexdigest()
