"""Who did what and when, without numbers or texts. Rows are only ever added (docs/decisions/0028-audit.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from handler.tables import base
from survey_flow.helsinki import month_of

_NOT_NEW = "ConditionalCheckFailedException"
# With a filter most of what is read is not what is looked for: as much at once as a call gives anyway.
_READ_AT_ONCE = 1000


class Did(StrEnum):
    """What was done. Each has its words in templates/pages/*/audit.toml."""

    INVITED = "invited"
    LIST_CHECKED = "list_checked"
    LIST_SENT = "list_sent"
    REFUSAL_TOLD = "refusal_told"
    CANCELLED = "cancelled"
    OPT_OUT_RECORDED = "opt_out_recorded"
    OPT_OUT_WITHDRAWN = "opt_out_withdrawn"
    COMMENTS_READ = "comments_read"
    COMMENTS_MARKED = "comments_marked"
    COMMENT_BLACKED_OUT = "comment_blacked_out"
    COMMENT_DELETED = "comment_deleted"
    EXPORTED = "exported"
    ACTION_ADDED = "action_added"
    ACTION_CHANGED = "action_changed"
    ACTION_DONE = "action_done"
    ACTION_UNDONE = "action_undone"
    ACTION_PUBLISHED = "action_published"
    ACTION_UNPUBLISHED = "action_unpublished"
    ACTION_REMOVED = "action_removed"
    KEY_CREATED = "key_created"
    KEY_ROTATED = "key_rotated"
    KEY_REVOKED = "key_revoked"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED_SIGN_IN = "refused_sign_in"
    REFUSED = "refused"
    LIMIT_REACHED = "limit_reached"
    NUMBER_LOOKED_UP = "number_looked_up"
    NUMBER_ERASED = "number_erased"
    COUNTS_REPAIRED = "counts_repaired"
    AUDIT_EXPORTED = "audit_exported"


class AuditRow(Model):
    class Meta(base.Meta):
        short_name = "audit"

    month = UnicodeAttribute(hash_key=True)
    time_id = UnicodeAttribute(range_key=True)
    who = UnicodeAttribute()
    did = UnicodeAttribute()
    unit = UnicodeAttribute(null=True)
    about = UnicodeAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Noted:
    """`place` is the row's own within its month: the next page begins after it."""

    place: str
    at: datetime
    who: str
    did: str
    unit: str | None
    about: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a month to read; what is left open is ""."""

    who: str = ""
    did: str = ""
    unit: str = ""


def note(now: datetime, *, who: str, did: Did, unit: str | None = None, about: str | None = None) -> None:
    """One thing done by a person ("person:..."), a key ("key:...") or by a command ("command:" and who ran it).

    `about` is a key's id, the kind of a file, a count, or the name of who signs in: nothing of a respondent, and
    nothing that leads to a number.
    """
    moment = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    add(AuditRow(month_of(now), f"{moment}#{uuid4()}", who=who, did=str(did), unit=unit, about=about))


def add(row: AuditRow) -> None:
    """Adds the row, and never writes over another.

    A row that is there under the same random id is this one: a call whose answer was lost has been repeated.
    """
    try:
        row.save(condition=AuditRow.month.does_not_exist())
    except PutError as error:
        if error.cause_response_code != _NOT_NEW:
            raise


def newest_first(month: str, wanted: Wanted, *, most: int, before: str | None = None) -> Iterator[Noted]:
    """At most so many rows of the month; `before` is the place of the last one seen."""
    rows = AuditRow.query(
        month,
        AuditRow.time_id < before if before else None,
        filter_condition=_filter(wanted),
        scan_index_forward=False,
        consistent_read=True,
        limit=most,
        page_size=_READ_AT_ONCE,
    )
    for row in rows:
        yield _noted(row)


def _filter(wanted: Wanted) -> Condition | None:
    columns = ((AuditRow.who, wanted.who), (AuditRow.did, wanted.did), (AuditRow.unit, wanted.unit))
    found: Condition | None = None
    for column, value in columns:
        if value:
            found = column == value if found is None else found & (column == value)
    return found


def _noted(row: AuditRow) -> Noted:
    moment = datetime.fromisoformat(row.time_id.partition("#")[0])
    return Noted(row.time_id, moment, row.who, row.did, row.unit, row.about)
