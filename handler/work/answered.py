"""How many have answered so far, for the dashboard: told once a day, and only in full fives.

A count at the moment of the answer would tell whoever watches, where little is asked, when one person answered or
refused; `counts` has the figures themselves, for named people.
"""

from collections.abc import Iterator

from handler.tables import counts
from handler.tables.responses import Place
from handler.work.metric import Metric
from handler.work.parts import Parts
from survey_flow.closing import FINISHED, OPTED_OUT
from survey_flow.figures import responses_in
from survey_flow.publication import HIDDEN_UNDER, added, month_of, months_between


def count_answered(parts: Parts) -> None:
    """The totals of everybody together since the results begin: a hundred rows a call."""
    columns = added(row for book in counts.books(_places(parts)).values() for row in book.values())
    totals = {
        Metric.STARTED: responses_in(columns),
        Metric.FINISHED: columns.get(FINISHED, 0),
        Metric.OPTED_OUT: columns.get(OPTED_OUT, 0),
    }
    for metric, total in totals.items():
        parts.count(metric, total - total % HIDDEN_UNDER)


def _places(parts: Parts) -> Iterator[Place]:
    organisation = parts.library.organisation
    months = months_between(organisation.results_from, month_of(parts.today()))
    for unit in organisation.units.values():
        for respondent, survey in unit.asks(parts.library.surveys):
            for month in months:
                yield Place(unit.id, survey, respondent, month)
