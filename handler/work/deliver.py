"""One item of the queue: whatever is owed to this phone key is looked at anew, as if the item had come just now."""

import re

from handler.tables import conversations
from handler.tables.base import LostRace
from handler.tables.conversations import Owed, State
from handler.work.deletions import delete_owed
from handler.work.delivery import Delivery, Poisoned
from handler.work.opening import deliver_opening
from handler.work.remind import deliver_reminder
from handler.work.settle import settle

_DELETION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PHONE_KEY = re.compile(r"[^.\s]{1,40}\.[0-9a-f]{64}")


def deliver(delivery: Delivery, item: str) -> None:
    """Sends the opening or the reminder that is owed, if it is still owed, due and allowed; or settles an unknown send;
    or, where the item is a deletion's id, deletes at the carrier.

    An item that comes twice, late or for nothing does nothing. Raises Poisoned for what cannot be delivered.
    """
    if _DELETION.fullmatch(item):
        delete_owed(delivery, item)
        return
    if not _PHONE_KEY.fullmatch(item):
        raise Poisoned("an item of the queue is no phone key")
    held = conversations.read(item)
    if held is None or held.dialogue is None or held.not_before is None or held.not_before > delivery.parts.clock():
        return
    try:
        if held.state is State.QUEUED:
            deliver_opening(delivery, held, held.dialogue)
        elif held.owed is Owed.REMINDER and held.state is State.OPEN:
            deliver_reminder(delivery, held, held.dialogue)
        elif held.owed is Owed.SETTLING and held.state is State.UNKNOWN:
            settle(delivery, held, held.dialogue)
    except LostRace:
        return  # somebody else moved it on; what is owed after that is seen in the next round
