"""One row a response: a random id, a unit, a survey, a group and a month. Nothing leads back to the phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from survey_flow.conversation import Answer


class ResponseRow(Model):
    class Meta(base.Meta):
        short_name = "responses"

    unit_survey = UnicodeAttribute(hash_key=True)
    month_group_id = UnicodeAttribute(range_key=True)
    survey_version = NumberAttribute()
    answers: JSONAttribute = JSONAttribute()
    outcome = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation's answers belong: all that is kept of who answered."""

    unit: str
    survey: str
    respondent: str
    month: str


def put(
    together: TransactWrite, place: Place, *, survey_version: int, answers: dict[str, Answer], outcome: str
) -> None:
    together.save(
        ResponseRow(
            f"{place.unit}#{place.survey}",
            f"{place.month}#{place.respondent}#{uuid4()}",
            survey_version=survey_version,
            answers=answers,
            outcome=outcome,
        )
    )


def of_unit(unit: str, survey: str) -> Iterator[ResponseRow]:
    yield from ResponseRow.query(f"{unit}#{survey}")
