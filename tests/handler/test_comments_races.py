"""Races of supervisors over the real engine: many at one moment choose, mark, black out and change actions."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from handler.tables.actions import Plan
from handler.tables.base import LostRace
from handler.tables.comments import Comment
from handler.tables.comments import mark as mark_row
from handler.work import actions
from handler.work.actions import Deed, Meanwhile
from handler.work.comments import for_meeting
from handler.work.comments_marking import (
    Marking,
    NotAsShown,
    Outcome,
    TooManyForMeeting,
    black_out,
    delete,
    mark,
    shown_as,
)
from survey_flow.comment_marks import Change, CommentStatus, Marks
from survey_flow.comment_words import BLACK
from survey_flow.library import Library
from tests.handler.commenting import answered, seen, unit_of, written
from tests.handler.test_races import THREADS, at_once
from tests.races.engines import ENGINES, emptied_world, tables_on
from tests.world import START, World


@pytest.fixture(scope="module", params=ENGINES)
def prefix(request: pytest.FixtureRequest, library: Library) -> Iterator[str]:
    yield from tables_on(request, library, "race")


@pytest.fixture
def raced(prefix: str, library: Library) -> World:
    world = emptied_world(library, prefix)
    answered()
    return world


def choose(world: World, comment_id: str) -> Outcome | None:
    """None when there is no room already."""
    try:
        return mark(world.parts, unit_of(world), {comment_id: 0}, Marking(for_meeting=True), who="test")[comment_id]
    except TooManyForMeeting:
        return None


def test_of_many_choices_for_the_meeting_at_most_five_hold(raced: World) -> None:
    ids = [written(str(number)) for number in range(THREADS)]
    outcomes = at_once([lambda one=one: choose(raced, one) for one in ids])
    chosen = for_meeting(raced.parts, unit_of(raced))
    assert outcomes.count(Outcome.DONE) == len(chosen) == sum(seen(raced, one).chosen_for_meeting for one in ids) <= 5
    assert set(outcomes) <= {Outcome.DONE, Outcome.NO_ROOM, Outcome.CHANGED, None}


def test_of_many_who_mark_one_comment_as_it_was_shown_one_does(raced: World) -> None:
    one = written()
    outcomes = at_once(
        [
            lambda n=n: mark(
                raced.parts,
                unit_of(raced),
                {one: 0},
                Marking(Change(CommentStatus.HANDLED, by=f"käsittelijä {n}")),
                who="test",
            )[one]
            for n in range(THREADS)
        ]
    )
    assert sorted(outcomes) == [*[Outcome.CHANGED] * (THREADS - 1), Outcome.DONE]
    assert seen(raced, one).version == 1


def blacked_out(world: World, comment_id: str, word: int) -> bool:
    comment = seen(world, comment_id)
    try:
        black_out(world.parts, unit_of(world), comment, {word}, shown=shown_as(comment), who="test")
    except NotAsShown:
        return False
    return True


def test_words_blacked_out_at_once_never_come_back(raced: World) -> None:
    one = written(" ".join(f"nimi{n}" for n in range(THREADS)))
    done = at_once([lambda n=n: blacked_out(raced, one, n) for n in range(THREADS)])
    left = seen(raced, one).text.split()
    assert [word == BLACK for word in left] == done
    assert any(done)


def shared(comment: Comment) -> bool:
    try:
        mark_row(comment, Marks(CommentStatus.SHARED, shared=True), chosen_for_meeting=False)
    except LostRace:
        return False
    return True


def test_a_comment_deleted_while_it_is_shared_stays_deleted(raced: World) -> None:
    for _ in range(5):
        shown = seen(raced, written())
        at_once(
            [
                lambda shown=shown: shared(shown),
                lambda shown=shown: delete(raced.parts, unit_of(raced), shown, shown=shown_as(shown), who="test"),
            ]
        )
        assert raced.comments() == []


def test_of_many_changes_to_an_action_as_it_was_shown_one_is_written(raced: World) -> None:
    unit, action_id = unit_of(raced), str(uuid4())
    plan = Plan("sermi", "Tiina", START.date(), "tilat", "Odotustilassa on sermi.")
    at_once([lambda: actions.add(raced.parts, unit, action_id, plan, who="test")] * THREADS)
    (shown,) = actions.open_actions(unit)

    def write(n: int) -> bool:
        try:
            if n % 3 == 0:
                actions.mark(raced.parts, unit, shown, Deed.DONE, who="test")
            elif n % 3 == 1:
                actions.change(raced.parts, unit, shown, plan, who="test")
            else:
                actions.remove(raced.parts, unit, shown, who="test")
        except Meanwhile:
            return False
        return True

    assert at_once([lambda n=n: write(n) for n in range(THREADS)]).count(True) == 1
