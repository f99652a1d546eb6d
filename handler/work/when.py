"""When an opening may leave: the sender's wish, the unit's hours and windows, and a day whose ceilings have room."""

from datetime import datetime, timedelta

from handler.work import ceiling
from handler.work.metric import Metric
from handler.work.parts import Parts
from handler.work.request import Refusal, Refused, Request
from survey_flow.contact_policy import MOST_DAYS_QUEUED
from survey_flow.helsinki import day_of
from survey_flow.sending_hours import IsHoliday, next_sending_time


def earliest(parts: Parts, request: Request, is_holiday: IsHoliday, *, trial: bool) -> datetime:
    """When the opening may leave, ceilings aside. Raises Refused when that is too far ahead to be queued."""
    now = parts.clock().replace(microsecond=0)
    wanted = max(now, request.send_after.replace(microsecond=0)) if request.send_after else now
    if wanted.year > now.year + 1:  # past what a calendar is searched for
        raise Refused(Refusal.TOO_LATE, allowed_from=wanted.date())
    # A trial heeds no hours: the colleague's phone has just written to us and waits for the answer.
    send_at = wanted if trial else _next_sending_time(parts, request, is_holiday, wanted)
    if send_at > now + timedelta(days=MOST_DAYS_QUEUED):
        raise Refused(Refusal.TOO_LATE, allowed_from=day_of(send_at))
    return send_at


def with_a_place(
    parts: Parts, request: Request, is_holiday: IsHoliday, earliest_at: datetime, *, trial: bool
) -> datetime:
    """The first moment from then on, on a day whose ceilings have room; the place is taken. Raises Refused."""
    send_at, unit = earliest_at, parts.library.organisation.units[request.unit]
    latest = parts.clock() + timedelta(days=MOST_DAYS_QUEUED)
    while not ceiling.take_place(parts, unit, day_of(send_at)):
        if send_at == earliest_at:
            parts.count(Metric.CEILING_REACHED, 1)
        if not trial:
            send_at = _next_sending_time(parts, request, is_holiday, ceiling.next_day(send_at))
        if trial or send_at > latest:
            raise Refused(Refusal.CEILING)
    return send_at


def _next_sending_time(parts: Parts, request: Request, is_holiday: IsHoliday, moment: datetime) -> datetime:
    """Raises Refused when no day is open, as when a unit's only window falls on a holiday."""
    unit = parts.library.organisation.units[request.unit]
    try:
        return next_sending_time(moment, unit.hours_for(request.respondent), is_holiday, unit.windows)
    except ValueError:
        raise Refused(Refusal.TOO_LATE) from None
