"""Whether `counts` is what it says it is: the fold of the responses and of the invitations; and its repair.

Conversations close meanwhile, and a closing adds a response and its columns at once. So a row of counts is read before
its responses, and set only where it still is as it was read: a closing between the two is never undone.

Responses do not tell a refusal from falling silent. Of each question the two are checked as one sum, and the split is
left as the counts have it: what differs is set as broken off, never as refusals that nothing shows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from handler.tables import audit, invitations, recounts, responses
from handler.tables.responses import Kept, Place
from handler.work.fold_sends import sending_columns
from handler.work.fold_stops import Stops
from handler.work.parts import Parts
from survey_flow.closing import BROKEN_OFF, FINISHED, OPTED_OUT, answer_columns, columns
from survey_flow.conversation import Mark
from survey_flow.publication import books_are_closed, month_after, month_from, month_of, months_between

# A row that is written at this moment is looked at again.
LOOKS = 5

# What the two folds write, of any survey and version; other columns (segments_out, safety_texts ...) have no rows that
# they could be counted from.
_ANSWER = re.compile(rf".+_(\d+|{'|'.join(Mark)})")
_SENDING = ("invited", "delivered", "undelivered")
_BEGIN = (OPTED_OUT, BROKEN_OFF, "blocked_")


class Unknown(Exception):
    """What was asked for is not there, or cannot be recounted; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at; None is all. `month` is written "2026-11"."""

    unit: str | None = None
    survey: str | None = None
    month: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of counts beside what it was counted from. `counted` and `kept` hold the columns that differ, none when
    all is well; a column that the row lacks is not in `kept`."""

    place: Place
    responses: int
    invitations: int
    counted: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        return bool(self.counted)


class Repair(StrEnum):
    DONE = "done"
    BOOKS_OPEN = "books_open"
    CHANGED_MEANWHILE = "changed_meanwhile"


def first_month(parts: Parts) -> str:
    """The first month of which no row can have been deleted yet."""
    return month_after(month_of(parts.today()), -parts.library.organisation.keep_months)


def rows_beside_their_folds(parts: Parts, scope: Scope) -> Iterator[Row]:
    """Every row of counts, and what would be one, beside its fold. Raises Unknown before the first."""
    known = recounts.surveys() | set(parts.library.surveys)
    _check(parts, scope, known)
    for survey in sorted(known if scope.survey is None else {scope.survey}):
        kept: dict[str, dict[Place, dict[str, int]]] = {}
        for place in _expected(parts, survey, scope):
            kept.setdefault(place.unit, {})[place] = {}
        for place, columns_kept in recounts.of_survey(survey, since=first_month(parts), month=scope.month):
            kept.setdefault(place.unit, {})[place] = columns_kept
        for unit in sorted(kept):
            if scope.unit in (None, unit):
                found = responses.kept(unit, survey, since=first_month(parts), month=scope.month)
                yield from _of_unit(found, kept[unit])


def look(place: Place) -> Row:
    """One row and its fold as they are now."""
    for _ in range(LOOKS):
        kept = recounts.read(place)
        row = _row(place, responses.of_place(place), kept)
        if not row.differs or recounts.read(place) == kept:
            break
    return row


def repair(parts: Parts, row: Row, *, who: str = "command") -> Repair:
    """Sets the columns that differ to what was counted, all or none, and notes it in the audit."""
    if not books_are_closed(row.place.month, parts.today()):
        return Repair.BOOKS_OPEN
    if not recounts.repair(row.place, columns=row.counted, read=row.kept):
        return Repair.CHANGED_MEANWHILE
    place = row.place
    about = f"{place.survey} {place.month} {place.respondent}"
    audit.note(parts.clock(), who=who, did=audit.Did.COUNTS_REPAIRED, unit=place.unit, about=about)
    return Repair.DONE


def is_folded(column: str) -> bool:
    """Whether this column of counts is the fold of responses or invitations."""
    return column in (FINISHED, *_SENDING) or column.startswith(_BEGIN) or _ANSWER.fullmatch(column) is not None


def _check(parts: Parts, scope: Scope, surveys: set[str]) -> None:
    this_month, organisation = month_of(parts.today()), parts.library.organisation
    if scope.survey is not None and scope.survey not in surveys:
        raise Unknown(f"There is no survey {scope.survey}.")
    if scope.unit is not None and scope.unit not in organisation.units and not _is_counted(parts, scope.unit, surveys):
        raise Unknown(f"There is no unit {scope.unit}.")
    if scope.month is None:
        return
    try:
        month_from(scope.month)
    except ValueError as error:
        raise Unknown(f"There is no month {scope.month}: {error}") from error
    if scope.month > this_month:
        raise Unknown(f"The month {scope.month} has not begun.")
    if scope.month < first_month(parts):
        raise Unknown(
            f"The month {scope.month} cannot be recounted: single responses are kept {organisation.keep_months} "
            f"months, and some of its may have been deleted."
        )


def _is_counted(parts: Parts, unit: str, surveys: set[str]) -> bool:
    """A unit that was taken out of the organisation's file has its rows still."""
    rows = (row for survey in surveys for row in recounts.of_survey(survey, since=first_month(parts)))
    return any(place.unit == unit for place, _ in rows)


def _expected(parts: Parts, survey: str, scope: Scope) -> Iterator[Place]:
    """Where there may be invitations though nobody has answered and no row of counts was made."""
    organisation, this_month = parts.library.organisation, month_of(parts.today())
    for unit in organisation.units.values():
        months = months_between(max(organisation.first_month(unit), first_month(parts)), this_month)
        for respondent, asked in unit.asks(parts.library.surveys):
            if asked == survey:
                yield from (
                    Place(unit.id, survey, respondent, month) for month in months if scope.month in (None, month)
                )


def _of_unit(found: Iterable[Kept], waiting: dict[Place, dict[str, int]]) -> Iterator[Row]:
    """Responses come place by place; what is left without any follows."""
    for place, group in groupby(found, key=lambda kept: kept.place):
        yield _looked_at(_row(place, group, waiting.pop(place, {})))
    for place, kept in waiting.items():
        row = _row(place, (), kept)
        if kept or row.invitations:
            yield _looked_at(row)


def _looked_at(row: Row) -> Row:
    """What differs is looked at anew: its row of counts was read a while before its responses."""
    return look(row.place) if row.differs else row


def _row(place: Place, found: Iterable[Kept], kept: Mapping[str, int]) -> Row:
    counted: Counter[str] = Counter()
    stops, total = Stops(), 0
    for response in found:
        stopped = stops.take(response.answers, response.outcome)
        counted.update(answer_columns(response.answers) if stopped else columns(response.answers, response.outcome))
        total += 1
    counted.update(stops.columns(kept))
    sent = list(invitations.of_month(place.unit, place.survey, place.respondent, place.month))
    counted.update(sending_columns(sent))
    names = {*counted, *filter(is_folded, kept)}
    differing = sorted(name for name in names if counted[name] != kept.get(name, 0))
    return Row(
        place,
        total,
        len(sent),
        {name: counted[name] for name in differing},
        {name: kept[name] for name in differing if name in kept},
    )
