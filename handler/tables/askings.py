"""Whether a unit has asked anybody lately, told by its invitations: nothing is kept for it."""

from datetime import datetime

from handler.tables.invitations import LEFT, InvitationRow, fold_key


def has_left_since(unit: str, survey: str, respondent: str, month: str, *, since: datetime) -> bool:
    """Whether an opening of the month left since then, by the hour for which it was planned.

    One that names no hour is taken to have left since: silence is claimed only where it is known.
    """
    earliest = int(since.timestamp())
    return any(
        row.send_at is None or row.send_at >= earliest
        for row in InvitationRow.fold_index.query(fold_key(unit, survey, respondent, month))
        if row.state in LEFT
    )
