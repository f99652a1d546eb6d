"""One row a phone key that wants no surveys: since which month, and how it was said. Lives until withdrawn.

Not since which day: beside that of the opening it would tell how long somebody had been answering before they refused.
"""

from datetime import date

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from survey_flow.conversation import OptOutHow


class OptOutRow(Model):
    class Meta(base.Meta):
        short_name = "opt_outs"

    phone_key = UnicodeAttribute(hash_key=True)
    since = UnicodeAttribute()
    how = UnicodeAttribute()


def record(phone_key: str, *, how: OptOutHow, today: date) -> None:
    """Alone and unconditional. What staff were told never takes the place of what the respondent said themselves."""
    row = OptOutRow(phone_key, since=today.isoformat()[:7], how=how.value)
    if how is not OptOutHow.STAFF:
        base.despite_conflicts(row.save)
        return
    try:
        base.despite_conflicts(lambda: row.save(condition=OptOutRow.phone_key.does_not_exist()))
    except PutError as error:
        if not base.lost(error):
            raise


def stands(phone_key: str) -> bool:
    try:
        OptOutRow.get(phone_key, consistent_read=True)
    except DoesNotExist:
        return False
    return True


def lift(phone_key: str) -> None:
    """The respondent's own START lifts every opt-out."""
    base.despite_conflicts(OptOutRow(phone_key).delete)


def lift_staff_recorded(phone_key: str) -> bool:
    """Staff lift only what staff recorded. False when there was nothing of theirs."""
    try:
        base.despite_conflicts(lambda: OptOutRow(phone_key).delete(condition=OptOutRow.how == OptOutHow.STAFF.value))
    except DeleteError as error:
        if not base.lost(error):
            raise
        return False
    return True


def check_none(together: TransactWrite, phone_key: str) -> None:
    """Within a transaction: the number has not opted out."""
    together.condition_check(OptOutRow, phone_key, condition=OptOutRow.phone_key.does_not_exist())
