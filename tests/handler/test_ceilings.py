"""The daily ceilings and the collection windows: who leaves today, who waits for which day, and who is refused."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from handler.app import create_app
from handler.outside.carrier import TryLater
from handler.settings import settings_from
from handler.tables.conversations import State
from handler.tables.invitations import InvitationState
from handler.work import ceiling
from handler.work.invite import Accepted
from handler.work.metric import Metric
from handler.work.request import Refusal
from handler.work.staff_key import make_key
from local.one_app import make_missing
from survey_flow.access import Right
from survey_flow.helsinki import day_of
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.environment import ENVIRONMENT
from tests.handler.looking import contact, held, invitation, is_contact, refused
from tests.world import START, World, at, interrupt

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
CLIENT = {"unit": "varkaus", "respondent": "client", "survey": "palvelumittari"}
GUARDIAN = {"respondent": "guardian", "survey": "nuorten-matala-huoltaja"}


def small(library: Library, *, whole: int | None = None, **of_units: int) -> Library:
    """The library with these ceilings and no others."""
    organisation = library.organisation
    units = {name: replace(unit, daily_ceiling=of_units.get(name)) for name, unit in organisation.units.items()}
    return replace(library, organisation=replace(organisation, units=units, daily_ceiling=whole))


def limit(world: World, *, whole: int | None = None, **of_units: int) -> None:
    world.parts = replace(world.parts, library=small(world.parts.library, whole=whole, **of_units))
    world.delivery = replace(world.delivery, parts=world.parts)


def number(n: int) -> PhoneNumber:
    return PhoneNumber(f"+35840765{n:04}")


def invited(world: World, *numbers: int, **differs: object) -> list[Accepted]:
    return [world.invite(number=number(n), **differs) for n in numbers]


def days(accepted: list[Accepted]) -> list[date]:
    return [day_of(one.send_at) for one in accepted]


# --- who waits


def test_the_one_after_the_ceiling_waits_for_the_next_sending_day_and_leaves_then(world: World) -> None:
    limit(world, kotka=2)
    first, second, third = invited(world, 1, 2, 3)
    assert (first.send_at, second.send_at) == (START, START)
    assert third.send_at == at(TOMORROW, 14)
    assert third.state is InvitationState.QUEUED
    world.tick()
    assert len(world.carrier.sent) == 2
    world.clock.now = third.send_at - timedelta(seconds=1)
    world.tick()
    assert len(world.carrier.sent) == 2
    world.clock.now = third.send_at
    world.tick()
    assert [message.to for message in world.carrier.sent] == [number(1), number(2), number(3)]
    found = contact(world, number(3))
    assert found is not None
    assert found.contacted_on == TOMORROW


def test_each_day_has_room_for_as_many(world: World) -> None:
    limit(world, kotka=2)
    found = Counter(days(invited(world, *range(7))))
    assert found == {TODAY: 2, TOMORROW: 2, date(2026, 11, 26): 2, date(2026, 11, 27): 1}


def test_the_next_sending_day_is_no_weekend_and_no_holiday(world: World) -> None:
    limit(world, kotka=1)
    friday, tuesday = date(2026, 11, 27), date(2026, 12, 1)
    world.delivery = replace(world.delivery, is_holiday=lambda day: day == date(2026, 11, 30))
    world.clock.now = at(friday, 18)
    found = invited(world, 1, 2, **GUARDIAN)
    assert [one.send_at for one in found] == [at(friday, 18), at(tuesday, 9)]


def test_a_day_is_helsinkis(world: World) -> None:
    limit(world, kotka=1)
    world.clock.now = at(TOMORROW, 0, 30)  # still the day before in UTC
    assert ceiling.places_left(world.parts, world.parts.library.organisation.units["kotka"], TODAY) == 1
    found = invited(world, 1, 2)
    assert [one.send_at for one in found] == [at(TOMORROW, 14), at(date(2026, 11, 26), 14)]


def test_what_was_wished_for_another_day_counts_there(world: World) -> None:
    limit(world, kotka=1)
    found = invited(world, 1, 2, send_after=at(TOMORROW, 15))
    assert [one.send_at for one in found] == [at(TOMORROW, 15), at(date(2026, 11, 26), 14)]
    assert days(invited(world, 3)) == [TODAY]


def test_without_a_ceiling_everybody_leaves_today(world: World) -> None:
    limit(world)
    assert set(days(invited(world, *range(12)))) == {TODAY}
    assert ceiling.places_left(world.parts, world.parts.library.organisation.units["kotka"], TODAY) is None
    assert (Metric.CEILING_REACHED, 1) not in world.metrics


# --- by unit and for all


def test_a_units_ceiling_holds_up_no_other_unit(world: World) -> None:
    limit(world, kotka=1)
    assert days(invited(world, 1, 2)) == [TODAY, TOMORROW]
    assert days(invited(world, 3, 4, unit="kouvola")) == [TODAY, TODAY]


def test_the_ceiling_for_all_counts_every_unit(world: World) -> None:
    limit(world, whole=2)
    assert days([*invited(world, 1), *invited(world, 2, unit="kouvola"), *invited(world, 3)]) == [
        TODAY,
        TODAY,
        TOMORROW,
    ]


def test_a_units_place_is_given_back_when_the_ceiling_for_all_is_reached(world: World) -> None:
    limit(world, whole=1, kotka=3)
    assert days(invited(world, 1, 2)) == [TODAY, TOMORROW]
    limit(world, whole=10, kotka=3)
    assert days(invited(world, 3, 4, 5)) == [TODAY, TODAY, TOMORROW]


def test_a_ceiling_that_is_reached_is_told(world: World) -> None:
    limit(world, kotka=1)
    invited(world, 1)
    assert (Metric.CEILING_REACHED, 1) not in world.metrics
    invited(world, 2)
    assert world.metrics.count((Metric.CEILING_REACHED, 1)) == 1


# --- places that are not used


def test_a_claim_that_an_opt_out_won_gives_its_place_back(world: World) -> None:
    limit(world, whole=1, kotka=1)
    interrupt(world, lambda: world.text("STOP"))
    assert refused(world).refusal is Refusal.OPTED_OUT
    assert days(invited(world, 1)) == [TODAY]


def test_a_claim_that_its_own_repeat_won_takes_one_place(world: World) -> None:
    limit(world, whole=2, kotka=2)
    interrupt(world, lambda: world.invite(idempotency_key="1"))
    assert world.invite(idempotency_key="1").repeated
    assert days(invited(world, 1, 2)) == [TODAY, TOMORROW]


def test_a_repeat_finds_its_place_taken_when_the_day_is_full(world: World) -> None:
    limit(world, kotka=1)
    first = world.invite(idempotency_key="1")
    again = world.invite(idempotency_key="1")
    assert (again.id, again.send_at, again.repeated) == (first.id, first.send_at, True)


def an_opted_out_number(world: World) -> None:
    world.text("STOP")


def a_number_just_asked(world: World) -> None:
    world.invite(send_after=at(date(2026, 11, 26), 15))


REFUSED = {"opted out": an_opted_out_number, "throttled": a_number_just_asked}


@pytest.mark.parametrize("before", REFUSED.values(), ids=REFUSED)
def test_a_number_that_is_refused_takes_no_place(world: World, before: Callable[[World], None]) -> None:
    limit(world, whole=1, kotka=1)
    before(world)
    for _ in range(3):
        assert refused(world).refusal in (Refusal.OPTED_OUT, Refusal.THROTTLED)
    assert days(invited(world, 1)) == [TODAY]


# --- full


def fill(world: World) -> None:
    """Takes every place of the next 40 days."""
    unit = world.parts.library.organisation.units["kotka"]
    for ahead in range(40):
        while ceiling.take_place(world.parts, unit, TODAY + timedelta(days=ahead)):
            pass


def test_full_for_31_days_the_number_is_refused_and_not_counted_as_contacted(world: World) -> None:
    limit(world, kotka=1)
    accepted = invited(world, *range(24))
    assert days(accepted)[-1] == date(2026, 12, 25)  # the calendar of this world has no holidays
    assert refused(world, number=number(24)).refusal is Refusal.CEILING
    assert not is_contact(world, number(24))
    assert world.held(number(24)) is None
    limit(world, kotka=2)
    assert days(invited(world, 24)) == [TODAY]


def test_the_api_answers_429_when_the_days_to_come_are_full(world: World, library: Library) -> None:
    settings = settings_from(ENVIRONMENT)
    make_missing(settings)
    limit(world, kotka=1)
    fill(world)
    app = create_app(("web",), environment=ENVIRONMENT, clock=world.clock, library=small(library, kotka=1))
    key = make_key(units=frozenset({"kotka"}), rights=frozenset({Right.SEND}), today=world.parts.today())
    body = {"phone": "040 123 4567", "unit": "kotka", "respondent": "youth", "confirmed": True}
    answer = app.test_client().post("/api/invitations", json=body, headers={"Authorization": f"Bearer {key.key}"})
    assert (answer.status_code, answer.content_type) == (429, "application/problem+json")
    assert answer.json is not None
    assert answer.json["type"].endswith("ceiling")
    assert "4567" not in answer.text


# --- collection windows


def test_within_its_window_an_opening_leaves_at_once(world: World) -> None:
    world.opened(**CLIENT)
    assert len(world.carrier.sent) == 1


OUTSIDE = {
    "in the winter": (at(date(2026, 12, 1), 12), date(2027, 4, 1)),
    "in the summer": (at(date(2026, 6, 1), 12), date(2026, 10, 1)),
    "on the last day, after the hours": (at(date(2026, 11, 30), 19), date(2027, 4, 1)),
}


@pytest.mark.parametrize(("now", "opens"), OUTSIDE.values(), ids=OUTSIDE)
def test_outside_its_window_an_opening_is_refused_with_the_day_on_which_it_opens(
    world: World, now: datetime, opens: date
) -> None:
    world.clock.now = now
    told = refused(world, **CLIENT)
    assert (told.refusal, told.allowed_from) == (Refusal.TOO_LATE, opens)


def test_shortly_before_its_window_an_opening_waits_for_its_first_day(world: World) -> None:
    world.clock.now = at(date(2027, 3, 10), 12)
    accepted = world.invite(**CLIENT)
    assert accepted.send_at == at(date(2027, 4, 1), 9)
    world.clock.now = at(date(2027, 3, 31), 18, 59)
    world.tick()
    assert world.carrier.sent == []
    world.clock.now = accepted.send_at
    world.tick()
    assert len(world.carrier.sent) == 1


def test_a_window_that_is_full_to_its_last_day_refuses(world: World) -> None:
    limit(world, varkaus=1)
    world.clock.now = at(date(2026, 11, 30), 12)
    assert days(invited(world, 1, **CLIENT)) == [date(2026, 11, 30)]
    assert refused(world, number=number(2), **CLIENT).refusal is Refusal.CEILING


def test_an_opening_whose_window_closed_while_it_waited_expires_and_is_no_contact(world: World) -> None:
    world.clock.now = at(date(2026, 11, 30), 18, 50)
    world.carrier.faults = [TryLater() for _ in range(20)]
    accepted = world.opened(**CLIENT)
    for _ in range(20):
        world.clock.now += timedelta(minutes=1)
        world.tick()
    assert (invitation(accepted).state, held(world).state) == (InvitationState.EXPIRED, State.CLOSED)
    assert (is_contact(world), world.carrier.sent) == (False, [])
