"""What is owed at the carrier after a closing: the messages that held answers, deleted there by their ids."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from handler.outside.carrier import CarrierSilent, OutcomeUnknown, SendFailed
from handler.tables.conversations import State
from handler.tables.deletions import DeletionRow
from handler.work.cancel import cancel
from handler.work.deletions import delete_owed
from handler.work.metric import Metric
from survey_flow.organisation import AtCarrier
from tests.handler.looking import held, invitation, key_of
from tests.world import OTHER_PHONE, PHONE, RecordingCarrier, World

SETTLES = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ANSWERS = ("SMa", "SMb", "SMc")


def at(world: World, after: timedelta) -> None:
    """One round of the schedule, so much later."""
    world.clock.now += after
    world.tick()


def finish(world: World, *, ids: tuple[str, str, str] = ANSWERS, number: str = PHONE) -> None:
    """A whole survey in three messages, just closed."""
    for body, message_id in zip(("9", "3524", "OHITA"), ids, strict=True):
        assert world.text(body, message_id=message_id, number=number)
    closed(world, number=number)


def closed(world: World, *, number: str = PHONE) -> None:
    assert held(world, number).state is State.CLOSED


def rows() -> list[DeletionRow]:
    return list(DeletionRow.scan())


def owed() -> list[str]:
    """The ids of everything that is owed, of all rows together."""
    return sorted(message_id for row in rows() for message_id in row.message_ids)


def counted(world: World, metric: Metric) -> list[int]:
    return [amount for name, amount in world.metrics if name == metric]


# --- what is owed


def expire(world: World) -> None:
    for _ in range(10):
        at(world, timedelta(hours=12))


def opt_out_at_carrier(world: World) -> None:
    world.text("STOP", message_id="SMlast", opt_out="STOP")


Ending = tuple[Callable[[World], object], tuple[str, ...]]
ENDINGS: dict[str, Ending] = {
    "finished": (finish, ANSWERS),
    "expired": (lambda world: [world.text("9", message_id="SMa"), world.text("öö", message_id="SMb")], ("SMa", "SMb")),
    "opted out": (
        lambda world: [world.text("9", message_id="SMa"), world.text("STOP", message_id="SMb")],
        ("SMa", "SMb"),
    ),
    "opted out at once": (lambda world: world.text("STOP", message_id="SMa"), ("SMa",)),
    "opted out, answered by the carrier": (
        lambda world: [world.text("9", message_id="SMa"), opt_out_at_carrier(world)],
        ("SMa",),
    ),
    "a wrong number": (
        lambda world: [world.text("9", message_id="SMa"), world.text("väärä numero", message_id="SMb")],
        ("SMa", "SMb"),
    ),
}


@pytest.mark.parametrize(("ending", "ids"), ENDINGS.values(), ids=ENDINGS)
def test_every_message_of_a_closed_conversation_is_deleted_by_its_id(
    world: World, ending: Callable[[World], object], ids: tuple[str, ...]
) -> None:
    world.opened()
    ending(world)
    expire(world)
    assert sorted(world.carrier.deleted) == sorted(ids)
    assert (owed(), world.carrier.emptied) == ([], [])


def test_nothing_is_deleted_while_the_conversation_is_open(world: World) -> None:
    world.opened()
    world.text("9", message_id="SMa")
    for _ in range(3):
        at(world, timedelta(hours=6))
    assert (owed(), world.carrier.deleted) == ([], [])


def test_the_carrier_is_given_five_minutes_to_be_done(world: World) -> None:
    world.opened()
    finish(world)
    at(world, SETTLES - timedelta(seconds=1))
    assert (world.carrier.deleted, owed()) == ([], sorted(ANSWERS))
    at(world, timedelta(seconds=1))
    assert (sorted(world.carrier.deleted), rows()) == (sorted(ANSWERS), [])
    at(world, MINUTE)
    assert len(world.carrier.deleted) == len(ANSWERS)


def test_many_messages_are_all_deleted_though_the_tombstone_remembers_few(world: World) -> None:
    world.opened()
    ids = [f"SM{number}" for number in range(12)]
    for message_id in ids:
        world.text("HELP", message_id=message_id)
    world.text("STOP", message_id="SMstop")
    at(world, SETTLES)
    assert sorted(world.carrier.deleted) == sorted([*ids, "SMstop"])


def unanswered(world: World) -> None:
    world.opened()
    expire(world)


def refused(world: World) -> None:
    world.carrier.faults.append(SendFailed(21211))
    world.opened()


def never_arrived(world: World) -> None:
    world.callback(world.opened(), "undelivered", error_code="30003")


def never_taken(world: World) -> None:
    world.carrier.faults.append(OutcomeUnknown())
    world.carrier.fates = [None, None]
    world.opened()
    for _ in range(4):
        at(world, timedelta(minutes=16))


def cancelled(world: World) -> None:
    assert cancel(world.parts, invitation(world.invite()))


def answered_by_the_carrier(world: World) -> None:
    world.opened()
    opt_out_at_carrier(world)


NOTHING_SAID = {
    "expired": unanswered,
    "refused": refused,
    "never arrived": never_arrived,
    "never taken": never_taken,
    "cancelled": cancelled,
    "opted out at the carrier": answered_by_the_carrier,
}


@pytest.mark.parametrize("ending", NOTHING_SAID.values(), ids=NOTHING_SAID)
def test_an_opening_that_nobody_answered_owes_nothing(world: World, ending: Callable[[World], None]) -> None:
    ending(world)
    closed(world)
    at(world, SETTLES)
    assert (rows(), world.carrier.deleted) == ([], [])


def test_a_repeated_message_owes_nothing_more(world: World) -> None:
    world.opened()
    finish(world)
    world.text("OHITA", message_id="SMc")
    world.text("9", message_id="SMa")
    assert owed() == sorted(ANSWERS)


# --- what the row tells


def test_the_row_leads_neither_to_the_phone_nor_to_the_response(world: World) -> None:
    accepted = world.opened()
    before = held(world)
    finish(world)
    (row,) = rows()
    kept = row.to_simple_dict()
    assert set(kept) == {"id", "message_ids", "since", "due"}
    told = repr(kept)
    (response,) = world.responses()
    for trace in (
        key_of(world),
        PHONE.removeprefix("+"),
        before.conversation_id,
        accepted.id,
        "kotka",
        "nuorten-matala",
        response.month_group_id.rpartition("#")[2],
    ):
        assert trace not in told


def test_every_closing_has_a_row_of_its_own(world: World) -> None:
    for number, ids in ((PHONE, ANSWERS), (OTHER_PHONE, ("SMd", "SMe", "SMf"))):
        world.opened(number=number)
        finish(world, ids=ids, number=number)
    assert len({row.id for row in rows()}) == 2
    at(world, SETTLES)
    assert (len(world.carrier.deleted), rows()) == (6, [])


# --- a re-invitation


def test_a_re_invitation_over_the_tombstone_loses_no_deletion(world: World) -> None:
    """Only a colleague's trials follow each other so soon."""
    first, second = ("SMa", "SMb", "SMc"), ("SMd", "SMe", "SMf")
    for ids in (first, second):
        world.text("KOE")
        assert world.opened().trial
        finish(world, ids=ids)
    assert set(owed()) >= {*first, *second}
    at(world, SETTLES)
    assert set(world.carrier.deleted) >= {*first, *second}
    assert rows() == []


def test_what_the_tombstone_carried_over_is_not_owed_again(world: World) -> None:
    world.text("KOE")
    world.opened()
    finish(world)
    at(world, SETTLES)
    world.opened()
    expire(world)
    closed(world)
    assert (sorted(world.carrier.deleted), rows()) == (sorted(ANSWERS), [])


# --- a carrier that does not answer


def test_what_the_carrier_does_not_delete_now_stays_owed_and_the_rest_is_done(world: World) -> None:
    world.opened()
    finish(world)
    world.carrier.silent = [CarrierSilent()]
    at(world, SETTLES)
    assert len(world.carrier.deleted) == 2
    assert len(owed()) == 1
    assert {*owed(), *world.carrier.deleted} == set(ANSWERS)
    at(world, SETTLES - timedelta(seconds=1))
    assert len(world.carrier.deleted) == 2
    at(world, timedelta(seconds=1))
    assert (sorted(world.carrier.deleted), rows()) == (sorted(ANSWERS), [])


@dataclass(slots=True)
class SilentCarrier(RecordingCarrier):
    """Deletes nothing; keeps what it was asked for."""

    asked_for: list[str] = field(default_factory=list)

    def delete(self, message_id: str) -> None:
        self.asked_for.append(message_id)
        raise CarrierSilent

    def empty(self, message_id: str) -> None:
        self.delete(message_id)


def silence(world: World) -> SilentCarrier:
    carrier = SilentCarrier()
    world.delivery = replace(world.delivery, carrier=carrier)
    return carrier


def test_a_silent_carrier_is_asked_less_and_less_often_and_at_least_every_six_hours(world: World) -> None:
    world.opened()
    world.text("STOP", message_id="SMa")
    carrier, asked_at = silence(world), []
    closed_at = world.clock.now
    while world.clock.now < closed_at + timedelta(days=2):
        (row,) = rows()
        world.clock.now = closed_at + timedelta(seconds=int(row.due - closed_at.timestamp()))
        delete_owed(world.parts, carrier)
        asked_at.append(world.clock.now)
    waits = [later - earlier for earlier, later in pairwise(asked_at)]
    assert carrier.asked_for == ["SMa"] * len(asked_at)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (SETTLES, timedelta(hours=6))
    delete_owed(world.parts, world.carrier)
    assert world.carrier.deleted == []  # its hour has not come
    world.clock.now += timedelta(hours=6)
    delete_owed(world.parts, world.carrier)
    assert (world.carrier.deleted, rows()) == (["SMa"], [])


# --- two rounds at once


@dataclass(slots=True)
class InterruptedCarrier(RecordingCarrier):
    """Another round, with a carrier of its own, runs to its end before this message is deleted."""

    world: World | None = None
    other: RecordingCarrier | None = None
    before: str = ""

    def delete(self, message_id: str) -> None:
        if message_id == self.before and self.world is not None and self.other is not None:
            delete_owed(self.world.parts, self.other)
        RecordingCarrier.delete(self, message_id)


SILENCES = {
    "both are done": ([], []),
    "this one is refused a message": ([CarrierSilent()], []),
    "the other is refused a message": ([], [CarrierSilent()]),
    "both are refused a message": ([CarrierSilent()], [CarrierSilent()]),
    "the other is refused everything": ([], [CarrierSilent() for _ in ANSWERS]),
}


@pytest.mark.parametrize("before", ANSWERS)
@pytest.mark.parametrize(("this", "other"), SILENCES.values(), ids=SILENCES)
def test_two_rounds_at_once_lose_nothing_and_raise_nothing(
    world: World, this: list[Exception], other: list[Exception], before: str
) -> None:
    world.opened()
    finish(world)
    world.clock.now += SETTLES
    second = RecordingCarrier(silent=list(other))
    first = InterruptedCarrier(world=world, other=second, before=before, silent=list(this))
    delete_owed(world.parts, first)
    world.clock.now += timedelta(minutes=10)
    delete_owed(world.parts, world.carrier)
    assert {*first.deleted, *second.deleted, *world.carrier.deleted} == set(ANSWERS)
    assert rows() == []


# --- emptied instead


def test_they_are_emptied_where_the_organisation_keeps_the_records(world: World) -> None:
    organisation = replace(world.parts.library.organisation, answers_at_carrier=AtCarrier.EMPTY)
    world.parts = replace(world.parts, library=replace(world.parts.library, organisation=organisation))
    world.delivery = replace(world.delivery, parts=world.parts)
    world.opened()
    finish(world)
    at(world, SETTLES)
    assert (sorted(world.carrier.emptied), world.carrier.deleted, rows()) == (sorted(ANSWERS), [], [])


# --- what is overdue


def test_once_a_day_it_is_told_how_many_are_older_than_a_week(world: World) -> None:
    world.opened()
    finish(world)
    silence(world)
    for _ in range(9 * 4):
        at(world, timedelta(hours=6))
    assert counted(world, Metric.DELETIONS_OVERDUE) == [0] * 8 + [1] * 2
    assert counted(world, Metric.OLDEST_DELETION) == [DAY.total_seconds() * age for age in range(10)]
    at(world, MINUTE)
    assert len(counted(world, Metric.DELETIONS_OVERDUE)) == 10


def test_all_being_well_none_is_overdue(world: World) -> None:
    world.opened()
    finish(world)
    for _ in range(9):
        at(world, DAY)
    assert counted(world, Metric.DELETIONS_OVERDUE) == [0] * 10


def test_a_silent_carrier_keeps_nothing_else_of_the_round_waiting(world: World) -> None:
    world.opened()
    finish(world)
    silence(world)
    world.clock.now += SETTLES
    world.opened(number=OTHER_PHONE)
    assert held(world, OTHER_PHONE).state is State.OPEN
    at(world, MINUTE)
    assert world.columns()["invited"] == 2
