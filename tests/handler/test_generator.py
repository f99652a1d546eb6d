"""The benchmark's made-up responses: as many as planned, the same for the same seed, and counted as real ones are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from benchmarks.books import cells
from benchmarks.generate import write
from benchmarks.simulated import Plan, library_of, places, responses
from handler.tables import counts, recounts
from handler.tables.comments import CommentRow
from handler.tables.responses import Place, ResponseRow
from handler.work.fold_sends import fold
from handler.work.recount import Repair, Row, Scope, is_folded, repair, rows_beside_their_folds
from survey_flow.closing import MESSAGES_IN, SAFETY_CONVERSATIONS, SAFETY_TEXTS, SEGMENTS_OUT
from survey_flow.library import Library
from tests.world import START, World

PLAN = Plan(responses=400, units=3, months=6, first_month="2026-06")
UNFOLDED = {SEGMENTS_OUT, MESSAGES_IN, SAFETY_TEXTS, SAFETY_CONVERSATIONS}


@pytest.fixture
def generated(world: World) -> World:
    """A world of made-up units, with the plan's responses in its tables."""
    world.parts = replace(world.parts, library=library_of(world.parts.library, PLAN))
    world.clock.now = START.replace(month=12)
    write(world.parts.library, PLAN)
    return world


def differing(world: World) -> list[Row]:
    return [row for row in rows_beside_their_folds(world.parts, Scope()) if row.differs]


def books(library: Library, plan: Plan) -> dict[Place, Mapping[str, int]]:
    return {cell.place: cell.columns for cell in cells(library_of(library, plan), plan)}


def test_there_are_as_many_responses_as_planned(library: Library) -> None:
    made = list(responses(library_of(library, PLAN), PLAN))
    assert len(made) == PLAN.responses
    assert all(one.record.answers is not None for one in made)


def test_the_same_seed_gives_the_same_and_another_gives_others(library: Library) -> None:
    assert books(library, PLAN) == books(library, PLAN)
    assert books(library, PLAN) != books(library, replace(PLAN, seed=14))


def test_people_end_in_every_way_and_a_third_write_something(library: Library) -> None:
    made = list(responses(library_of(library, PLAN), PLAN))
    columns = {name for one in made for name in one.columns}
    assert {"finished", "broken_off_apu", "broken_off_avoin", "opted_out_at_nps", "opted_out_at_apu"} <= columns
    assert not [one for one in made if one.record.outcome.startswith("opted_out")]
    assert 0.2 < sum(bool(one.record.comment) for one in made) / len(made) < 0.4
    answers = Counter(str(answer) for one in made for answer in (one.record.answers or {}).values())
    assert {"dont_know", "skipped", "unclear", "written", "1", "10"} <= set(answers)


def test_the_whole_plan_has_large_cells_and_many_small_ones(library: Library) -> None:
    plan = Plan()
    sizes = places(library_of(library, plan), plan).values()
    assert sum(sizes) == 100_000
    assert len(sizes) == 40 * 24 * 2
    assert sum(size < 5 for size in sizes) > 300
    assert sum(size >= 20 for size in sizes) > 300


def test_every_folded_column_is_known_to_the_recount(library: Library) -> None:
    columns = {name for row in books(library, PLAN).values() for name in row}
    assert {name for name in columns if not is_folded(name)} <= UNFOLDED


def test_a_recount_equals_what_was_generated(generated: World) -> None:
    assert differing(generated) == []
    kept = dict(row for survey in recounts.surveys() for row in recounts.of_survey(survey, since=PLAN.first_month))
    assert kept == {cell.place: cell.columns for cell in cells(generated.parts.library, PLAN)}
    assert sum(1 for _ in ResponseRow.scan()) == PLAN.responses
    comments = Counter((one.place.unit, one.record.comment) for one in responses(generated.parts.library, PLAN))
    assert Counter((row.unit, row.text) for row in CommentRow.scan()) == +Counter(
        {key: count for key, count in comments.items() if key[1]}
    )


def test_the_schedules_own_fold_of_the_invitations_changes_nothing(generated: World) -> None:
    place = Place("u02", "nuorten-matala-nuori", "youth", PLAN.first_month)
    before = recounts.read(place)
    fold(place)
    assert recounts.read(place) == before


def test_a_planted_difference_is_found_and_repaired(generated: World) -> None:
    place = Place("u02", "nuorten-matala-huoltaja", "guardian", "2026-08")
    before = recounts.read(place)
    counts.add_alone(place, {"nps_10": 1})
    (row,) = differing(generated)
    assert (row.place, row.counted) == (place, {"nps_10": before.get("nps_10", 0)})
    assert repair(generated.parts, row) is Repair.DONE
    assert differing(generated) == []
