"""What a recount alone does with `counts`: reads whole surveys as they stand now, and sets columns on condition."""

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from handler.tables import base
from handler.tables.counts import CountRow, numbers, range_key
from handler.tables.responses import Place


def surveys() -> set[str]:
    """Every survey that has a row, whether or not its file is still there."""
    return {row.survey for row in CountRow.scan(attributes_to_get=["survey", "month_unit_group"])}


def of_survey(survey: str, *, since: str, month: str | None = None) -> Iterator[tuple[Place, dict[str, int]]]:
    """The columns of each row from the month `since` on, or of one month."""
    key = CountRow.month_unit_group
    condition = key.startswith(f"{month}#") if month else key >= since
    connection: Any = CountRow._get_connection()
    start: Any = None
    while True:
        answer = connection.query(survey, condition, consistent_read=True, exclusive_start_key=start)
        for item in answer["Items"]:
            month_of_row, unit, respondent = item["month_unit_group"]["S"].split("#")
            yield Place(unit, survey, respondent, month_of_row), numbers(item)
        start = answer.get("LastEvaluatedKey")
        if not start:
            return


def read(place: Place) -> dict[str, int]:
    """Every column of one row, {} when there is none."""
    connection: Any = CountRow._get_connection()
    return numbers(connection.get_item(place.survey, range_key(place), consistent_read=True).get("Item", {}))


def repair(place: Place, *, columns: Mapping[str, int], read: Mapping[str, int]) -> bool:
    """Sets these columns if every one of them still is as it was read (missing, if it is not in `read`). False, with
    nothing written, when one is not."""
    names = {"month": place.month, "unit": place.unit, "respondent": place.respondent}
    actions: list[Action] = [Path([name]).set(value) for name, value in {**names, **columns}.items()]
    as_read: Condition = reduce(and_, (_is(name, read.get(name)) for name in columns))
    try:
        CountRow(place.survey, range_key(place)).update(actions, condition=as_read)
    except UpdateError as error:
        if not base.lost(error):
            raise
        return False
    return True


def _is(name: str, value: int | None) -> Condition:
    return Path([name]).does_not_exist() if value is None else Path([name]) == value
