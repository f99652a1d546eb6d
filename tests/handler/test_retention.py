"""Nothing is kept longer than docs/retention.md says; what is within its time, or was written anew, stays."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from handler.jobs import every_morning
from handler.tables import audit, base, invitations, limits, outlived
from handler.tables.all_tables import TABLES
from handler.tables.audit import AuditRow
from handler.tables.comments import CommentRow
from handler.tables.conversations import ConversationRow, State
from handler.tables.counts import CountRow
from handler.tables.invitations import InvitationRow, InvitationState
from handler.tables.limits import LimitRow
from handler.tables.opt_outs import OptOutRow
from handler.tables.responses import Place, ResponseRow
from handler.tables.staff_keys import StaffKeyRow
from handler.tables.throttle import ThrottleRow
from handler.work import retention
from handler.work.metric import Metric
from handler.work.recount import Scope, first_month, rows_beside_their_folds
from handler.work.retention import AUDIT_MONTHS, KEY_DAYS, first_month_kept, keep_to_times
from survey_flow.conversation import OptOutHow
from survey_flow.helsinki import HELSINKI
from survey_flow.publication import month_after
from tests.handler.reporting import RecordingPost, reporting
from tests.handler.test_recount import closed
from tests.roles import acting_as
from tests.world import PHONE, REGION, World

DOC = (Path(__file__).resolve().parents[2] / "docs" / "retention.md").read_text(encoding="utf-8")
YOUTH = Place("kotka", "nuorten-matala-nuori", "youth", "")
# A unit and a survey that no file names any more.
GONE = Place("lakkautettu", "vanha-kysely", "client", "")


def morning(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 7, tzinfo=HELSINKI)


def keep(world: World) -> None:
    """The next morning's round, with the role of the function that does it."""
    world.clock.forward(days=1)
    with acting_as("report"):
        keep_to_times(world.parts)


def counted(world: World, metric: Metric) -> list[int]:
    return [amount for name, amount in world.metrics if name == metric]


def answered(place: Place) -> None:
    """A response with its columns, a comment and an invitation of the month."""
    closed(place=place)
    CommentRow(
        place.unit,
        f"{place.month}#{uuid4()}",
        survey=place.survey,
        respondent=place.respondent,
        text="hyvä",
        status="new",
    ).save()
    names = {"unit": place.unit, "survey": place.survey, "respondent": place.respondent, "month": place.month}
    invitations.row(str(uuid4()), by="test", state=InvitationState.DELIVERED, **names).save()


def months_held() -> tuple[set[str], set[str], set[str]]:
    """Of responses, comments and invitations, each unit with its months."""
    return (
        {f"{row.unit_survey.partition('#')[0]} {row.month_group_id[:7]}" for row in ResponseRow.scan()},
        {f"{row.unit} {row.month_id[:7]}" for row in CommentRow.scan()},
        {f"{row.unit} {row.month}" for row in InvitationRow.scan()},
    )


# --- each table


def test_every_table_has_its_time_in_the_document() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", DOC, re.MULTILINE)
    assert sorted(rows) == sorted(table.Meta.short_name for table in TABLES)  # type: ignore[attr-defined]


def test_the_document_names_the_times_that_the_code_keeps() -> None:
    assert f"{AUDIT_MONTHS} months" in DOC
    assert f"{KEY_DAYS} days" in DOC
    assert "`keep_months`" in DOC


@pytest.mark.parametrize("place", [YOUTH, GONE], ids=["of a unit that asks", "of a unit and a survey that are gone"])
def test_responses_comments_and_invitations_go_together_once_their_months_are_over(world: World, place: Place) -> None:
    world.clock.now = morning(2026, 12, 1)
    for month in ("2021-03", "2023-11", "2023-12", "2026-11"):
        answered(replace(place, month=month))
    keep(world)
    left = {f"{place.unit} 2023-12", f"{place.unit} 2026-11"}
    assert months_held() == (left, left, left)
    assert len(list(CountRow.scan())) == 4, "counts are for good"


def test_on_the_first_of_a_month_nothing_goes_that_a_recount_may_just_be_counting(world: World) -> None:
    answered(replace(YOUTH, month="2023-11"))
    world.clock.now = datetime(2026, 11, 30, 23, 59, tzinfo=HELSINKI)
    begun = rows_beside_their_folds(world.parts, Scope())
    row = next(begun)
    world.clock.now = morning(2026, 11, 30)
    keep(world)
    assert world.clock.now == morning(2026, 12, 1)
    assert (row.place.month, row.responses) == ("2023-11", 1)
    assert months_held()[0] == {"kotka 2023-11"}
    keep(world)
    assert months_held() == (set(), set(), set())


def test_what_may_be_recounted_is_never_deleted(world: World) -> None:
    for days in range(0, 800, 5):
        world.clock.now = morning(2026, 1, 1) + timedelta(days=days)
        assert first_month_kept(world.parts) <= first_month(world.parts)
        assert month_after(first_month_kept(world.parts)) >= first_month(world.parts)


def test_who_sent_and_when_goes_from_an_invitation_with_the_audit_of_its_month(world: World) -> None:
    """The row stays, for it is counted; longer it would keep a profile of each worker's days."""
    world.clock.now = morning(2026, 12, 1)
    for month in ("2024-11", "2024-12"):
        asked(month)
    keep(world)
    assert kept_of_sending() == {"2024-11": {}, "2024-12": {"by": "person:1", "send_at": 1, "fingerprint": "a"}}
    assert [sent for sent, _ in invitations.of_month(*astuple(replace(YOUTH, month="2024-11")))] == ["delivered"]
    forgotten = invitations.read("2024-11")
    assert forgotten is not None
    assert (forgotten.by, forgotten.send_at, forgotten.fingerprint) == ("", None, "")
    assert counted(world, Metric.ROWS_DELETED) == [0]
    keep(world)
    assert list(outlived.invitations_before("2023-12", told_before="2024-12")) == []


def test_an_invitation_that_leaves_meanwhile_keeps_who_sent_it(world: World) -> None:
    asked("2024-11", InvitationState.QUEUED)
    (found,) = outlived.invitations_before("2023-12", told_before="2024-12")
    invitation = invitations.read("2024-11")
    assert invitation is not None
    with base.transaction(REGION) as together:
        invitations.mark_sending(together, invitation, month="2026-12")
    assert not outlived.delete(found)
    assert kept_of_sending().keys() == {"2026-12"}
    assert kept_of_sending()["2026-12"]["by"] == "person:1"


def test_an_invitation_that_is_deleted_meanwhile_does_not_come_back(world: World) -> None:
    asked("2024-11")
    (found,) = outlived.invitations_before("2023-12", told_before="2024-12")
    InvitationRow("2024-11").delete()
    assert not outlived.delete(found)
    assert list(InvitationRow.scan()) == []


def asked(month: str, state: InvitationState = InvitationState.DELIVERED) -> None:
    """An invitation as it is written, with the month as its id."""
    names = {"unit": YOUTH.unit, "survey": YOUTH.survey, "respondent": YOUTH.respondent, "month": month}
    invitations.row(month, by="person:1", state=state, send_at=1, fingerprint="a", **names).save()


def kept_of_sending() -> dict[str, dict[str, object]]:
    """By the month, what the invitation's row still tells of its sending."""
    rows = {row.month: row.attribute_values for row in InvitationRow.scan()}
    return {
        month: {name: row[name] for name in ("by", "send_at", "fingerprint") if name in row}
        for month, row in rows.items()
    }


def test_a_trial_s_invitation_which_no_index_knows_goes_too(world: World) -> None:
    names = {"unit": "kotka", "survey": "nuorten-matala-nuori", "respondent": "youth", "month": "2023-01"}
    invitations.row("trial", by="test", state=InvitationState.DELIVERED, trial=1, **names).save()
    keep(world)
    assert list(InvitationRow.scan()) == []


def test_tombstone_throttle_and_marks_go_on_their_own_day(world: World) -> None:
    world.opened()
    world.text("STOP")
    world.text("kiitos")
    keep(world)
    assert [row.state for row in ConversationRow.scan()] == [State.CLOSED.value]
    assert len(list(ThrottleRow.scan())) == 1
    world.clock.forward(days=14)
    keep(world)
    assert list(ConversationRow.scan()) == []
    assert len(list(ThrottleRow.scan())) == 1
    world.clock.now = morning(2027, 2, 24)
    keep(world)
    assert list(ThrottleRow.scan()) == []
    assert {row.what for row in LimitRow.scan()} == {retention.MARK}
    assert [row.how for row in OptOutRow.scan()] == [OptOutHow.SMS.value], "an opt-out stays until it is withdrawn"


def test_an_open_conversation_has_no_hour_at_which_it_is_forgotten(world: World) -> None:
    world.opened()
    world.text("7")
    world.clock.forward(days=400)
    keep(world)
    assert [row.state for row in ConversationRow.scan()] == [State.OPEN.value]


def test_the_audit_of_a_month_goes_after_its_months(world: World) -> None:
    for year, month in ((2022, 12), (2024, 10), (2024, 11), (2026, 11)):
        audit.note(morning(year, month, 15), who="person:1", did="opt_out_recorded")
    world.clock.now = morning(2026, 11, 2)
    keep(world)
    assert sorted(row.month for row in AuditRow.scan()) == ["2024-11", "2026-11"]


ENDS = {
    "expired a year ago": ("2025-11-24", None, False),
    "expired within the year": ("2025-11-25", None, True),
    "revoked a year ago": ("2027-01-01", "2025-11-24", False),
    "revoked within the year": ("2027-01-01", "2025-11-25", True),
    "holds": ("2027-01-01", None, True),
}


@pytest.mark.parametrize(("expires_on", "revoked_on", "stays"), ENDS.values(), ids=ENDS)
def test_a_key_goes_a_year_after_its_end(world: World, expires_on: str, revoked_on: str | None, stays: bool) -> None:
    StaffKeyRow(
        "ab12",
        secret_hash="x",
        units={"kotka"},
        rights={"send"},
        made_on="2024-11-24",
        expires_on=expires_on,
        revoked_on=revoked_on,
    ).save()
    keep(world)
    assert bool(list(StaffKeyRow.scan())) is stays


# --- what is written meanwhile


def found(world: World, row: type[ConversationRow | ThrottleRow]) -> outlived.Outlived:
    (one,) = outlived.by_their_hour(row, world.clock())
    return one


def test_a_tombstone_that_a_new_invitation_takes_over_meanwhile_is_not_deleted(world: World) -> None:
    world.opened()
    world.text("väärä numero")
    OptOutRow(world.parts.phone_keys.all(PHONE)[0]).delete()
    world.clock.now = morning(2027, 3, 1)
    tombstone, contact = found(world, ConversationRow), found(world, ThrottleRow)
    world.invite()
    assert not outlived.delete(tombstone)
    assert not outlived.delete(contact)
    assert world.held() is not None


def test_a_mark_that_is_set_anew_meanwhile_is_not_deleted(world: World) -> None:
    limits.mark("stray#1", now=world.clock(), window=timedelta(days=1))
    world.clock.forward(days=2)
    (mark,) = outlived.by_their_hour(LimitRow, world.clock())
    limits.mark("stray#1", now=world.clock(), window=timedelta(days=1))
    assert not outlived.delete(mark)
    assert limits.stands("stray#1", now=world.clock())


def test_a_callback_and_a_mark_that_come_late_bring_nothing_back(world: World) -> None:
    accepted = world.opened()
    world.clock.now = morning(2029, 12, 1)
    keep(world)
    assert list(InvitationRow.scan()) == []
    world.callback(accepted, "delivered")
    assert list(InvitationRow.scan()) == []


def test_what_another_round_has_deleted_meanwhile_is_no_fault(world: World) -> None:
    answered(replace(YOUTH, month="2021-03"))
    (response,) = outlived.responses_before("2022-01", "kotka", "nuorten-matala-nuori")
    (comment,) = outlived.comments_before("2022-01", "kotka")
    for one in (response, comment):
        assert outlived.delete(one)
        assert not outlived.delete(one)


# --- the round


def test_a_round_is_done_once_a_day_and_told(world: World) -> None:
    keep(world)
    with acting_as("report"):
        keep_to_times(world.parts)
    assert counted(world, Metric.RETENTION_DONE) == [1]
    keep(world)
    assert counted(world, Metric.RETENTION_DONE) == [1, 1]


def test_how_many_rows_went_is_told_in_full_fives(world: World) -> None:
    for number in range(7):
        limits.mark(f"stray#{number}", now=world.clock(), window=timedelta(hours=1))
    keep(world)
    assert counted(world, Metric.ROWS_DELETED) == [5]


def test_what_a_round_has_no_time_for_is_left_to_the_next_morning(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        limits.mark(f"stray#{number}", now=world.clock(), window=timedelta(hours=1))
    world.clock.forward(days=1)
    hurried = replace(world.parts, clock=HurriedClock(world.clock()))
    with acting_as("report"):
        keep_to_times(hurried)
    assert 0 < len(list(LimitRow.scan())) < 8
    assert counted(world, Metric.RETENTION_DONE) == []
    keep(world)
    assert {row.what for row in LimitRow.scan()} == {retention.MARK}
    assert counted(world, Metric.RETENTION_DONE) == [1]


class HurriedClock:
    """On which every look is half a minute later."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=30)
        return self.now


@contextmanager
def broken(world: World, table: type[ThrottleRow]) -> Iterator[None]:
    """The table is away for a while."""
    table.delete_table()
    yield
    table.create_table(billing_mode="PAY_PER_REQUEST", wait=True)


def test_a_table_that_fails_keeps_no_other_waiting_and_is_tried_again(world: World) -> None:
    answered(replace(YOUTH, month="2021-03"))
    with broken(world, ThrottleRow), pytest.raises(Exception, match="ResourceNotFound"):
        keep(world)
    assert months_held() == (set(), set(), set())
    assert counted(world, Metric.RETENTION_DONE) == []
    keep(world)
    assert counted(world, Metric.RETENTION_DONE) == [1]


def test_reports_that_fail_keep_nothing_longer(world: World) -> None:
    answered(replace(YOUTH, month="2021-03"))
    world.clock.now = morning(2026, 12, 8)
    post = RecordingPost(faults=[OSError("no mail today")])
    with acting_as("report"), pytest.raises(OSError, match="no mail today"):
        every_morning(reporting(world, post))
    assert months_held() == (set(), set(), set())


def test_no_row_of_counts_is_ever_deleted(world: World) -> None:
    answered(replace(YOUTH, month="2021-03"))
    before = {(row.survey, row.month_unit_group) for row in CountRow.scan()}
    keep(world)
    assert {(row.survey, row.month_unit_group) for row in CountRow.scan()} == before
