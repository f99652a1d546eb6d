"""One row a phone key: the day of the last contact and the day from which the next one is allowed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from survey_flow.contact_policy import allowed_from
from survey_flow.helsinki import HELSINKI


class ThrottleRow(Model):
    class Meta(base.Meta):
        short_name = "throttle"

    phone_key = UnicodeAttribute(hash_key=True)
    contacted_on = UnicodeAttribute()
    allowed_from = UnicodeAttribute()
    invitation_id = UnicodeAttribute()
    forget_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Contact:
    contacted_on: date
    allowed_from: date
    invitation_id: str


def read(phone_key: str) -> Contact | None:
    try:
        row = ThrottleRow.get(phone_key, consistent_read=True)
    except DoesNotExist:
        return None
    contacted, allowed = date.fromisoformat(row.contacted_on), date.fromisoformat(row.allowed_from)
    return Contact(contacted, allowed, row.invitation_id)


def claim(together: TransactWrite, phone_key: str, *, contact_on: date, today: date, invitation_id: str) -> None:
    """Within the invitation's transaction: the contact is ours if no other stands, or its date has passed.

    Dates are compared, never left to TTL, which deletes days late. ISO dates compare as text.
    """
    together.save(_row(phone_key, contact_on, invitation_id), condition=_free(today))


def check_free(together: TransactWrite, phone_key: str, *, today: date) -> None:
    """Within a transaction: no contact stands under this (other) key of the number."""
    together.condition_check(ThrottleRow, phone_key, condition=_free(today))


def move_to(together: TransactWrite, phone_key: str, *, contact_on: date, invitation_id: str) -> None:
    """Within the send's transaction: the contact is dated by the day on which the opening leaves, if still ours."""
    together.save(_row(phone_key, contact_on, invitation_id), condition=ThrottleRow.invitation_id == invitation_id)


def give_back(together: TransactWrite, phone_key: str, *, invitation_id: str) -> None:
    """Within the closing's transaction: a message that never left is no contact. The claim is this invitation's as long
    as its conversation is open."""
    ours = ThrottleRow.phone_key.does_not_exist() | (ThrottleRow.invitation_id == invitation_id)
    together.delete(ThrottleRow(phone_key), condition=ours)


def _row(phone_key: str, contact_on: date, invitation_id: str) -> ThrottleRow:
    allowed = allowed_from(contact_on)
    return ThrottleRow(
        phone_key,
        contacted_on=contact_on.isoformat(),
        allowed_from=allowed.isoformat(),
        invitation_id=invitation_id,
        forget_at=int(datetime.combine(allowed + timedelta(days=1), time(), HELSINKI).timestamp()),
    )


def _free(today: date) -> Condition:
    condition: Condition = ThrottleRow.phone_key.does_not_exist() | (ThrottleRow.allowed_from <= today.isoformat())
    return condition
