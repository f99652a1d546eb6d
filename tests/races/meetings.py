"""Which two deeds meet, and in what state they find the number."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handler.tables.deletions import DeletionRow
from handler.work.cancel import cancel
from handler.work.deliver import deliver
from handler.work.invite import Accepted
from handler.work.opt_out import staff_opt_out, staff_withdraw
from handler.work.owes import REMIND_AFTER
from handler.work.request import Refused
from handler.work.settle import BETWEEN_LOOKS, LEASE
from handler.work.tick import tick
from survey_flow.conversation import LIFETIME
from tests.handler.keeping import Kept
from tests.handler.looking import invitation, key_of
from tests.world import PHONE, World


@dataclass(slots=True)
class Scene:
    """A world, and what was prepared in it for the two who meet."""

    world: World
    accepted: Accepted | None = None
    item: str = ""
    undelivered: list[str] = field(default_factory=list)

    @property
    def invited(self) -> Accepted:
        assert self.accepted is not None
        return self.accepted


Deed = Callable[[Scene], Any]


@dataclass(frozen=True, slots=True)
class Meeting:
    """`before` is done in peace; `other` may begin when `after` says so."""

    before: Callable[[Scene], object]
    one: Deed
    other: Deed
    after: Callable[[Scene], bool] = lambda _: True


# --- before


def nothing(_: Scene) -> None:
    """Nobody knows the number."""


def queued(scene: Scene) -> None:
    scene.accepted, scene.item = scene.world.invite(), key_of(scene.world)
    scene.world.queued.clear()


def opened(scene: Scene) -> None:
    queued(scene)
    deliver(scene.world.delivery, scene.item)


def answered(*bodies: str) -> Callable[[Scene], None]:
    def talk(scene: Scene) -> None:
        opened(scene)
        for body in bodies:
            scene.world.text(body)

    return talk


def then(before: Callable[[Scene], object], *, forward: timedelta) -> Callable[[Scene], None]:
    """Time goes by with nobody at work."""

    def later(scene: Scene) -> None:
        before(scene)
        scene.world.clock.now += forward

    return later


def lost_in_sending(*, taken: bool) -> Callable[[Scene], None]:
    """Nobody can tell whether the opening left."""

    def lose(scene: Scene) -> None:
        queued(scene)
        carrier = scene.world.delivery.carrier
        carrier.lose_answers(1, taken=taken)  # type: ignore[attr-defined]
        deliver(scene.world.delivery, scene.item)

    return lose


def kept(body: str) -> Callable[[Scene], None]:
    """The fallback has taken a message that the webhook did not answer."""

    def keep(scene: Scene) -> None:
        opened(scene)
        scene.item = Kept(scene.world).keep(body, message_id="SMkept")

    return keep


def refused_by_staff(scene: Scene) -> None:
    staff_opt_out(scene.world.parts, PHONE, who="test")


def stopped(scene: Scene) -> None:
    scene.world.text("STOP", message_id="SMearlier")


def deletion_owed(scene: Scene) -> None:
    """A survey is over, and the carrier is to forget it."""
    answered("9", "3524", "OHITA")(scene)
    scene.world.clock.now += timedelta(minutes=6)
    (row,) = DeletionRow.scan()
    scene.item = row.id


# --- deeds


def text(body: str, message_id: str) -> Deed:
    return lambda scene: scene.world.text(body, message_id=message_id)


def asked(**differs: Any) -> Deed:
    def ask(scene: Scene) -> str:
        try:
            return scene.world.invite(caller=str(differs), **differs).id
        except Refused as refused:
            return refused.refusal.value

    return ask


def delivered(scene: Scene) -> None:
    deliver(scene.world.delivery, scene.item)


def cancelled(scene: Scene) -> bool:
    return cancel(scene.world.parts, invitation(scene.invited))


def told(status: str, error_code: str = "") -> Deed:
    def tell(scene: Scene) -> None:
        if not scene.world.delivery.carrier.sent:  # type: ignore[attr-defined]
            return  # of what never left nothing is told
        if status == "undelivered":
            scene.undelivered.append(scene.invited.id)
        scene.world.callback(scene.invited, status, error_code=error_code)

    return tell


def a_round(scene: Scene) -> None:
    tick(scene.world.parts, scene.world.queued.extend)


def rescued(scene: Scene) -> list[str]:
    return Kept(scene.world).rescue(scene.item)


def refused(scene: Scene) -> None:
    staff_opt_out(scene.world.parts, PHONE, who="test")


def withdrawn(scene: Scene) -> None:
    staff_withdraw(scene.world.parts, PHONE, who="test")


def has_left(scene: Scene) -> bool:
    return bool(scene.world.delivery.carrier.sent)  # type: ignore[attr-defined]


STOP = text("STOP", "SMstop")
NINE, FIVE = text("9", "SMnine"), text("5", "SMfive")
GROUP = text("3524", "SMgroup")
LAST = text("OHITA", "SMlast")
DUE_REMINDER = then(opened, forward=REMIND_AFTER)
BEGUN = answered("9")
AT_THE_END = answered("9", "3524")
EXPIRED = then(then(answered("9"), forward=REMIND_AFTER), forward=LIFETIME)
LOOK = LEASE + BETWEEN_LOOKS

MEETINGS: dict[str, Meeting] = {
    "STOP, invited": Meeting(nothing, STOP, asked()),
    "STOP, first answer": Meeting(opened, STOP, NINE),
    "STOP, answer": Meeting(BEGUN, STOP, GROUP),
    "STOP, last answer": Meeting(AT_THE_END, STOP, LAST),
    "STOP, reminder": Meeting(DUE_REMINDER, STOP, delivered),
    "STOP, opening": Meeting(queued, STOP, delivered),
    "STOP, cancelled": Meeting(queued, STOP, cancelled),
    "STOP, told delivered": Meeting(opened, STOP, told("delivered")),
    "STOP, told undelivered": Meeting(opened, STOP, told("undelivered", "30003")),
    "STOP, told opted out": Meeting(opened, STOP, told("undelivered", "21610")),
    "STOP, START": Meeting(opened, STOP, text("START", "SMstart")),
    "STOP, a look at an unknown send": Meeting(then(lost_in_sending(taken=True), forward=LOOK), STOP, delivered),
    "STOP, a round": Meeting(then(queued, forward=timedelta(minutes=1)), STOP, a_round),
    "wrong number, last answer": Meeting(AT_THE_END, text("väärä numero", "SMwrong"), LAST),
    "the same answer twice": Meeting(opened, NINE, NINE),
    "two answers": Meeting(opened, NINE, FIVE),
    "an answer, one to the next question": Meeting(opened, NINE, GROUP),
    "two last answers": Meeting(AT_THE_END, LAST, text("pitkä jono", "SMother")),
    "the same last answer twice": Meeting(AT_THE_END, LAST, LAST),
    "answer, expiry": Meeting(EXPIRED, GROUP, a_round),
    "last answer, expiry": Meeting(then(AT_THE_END, forward=LIFETIME + REMIND_AFTER), LAST, a_round),
    "two units invite": Meeting(nothing, asked(unit="kotka"), asked(unit="kouvola")),
    "one request twice": Meeting(nothing, asked(idempotency_key="visit"), asked(idempotency_key="visit")),
    "one opening delivered twice": Meeting(queued, delivered, delivered),
    "opening, told delivered": Meeting(queued, delivered, told("delivered"), has_left),
    "opening, told undelivered": Meeting(queued, delivered, told("undelivered", "30003"), has_left),
    "opening, cancelled": Meeting(queued, delivered, cancelled),
    "opening, a round": Meeting(then(queued, forward=timedelta(minutes=1)), delivered, a_round),
    "opening, first answer": Meeting(queued, delivered, NINE, has_left),
    "unknown send, told delivered": Meeting(
        then(lost_in_sending(taken=True), forward=LOOK), delivered, told("delivered")
    ),
    "unknown send never taken, first look twice": Meeting(
        then(lost_in_sending(taken=False), forward=LOOK), delivered, delivered
    ),
    "reminder, first answer": Meeting(DUE_REMINDER, delivered, NINE),
    "one reminder delivered twice": Meeting(DUE_REMINDER, delivered, delivered),
    "reminder, a call for help": Meeting(DUE_REMINDER, delivered, text("haluan kuolla", "SMhelp")),
    "opening, a call for help": Meeting(queued, delivered, text("haluan kuolla", "SMhelp")),
    "refused by staff, invited": Meeting(nothing, refused, asked()),
    "refused by staff, opening": Meeting(queued, refused, delivered),
    "refused by staff, last answer": Meeting(AT_THE_END, refused, LAST),
    "withdrawn by staff, STOP": Meeting(refused_by_staff, withdrawn, STOP),
    "START, invited": Meeting(stopped, text("START", "SMstart"), asked()),
    "START, refused by staff": Meeting(stopped, text("START", "SMstart"), refused),
    "rescued, by the webhook": Meeting(kept("9"), rescued, text("9", "SMkept")),
    "rescued twice": Meeting(kept("9"), rescued, rescued),
    "rescued, a newer answer": Meeting(kept("5"), rescued, NINE),
    "deletions, a late message": Meeting(deletion_owed, delivered, text("kiitos", "SMlate")),
    "deletions, invited for a trial": Meeting(deletion_owed, delivered, text("KOE", "SMtrial")),
    "deletions twice": Meeting(deletion_owed, delivered, delivered),
}
