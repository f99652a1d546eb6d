"""What comes to be owed at the carrier: with a closing, and after a message outside of any conversation.

handler/work/deletions.py does it.
"""

import logging
from uuid import uuid4

from pynamodb.transactions import TransactWrite

from handler.outside.sealing import CannotSeal
from handler.tables import deletions
from handler.tables.conversations import Held
from handler.tables.deletions import SETTLES_IN, OwedDeletion
from handler.work.parts import Parts
from survey_flow.phone import PhoneNumber

log = logging.getLogger("kuulolla.deletions")


def owe_within(parts: Parts, together: TransactWrite, held: Held) -> None:
    """Within the closing's transaction: all that passed since the opening was claimed. An opening that never left owes
    nothing."""
    if held.claimed is not None and held.sealed_number is not None:
        now, claimed = parts.clock(), held.claimed
        deletions.put(
            together,
            OwedDeletion(
                held.conversation_id, held.sealed_number, claimed.digest, claimed.at, now, due=now + SETTLES_IN
            ),
        )


def owe(parts: Parts, number: PhoneNumber) -> None:
    """For a message outside of a conversation, and what is answered to it now. Without the key service it is left: an
    answer, which may be a call for help's, does not wait for it."""
    deletion_id, now = str(uuid4()), parts.clock()
    try:
        sealed = parts.seal(number, deletion_id)
    except CannotSeal:
        log.error("a message outside of a conversation stays at the carrier: its number could not be sealed")
        return
    deletions.put_alone(OwedDeletion(deletion_id, sealed, "", begun=now, since=now, due=now + SETTLES_IN))
