"""The figures as an administrator opens them in the console: one row a survey, month, unit and group.

Each answer value is a top-level column (`nps_9`, `apu_dont_know`), so that it is added to in one place and read at a
glance. A model drops columns that it does not declare, so rows are written column by column and read raw.
"""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from handler.tables import base
from handler.tables.responses import Place


class CountRow(Model):
    class Meta(base.Meta):
        short_name = "counts"

    survey = UnicodeAttribute(hash_key=True)
    month_unit_group = UnicodeAttribute(range_key=True)


def add(together: TransactWrite, place: Place, columns: Mapping[str, int]) -> None:
    together.update(_row(place), [*_names(place), *(Path([name]).add(number) for name, number in columns.items())])


def add_alone(place: Place, columns: Mapping[str, int]) -> None:
    _row(place).update([*_names(place), *(Path([name]).add(number) for name, number in columns.items())])


def set_columns(place: Place, columns: Mapping[str, int]) -> None:
    """Sets what is folded from elsewhere (the sending columns)."""
    _row(place).update([*_names(place), *(Path([name]).set(number) for name, number in columns.items())])


def read(place: Place) -> dict[str, int]:
    """Every column of one row, {} when there is none."""
    connection: Any = CountRow._get_connection()
    row = _row(place)
    answer = connection.get_item(row.survey, row.month_unit_group, consistent_read=False)
    return {name: int(value["N"]) for name, value in answer.get("Item", {}).items() if "N" in value}


def _row(place: Place) -> CountRow:
    return CountRow(place.survey, f"{place.month}#{place.unit}#{place.respondent}")


def _names(place: Place) -> list[Action]:
    return [
        Path(["month"]).set(place.month),
        Path(["unit"]).set(place.unit),
        Path(["respondent"]).set(place.respondent),
    ]
