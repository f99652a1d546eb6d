"""The staff form's fields as the API has them; a list's lines are read by the same."""

from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any

from handler.work.invite import Inviting
from survey_flow.sending_hours import afternoon_of_next_day


class When(StrEnum):
    """When the sender wishes it to leave: as soon as it may, or on the next sending day after noon."""

    NOW = "now"
    TOMORROW = "tomorrow"


def fields_of(typed: Mapping[str, str], inviting: Inviting) -> dict[str, Any]:
    """The form's fields as the API has them: ticks become booleans, choices left open are left out."""
    fields: dict[str, Any] = {
        name: typed[name] for name in ("phone", "unit", "respondent", "occasion", "language") if typed.get(name)
    }
    fields["neutral"] = typed.get("neutral") == "on"
    fields["confirmed"] = typed.get("confirmed") == "on"
    unit = inviting.parts.library.organisation.units.get(typed.get("unit", ""))
    if typed.get("when") == When.TOMORROW and unit is not None:
        hours, now = unit.hours_for(typed.get("respondent", "")), inviting.parts.clock()
        with suppress(ValueError):  # never open: refused with its own words
            afternoon = afternoon_of_next_day(now, hours, inviting.is_holiday, unit.windows)
            fields["send_after"] = afternoon.isoformat()
    return fields
