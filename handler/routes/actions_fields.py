"""What was typed of an action; every field at fault is named."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from handler.routes.comments_fields import Fault
from handler.tables.actions import Action, Plan
from survey_flow.organisation import Organisation

LONGEST = {"what": 300, "who": 100, "told": 500}
FIELDS = ("what", "who", "by_when", "theme", "told")

_BY_BROWSER = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_BY_PEOPLE = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII)
# A slip of the finger, such as the year 0206, is no date.
_YEARS = range(2000, 2101)


def read_plan(
    typed: Mapping[str, str], organisation: Organisation, *, kept_theme: str = ""
) -> tuple[Plan | None, dict[str, Fault]]:
    """The plan, or its faults by field. `kept_theme` may stay although the organisation has dropped it."""
    fields = {name: typed.get(name, "").strip() for name in FIELDS}
    faults = {f"actions_{name}": Fault.TOO_LONG for name, longest in LONGEST.items() if len(fields[name]) > longest}
    faults |= {f"actions_{name}": Fault.MISSING for name in FIELDS if name != "told" and not fields[name]}
    by_when = read_date(fields["by_when"])
    if fields["by_when"] and by_when is None:
        faults["actions_by_when"] = Fault.NOT_A_DATE
    if fields["theme"] and fields["theme"] not in {*organisation.themes, kept_theme}:
        faults["actions_theme"] = Fault.UNKNOWN
    if faults or by_when is None:
        return None, faults
    return Plan(fields["what"], fields["who"], by_when, fields["theme"], fields["told"]), {}


def read_date(text: str) -> date | None:
    """A date as a browser sends it, "2026-12-24", or as people write it, "24.12.2026"."""
    found = _BY_BROWSER.fullmatch(text) or _BY_PEOPLE.fullmatch(text)
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def new_id_of(typed: Mapping[str, str]) -> str:
    """The id that the form was given, so that sending it twice adds one."""
    try:
        return str(UUID(typed.get("new_id", "")))
    except ValueError:
        return str(uuid4())


def typed_of(action: Action) -> dict[str, str]:
    """The form's fields as the action has them."""
    plan = action.plan
    return {
        "what": plan.what,
        "who": plan.who,
        "by_when": plan.by_when.isoformat(),
        "theme": plan.theme,
        "told": plan.told,
    }
