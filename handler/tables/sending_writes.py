"""The conditional writes of what a conversation sends: its opening, the settling of an unknown send, its reminder."""

from datetime import datetime

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from handler.tables.conversation_clauses import (
    Owes,
    moved_to,
    nothing_more_sent,
    opened,
    still_sends,
    unchanged,
    update,
    update_despite_conflicts,
)
from handler.tables.conversations import Claimed, ConversationRow, Held, Owed, State, epoch


def look_again(held: Held, *, due: datetime) -> None:
    """What is owed was put into the queue; if nothing comes of it, it is looked at again at `due`.

    The version stays: whoever is delivering meanwhile must not lose against this. Raises LostRace.
    """
    update(held, [ConversationRow.due.set(epoch(due))])


def withhold(held: Held) -> None:
    """Its opening, if it has not left, and its reminder do not leave any more. Raises LostRace.

    The version stays: whoever asked may cancel at this moment, and is not to be told that it is too late.
    """
    update_despite_conflicts(held, [ConversationRow.withheld.set(1)])


def claim_for_sending(
    together: TransactWrite, held: Held, *, month: str, claimed: Claimed, lease_until: datetime
) -> None:
    """Within the claim's transaction: queued -> sending, under a lease."""
    actions = [
        *moved_to(held, State.SENDING, owed=Owed.SETTLING, due=lease_until),
        ConversationRow.month.set(month),
        ConversationRow.claimed_at.set(epoch(claimed.at)),
        ConversationRow.valid_until.set(epoch(claimed.valid_until)),
        ConversationRow.digest.set(claimed.digest),
        ConversationRow.absent.set(0),
    ]
    together.update(ConversationRow(held.phone_key), actions, condition=still_sends(held))


def record_opening_sent(held: Held, owes: Owes) -> None:
    """The opening has left: the conversation is open. Raises LostRace."""
    update(held, opened(held, owes))


def queue_again(together: TransactWrite, held: Held, *, send_at: datetime, anew: bool) -> None:
    """Within a transaction: sending or queued -> queued, to leave at `send_at` at the earliest."""
    actions = [
        *moved_to(held, State.QUEUED, owed=Owed.OPENING, due=send_at),
        ConversationRow.not_before.set(epoch(send_at)),
    ]
    if anew:
        actions.append(ConversationRow.since.set(epoch(send_at)))
    together.update(ConversationRow(held.phone_key), actions, condition=unchanged(held))


def mark_unknown(held: Held, *, look_at: datetime) -> None:
    """The send's outcome is not known, and it is never repeated blindly: the number is kept to ask the carrier about
    it at `look_at`. Raises LostRace."""
    update(held, _unknown(held, look_at))


def record_look(held: Held, *, look_at: datetime, absent: int) -> None:
    """The carrier's list did not settle it, so far. Raises LostRace."""
    update(held, [*_unknown(held, look_at), ConversationRow.absent.set(absent)])


def leave_unknown(held: Held, *, expires: datetime) -> None:
    """Nobody could be asked: the send stays unknown, and nothing more is sent. Raises LostRace."""
    update(held, [*moved_to(held, State.UNKNOWN, owed=Owed.EXPIRY, due=expires), *nothing_more_sent()])


def claim_reminder(together: TransactWrite, held: Held, *, expires: datetime) -> None:
    """Within the claim's transaction: the one reminder is under way; what follows is the end."""
    actions = [
        *moved_to(held, State.OPEN, owed=Owed.EXPIRY, due=expires),
        ConversationRow.reminded.set(1),
        *nothing_more_sent(),
    ]
    together.update(ConversationRow(held.phone_key), actions, condition=still_sends(held))


def owe_reminder_again(held: Held, *, since: datetime, send_at: datetime) -> None:
    """The carrier asked to wait: nothing left, so the reminder is owed as before. Raises LostRace."""
    update(
        held,
        [
            *moved_to(held, State.OPEN, owed=Owed.REMINDER, due=send_at),
            ConversationRow.not_before.set(epoch(send_at)),
            ConversationRow.since.set(epoch(since)),
            ConversationRow.reminded.remove(),
        ],
    )


def put_off_reminder(held: Held, *, send_at: datetime) -> None:
    """The hours are over: the reminder waits for the next ones. Raises LostRace."""
    update(
        held,
        [*moved_to(held, State.OPEN, owed=Owed.REMINDER, due=send_at), ConversationRow.not_before.set(epoch(send_at))],
    )


def _unknown(held: Held, look_at: datetime) -> list[Action]:
    return [
        *moved_to(held, State.UNKNOWN, owed=Owed.SETTLING, due=look_at),
        ConversationRow.not_before.set(epoch(look_at)),
    ]
