"""Every table, for wiring and for making missing ones on one machine."""

from pynamodb.models import Model

from handler.tables import base
from handler.tables.actions import ActionRow
from handler.tables.audit import AuditRow
from handler.tables.comments import CommentRow
from handler.tables.conversations import ConversationRow
from handler.tables.counts import CountRow
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow
from handler.tables.limits import LimitRow
from handler.tables.opt_outs import OptOutRow
from handler.tables.responses import ResponseRow
from handler.tables.sessions import SessionRow
from handler.tables.staff_keys import StaffKeyRow
from handler.tables.throttle import ThrottleRow

TABLES: tuple[type[Model], ...] = (
    ConversationRow,
    ThrottleRow,
    OptOutRow,
    InvitationRow,
    ResponseRow,
    CommentRow,
    CountRow,
    ActionRow,
    StaffKeyRow,
    AuditRow,
    LimitRow,
    DeletionRow,
    SessionRow,
)


def bind_all(*, prefix: str, region: str) -> None:
    base.bind(TABLES, prefix=prefix, region=region)
