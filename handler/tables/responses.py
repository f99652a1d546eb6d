"""One row a response: a random id, a unit, a survey, a group and a month. Nothing leads back to the phone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored response, for counting."""

    place: Place
    answers: Mapping[str, Answer]
    outcome: str


def kept(unit: str, survey: str, *, since: str, month: str | None = None) -> Iterator[Kept]:
    """The responses of a unit and survey from the month `since` on, or of one month: ordered by month and group, read a
    page at a time."""
    key = ResponseRow.month_group_id
    yield from _kept(unit, survey, key.startswith(f"{month}#") if month else key >= since)


def of_place(place: Place) -> Iterator[Kept]:
    condition = ResponseRow.month_group_id.startswith(f"{place.month}#{place.respondent}#")
    yield from _kept(place.unit, place.survey, condition)


def _kept(unit: str, survey: str, condition: Condition) -> Iterator[Kept]:
    for row in ResponseRow.query(f"{unit}#{survey}", condition, consistent_read=True):
        month, respondent, _ = row.month_group_id.split("#")
        yield Kept(Place(unit, survey, respondent, month), row.answers, row.outcome)
