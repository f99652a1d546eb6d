"""What is worth a count or an alarm, by name. Few names, one dimension, never an answer, a number or a text."""

from enum import StrEnum


class Metric(StrEnum):
    CEILING_REACHED = "CeilingReached"
    """An invitation waits for another day, or is refused, because the day's ceiling was reached."""
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
    DELETED_AT_CARRIER = "DeletedAtCarrier"
    """Messages that held answers, deleted at the carrier."""
    DELETIONS_OVERDUE = "DeletionsOverdue"
    """Closed conversations whose messages have been at the carrier for more than a week since."""
