"""Sessions of people who signed in: begun, found by the token in a cookie, ended. Their limits are compared."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from handler.outside.signed_in import SignedIn
from handler.tables import sessions
from handler.tables.sessions import Session

# Source: NIST SP 800-63B (third revision), 4.2.3: at its second level 12 hours at most, and less than 30 idle minutes.
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
# A page with its programs asks several times at once: the row is written at most so often.
NOTED_EVERY = timedelta(minutes=1)


def begin(told: SignedIn, *, now: datetime) -> str:
    """A new session, and its token: 256 random bits, of which only a hash is kept."""
    token = secrets.token_urlsafe(32)
    session = Session(
        person=f"person:{told.subject}",
        name=told.name,
        groups=told.groups,
        begun=now,
        seen=now,
        id_token=told.id_token,
    )
    sessions.put(_hash(token), session, forget_at=now + LONGEST)
    return token


def find(token: str, *, now: datetime) -> Session | None:
    """The session of this token, if it is not over. Using it keeps it from becoming idle."""
    token_hash = _hash(token)
    session = sessions.read(token_hash)
    if session is None or now - session.seen >= IDLE or now - session.begun >= LONGEST:
        return None
    if now - session.seen >= NOTED_EVERY and not sessions.touch(token_hash, seen=now):
        return sessions.read(token_hash)  # another request noted it, or somebody signed out meanwhile
    return session


def end(token: str) -> Session | None:
    """Ends a session, and gives what it was, over or not."""
    token_hash = _hash(token)
    session = sessions.read(token_hash)
    sessions.delete(token_hash)
    return session


def end_all(person: str, *, wait: Callable[[], object]) -> int:
    """Ends every session of a person, and gives how many there were.

    They are found by an index, which tells of a session some moments after it has begun: it is looked at twice, with
    `wait` between the two.
    """
    ended = _end_those_found(person)
    wait()
    return len(ended | _end_those_found(person))


def _end_those_found(person: str) -> set[str]:
    hashes = set(sessions.hashes_of(person))
    for token_hash in hashes:
        sessions.delete(token_hash)
    return hashes


def _hash(token: str) -> str:
    # A plain digest is enough: the token is random and long, nothing to guess.
    return sha256(token.encode()).hexdigest()
