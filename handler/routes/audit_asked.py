"""What a page of the audit was asked for. Nothing like a phone number is taken: who did it is asked by their id."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handler.tables.audit import Did, Wanted

_WHO = re.compile(r"(person|key|command):[^\s]{1,200}|command|address")
_UNIT = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PLACE = re.compile(r"[0-9TZ:.-]{20,30}#[0-9a-f-]{36}")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """`before` is where the page begins, "" for the newest."""

    month: str
    wanted: Wanted
    before: str = ""

    def query(self, **differs: str) -> dict[str, str]:
        """As the page's address has it, without where the page begins."""
        asked = {
            "month": self.month,
            "who": self.wanted.who,
            "what": self.wanted.did,
            "unit": self.wanted.unit,
            **differs,
        }
        return {name: value for name, value in asked.items() if value}


def read_asked(given: Mapping[str, str], months: Sequence[str]) -> tuple[Asked, dict[str, str]]:
    """What was asked, and the faults by field; a field at fault is left open, and the newest month stands for one."""
    said = {name: given.get(name, "").strip() for name in ("month", "who", "what", "unit", "before")}
    right = {
        "month": said["month"] in months,
        "who": _WHO.fullmatch(said["who"]),
        "what": said["what"] in set(Did),
        "unit": _UNIT.fullmatch(said["unit"]),
    }
    faults = {f"audit_{name}": UNKNOWN for name, well in right.items() if said[name] and not well}
    taken = {name: said[name] if well else "" for name, well in right.items()}
    before = said["before"] if _PLACE.fullmatch(said["before"]) else ""
    return Asked(taken["month"] or months[0], Wanted(taken["who"], taken["what"], taken["unit"]), before), faults
