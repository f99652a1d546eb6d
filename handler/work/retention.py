"""Nothing is kept longer than docs/retention.md says: once a day what has outlived its time is deleted.

By the rows' own months and dates; DynamoDB's time to live, where a table has it, comes days late and is no more than a
help. A month of responses and comments goes a day after recount has begun to refuse it, so that no recount that has
just begun counts what is being deleted.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from handler.tables import limits, outlived
from handler.tables.outlived import FORGETTING, Outlived
from handler.work.metric import Metric
from handler.work.parts import Parts
from survey_flow.publication import HIDDEN_UNDER, month_after, month_of, months_between

AUDIT_MONTHS = 24
# After it has expired or was revoked.
KEY_DAYS = 365
MARK = "retention"
# What a round does not come to is left for the next morning.
LONGEST_ROUND = timedelta(minutes=4)
# How long a round that died keeps another from beginning; a finished one does until shortly before the next morning.
LEASE, DONE = timedelta(minutes=10), timedelta(hours=20)

_DAY = timedelta(days=1)
# So far back each day looks for months of the audit that are still there.
_LOOKED_BACK = 24


def keep_to_times(parts: Parts) -> None:
    """The day's round. What fails keeps no other table waiting; the first such fault is raised at the end."""
    if not limits.once(MARK, now=parts.clock(), window=LEASE):
        return
    round_ = _Round(parts)
    for found in _everything(parts):
        round_.delete(found)
    parts.count(Metric.ROWS_DELETED, round_.deleted - round_.deleted % HIDDEN_UNDER)
    if round_.failures:
        raise round_.failures[0]
    if not round_.late:
        limits.mark(MARK, now=parts.clock(), window=DONE)
        parts.count(Metric.RETENTION_DONE, 1)


def first_month_kept(parts: Parts) -> str:
    """The first month of which responses, comments and invitations are kept today."""
    return month_after(month_of(_yesterday(parts)), -parts.library.organisation.keep_months)


def first_month_audited(parts: Parts) -> str:
    return month_after(month_of(_yesterday(parts)), -AUDIT_MONTHS)


class _Round:
    """Deletes until its time is over, and counts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._ends = parts.clock() + LONGEST_ROUND
        self.deleted = 0
        self.failures: list[Exception] = []

    @property
    def late(self) -> bool:
        return self._parts.clock() > self._ends

    def delete(self, find: Callable[[], Iterator[Outlived]]) -> None:
        if self.late:
            return
        try:
            for found in find():
                self.deleted += outlived.delete(found) and not found.columns
                if self.late:
                    return
        except Exception as failure:
            self.failures.append(failure)


def _everything(parts: Parts) -> Iterator[Callable[[], Iterator[Outlived]]]:
    """What leads to a number first; last what is read as a whole."""
    for table in FORGETTING:
        yield partial(outlived.by_their_hour, table, parts.clock())
    yield partial(_answers, parts)
    yield partial(_audit, parts)
    yield partial(outlived.keys_ended_before, parts.today() - timedelta(days=KEY_DAYS))
    told_before = first_month_audited(parts)  # who sent and when is a part of the audit
    yield partial(outlived.invitations_before, first_month_kept(parts), told_before=told_before)


def _answers(parts: Parts) -> Iterator[Outlived]:
    """Responses and comments, a unit's together, those of units and surveys that are asked no longer included."""
    month = first_month_kept(parts)
    for unit, surveys in outlived.units_counted().items():
        yield from outlived.comments_before(month, unit)
        for survey in surveys:
            yield from outlived.responses_before(month, unit, survey)


def _audit(parts: Parts) -> Iterator[Outlived]:
    kept_from = first_month_audited(parts)
    for month in months_between(month_after(kept_from, -_LOOKED_BACK), month_after(kept_from, -1)):
        yield from outlived.audit_of(month)


def _yesterday(parts: Parts) -> date:
    return parts.today() - _DAY
