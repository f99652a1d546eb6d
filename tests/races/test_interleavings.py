"""Every order in which the calls of two deeds can be carried out, one number at a time, and what is true at the end.

KUULOLLA_DEPTH=2 plays merges that end alike too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from handler.tables.responses import ResponseRow
from survey_flow.conversation import Conversation
from tests.chance import DEEPER
from tests.races.carrier import HonestCarrier
from tests.races.deeds import Scene
from tests.races.ending import to_the_end, without_the_long_rounds
from tests.races.engines import ENGINES
from tests.races.interleaving import Deeds, Interleaving, Merge
from tests.races.meetings import MEETINGS, Meeting
from tests.races.promises import assert_one_is_the_answer, assert_stop_stands
from tests.races.stage import Ledger
from tests.races.truths import Ended, assert_all_true
from tests.world import START, World, empty_tables


@dataclass(slots=True)
class Play:
    """One meeting, again and again from the start in the same world."""

    world: World
    carrier: HonestCarrier
    ledger: Ledger
    meeting: Meeting
    scene: Scene
    met_in: Conversation | None = None
    known: frozenset[str] = frozenset()

    def begin(self) -> Deeds:
        empty_tables()
        self.carrier.forget()
        self.ledger.done.clear()
        self.world.clock.now, self.world.messages = START, 0
        self.world.queued.clear()
        self.scene = scene = Scene(self.world)
        without_the_long_rounds(self.world)
        self.meeting.before(scene)
        found = self.world.held()
        self.met_in = dialogue = found.dialogue if found else None
        self.known = answered() | frozenset({*dialogue.answers, *dialogue.facts} if dialogue else ())
        return Deeds(
            lambda: self.meeting.one(scene), lambda: self.meeting.other(scene), lambda: self.meeting.after(scene)
        )

    def what_was_asked_alone_is_answered(self, merge: Merge) -> None:
        """Messages that met were written before what came of the other: neither answers a question put in the merge."""
        if merge.one_after_another:
            return
        found = self.world.held()
        new = (answered() | set(found.dialogue.answers if found and found.dialogue else ())) - self.known
        asked = self.met_in.asking if self.met_in else ()
        assert new <= set(asked), f"{new} answered, {asked} asked\n{merge}"

    def whoever_did_the_same_came_to_the_same(self, merge: Merge) -> None:
        """Or the second came to nothing; and what is said to both is not sent twice."""
        if self.meeting.one == self.meeting.other:
            assert merge.results[0] == merge.results[1] or not all(merge.results), str(merge)
            assert len([one for one in self.carrier.taken if one.is_reply]) <= 1, str(merge)


def answered() -> frozenset[str]:
    """The questions that any response answers."""
    return frozenset(question for row in ResponseRow.scan() for question in row.answers)


@pytest.fixture
def play(emptied: World) -> Play:
    ledger = Ledger()
    carrier = HonestCarrier(log=emptied.carrier.log, clock=emptied.clock, latest_claim=ledger.latest_transaction)
    emptied.carrier, emptied.delivery = carrier, replace(emptied.delivery, carrier=carrier)
    return Play(emptied, carrier, ledger, next(iter(MEETINGS.values())), Scene(emptied))


def merges_that_end_well(play: Play, name: str, all_told: Callable[[], str]) -> int:
    """How many merges were played; fails at the first that does not end well."""
    interleaving, played = Interleaving(play.begin, all_of_them=DEEPER), 0
    play.ledger.before = interleaving.before
    with play.ledger.open():
        for merge in interleaving.merges():
            if merge.known:
                continue
            played += 1
            how = f"{name}, merge {played}:\n{merge}"
            play.what_was_asked_alone_is_answered(merge)
            play.whoever_did_the_same_came_to_the_same(merge)
            if play.met_in is not None:
                assert_one_is_the_answer(play.world, play.met_in, play.meeting, merge)
            assert_stop_stands(play.world, play.meeting)
            to_the_end(play.world)
            ended = Ended(play.world, play.carrier, play.ledger, all_told(), play.scene.undelivered)
            assert_all_true(ended, how)
    return played


CASES = [(engine, name) for engine in ENGINES for name in MEETINGS]


@pytest.mark.parametrize(
    ("emptied", "name"),
    [pytest.param(*engine.values, name, marks=engine.marks, id=f"{engine.id}, {name}") for engine, name in CASES],
    indirect=["emptied"],
)
def test_however_two_deeds_meet_all_is_well(play: Play, all_told: Callable[[], str], name: str) -> None:
    play.meeting = MEETINGS[name]
    assert merges_that_end_well(play, name, all_told) >= 2
