"""The figures as an administrator opens them in the console: one row a survey, month, unit and group.

Each answer value is a top-level column (`nps_9`, `apu_dont_know`), so that it is added to in one place and read at a
glance. A model drops columns that it does not declare, so rows are written column by column and read raw.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from handler.tables.responses import Place

# Unit, survey and group of what is counted for the organisation alone: safety texts outside conversations.
NOBODYS = ("-", "-", "-")
# What BatchGetItem takes.
MOST_A_CALL = 100


class CountRow(Model):
    class Meta(base.Meta):
        short_name = "counts"

    survey = UnicodeAttribute(hash_key=True)
    month_unit_group = UnicodeAttribute(range_key=True)


def add(together: TransactWrite, place: Place, columns: Mapping[str, int]) -> None:
    together.update(_row(place), [*_names(place), *(Path([name]).add(number) for name, number in columns.items())])


def add_alone(place: Place, columns: Mapping[str, int]) -> None:
    _update_alone(place, [Path([name]).add(number) for name, number in columns.items()])


def set_columns(place: Place, columns: Mapping[str, int]) -> None:
    """Sets what is folded from elsewhere (the sending columns)."""
    _update_alone(place, [Path([name]).set(number) for name, number in columns.items()])


def _update_alone(place: Place, actions: list[Action]) -> None:
    """Closings of the same cell are transactions on the same row, and may be in the way."""
    base.despite_conflicts(lambda: _row(place).update([*_names(place), *actions]))


def read(place: Place) -> dict[str, int]:
    """Every column of one row, {} when there is none."""
    connection: Any = CountRow._get_connection()
    row = _row(place)
    answer = connection.get_item(row.survey, row.month_unit_group, consistent_read=False)
    return numbers(answer.get("Item", {}))


def books(places: Iterable[Place]) -> dict[tuple[str, str, str], dict[str, dict[str, int]]]:
    """The rows of many places, a hundred a call: by unit, survey and group the columns of each month that has a row."""
    connection: Any = CountRow._get_connection()
    waiting = [{"survey": row.survey, "month_unit_group": row.month_unit_group} for row in map(_row, places)]
    found: dict[tuple[str, str, str], dict[str, dict[str, int]]] = {}
    while waiting:
        asked, waiting = waiting[:MOST_A_CALL], waiting[MOST_A_CALL:]
        answer = connection.batch_get_item(asked)
        for key in answer.get("UnprocessedKeys", {}).get(connection.table_name, {}).get("Keys", []):
            waiting.append({name: value["S"] for name, value in key.items()})
        for item in answer["Responses"].get(connection.table_name, []):
            place = (item["unit"]["S"], item["survey"]["S"], item["respondent"]["S"])
            found.setdefault(place, {})[item["month"]["S"]] = numbers(item)
    return found


def of_survey(survey: str, *, first: str, last: str) -> dict[tuple[str, str], dict[str, dict[str, int]]]:
    """By unit and group the columns of each month that has a row: every unit that asks the survey, in one query."""
    found: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    connection: Any = CountRow._get_connection()
    months = CountRow.month_unit_group.between(first, f"{last}~")
    start = None
    while True:
        answer = connection.query(survey, range_key_condition=months, exclusive_start_key=start)
        for item in answer["Items"]:
            found.setdefault((item["unit"]["S"], item["respondent"]["S"]), {})[item["month"]["S"]] = numbers(item)
        start = answer.get("LastEvaluatedKey")
        if not start:
            return found


def numbers(item: Mapping[str, Any]) -> dict[str, int]:
    """The columns of a row as DynamoDB gives it."""
    return {name: int(value["N"]) for name, value in item.items() if "N" in value}


def range_key(place: Place) -> str:
    return f"{place.month}#{place.unit}#{place.respondent}"


def _row(place: Place) -> CountRow:
    return CountRow(place.survey, range_key(place))


def _names(place: Place) -> list[Action]:
    return [
        Path(["month"]).set(place.month),
        Path(["unit"]).set(place.unit),
        Path(["respondent"]).set(place.respondent),
    ]
