"""Whose turn it is to choose a comment for a unit's meeting: the choices are counted, so they come one by one.

The row holds no choice, only how many there have been since it was made; it is forgotten after a year of rest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.exceptions import DoesNotExist
from pynamodb.transactions import TransactWrite

from handler.tables.limits import LimitRow

LIVES = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Turn:
    what: str
    taken: int


def turn(unit: str) -> Turn:
    """The turn as it stands; read it before the choices are counted."""
    what = f"meeting#{unit}"
    try:
        return Turn(what, int(LimitRow.get(what, consistent_read=True).taken or 0))
    except DoesNotExist:
        return Turn(what, 0)


def take(together: TransactWrite, turn: Turn, *, now: datetime) -> None:
    """Within the choice's transaction, which is lost when somebody else has taken the turn."""
    forget_at = int((now + LIVES).timestamp())
    together.update(
        LimitRow(turn.what),
        [LimitRow.taken.set(turn.taken + 1), LimitRow.until.set(forget_at), LimitRow.forget_at.set(forget_at)],
        condition=LimitRow.taken == turn.taken if turn.taken else LimitRow.taken.does_not_exist(),
    )
