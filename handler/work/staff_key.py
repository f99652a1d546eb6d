"""API keys: made once and shown once, kept hashed, checked by units and rights."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from handler.tables import staff_keys
from handler.tables.staff_keys import StaffKey

_PREFIX = "kuulolla"
# Ours have 61 characters. DynamoDB refuses to look for what is longer than 2,048 bytes.
_LONGEST = 200
LIFETIME = timedelta(days=365)


class Right(StrEnum):
    SEND = "send"
    OPT_OUT = "opt-out"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class NewKey:
    id: str
    key: str


def make_key(*, units: frozenset[str], rights: frozenset[Right], today: date, lifetime: timedelta = LIFETIME) -> NewKey:
    """A new key: 256 random bits, of which only a hash is kept."""
    key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    kept = StaffKey(
        id=key_id,
        secret_hash=_hash(secret),
        units=units,
        rights=frozenset(right.value for right in rights),
        expires_on=today + lifetime,
        revoked=False,
    )
    staff_keys.put(kept, made_on=today)
    return NewKey(key_id, f"{_PREFIX}_{key_id}_{secret}")


def find_key(text: str, *, today: date) -> StaffKey | None:
    """The key that this text is, if it holds today."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != _PREFIX or not key_id or not secret or len(text) > _LONGEST:
        return None
    found = staff_keys.read(key_id)
    if found is None or not hmac.compare_digest(found.secret_hash, _hash(secret)) or not found.holds(today):
        return None
    return found


def _hash(secret: str) -> str:
    # A plain digest is enough: the secret is random and long, nothing to guess.
    return sha256(secret.encode()).hexdigest()
