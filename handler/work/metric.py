"""What is worth a count, an age or an alarm, by name. Few names, one dimension, never an answer, a number or a text.

What follows from an answer is told once a day and in round figures, what follows from sending at once; a safety text is
never told (docs/decisions/0014-metrics-without-answers.md).
"""

from enum import StrEnum


class Metric(StrEnum):
    INVITED = "Invited"
    """An opening has left. One whose outcome was settled by its callback or its reply is in `counts` alone."""
    DELIVERED = "Delivered"
    """The carrier told of an opening that it reached the phone."""
    UNDELIVERED = "Undelivered"
    """The carrier told of an opening that left that it never reached the phone."""
    BLOCKED = "Blocked"
    """A request was refused because of the number: an opt-out, or asked within three months."""
    STARTED = "Started"
    """How many began to answer, of the conversations that have closed since the results begin; in full fives."""
    FINISHED = "Finished"
    """How many answered to the end; in full fives."""
    OPTED_OUT = "OptedOut"
    """How many opted out in a conversation; in full fives."""
    OLDEST_OPENING = "OldestOpening"
    """For how long an opening has waited that may leave, the oldest that this round looked at."""
    OLDEST_UNSETTLED_SEND = "OldestUnsettledSend"
    """For how long nobody has known whether an opening left, the oldest that this round looked at."""
    OLDEST_DELETION = "OldestDeletion"
    """For how long a deletion at the carrier has been owed, in whole days."""
    ROUND_DONE = "RoundDone"
    """A round of the schedule came to its end, whatever failed in it."""
    CEILING_REACHED = "CeilingReached"
    """An invitation waits for another day, or is refused, because the day's ceiling was reached."""
    GIVEN_UP = "GivenUp"
    """An opening that could not leave for a week, or before its window closed, does not leave any more."""
    SEND_REFUSED = "SendRefused"
    """The carrier refused a message for good."""
    CARRIER_BUSY = "CarrierBusy"
    """The carrier asked to wait, or refused us rather than the number."""
    UNKNOWN_SEND = "UnknownSend"
    """Nobody could tell whether an opening left: it stays unknown."""
    NOT_QUEUED = "NotQueued"
    """An opening could not be put into the queue at once; the next round does it."""
    ITEM_FAILED = "ItemFailed"
    """An item of the queue could not be handled."""
    SIGNATURE_REFUSED = "SignatureRefused"
    """A request to a webhook was not signed with a token of ours."""
    FALLBACK_USED = "FallbackUsed"
    """A message came to the fallback, for the webhook had not answered it; it is sealed and queued."""
    FALLBACK_FAILED = "FallbackFailed"
    """One try of the fallback could neither seal nor queue a message: lost if Twilio's other two tries fail as well."""
    RESCUED = "Rescued"
    """A message that the fallback had taken was heard, and answered if there was something to say."""
    RESCUE_GIVEN_UP = "RescueGivenUp"
    """A message that the fallback had taken cannot be read or is a day old, or nobody knows whether its reply left."""
    DELETIONS_OVERDUE = "DeletionsOverdue"
    """Closed conversations whose messages have been at the carrier for more than a week since."""
    RETENTION_DONE = "RetentionDone"
    """The morning's round has looked over every table: what had outlived its time is gone."""
    ROWS_DELETED = "RowsDeleted"
    """How many rows that round deleted, all tables together; in full fives, for a tombstone is one person's."""


AGES = frozenset({Metric.OLDEST_OPENING, Metric.OLDEST_UNSETTLED_SEND, Metric.OLDEST_DELETION})


def unit_of(name: str) -> str:
    """CloudWatch's word for what the number is of: an age is in seconds, everything else a count."""
    return "Seconds" if name in AGES else "Count"
