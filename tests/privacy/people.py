"""People of one unit, group and month, and how each of them answers: to the end, in part, otherwise, not at all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, count

from handler.tables import limits
from handler.tables.conversations import ConversationRow, State
from handler.tables.deletions import DeletionRow
from handler.work.invite import Accepted
from handler.work.retention import keep_to_times
from survey_flow.helsinki import HELSINKI
from survey_flow.phone import PhoneNumber
from tests.privacy.attacker import Seized, kept_of_answers
from tests.roles import acting_as
from tests.world import START, World

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# The clock goes from one such moment to the next at which anything is due.
STEP = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Course:
    """What is written, and how long after the opening. `refused` and `late` (something came after the end) are
    remembered of a number by design."""

    said: tuple[tuple[timedelta, str], ...] = ()
    refused: bool = False
    late: bool = False

    @property
    def remembered(self) -> tuple[bool, bool]:
        return self.refused, self.late


def then_refusing(course: Course) -> Course:
    """The same, and a refusal a minute after the last of it."""
    last = course.said[-1][0] if course.said else timedelta()
    return replace(course, said=(*course.said, (last + MINUTES, "STOP")), refused=True)


def quickly(*bodies: str) -> tuple[tuple[timedelta, str], ...]:
    return tuple((2 * (number + 1) * MINUTES, body) for number, body in enumerate(bodies))


LATE = (9 * DAYS, "kiitos vielä")

COURSES: dict[str, Course] = {
    "to the end": Course(quickly("9", "3524", "OHITA")),
    "to the end with a comment": Course(quickly("10 koska kuunneltiin", "5555", "Kaikki meni hyvin")),
    "to the end with the worst of answers": Course(quickly("0", "1111", "Kukaan ei kuunnellut")),
    "asked again": Course(quickly("öö", "ehkä", "7", "3 2", "3524", "OHITA")),
    "don't know": Course(quickly("eos", "0000", "ohita")),
    "back and anew": Course(quickly("3", "TAKAISIN", "8", "2222", "OHITA")),
    "with help asked for twice": Course(quickly("APUA?", "HELP", "HELP", "6", "4444", "OHITA")),
    "one a day": Course(((20 * HOURS, "4"), (40 * HOURS, "3333"), (60 * HOURS, "OHITA"))),
    "after the reminder": Course(((30 * HOURS, "5"), (31 * HOURS, "2345"), (32 * HOURS, "Vasta nyt ehdin"))),
    "a safety text on the way": Course(quickly("haluan kuolla", "2", "1212", "OHITA")),
    "broken off after the first": Course(quickly("8")),
    "broken off at the comment": Course(quickly("8", "3524")),
    "broken off at a re-ask": Course(quickly("1", "mitä", "häh")),
    "broken off after a safety text": Course(quickly("3", "viiltelen itseäni")),
    "to the end in Swedish": Course(quickly("SVENSKA", "9", "4444", "HOPPA")),
    "silence": Course(),
    "unreadable, then silence": Course(quickly("???")),
    "to the end, and late thanks": Course((*quickly("9", "4444", "OHITA"), LATE), late=True),
    "broken off, and a late answer": Course((*quickly("2"), LATE), late=True),
    "silence, and a late answer": Course((LATE,), late=True),
    "refused at once": Course(quickly("STOP"), refused=True),
    "refused on the way": Course(quickly("2", "älkää lähettäkö enää"), refused=True),
    "refused beside an answer": Course(quickly("4 STOP"), refused=True),
    "refused on the third day": Course(((20 * HOURS, "4"), (60 * HOURS, "STOP")), refused=True),
    "refused after the end": Course(quickly("9", "3524", "OHITA", "STOP"), refused=True),
}
# Of whom nothing is remembered.
PLAIN = {name: course for name, course in COURSES.items() if course.remembered == (False, False)}


@dataclass(slots=True)
class Person:
    number: PhoneNumber
    course: Course
    asked_at: datetime
    invitation: Accepted | None = None


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    do: Callable[[], object]


def number_of(place: int) -> PhoneNumber:
    return PhoneNumber(f"+35840{5_000_000 + place * 7919}")


def live(world: World, people: Iterable[Person], *, until: datetime) -> None:
    """Everybody is asked and answers as they do; the schedule goes on until then."""
    events = sorted(chain.from_iterable(_events(world, person) for person in people), key=lambda event: event.at)
    for event in events:
        _go_on(world, event.at)
        event.do()
    _go_on(world, until)


def _events(world: World, person: Person) -> Iterator[_Event]:
    def ask() -> None:
        person.invitation = world.invite(number=person.number)
        world.deliver()
        world.callback(person.invitation, "delivered", number=person.number)

    def say(body: str) -> None:
        world.text(body, number=person.number)

    yield _Event(person.asked_at, ask)
    for after, body in person.course.said:
        yield _Event(person.asked_at + after, lambda body=body: say(body))  # type: ignore[misc]


def _go_on(world: World, until: datetime) -> None:
    while (due := _next_due(world)) is not None and due < until:
        world.clock.now = due
        # The sending columns are set in none of these rounds: that takes longer than all the rest.
        limits.mark("fold_sends", now=due, window=STEP)
        world.tick()
    world.clock.now = until


def _next_due(world: World) -> datetime | None:
    rows = chain(ConversationRow.scan(), DeletionRow.scan())
    earliest = min((int(row.due) for row in rows if row.due), default=None)
    if earliest is None:
        return None
    step = int(STEP.total_seconds())
    later = max(datetime.fromtimestamp((earliest // step + 1) * step, HELSINKI), world.clock.now + STEP)
    return later


def one_of_each() -> dict[str, Person]:
    """Asked at the same second, one for every course."""
    return {name: Person(number_of(place), course, START) for place, (name, course) in enumerate(COURSES.items())}


def lived(world: World, people: Iterable[Person]) -> None:
    """Until everything is closed, deleted at the carrier and tidied up, while the tombstones still stand."""
    live(world, people, until=START + 13 * DAYS)
    assert {row.state for row in ConversationRow.scan()} == {State.CLOSED}
    assert list(DeletionRow.scan()) == []
    with acting_as("report"):
        keep_to_times(world.parts)
    assert {row.state for row in ConversationRow.scan()} == {State.CLOSED}


def refusals_told(world: World) -> set[str]:
    """The plain courses of which something else is kept when they are followed by a refusal. One after another."""
    places = count()
    return {
        name
        for name, course in PLAIN.items()
        if _kept_of(world, course, next(places)) != _kept_of(world, then_refusing(course), next(places))
    }


def _kept_of(world: World, course: Course, place: int) -> Counter[str]:
    before = kept_of_answers()
    world.clock.now = START
    live(world, [Person(number_of(place), course, START)], until=START + 13 * DAYS)
    return kept_of_answers() - before


def told_apart(world: World, people: Mapping[str, Person]) -> set[str]:
    """The courses of which something else is left of the number than of most, of whom the same is remembered."""
    seized = Seized(world)
    left = {name: seized.known_of(person.number) for name, person in people.items()}
    apart = set[str]()
    for kind in {person.course.remembered for person in people.values()}:
        alike = {name: left[name] for name, person in people.items() if person.course.remembered == kind}
        usual = Counter(alike.values()).most_common(1)[0][0]
        apart |= {name for name, each in alike.items() if each != usual}
    return apart
