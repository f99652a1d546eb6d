"""What both pages of the results read: the unit, what of it is asked for, its groups as they are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from handler.routes.results_asked import AskedResults, asked_results, period_field
from handler.routes.results_choices import Calendar, split_group
from handler.routes.results_view import GroupView, group_views
from handler.routes.results_words import ResultsWords, unbroken
from handler.work.parts import Parts
from handler.work.results import Compare, GroupResults, unit_results
from survey_flow.language import Language
from survey_flow.organisation import Unit


@dataclass(frozen=True, slots=True)
class Read:
    """`every` are all groups of the unit, `groups` those asked for (or every one, where none of them is).

    `faults` are keys of words by field.
    """

    unit: Unit
    language: Language
    words: ResultsWords
    calendar: Calendar
    asked: AskedResults
    faults: Mapping[str, str]
    every: Sequence[GroupResults]
    groups: Sequence[GroupResults]
    not_asked: bool
    views: Sequence[GroupView]

    def query(self, **differs: str) -> dict[str, str]:
        """What is shown, as an address says it: for links to the same in another form."""
        asked = self.asked
        said = {
            "unit": self.unit.id,
            "group": asked.respondent,
            "survey": asked.survey,
            "period": period_field(asked.period) if asked.period else None,
            "compare": asked.compare.value if asked.compare is not Compare.BEFORE else None,
        }
        return {name: value for name, value in {**said, **differs}.items() if value}

    def for_template(self) -> dict[str, Any]:
        names = ("unit", "words", "asked", "faults", "not_asked", "views", "query")
        return {name: getattr(self, name) for name in names} | {
            "query_string": urlencode(self.query()),
            "unbroken": unbroken,
        }


# The page's own fields for those that an address may name.
_FIELDS = {"from": "period", "to": "period", "survey": "group"}


def faults_by_field(faults: Mapping[str, str]) -> dict[str, str]:
    """The words' key of what is wrong in each field of the page's form, one a field."""
    found: dict[str, str] = {}
    for name, fault in faults.items():
        found.setdefault(_FIELDS.get(name, name), f"results_fault_{name}_{fault}")
    return found


def read_results(parts: Parts, unit: Unit, given: Mapping[str, str], words: ResultsWords, language: Language) -> Read:
    """What is at fault is left out, so that something can be shown beneath what is said of it."""
    of = Calendar(unit, parts.library.organisation.first_month(unit), parts.today())
    asked, faults = asked_results(split_group(dict(given)), parts.library.surveys)
    every = unit_results(parts, unit, asked.period, asked.compare)
    wanted = [group for group in every if asked.wants(group.respondent, group.survey.id)]
    groups = wanted or every
    return Read(
        unit=unit,
        language=language,
        words=words,
        calendar=of,
        asked=asked,
        faults=faults_by_field(faults),
        every=every,
        groups=groups,
        not_asked=bool(every and not wanted),
        views=group_views(groups, asked, of, words, language),
    )
