"""Which comments may be read, what marking does, and that a write on what was not shown loses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from pynamodb.exceptions import PutError

from handler.tables import comments as table
from handler.tables.audit import AuditRow
from handler.tables.base import LostRace, transaction
from handler.tables.comments import Comment, CommentRow
from handler.tables.meetings import Turn, take, turn
from handler.work.comments import find, for_meeting, handling, is_overdue, readable, shared
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
from handler.work.results import unit_results
from survey_flow.comment_marks import Change, CommentStatus, Marks
from survey_flow.comment_words import BLACK
from survey_flow.publication import months_between
from tests.handler.commenting import GUARDIAN, NOVEMBER, OCTOBER, answered, seen, texts, unit_of, written
from tests.world import REGION, World

READ = Marking(Change(CommentStatus.READ))
SHARED = Marking(Change(CommentStatus.SHARED))
HANDLED = Marking(Change(CommentStatus.HANDLED, by="Maija"))
FOR_MEETING = Marking(for_meeting=True)


def marked(world: World, marking: Marking, *ids: str) -> list[Outcome]:
    """Marks them as they are shown now."""
    ticked = {comment_id: seen(world, comment_id).version for comment_id in ids}
    return list(mark(world.parts, unit_of(world), ticked, marking, who="test").values())


# --- which may be read


def test_comments_of_a_group_appear_when_its_month_is_published(world: World) -> None:
    written("lokakuu")
    answered(n=4)
    assert texts(world) == []
    answered(n=1)
    assert texts(world) == ["lokakuu"]


def test_comments_of_another_group_and_of_a_running_month_wait(world: World) -> None:
    written("nuori")
    written("huoltaja", group=GUARDIAN)
    written("marraskuu", month=NOVEMBER)
    answered(n=5)
    answered(n=4, group=GUARDIAN)
    answered(NOVEMBER, n=19)
    assert texts(world) == ["nuori"]
    answered(NOVEMBER, n=1)
    assert texts(world) == ["marraskuu", "nuori"]


def test_the_months_read_are_those_that_the_results_show(world: World) -> None:
    months = [f"2026-{month:02}" for month in range(1, 12)]
    for month, n in zip(months, (1, 0, 4, 7, 2, 0, 5, 3, 1, 1, 30), strict=True):
        written(month, month=month)
        if n:
            answered(month, n=n)
    youth = unit_results(world.parts, unit_of(world))[0]
    assert set(texts(world)) == {month for cell in youth.cells for month in months_between(cell.first, cell.last)}


# month, how many gave a score -> whether promoter or detractor may stand beside a comment
SCORED = {
    "few scores": (OCTOBER, 19, ""),
    "twenty scores": (OCTOBER, 20, "promoter"),
    "twenty that still grow": (NOVEMBER, 20, ""),
}


@pytest.mark.parametrize(("month", "scores", "segment"), SCORED.values(), ids=SCORED)
def test_a_segment_beside_a_comment_tells_no_score_of_a_small_group(
    world: World, month: str, scores: int, segment: str
) -> None:
    answered(month, n=25, nps_9=scores)
    one = written(month=month)
    CommentRow("kotka", f"{month}#{one}").update([CommentRow.segment.set("promoter")])
    assert seen(world, one).segment == segment


def test_a_comment_is_of_the_whole_cell_that_it_is_published_in(world: World) -> None:
    """The month of a small group, joined to the next, is not told: not by what is shown, not by the order."""
    for month in ("2026-08", "2026-09", "2026-08", "2026-09"):
        written(month, month=month)
    answered("2026-08", n=2)
    answered("2026-09", n=3)
    found = readable(world.parts, unit_of(world))
    assert {comment.months for comment in found} == {("2026-08", "2026-09")}
    assert {comment.seen_from for comment in found} == {date(2026, 10, 8)}
    assert [comment.id for comment in found] == sorted(comment.id for comment in found)


def test_the_newest_period_comes_first(world: World) -> None:
    for month in ("2026-08", "2026-10", "2026-09"):
        written(month, month=month)
        answered(month)
    assert texts(world) == ["2026-10", "2026-09", "2026-08"]


def test_comments_of_a_survey_that_is_asked_no_longer_stay(world: World) -> None:
    old = ("kysely-jota-ei-ole", "youth")
    written("vanha", group=old)
    answered(group=old)
    assert texts(world) == ["vanha"]


def test_a_row_from_before_the_marks_reads_as_new(world: World) -> None:
    answered()
    comment = seen(world, written())
    assert (comment.marks, comment.version, comment.segment, comment.chosen_for_meeting) == (Marks(), 0, "", False)


# --- marking


def test_ticked_comments_are_marked_and_the_audit_knows(world: World) -> None:
    answered()
    one, two, left = (written() for _ in range(3))
    marking = Marking(Change(CommentStatus.HANDLED, kind="idea", theme="tilat", by="Maija"))
    assert marked(world, marking, one, two) == [Outcome.DONE, Outcome.DONE]
    expected = Marks(CommentStatus.HANDLED, "idea", "tilat", False, "Maija", date(2026, 11, 24))
    assert [seen(world, one).marks, seen(world, two).marks, seen(world, left).marks] == [expected, expected, Marks()]
    (note,) = AuditRow.scan()
    assert (note.who, note.did, note.unit) == ("test", "comments_marked", "kotka")


def test_marks_taken_back_leave_no_column(world: World) -> None:
    answered()
    one = written()
    marked(world, HANDLED, one)
    marked(world, READ, one)
    (row,) = CommentRow.scan()
    assert (row.handled_by, row.handled_on, row.shared, row.kind) == (None, None, None, None)


def test_senders_see_what_is_shared_and_still_when_it_is_handled(world: World) -> None:
    answered()
    one, two = written("yksi"), written("kaksi")
    marked(world, SHARED, one)
    marked(world, HANDLED, one, two)
    assert [comment.text for comment in shared(world.parts, unit_of(world))] == ["yksi"]
    marked(world, READ, one)
    assert shared(world.parts, unit_of(world)) == []


def test_a_comment_changed_since_it_was_shown_is_not_marked(world: World) -> None:
    answered()
    one = written()
    marked(world, READ, one)
    assert mark(world.parts, unit_of(world), {one: 0}, HANDLED, who="test") == {one: Outcome.CHANGED}
    assert seen(world, one).marks.status is CommentStatus.READ


def test_a_deleted_comment_is_neither_shared_nor_brought_back(world: World) -> None:
    answered()
    one = written()
    shown = seen(world, one)
    delete(world.parts, unit_of(world), shown, shown=shown_as(shown), who="test")
    assert mark(world.parts, unit_of(world), {one: 0}, SHARED, who="test") == {one: Outcome.GONE}
    with pytest.raises(LostRace):
        table.mark(shown, Marks(CommentStatus.SHARED, shared=True), chosen_for_meeting=False)
    with pytest.raises(LostRace):
        table.overwrite(shown, "taas täällä")
    assert world.comments() == []


def test_a_comment_that_may_not_be_read_is_not_marked_either(world: World) -> None:
    one = written()
    assert mark(world.parts, unit_of(world), {one: 0}, SHARED, who="test") == {one: Outcome.GONE}
    assert [row.status for row in world.comments()] == ["new"]


def test_a_mark_on_what_was_not_read_loses(world: World) -> None:
    answered()
    one = written()
    before = seen(world, one)
    marked(world, READ, one)
    with pytest.raises(LostRace):
        table.mark(before, Marks(CommentStatus.SHARED, shared=True), chosen_for_meeting=False)
    with pytest.raises(LostRace):
        table.mark(replace(before, version=2), Marks(), chosen_for_meeting=False)
    assert seen(world, one).marks.status is CommentStatus.READ


# --- the meeting


def test_five_comments_are_chosen_and_a_sixth_is_refused_with_nothing_marked(world: World) -> None:
    answered()
    ids = [written(str(number)) for number in range(6)]
    marked(world, FOR_MEETING, *ids[:4])
    with pytest.raises(TooManyForMeeting):
        marked(world, Marking(Change(CommentStatus.READ), for_meeting=True), *ids[4:])
    assert {seen(world, one).marks.status for one in ids} == {CommentStatus.NEW}
    assert marked(world, FOR_MEETING, ids[0], ids[4]) == [Outcome.DONE, Outcome.DONE]
    assert len(for_meeting(world.parts, unit_of(world))) == 5
    assert marked(world, Marking(for_meeting=False), ids[0]) == [Outcome.DONE]
    assert {comment.id for comment in for_meeting(world.parts, unit_of(world))} == set(ids[1:5])


def test_a_deleted_comment_leaves_its_place_in_the_meeting(world: World) -> None:
    answered()
    ids = [written(str(number)) for number in range(6)]
    marked(world, FOR_MEETING, *ids[:5])
    gone = seen(world, ids[0])
    delete(world.parts, unit_of(world), gone, shown=shown_as(gone), who="test")
    assert marked(world, FOR_MEETING, ids[5]) == [Outcome.DONE]


def choose(world: World, comment: Comment, whose: Turn) -> None:
    with transaction(REGION) as together:
        take(together, whose, now=world.clock())
        table.mark_within(together, comment, comment.marks, chosen_for_meeting=True)


def test_a_choice_whose_turn_somebody_took_loses(world: World) -> None:
    answered()
    one, other = seen(world, written()), seen(world, written())
    before = turn("kotka")
    choose(world, one, before)
    with pytest.raises(LostRace):
        choose(world, other, before)
    with pytest.raises(LostRace):
        choose(world, one, turn("kotka"))
    assert [comment.id for comment in for_meeting(world.parts, unit_of(world))] == [one.id]
    choose(world, other, turn("kotka"))
    assert len(for_meeting(world.parts, unit_of(world))) == 2


def test_units_choose_for_meetings_of_their_own(world: World) -> None:
    answered()
    answered(unit="kouvola")
    marked(world, FOR_MEETING, *(written() for _ in range(5)))
    other = written(unit="kouvola")
    outcomes = mark(world.parts, unit_of(world, "kouvola"), {other: 0}, FOR_MEETING, who="test")
    assert list(outcomes.values()) == [Outcome.DONE]


# --- blacking out and deleting


def test_what_is_blacked_out_is_gone_from_the_row(world: World) -> None:
    answered()
    one = written("Kiitos Matti ja Liisa")
    shown = seen(world, one)
    black_out(world.parts, unit_of(world), shown, {1, 3}, shown=shown_as(shown), who="test")
    (row,) = world.comments()
    assert row.text == f"Kiitos {BLACK} ja {BLACK}"
    (note,) = AuditRow.scan()
    assert (note.did, note.unit, note.about) == ("comment_blacked_out", "kotka", one)


def test_blacking_out_after_a_mark_still_works_and_a_mark_after_it_does_not(world: World) -> None:
    """The text decides for the first; sharing what one has not seen is refused."""
    answered()
    one = written("Kiitos Matti")
    before = seen(world, one)
    marked(world, READ, one)
    black_out(world.parts, unit_of(world), before, {1}, shown=shown_as(before), who="test")
    assert seen(world, one).text == f"Kiitos {BLACK}"
    assert mark(world.parts, unit_of(world), {one: 1}, SHARED, who="test") == {one: Outcome.CHANGED}


def test_two_who_black_out_at_once_do_not_undo_each_other(world: World) -> None:
    answered()
    one = written("Matti ja Liisa")
    shown = seen(world, one)
    black_out(world.parts, unit_of(world), shown, {0}, shown=shown_as(shown), who="test")
    with pytest.raises(NotAsShown):
        black_out(world.parts, unit_of(world), shown, {2}, shown=shown_as(shown), who="test")
    with pytest.raises(NotAsShown):
        black_out(world.parts, unit_of(world), seen(world, one), {2}, shown=shown_as(shown), who="test")
    with pytest.raises(NotAsShown):
        delete(world.parts, unit_of(world), shown, shown=shown_as(shown), who="test")
    assert seen(world, one).text == f"{BLACK} ja Liisa"


def test_a_comment_is_deleted_once(world: World) -> None:
    answered()
    one = written()
    shown = seen(world, one)
    delete(world.parts, unit_of(world), shown, shown=shown_as(shown), who="test")
    assert find(world.parts, unit_of(world), one) is None
    with pytest.raises(NotAsShown):
        delete(world.parts, unit_of(world), shown, shown=shown_as(shown), who="test")
    # The row comes first, so one may stand for a deed that failed.
    assert [note.did for note in AuditRow.scan()] == ["comment_deleted"] * 2


@pytest.mark.parametrize("deed", [delete, partial(black_out, words={1})], ids=["delete", "black out"])
def test_what_cannot_be_taken_back_is_not_done_when_it_cannot_be_noted(world: World, deed: Callable[..., None]) -> None:
    answered()
    shown = seen(world, written("Kiitos Matti"))
    AuditRow.delete_table()
    with pytest.raises(PutError):
        deed(world.parts, unit_of(world), shown, shown=shown_as(shown), who="test")
    assert [row.text for row in world.comments()] == ["Kiitos Matti"]


def test_what_is_no_word_of_it_is_not_noted(world: World) -> None:
    answered()
    shown = seen(world, written("Kiitos Matti"))
    with pytest.raises(ValueError, match="word"):
        black_out(world.parts, unit_of(world), shown, {7}, shown=shown_as(shown), who="test")
    assert AuditRow.count() == 0


# --- in time


def test_a_comment_is_overdue_after_its_days(world: World) -> None:
    """October's comments can be seen from 8 November; fourteen days later is 22 November."""
    answered()
    one = written()
    assert is_overdue(world.parts, seen(world, one))
    world.clock.forward(days=-2)
    assert not is_overdue(world.parts, seen(world, one))
    world.clock.forward(days=2)
    marked(world, HANDLED, one)
    assert not is_overdue(world.parts, seen(world, one))


def test_handling_times_are_counted_from_when_a_comment_could_be_seen(world: World) -> None:
    answered()
    one, two = written(), written()
    written()
    marked(world, HANDLED, one)
    world.clock.forward(days=3)
    marked(world, HANDLED, two)
    told = handling(world.parts, readable(world.parts, unit_of(world)))
    assert (told.comments, told.waiting, told.overdue, told.median) == (3, 1, 1, 17.5)


def test_nothing_kept_of_a_comment_tells_when_it_was_written(world: World) -> None:
    world.opened()
    for text in ("9", "3524", "Kiva paikka"):
        world.text(text)
    (row,) = world.comments()
    assert set(row.attribute_values) == {"unit", "month_id", "survey", "respondent", "text", "segment", "status"}
    assert row.month_id.startswith(f"{NOVEMBER}#")
