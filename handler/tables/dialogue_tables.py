"""The tables of asking and answering: all that the webhooks' function knows, which loads no others at a cold start."""

from pynamodb.models import Model

from handler.tables import base
from handler.tables.comments import CommentRow
from handler.tables.conversations import ConversationRow
from handler.tables.counts import CountRow
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow
from handler.tables.limits import LimitRow
from handler.tables.opt_outs import OptOutRow
from handler.tables.responses import ResponseRow
from handler.tables.throttle import ThrottleRow

DIALOGUE_TABLES: tuple[type[Model], ...] = (
    ConversationRow,
    ThrottleRow,
    OptOutRow,
    InvitationRow,
    ResponseRow,
    CommentRow,
    CountRow,
    LimitRow,
    DeletionRow,
)


def bind_dialogue(*, prefix: str, region: str) -> None:
    base.bind(DIALOGUE_TABLES, prefix=prefix, region=region)
