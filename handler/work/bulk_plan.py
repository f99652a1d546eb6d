"""When the openings of a list would leave: hours, windows and ceilings played through, and no place taken."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from handler.work import ceiling, when
from handler.work.invite import Inviting
from handler.work.parts import Parts
from handler.work.request import Refused, Request
from survey_flow.bulk_totals import Plan
from survey_flow.contact_policy import MOST_DAYS_QUEUED
from survey_flow.helsinki import day_of
from survey_flow.sending_hours import next_sending_time


@dataclass(slots=True)
class Room:
    """The places that are left on each day, as they were when first asked; ("", day) is the whole organisation's."""

    parts: Parts
    _left: dict[tuple[str, date], int | None] = field(default_factory=dict)

    def left(self, unit: str, day: date) -> int | None:
        """The unit's own ceiling and the organisation's together. None when there is no ceiling."""
        return self._asked(unit, unit, day)

    def left_for_all(self, unit: str, day: date) -> int | None:
        """The organisation's alone."""
        return self._asked("", unit, day)

    def _asked(self, whose: str, unit_id: str, day: date) -> int | None:
        if (whose, day) not in self._left:
            unit = self.parts.library.organisation.units[unit_id]
            asked = unit if whose else replace(unit, daily_ceiling=None)
            self._left[whose, day] = ceiling.places_left(self.parts, asked, day)
        return self._left[whose, day]


def plan(inviting: Inviting, requests: Iterable[Request], room: Room) -> Plan:
    """In the order of the list, as sending goes."""
    now, given = inviting.parts.clock(), Counter[tuple[str, date]]()
    next_free: dict[tuple[str, str, datetime | None], datetime | None] = {}
    moments = []
    for request in requests:
        kind = (request.unit, request.respondent, request.send_after)
        if kind not in next_free:
            next_free[kind] = _earliest(inviting, request)
        next_free[kind] = moment = _with_room(inviting, request, next_free[kind], room, given)
        moments.append(moment)
    later = [moment for moment in moments if moment is not None and moment > now]
    without = sum(moment is None for moment in moments)
    return Plan(
        at_once=len(moments) - len(later) - without, queued=len(later), no_room=without, last=max(later, default=None)
    )


def _earliest(inviting: Inviting, request: Request) -> datetime | None:
    try:
        return when.earliest(inviting.parts, request, inviting.is_holiday, trial=False)
    except Refused:
        return None


def _with_room(
    inviting: Inviting, request: Request, moment: datetime | None, room: Room, given: Counter[tuple[str, date]]
) -> datetime | None:
    """The first moment from then on, on a day with room, which is counted as given."""
    unit = inviting.parts.library.organisation.units[request.unit]
    latest = inviting.parts.clock() + timedelta(days=MOST_DAYS_QUEUED)
    while moment is not None and moment <= latest:
        day = day_of(moment)
        if _has_room(unit.id, day, room, given):
            given.update([(unit.id, day), ("", day)])
            return moment
        try:
            hours = unit.hours_for(request.respondent)
            moment = next_sending_time(ceiling.next_day(moment), hours, inviting.is_holiday, unit.windows)
        except ValueError:
            return None
    return None


def _has_room(unit: str, day: date, room: Room, given: Counter[tuple[str, date]]) -> bool:
    own, whole = room.left(unit, day), room.left_for_all(unit, day)
    return (own is None or given[unit, day] < own) and (whole is None or given["", day] < whole)
