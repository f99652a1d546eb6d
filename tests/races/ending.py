"""After a race, a fault or a jump of the clock time goes by, from one thing that is owed to the next, until none is."""

from datetime import UTC, datetime, timedelta

from handler.tables import limits
from handler.tables.conversations import ConversationRow
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow
from handler.tables.responses import Place
from handler.work.fold_sends import fold
from tests.world import World

MOST_ROUNDS = 60
_LONG = timedelta(days=400)


def next_due() -> datetime | None:
    """When the next thing is owed, by the rows themselves."""
    moments = [row.due for table in (ConversationRow, DeletionRow) for row in table.scan() if row.due]
    return datetime.fromtimestamp(int(min(moments)), UTC) if moments else None


def without_the_long_rounds(world: World) -> None:
    """From now on a round neither folds nor looks everything over, which take longer than all the rest."""
    for once in ("fold_sends", "look_over"):
        limits.mark(once, now=world.parts.clock(), window=_LONG)


def to_the_end(world: World) -> None:
    """A round of the schedule at each moment at which something is owed; the sending columns are set at the end."""
    without_the_long_rounds(world)
    for _ in range(MOST_ROUNDS):
        world.tick()
        due = next_due()
        if due is None:
            break
        ahead = max(due - world.parts.clock(), timedelta(minutes=1))
        world.clock.now += ahead
    else:
        raise AssertionError(f"after {MOST_ROUNDS} rounds something is still owed")
    for place in {Place(row.unit, row.survey, row.respondent, row.month) for row in InvitationRow.scan()}:
        fold(place)
