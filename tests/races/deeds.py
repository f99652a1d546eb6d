"""What may happen to a number at one moment, and how it came to be where it finds it."""

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
from handler.work.tick import tick
from tests.handler.keeping import Kept
from tests.handler.looking import held, invitation, key_of
from tests.world import PHONE, World

KEPT = "SMkept"


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


def reminded(before: Callable[[Scene], object]) -> Callable[[Scene], None]:
    """The one reminder has left: what is owed now is the end."""

    def remind(scene: Scene) -> None:
        before(scene)
        scene.world.clock.now += REMIND_AFTER
        deliver(scene.world.delivery, scene.item)
        assert held(scene.world).reminded

    return remind


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
        scene.item = Kept(scene.world).keep(body, message_id=KEPT)

    return keep


def stopped(scene: Scene) -> None:
    scene.world.text("STOP", message_id="SMearlier")


def deletion_owed(scene: Scene) -> None:
    """A survey is over, and the carrier is to forget it."""
    answered("9", "3524", "OHITA")(scene)
    scene.world.clock.now += timedelta(minutes=6)
    (row,) = DeletionRow.scan()
    scene.item = row.id


# --- deeds


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the webhook hears it; what comes of it is the reply."""

    body: str
    message_id: str

    def __call__(self, scene: Scene) -> str:
        return scene.world.text(self.body, message_id=self.message_id)


@dataclass(frozen=True, slots=True)
class Rescued:
    """The kept message, heard late; what comes of it is the reply that is sent."""

    body: str
    message_id: str = KEPT

    def __call__(self, scene: Scene) -> str:
        return "".join(Kept(scene.world).rescue(scene.item))


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
        if not has_left(scene):
            return  # of what never left nothing is told
        if status == "undelivered":
            scene.undelivered.append(scene.invited.id)
        scene.world.callback(scene.invited, status, error_code=error_code)

    return tell


def a_round(scene: Scene) -> None:
    tick(scene.world.parts, scene.world.queued.extend)


def refused_by_staff(scene: Scene) -> None:
    staff_opt_out(scene.world.parts, PHONE, who="test")


def withdrawn(scene: Scene) -> None:
    staff_withdraw(scene.world.parts, PHONE, who="test")


def has_left(scene: Scene) -> bool:
    return bool(scene.world.delivery.carrier.sent)  # type: ignore[attr-defined]
