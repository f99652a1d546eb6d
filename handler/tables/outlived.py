"""Rows, or columns of them, that have outlived their time, found by their own month or date, and their deletion.

Each is deleted only if it still is what was found: a row may be written anew in the meantime (a tombstone by the next
invitation, a mark by the next of its kind), and is then another one's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from pynamodb.exceptions import DeleteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from handler.tables import base
from handler.tables.all_tables import TABLES
from handler.tables.audit import AuditRow
from handler.tables.comments import CommentRow
from handler.tables.counts import CountRow
from handler.tables.invitations import InvitationRow
from handler.tables.responses import ResponseRow
from handler.tables.staff_keys import StaffKeyRow

# Those whose rows say themselves when they are to go: DynamoDB's time to live deletes by the same column, days late.
FORGETTING: tuple[type[Model], ...] = tuple(table for table in TABLES if "forget_at" in table.get_attributes())
# Of an invitation: who sent it and when, by the second, and what tells a request that is made again.
OF_SENDING = (InvitationRow.by, InvitationRow.send_at, InvitationRow.fingerprint)


@dataclass(frozen=True, slots=True)
class Outlived:
    """A row that is to go, as long as `still` holds; or of it these columns alone."""

    row: Model
    still: Condition
    columns: tuple[Any, ...] = ()


def delete(outlived: Outlived) -> bool:
    """False, with nothing deleted, when it is another row by now, or somebody is just writing it."""
    try:
        if outlived.columns:
            outlived.row.update([column.remove() for column in outlived.columns], condition=outlived.still)
        else:
            outlived.row.delete(condition=outlived.still)
    except (DeleteError, UpdateError) as error:
        if not base.lost(error):
            raise
        return False
    return True


def by_their_hour(table: type[Model], now: datetime) -> Iterator[Outlived]:
    """The rows of one of FORGETTING whose `forget_at` has come."""
    column: Any = table.get_attributes()["forget_at"]
    still = column <= int(now.timestamp())
    for row in table.scan(still):
        yield Outlived(row, still)


def units_counted() -> dict[str, set[str]]:
    """Every unit that ever had an answer, and its surveys: rows of counts are for good, and none comes without one."""
    found: dict[str, set[str]] = {}
    for row in CountRow.scan(attributes_to_get=["survey", "month_unit_group"]):
        found.setdefault(row.month_unit_group.split("#")[1], set()).add(row.survey)
    return found


def responses_before(month: str, unit: str, survey: str) -> Iterator[Outlived]:
    before = ResponseRow.month_group_id < month
    for row in ResponseRow.query(f"{unit}#{survey}", before, attributes_to_get=["unit_survey", "month_group_id"]):
        yield Outlived(row, ResponseRow.unit_survey.exists())


def comments_before(month: str, unit: str) -> Iterator[Outlived]:
    for row in CommentRow.query(unit, CommentRow.month_id < month, attributes_to_get=["unit", "month_id"]):
        yield Outlived(row, CommentRow.unit.exists())


def invitations_before(month: str, *, told_before: str) -> Iterator[Outlived]:
    """Of all units: rows before the month, and before another what was kept for their sending, who sent among it.

    The table is read as a whole, for its index knows neither trials nor a month without its unit.
    """
    before, long_sent = InvitationRow.month < month, InvitationRow.month < told_before
    tells = reduce(or_, (column.exists() for column in OF_SENDING))
    for row in InvitationRow.scan(before | (long_sent & tells), attributes_to_get=["id", "month"]):
        yield Outlived(row, before) if row.month < month else Outlived(row, long_sent, OF_SENDING)


def audit_of(month: str) -> Iterator[Outlived]:
    for row in AuditRow.query(month, attributes_to_get=["month", "time_id"]):
        yield Outlived(row, AuditRow.month.exists())


def keys_ended_before(day: date) -> Iterator[Outlived]:
    """API keys that expired, or were revoked, before the day."""
    ended = (StaffKeyRow.expires_on < day.isoformat()) | (StaffKeyRow.revoked_on < day.isoformat())
    for row in StaffKeyRow.scan(ended):
        yield Outlived(row, ended)
