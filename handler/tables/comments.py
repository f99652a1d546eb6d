"""One row a respondent who wrote something: masked text, group and month, no id in common with the response."""

from uuid import uuid4

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from handler.tables.responses import Place


class CommentRow(Model):
    class Meta(base.Meta):
        short_name = "comments"

    unit = UnicodeAttribute(hash_key=True)
    month_id = UnicodeAttribute(range_key=True)
    survey = UnicodeAttribute()
    respondent = UnicodeAttribute()
    text = UnicodeAttribute()
    segment = UnicodeAttribute(null=True)
    status = UnicodeAttribute()


def put(together: TransactWrite, place: Place, *, text: str, segment: str) -> None:
    together.save(
        CommentRow(
            place.unit,
            f"{place.month}#{uuid4()}",
            survey=place.survey,
            respondent=place.respondent,
            text=text,
            segment=segment or None,
            status="new",
        )
    )
