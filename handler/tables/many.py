"""Many keys looked up together: a hundred a call (BatchGetItem), and of each row no more than the answer needs."""

from collections.abc import Iterable
from datetime import date

from handler.tables.conversations import ConversationRow, State
from handler.tables.invitations import InvitationRow
from handler.tables.opt_outs import OptOutRow
from handler.tables.throttle import ThrottleRow


def opted_out(phone_keys: Iterable[str]) -> set[str]:
    """The keys that want no surveys."""
    rows = OptOutRow.batch_get(phone_keys, consistent_read=True, attributes_to_get=["phone_key"])
    return {row.phone_key for row in rows}


def contacted(phone_keys: Iterable[str], *, today: date) -> set[str]:
    """The keys whose last contact is too near. Dates are compared, never left to TTL."""
    rows = ThrottleRow.batch_get(phone_keys, consistent_read=True, attributes_to_get=["phone_key", "allowed_from"])
    return {row.phone_key for row in rows if row.allowed_from > today.isoformat()}


def in_conversation(phone_keys: Iterable[str]) -> set[str]:
    """The keys with a conversation that is not closed."""
    rows = ConversationRow.batch_get(phone_keys, consistent_read=True, attributes_to_get=["phone_key", "state"])
    return {row.phone_key for row in rows if row.state != State.CLOSED}


def known_invitations(ids: Iterable[str]) -> set[str]:
    """Those of the ids that are invitations."""
    rows = InvitationRow.batch_get(ids, consistent_read=True, attributes_to_get=["id"])
    return {row.id for row in rows}
