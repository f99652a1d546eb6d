"""Reading what goes with a list: the choices that hold for its lines, and a chunk of lines to be sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handler.routes.asking import FaultyFields, FieldFault
from handler.routes.bulk_rows import Chosen
from handler.routes.form_fields import When
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.survey import Occasion, Respondent

MOST_IN_A_CHUNK = 25
# No file of the size that is taken has a line beyond this.
_LAST_LINE = 10_000_000
_FILE_KEY = re.compile(r"[0-9a-f]{64}")
_TICKS = {"on": True, "true": True, "off": False, "false": False, "": None}
_DEFAULTS = ("unit", "respondent", "language", "occasion")
_CHUNK = frozenset({"file_key", "when", "neutral", "confirmed", "rows"})


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen for the whole list; `defaults` hold for the lines that have nothing of their own."""

    defaults: Mapping[str, str]
    when: When
    neutral: bool | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """At most 25 lines, each with a number of its own, otherwise as they came."""

    chosen: Chosen
    rows: list[dict[str, Any]]


def read_choices(said: Mapping[str, str], library: Library) -> Choices:
    """From the page's fields or the API's query. Raises FaultyFields."""
    known: dict[str, set[str]] = {
        "unit": set(library.organisation.units),
        "respondent": set(Respondent),
        "language": set(Language),
        "occasion": set(Occasion),
        "when": set(When),
        "neutral": set(_TICKS),
        "confirmed": set(_TICKS),
    }
    faults = {
        name: FieldFault.UNKNOWN for name, value in said.items() if name not in known or value not in {"", *known[name]}
    }
    if "confirmed" not in faults and not _TICKS[said.get("confirmed", "")]:
        faults["confirmed"] = FieldFault.NOT_CONFIRMED
    if faults:
        raise FaultyFields(faults)
    defaults = {name: said[name] for name in _DEFAULTS if said.get(name)}
    return Choices(defaults, When(said.get("when") or When.NOW), _TICKS[said.get("neutral", "")])


def read_chunk(body: Mapping[str, Any]) -> Chunk:
    """Raises FaultyFields. What is wrong with one line is that line's own matter."""
    faults = dict.fromkeys(sorted(set(body) - _CHUNK), FieldFault.UNKNOWN)
    key, when, neutral, rows = (body.get(name) for name in ("file_key", "when", "neutral", "rows"))
    if not isinstance(key, str) or not _FILE_KEY.fullmatch(key):
        faults["file_key"] = FieldFault.UNKNOWN
    if when not in (None, *(each.value for each in When)):
        faults["when"] = FieldFault.UNKNOWN
    if neutral is not None and not isinstance(neutral, bool):
        faults["neutral"] = FieldFault.WRONG_TYPE
    if body.get("confirmed") is not True:
        faults["confirmed"] = FieldFault.NOT_CONFIRMED
    if not _are_rows(rows):
        faults["rows"] = FieldFault.WRONG_TYPE
    if faults:
        raise FaultyFields(faults)
    return Chunk(Chosen(str(key), When(when or When.NOW), neutral), list(rows or ()))


def _are_rows(rows: object) -> bool:
    if not isinstance(rows, list) or len(rows) > MOST_IN_A_CHUNK or not all(isinstance(row, dict) for row in rows):
        return False
    lines = [row.get("line") for row in rows]
    return all(type(line) is int and 0 < line <= _LAST_LINE for line in lines) and len(set(lines)) == len(lines)
