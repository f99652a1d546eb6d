"""The process dies before or after every single call that inviting, delivering, reminding and closing make.

Each run lives one conversation through to its end, dying once. The item that was being handled is handed out again, as
the queue does; the schedule goes on; the carrier is a small model that remembers what it took. However it went, at the
end nothing is owed, nobody was written to twice, and the columns tell what happened.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from pynamodb.signals import post_dynamodb_send, pre_dynamodb_send

from handler.jobs import CALLS_AN_ITEM, deliver_batch
from handler.outside.carrier import CarrierSilent, Fate, OutcomeUnknown, Outgoing, SendFailed, TryLater
from handler.outside.carrier_list import Passed, Stretch
from handler.tables import invitations
from handler.tables.conversations import ConversationRow, State, due_keys
from handler.tables.deletions import DeletionRow
from handler.tables.invitations import InvitationRow, InvitationState
from handler.work.fold_sends import fold_recent, sending_columns
from handler.work.request import Refused
from handler.work.settle import BETWEEN_LOOKS, LEASE
from handler.work.tick import tick
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.calls import calls
from tests.carrier_log import CarrierLog
from tests.handler.looking import held, is_contact
from tests.world import PHONE, START, StillClock, World, empty_tables, world_over


class Died(BaseException):
    """The process ends here: nothing of ours may catch it."""


@dataclass
class Points:
    """Counts the points before and after each call; dies at one of them."""

    die_at: int | None = None
    passed: list[str] = field(default_factory=list)

    def point(self, name: str) -> None:
        self.passed.append(name)
        if len(self.passed) - 1 == self.die_at:
            raise Died(name)

    @contextmanager
    def watching(self) -> Iterator[None]:
        def before(_: object, operation_name: str, **__: object) -> None:
            self.point(f"before {operation_name}")

        def after(_: object, operation_name: str, **__: object) -> None:
            self.point(f"after {operation_name}")

        with pre_dynamodb_send.connected_to(before), post_dynamodb_send.connected_to(after):
            yield


@dataclass
class ModelCarrier:
    """Takes, refuses, or loses its answer; its list tells the truth. The process may die around each call."""

    points: Points
    how: str
    clock: StillClock
    taken: list[Outgoing] = field(default_factory=list)
    asked: int = 0
    log: CarrierLog = field(default_factory=CarrierLog)

    def send(self, message: Outgoing) -> str:
        self.points.point("before send")
        self.asked += 1
        first = self.asked == 1
        if self.how == "busy at first" and first:
            raise TryLater
        if self.how == "not a mobile" and "invitation" in message.status_callback:
            raise SendFailed(21614)
        if self.how == "opted out at the carrier":
            raise SendFailed(21610)
        if not (self.how == "fails untaken" and first):
            self.taken.append(message)
            self.log.note(f"SM{len(self.taken)}", message.to, "outbound-api", message.text, self.clock.now)
        self.points.point("after send")
        if self.how.startswith("fails") and first:
            raise OutcomeUnknown
        return "SM"

    def fate_of(self, number: PhoneNumber, digest: str, *, not_older_than: timedelta) -> Fate | None:
        assert number == PHONE
        assert digest
        assert not_older_than
        return Fate("delivered") if self.openings else None

    def delete(self, message_id: str) -> None:
        self.points.point("before delete")
        self.log.delete(message_id)
        self.points.point("after delete")

    def passed_with(self, number: PhoneNumber, stretch: Stretch, *, but: Collection[str]) -> Passed:
        self.points.point("before list")
        assert number == PHONE
        return self.log.passed_with(number, stretch, but=but, now=self.clock.now)

    @property
    def openings(self) -> list[Outgoing]:
        return [message for message in self.taken if "invitation" in message.status_callback]

    @property
    def reminders(self) -> list[Outgoing]:
        return [message for message in self.taken if "invitation" not in message.status_callback]


@dataclass
class Life:
    """One conversation, lived through with one death at most."""

    world: World
    carrier: ModelCarrier
    points: Points

    def survives(self, work: Callable[[], object]) -> bool:
        """False when the process died in it; it starts again with the next thing."""
        try:
            with self.points.watching():
                work()
        except Died:
            return False
        return True

    def round(self) -> None:
        parts, queued = self.world.parts, self.world.queued
        self.survives(lambda: tick(parts, queued.extend))
        while queued:
            record = {"messageId": "1", "body": queued[0]}
            if self.survives(lambda: deliver_batch(self.world.delivery, {"Records": [record]})):  # noqa: B023
                queued.pop(0)

    def go_on_until(self, end: datetime) -> None:
        """From one moment at which something is due to the next, a few minutes each: nothing moves between."""
        while True:
            self.round()
            hours = [row.due for row in ConversationRow.scan() if row.due] + [row.due for row in DeletionRow.scan()]
            later = [datetime.fromtimestamp(int(due), START.tzinfo) for due in hours]
            now = self.world.clock.now
            nearest = min((max(moment, now + timedelta(minutes=1)) for moment in later), default=end)
            if nearest >= end:
                break
            self.world.clock.now = nearest
        self.world.clock.now = end
        self.round()


def live(world: World, how: str, die_at: int | None) -> Life:
    points = Points(die_at)
    carrier = ModelCarrier(points, how, world.clock, log=world.carrier.log)
    life = Life(world, carrier, points)
    world.delivery = replace(world.delivery, carrier=carrier)
    for _ in range(2):  # the sender tries again under the same key
        try:
            if life.survives(lambda: world.invite(idempotency_key="visit")):
                break
        except Refused:
            break
    life.go_on_until(START + timedelta(hours=2))
    if carrier.openings:
        for _ in range(3):  # the carrier repeats its webhook
            if life.survives(lambda: world.text("9", message_id="SMnine")):
                break
    life.go_on_until(START + timedelta(days=7))
    return life


HOWS = ("taken", "busy at first", "fails untaken", "fails taken", "not a mobile", "opted out at the carrier")
ENDS = {
    "taken": {InvitationState.SENT, InvitationState.DELIVERED, InvitationState.UNKNOWN},
    "busy at first": {InvitationState.SENT, InvitationState.DELIVERED, InvitationState.FAILED},
    "fails untaken": {InvitationState.FAILED},
    "fails taken": {InvitationState.SENT, InvitationState.DELIVERED, InvitationState.UNKNOWN},
    "not a mobile": {InvitationState.FAILED},
    "opted out at the carrier": {InvitationState.FAILED, InvitationState.CANCELLED},
}


def all_is_well(life: Life, where: str) -> None:
    world, carrier = life.world, life.carrier
    assert len(carrier.openings) <= 1, where
    assert len(carrier.reminders) <= 1, where
    rows = [row for row in InvitationRow.scan() if row.state != InvitationState.BLOCKED]
    assert len(rows) == 1, where
    state = InvitationState(rows[0].state)
    assert state in ENDS[carrier.how] | ({InvitationState.FAILED} if not carrier.openings else set()), where
    assert (held(world).state, held(world).sealed_number) == (State.CLOSED, None), where
    assert due_keys(world.clock.now + timedelta(days=400)) == [], where
    assert list(DeletionRow.scan()) == [], where
    assert is_contact(world) == bool(carrier.openings), where
    fold_recent(world.parts)
    found = list(invitations.of_month("kotka", "nuorten-matala-nuori", "youth", "2026-11"))
    assert sending_columns(found).items() <= world.columns().items(), where
    answered = bool(carrier.openings)
    assert len(world.responses()) == answered, where
    assert world.columns().get("nps_9", 0) == answered, where
    left = [(each.direction, each.body) for each in carrier.log.messages]
    assert left == [("outbound-api", each.text) for each in carrier.openings], where


@pytest.mark.parametrize("how", HOWS)
def test_a_death_at_any_point_loses_nothing_and_repeats_nothing(world: World, library: Library, how: str) -> None:
    whole = live(world, how, None)
    all_is_well(whole, "no death")
    points = whole.points.passed
    assert len(points) > 40
    # Reading changes nothing: dying around it is dying before the next call that does.
    chosen = [number for number, name in enumerate(points) if name.split()[1] not in ("Query", "Scan", "GetItem")]
    for number in chosen:
        empty_tables()
        all_is_well(live(world_over(library, prefix="test-"), how, number), f"{how}, died {points[number]} ({number})")


@pytest.mark.parametrize("cry", ["haluan kuolla", "STOP haluan kuolla"])
def test_a_death_at_any_point_counts_a_strangers_call_for_help_once(world: World, library: Library, cry: str) -> None:
    def cried(where: World, die_at: int | None) -> list[str]:
        life = Life(where, ModelCarrier(points := Points(die_at), "taken", where.clock), points)
        for _ in range(3):  # the carrier repeats its webhook
            if life.survives(lambda: where.text(cry, message_id="SMcry")):
                break
        assert where.columns(survey="-", unit="-", group="-") == {"safety_texts": 1}, (die_at, points.passed)
        return points.passed

    for die_at in range(len(cried(world, None))):
        empty_tables()
        cried(world_over(library, prefix="test-"), die_at)


# --- how many calls one item makes


def calls_of_an_item(world: World) -> int:
    """How many calls to DynamoDB the first item of the queue makes, handled as the queue hands it out."""
    with calls() as seen:
        answer = deliver_batch(world.delivery, {"Records": [{"messageId": "1", "body": world.queued.pop(0)}]})
    assert answer == {"batchItemFailures": []}
    return len(seen)


@pytest.mark.parametrize("how", HOWS)
def test_no_item_makes_more_calls_than_its_time_allows(world: World, how: str) -> None:
    world.delivery = replace(world.delivery, carrier=ModelCarrier(Points(), how, world.clock))
    assert world.invite().id
    assert 3 <= calls_of_an_item(world) <= CALLS_AN_ITEM


def next_item(world: World, after: timedelta) -> int:
    """The calls of the one item that is put so much later."""
    world.clock.now += after
    tick(world.parts, world.queued.extend)
    assert len(world.queued) == 1
    return calls_of_an_item(world)


REMINDERS: dict[str, Exception | None] = {
    "taken": None,
    "busy": TryLater(),
    "lost": OutcomeUnknown(),
    "not a mobile": SendFailed(21614),
    "opted out at the carrier": SendFailed(21610),
}


@pytest.mark.parametrize("answers", [[], ["9"]], ids=["not begun", "begun"])
@pytest.mark.parametrize("fault", REMINDERS.values(), ids=REMINDERS)
def test_no_reminder_makes_more_calls_than_its_time_allows(
    world: World, fault: Exception | None, answers: list[str]
) -> None:
    world.opened()
    for answer in answers:
        world.text(answer)
    world.carrier.faults = [fault] if fault else []
    assert 2 <= next_item(world, timedelta(days=1)) <= CALLS_AN_ITEM
    assert world.carrier.faults == []


LOOKS: dict[str, list[Fate | Exception | None]] = {
    "found, delivered": [Fate("delivered")],
    "found, on its way": [Fate("sent")],
    "found, undelivered": [Fate("undelivered", "30003")],
    "found, failed": [Fate("failed", "30005")],
    "absent twice": [None, None],
    "absent, then found": [None, Fate("delivered")],
    "silent, then absent": [CarrierSilent(), None],
    "silent to the end": [CarrierSilent() for _ in range(16)],
}


@pytest.mark.parametrize("fates", LOOKS.values(), ids=LOOKS)
def test_no_look_at_an_unknown_send_makes_more_calls_than_its_time_allows(
    world: World, fates: list[Fate | Exception | None]
) -> None:
    world.carrier.faults = [OutcomeUnknown()]
    world.opened()
    world.carrier.fates = list(fates)
    for after in [LEASE + BETWEEN_LOOKS, *[BETWEEN_LOOKS] * (len(fates) - 1)]:
        assert 2 <= next_item(world, after) <= CALLS_AN_ITEM
    assert len(world.carrier.asked) == len(fates)
