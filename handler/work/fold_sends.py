"""The sending columns of `counts`: the fold of the invitations, set anew rather than added to."""

from collections import Counter

from handler.tables import counts, invitations
from handler.tables.invitations import LEFT, NEVER_ARRIVED, InvitationState
from handler.tables.responses import Place
from handler.work.parts import Parts
from survey_flow.publication import books_are_closed, month_after, month_of


def fold_recent(parts: Parts) -> None:
    """This month, and the one before until its books are closed: an opening's last callback comes within hours."""
    today = parts.today()
    this_month = month_of(today)
    before = month_after(this_month, -1)
    months = [this_month] if books_are_closed(before, today) else [this_month, before]
    for unit in parts.library.organisation.units.values():
        for respondent, survey in unit.asks(parts.library.surveys):
            for month in months:
                fold(Place(unit.id, survey, respondent, month))


def fold(place: Place) -> None:
    """Sets the sending columns of one row."""
    columns = sending_columns(list(invitations.of_month(place.unit, place.survey, place.respondent, place.month)))
    if columns:
        counts.set_columns(place, columns)


def sending_columns(found: list[tuple[str, str]]) -> dict[str, int]:
    """invited (left), delivered, undelivered (with failed) and blocked by reason, from each state and reason."""
    # Named even at nothing: a send that was counted as invited may fail later, and its column goes back to 0.
    columns: Counter[str] = Counter({"invited": 0, "delivered": 0, "undelivered": 0} if found else {})
    for state, reason in found:
        if state in LEFT:
            columns["invited"] += 1
        if state == InvitationState.DELIVERED:
            columns["delivered"] += 1
        if state in NEVER_ARRIVED:
            columns["undelivered"] += 1
        if state == InvitationState.BLOCKED:
            columns[f"blocked_{reason.replace('-', '_')}"] += 1
    return dict(columns)
