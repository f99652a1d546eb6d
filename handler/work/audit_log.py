"""The audit as the administrator reads it: a month at a time, newest first, with names beside what stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from handler.tables import audit, staff_keys
from handler.tables.audit import Did, Noted, Wanted
from handler.work.parts import Parts
from handler.work.retention import first_month_audited
from survey_flow.helsinki import month_of
from survey_flow.publication import months_between

A_PAGE = 50
# Some 4 MB as a file: a function answers with 6 MB at most ("Lambda quotas", AWS Lambda developer guide).
MOST_EXPORTED = 20_000
# Of so many sign-ins, the latest of the month, names are taken.
_MOST_SIGN_INS = 5_000


class TooMany(Exception):
    """More than one file holds."""


@dataclass(frozen=True, slots=True)
class OnPage:
    """`older` is where the next page begins, None on the last."""

    rows: tuple[Noted, ...]
    older: str | None


def months_kept(parts: Parts) -> tuple[str, ...]:
    """The months that may be asked for, this one first."""
    return months_between(first_month_audited(parts), month_of(parts.clock()))[::-1]


def on_page(month: str, wanted: Wanted, *, before: str | None = None) -> OnPage:
    found = tuple(audit.newest_first(month, wanted, most=A_PAGE + 1, before=before))
    shown = found[:A_PAGE]
    return OnPage(shown, shown[-1].place if len(found) > A_PAGE else None)


def exported(parts: Parts, month: str, wanted: Wanted, *, who: str, most: int = MOST_EXPORTED) -> list[Noted]:
    """All of the month that is wanted, which itself is noted first. Raises TooMany."""
    audit.note(parts.clock(), who=who, did=Did.AUDIT_EXPORTED, about=month)
    found = list(audit.newest_first(month, wanted, most=most + 1))
    if len(found) > most:
        raise TooMany
    return found


def names(month: str) -> Mapping[str, str]:
    """By who: the name that a person had when they signed in that month, the purpose of a key."""
    found = {f"key:{key.id}": key.purpose for key in staff_keys.every() if key.purpose}
    for signed_in in audit.newest_first(month, Wanted(did=Did.SIGNED_IN), most=_MOST_SIGN_INS):
        if signed_in.about:
            found.setdefault(signed_in.who, signed_in.about)
    return found
