"""The parts of a storm, put together, and what the test itself writes down of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from handler.app import create_app
from handler.outside.send_queue import SendQueue
from handler.settings import Settings, settings_from
from handler.start import make_parts
from handler.work.parts import Parts
from local.carrier.config import OptOutMode
from local.carrier.server import LocalServer
from local.carrier.testing import ACCOUNT, SENDER, TOKEN, World, world
from local.one_app import make_missing
from local.queue import make_missing_queue
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.chance import seed
from tests.deliverer import Deliverer, made_deliverer
from tests.environment import ENVIRONMENT
from tests.storm.clock import StormClock
from tests.storm.doors import Front
from tests.storm.mortal import Claim, Mortal, Silence, dice
from tests.storm.people import WEATHER, Person, Way, people, prepare
from tests.world import START

PREFIX = "storm-"
# An item that somebody died over is handed out again after so many seconds; at work it is 15 minutes.
VISIBLE_AGAIN = 1
UNHEARD = (Way.UNHEARD, Way.FORSAKEN)


@dataclass(slots=True)
class Known:
    """What the test itself knows: whom it asked, what was texted, and what was claimed. Moments are monotonic."""

    invited: dict[str, list[str]] = field(default_factory=dict)
    texted: dict[str, list[str]] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    refused: dict[str, float] = field(default_factory=dict)
    finished: list[tuple[str, float]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    silences: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    def tell(self, what: Claim | Silence) -> None:
        if isinstance(what, Claim):
            self.claims.append(what)
        else:
            self.silences.add(what.number)


@dataclass(frozen=True, slots=True)
class StormParts:
    """`deliverer` is the test's own: it delivers nothing, but what it is made of invites and ticks."""

    rng: Random
    environment: dict[str, str]
    folder: Path
    settings: Settings
    parts: Parts
    clock: StormClock
    mortal: Mortal
    net: World
    front: Front
    queue: SendQueue
    address: str
    deliverer: Deliverer
    people: list[Person]
    known: Known

    def key_of(self, number: str) -> str:
        return self.parts.phone_keys.all(PhoneNumber(number))[0]


@contextmanager
def storm_parts(library: Library, folder: Path, *, count: int) -> Iterator[StormParts]:
    """Everything but the deliverers; the weather has begun."""
    rng, mortal, clock, known = dice(seed()), Mortal(), StormClock(folder), Known()
    clock.set(START)
    with ExitStack() as stack:
        front = Front(mortal, dice(seed(), "front"), chance=0.03)
        app = stack.enter_context(LocalServer(front, LocalServer.listen()))  # type: ignore[arg-type]
        net = stack.enter_context(world(app_url=app.url, opt_out=OptOutMode.OFF))
        environment = _environment(app.url, net.url)
        settings = settings_from(environment)
        front.app = create_app(("sms",), environment=environment, clock=clock, library=library)
        parts = make_parts(settings, clock=clock, library=library)
        make_missing(settings)
        address = make_missing_queue(settings)
        deliverer = made_deliverer(settings, parts, mortal, address, tell=known.tell, seen=known.bodies.add)
        visible = {"VisibilityTimeout": str(VISIBLE_AGAIN)}
        deliverer.sqs.set_queue_attributes(QueueUrl=address, Attributes=visible)
        stack.enter_context(mortal.watching())
        yield StormParts(
            rng=rng,
            environment=environment,
            folder=folder,
            settings=settings,
            parts=parts,
            clock=clock,
            mortal=mortal,
            net=net,
            front=front,
            queue=SendQueue(settings.sending_queue, region=settings.region),
            address=address,
            deliverer=deliverer,
            people=_prepared(net, front, people(rng, count)),
            known=known,
        )


def _environment(app_url: str, carrier_url: str) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "KUULOLLA_PUBLIC_URL": app_url,
        "KUULOLLA_TWILIO_URL": carrier_url,
        "KUULOLLA_SENDER": SENDER,
        "KUULOLLA_TABLE_PREFIX": PREFIX,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }


def _prepared(net: World, front: Front, asked: list[Person]) -> list[Person]:
    net.carrier.clock.follow(START)
    for person in asked:
        prepare(net, person)
    front.unheard |= {person.number for person in asked if person.way in UNHEARD}
    net.weather(seed=seed(), **WEATHER)
    return asked
