"""Reading a line of a list into a Request, by the form's rules: when it is checked, and again when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handler.routes.asking import FaultyFields, FieldFault, read_request
from handler.routes.form_fields import When, fields_of
from handler.work import when as leaving
from handler.work.bulk import Sender, idempotency_key
from handler.work.invite import Inviting
from handler.work.request import Refused, Request

_TEXTS = ("phone", "unit", "respondent", "language", "occasion")
_FIELDS = frozenset({"line", "facts", *_TEXTS})


class FaultyRow(Exception):
    """The line is left out; `name` is that of its sentence. Never holds what stands on the line."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds for every line. `neutral` None leaves it to each line's unit."""

    file_key: str
    when: When
    neutral: bool | None


@dataclass(slots=True)
class RowReader:
    """Reads the lines of one list; what is the same for a unit's group is found once."""

    inviting: Inviting
    sender: Sender
    chosen: Chosen
    _send_after: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _too_late: dict[tuple[str, str], Refused | None] = field(default_factory=dict)

    def request(self, row: Mapping[str, Any]) -> Request:
        """Raises FaultyRow."""
        try:
            _check_shape(row)
            return read_request(
                self._fields(row),
                self.inviting.parts.library,
                caller=self.sender.caller,
                idempotency_key=idempotency_key(self.chosen.file_key, row["line"]),
            )
        except FaultyFields as failure:
            name, fault = next(iter(failure.faults.items()))
            raise FaultyRow(f"{name}_{fault}") from None

    def too_late(self, request: Request) -> Refused | None:
        """Why no message of this unit's group could leave within a month, if none could."""
        group = (request.unit, request.respondent)
        if group not in self._too_late:
            try:
                leaving.earliest(self.inviting.parts, request, self.inviting.is_holiday, trial=False)
                self._too_late[group] = None
            except Refused as refused:
                self._too_late[group] = refused
        return self._too_late[group]

    def _fields(self, row: Mapping[str, Any]) -> dict[str, Any]:
        typed = {name: row[name] for name in _TEXTS if name in row} | {"confirmed": "on"}
        unit = typed.get("unit", "").strip()
        if unit in self.inviting.parts.library.organisation.units and not self.sender.may_send_for(unit):
            raise FaultyRow("unit_not_allowed")
        fields = fields_of(typed, self.inviting)
        del fields["neutral"]
        chosen = {"neutral": self.chosen.neutral, "facts": row.get("facts"), "send_after": self._later(typed)}
        return fields | {name: value for name, value in chosen.items() if value is not None}

    def _later(self, typed: Mapping[str, str]) -> str | None:
        group = (typed.get("unit", ""), typed.get("respondent", ""))
        if group not in self._send_after:
            asked = {"unit": group[0], "respondent": group[1], "when": self.chosen.when.value}
            self._send_after[group] = fields_of(asked, self.inviting).get("send_after")
        return self._send_after[group]


def _check_shape(row: Mapping[str, Any]) -> None:
    """Raises FaultyFields for what no line of a list has."""
    faults = {name: FieldFault.WRONG_TYPE for name in _TEXTS if not isinstance(row.get(name, ""), str)}
    faults |= dict.fromkeys(sorted(set(row) - _FIELDS), FieldFault.UNKNOWN)
    if faults:
        raise FaultyFields(faults)
