"""What of the results somebody asks for: whole months, a group, what to compare with. Faults are told per field."""

from collections.abc import Mapping
from dataclasses import dataclass

from handler.work.results import Compare
from survey_flow.publication import Period, month_from
from survey_flow.survey import Respondent

# In one field, as the page's menu sends it: "2026-09--2026-11".
_BETWEEN = "--"


@dataclass(frozen=True, slots=True)
class AskedResults:
    """Nothing asked for is the latest period of each group, all groups, compared with the period before."""

    period: Period | None = None
    respondent: str | None = None
    survey: str | None = None
    compare: Compare = Compare.BEFORE

    def wants(self, respondent: str, survey: str) -> bool:
        return self.respondent in (None, respondent) and self.survey in (None, survey)


def asked_results(given: Mapping[str, str], surveys: Mapping[str, object]) -> tuple[AskedResults, dict[str, str]]:
    """What is asked for, and the faults by field: `month`, `order`, `unknown`. A field at fault is left out of it."""
    faults: dict[str, str] = {}
    period = _period(given, faults)
    respondent = given.get("group") or None
    if respondent is not None and respondent not in set(Respondent):
        faults["group"] = "unknown"
    survey = given.get("survey") or None
    if survey is not None and survey not in surveys:
        faults["survey"] = "unknown"
    compare = given.get("compare") or Compare.BEFORE
    if compare not in set(Compare):
        faults["compare"] = "unknown"
    asked = AskedResults(
        period=period,
        respondent=None if "group" in faults else respondent,
        survey=None if "survey" in faults else survey,
        compare=Compare.BEFORE if "compare" in faults else Compare(compare),
    )
    return asked, faults


def period_field(period: Period) -> str:
    """The period as one field of a form, as `asked_results` reads it."""
    return f"{period.first}{_BETWEEN}{period.last}"


def _period(given: Mapping[str, str], faults: dict[str, str]) -> Period | None:
    first, _, last = given.get("period", "").partition(_BETWEEN)
    first = given.get("from") or first
    last = given.get("to") or last or first
    first = first or last
    if not first:
        return None
    for field, month in (("from", first), ("to", last)):
        try:
            month_from(month)
        except ValueError:
            faults[field] = "month"
    if not faults and first > last:
        faults["from"] = "order"
    return None if faults else Period(first, last)
