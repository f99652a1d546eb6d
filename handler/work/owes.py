"""What a conversation owes after a message either way: one reminder about a day later, or its end after 72 hours."""

from datetime import datetime, timedelta

from handler.tables.conversation_clauses import Owes
from handler.tables.conversations import Held, Owed
from survey_flow.conversation import LIFETIME, Conversation

REMIND_AFTER = timedelta(days=1)


def after_message(held: Held, dialogue: Conversation | None, now: datetime) -> Owes:
    """No reminder follows a safety text, nor a reminder, nor an opening that nobody could ever tell of."""
    safe = dialogue is not None and not dialogue.safety_texts and not held.withheld
    if safe and held.sends_more and not held.reminded:
        return Owes(Owed.REMINDER, now + REMIND_AFTER)
    return Owes(Owed.EXPIRY, now + LIFETIME)
