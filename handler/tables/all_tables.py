"""Every table, for wiring and for making missing ones on one machine."""

from pynamodb.models import Model

from handler.tables import base
from handler.tables.actions import ActionRow
from handler.tables.audit import AuditRow
from handler.tables.dialogue_tables import DIALOGUE_TABLES
from handler.tables.sessions import SessionRow
from handler.tables.staff_keys import StaffKeyRow

TABLES: tuple[type[Model], ...] = (*DIALOGUE_TABLES, ActionRow, StaffKeyRow, AuditRow, SessionRow)


def bind_all(*, prefix: str, region: str) -> None:
    base.bind(TABLES, prefix=prefix, region=region)
