"""The counts are the fold of responses and invitations: recounted after real closings, with differences planted."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from getpass import getuser
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask

from handler.commands import add_commands
from handler.tables import base, counts, invitations, recounts, responses
from handler.tables.audit import AuditRow
from handler.tables.invitations import InvitationState
from handler.tables.responses import Place, ResponseRow
from handler.work.fold_sends import fold, fold_recent
from handler.work.metric import Metric
from handler.work.opt_out import staff_opt_out
from handler.work.recount import Repair, Row, Scope, look, repair, rows_beside_their_folds
from handler.work.request import Refusal
from survey_flow.closing import FINISHED, columns
from survey_flow.conversation import Answer, Mark
from survey_flow.helsinki import HELSINKI
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from survey_flow.publication import month_after
from tests.calls import calls
from tests.handler.looking import refused
from tests.world import PHONE, REGION, World, made_world

PLACE = Place("kotka", "nuorten-matala-nuori", "youth", "2026-11")
# The first day on which November may be repaired, and the last on which it may not.
CLOSED, OPEN = (datetime(2026, 12, day, 12, tzinfo=HELSINKI) for day in (8, 7))
ANSWERS: dict[str, Answer] = {"nps": 9, "apu": Mark.DONT_KNOW}
SAID = {
    "finished": ("9 koska kuunneltiin", "3524", "OHITA"),
    "with a comment": ("2", "3024", "pitkä jono"),
    "broken off": ("7",),
    "opted out half-way": ("7", "3524", "STOP"),
    "opted out at once": ("STOP",),
    "a wrong number": ("väärä numero",),
    "silent": (),
}


def talk(world: World) -> None:
    """Conversations that end in every way there is, and an opening that does not arrive."""
    for at, bodies in enumerate(SAID.values()):
        phone = PhoneNumber(f"+3584012345{at:02}")
        accepted = world.opened(number=phone)
        world.callback(accepted, "delivered", number=phone)
        for body in bodies:
            world.text(body, number=phone)
    failed = PhoneNumber("+358401234590")
    world.callback(world.opened(number=failed), "undelivered", error_code="30003", number=failed)
    world.lapse(hours=98)


def closed(answers: Mapping[str, Answer] = ANSWERS, outcome: str = FINISHED, place: Place = PLACE) -> None:
    """What a closing leaves, in one transaction as a closing does it."""
    with base.transaction(REGION) as together:
        responses.put(together, place, survey_version=1, answers=dict(answers), outcome=outcome)
        counts.add(together, place, {**columns(answers, outcome), "segments_out": 5})


def invited(*states: InvitationState, place: Place = PLACE) -> None:
    names = {"unit": place.unit, "survey": place.survey, "respondent": place.respondent, "month": place.month}
    for state in states:
        invitations.row(str(uuid4()), by="test", state=state, **names).save()
    fold(place)


def answers_and_invitations(place: Place) -> None:
    closed(place=place)
    closed({}, "opted_out_at_nps", place)
    invited(InvitationState.DELIVERED, InvitationState.SENT, InvitationState.UNDELIVERED, place=place)


@pytest.fixture
def small(world: World) -> World:
    """Two responses and three invitations of November, on the day from which it may be repaired."""
    answers_and_invitations(PLACE)
    world.clock.now = CLOSED
    return world


def plant(place: Place = PLACE, **numbers: int) -> None:
    counts.set_columns(place, numbers)


def differing(world: World, **scope: str) -> list[Row]:
    return [row for row in rows_beside_their_folds(world.parts, Scope(**scope)) if row.differs]


def recount(world: World, *words: str) -> Result:
    app = Flask(__name__)
    add_commands(app, lambda: world.parts)
    return app.test_cli_runner().invoke(args=["recount", *words])


# --- what is found


def test_after_real_closings_nothing_differs(world: World) -> None:
    talk(world)
    result = recount(world)
    assert result.output == "Rows of counts from 2023-11 on: 1, beside 5 responses and 8 invitations. Differing: 0.\n"
    assert result.exit_code == 0


PLANTED = {
    "an answer too many": ({"nps_9": 2}, {"nps_9": 1}),
    "an answer too few": ({"nps_9": 0}, {"nps_9": 1}),
    "an answer that nobody gave": ({"nps_0": 1}, {"nps_0": 0}),
    "of a question that is no longer asked": ({"vanha_3": 4}, {"vanha_3": 0}),
    "of a scale of another range": ({"hyoty_1-3_2": 1}, {"hyoty_1-3_2": 0}),
    "a mark": ({"apu_dont_know": 3}, {"apu_dont_know": 1}),
    "a way of ending": ({"finished": 0}, {"finished": 1}),
    "where it was broken off": ({"broken_off_nps": 1}, {"broken_off_nps": 0}),
    "where it was opted out": ({"opted_out_at_nps": 5}, {"opted_out_at_nps": 1}),
    "opted out": ({"opted_out": 5}, {"opted_out": 1}),
    "opted out at once": ({"opted_out_at_once": 0}, {"opted_out_at_once": 1}),
    "what left": ({"invited": 90}, {"invited": 3}),
    "what did not arrive": ({"undelivered": 0}, {"undelivered": 1}),
    "blocked requests": ({"blocked_opted_out": 1}, {"blocked_opted_out": 0}),
}


def test_each_planted_difference_is_found(small: World) -> None:
    """Each in a month of its own, beside the same responses and invitations."""
    months = {replace(PLACE, month=month_after(PLACE.month, -at)): name for at, name in enumerate(PLANTED)}
    for place, name in months.items():
        if place != PLACE:
            answers_and_invitations(place)
        plant(place, **PLANTED[name][0])
    assert {months[row.place]: (row.kept, row.counted) for row in differing(small)} == PLANTED


# The row of counts as planted, and what differs: at each question the sum of the two must be what there are responses.
STOPS = {
    "as it was": ({}, {}),
    "told as the other, which no response tells": ({"broken_off_apu": 3, "opted_out_at_apu": 0, "opted_out": 1}, {}),
    "one too few": ({"broken_off_apu": 1}, {"broken_off_apu": 2}),
    "one too many": ({"broken_off_apu": 4}, {"broken_off_apu": 2}),
    "a refusal that nothing shows": ({"opted_out_at_apu": 2, "opted_out": 3}, {"broken_off_apu": 1}),
    "a refusal that was lost": ({"opted_out_at_apu": 0}, {"broken_off_apu": 3, "opted_out": 1}),
    "more refusals than responses": (
        {"broken_off_apu": 0, "opted_out_at_apu": 9, "opted_out": 10},
        {"opted_out_at_apu": 3, "opted_out": 4},
    ),
    "a refusal at once told as broken off": (
        {"broken_off_nps": 1, "opted_out_at_nps": 0, "opted_out": 1, "opted_out_at_once": 0},
        {"broken_off_nps": 0, "opted_out_at_nps": 1, "opted_out": 2, "opted_out_at_once": 1},
    ),
    "a sum that is none": ({"opted_out": 7}, {"opted_out": 2}),
}


@pytest.mark.parametrize(("planted", "counted"), STOPS.values(), ids=STOPS)
def test_stops_are_counted_as_one_sum_and_the_difference_is_broken_off(
    world: World, planted: dict[str, int], counted: dict[str, int]
) -> None:
    stopped()
    world.clock.now = CLOSED
    plant(**planted)
    assert [dict(row.counted) for row in differing(world)] == ([counted] if counted else [])
    for row in differing(world):
        assert repair(world.parts, row) is Repair.DONE
    assert differing(world) == []
    assert {name: number for name, number in world.columns().items() if name.startswith("nps")} == {"nps_7": 3}


def test_a_refusal_between_reading_and_repair_is_not_undone(world: World) -> None:
    stopped()
    world.clock.now = CLOSED
    plant(broken_off_apu=1)
    (row,) = differing(world)
    closed_by_a_refusal()
    assert repair(world.parts, row) is Repair.DONE
    assert differing(world) == []
    columns_now = world.columns()
    assert (columns_now["broken_off_apu"], columns_now["opted_out_at_apu"], columns_now["opted_out"]) == (2, 2, 3)


def test_rows_of_when_responses_told_a_refusal_are_recounted_as_they_say(world: World) -> None:
    closed({"nps": 7}, "opted_out_at_apu")
    closed({"nps": 7}, "broken_off_apu")
    world.clock.now = CLOSED
    assert differing(world) == []
    plant(broken_off_apu=2, opted_out_at_apu=0, opted_out=0)
    (row,) = differing(world)
    assert row.counted == {"broken_off_apu": 1, "opted_out_at_apu": 1, "opted_out": 1}


def test_the_command_says_what_it_cannot_count(world: World) -> None:
    stopped()
    world.clock.now = CLOSED
    assert "not whether they refused" not in recount(world).output
    plant(broken_off_apu=1)
    result = recount(world, "--repair")
    assert "broken_off_apu is 2 and not 1. Repaired." in result.output
    assert "not whether they refused" in result.output


def stopped() -> None:
    """Two fell silent at the statements, one refused there, and one at once."""
    for _ in range(2):
        closed({"nps": 7}, "broken_off_apu")
    closed_by_a_refusal()
    closed_by_a_refusal({}, "nps")


def closed_by_a_refusal(answers: Mapping[str, Answer] | None = None, at: str = "apu") -> None:
    """What a refusal's closing leaves."""
    answered = {"nps": 7} if answers is None else dict(answers)
    with base.transaction(REGION) as together:
        responses.put(together, PLACE, survey_version=1, answers=answered, outcome=f"broken_off_{at}")
        counts.add(together, PLACE, columns(answered, f"opted_out_at_{at}"))


def test_a_refusal_repeated_under_its_key_stays_counted_in_its_month(world: World) -> None:
    staff_opt_out(world.parts, PHONE, who="person:1")
    for _ in range(2):
        assert refused(world, idempotency_key="visit").refusal is Refusal.OPTED_OUT
        fold_recent(world.parts)
        world.clock.now += timedelta(days=60)
    assert not any(row.differs for row in rows_beside_their_folds(world.parts, Scope()))
    assert world.metrics.count((Metric.BLOCKED, 1)) == 1


def test_what_no_fold_knows_is_left_alone(small: World) -> None:
    plant(safety_texts=40, segments_out=40, messages_in=40, examples=40)
    assert differing(small) == []


def test_a_response_without_a_row_of_counts_is_found(small: World) -> None:
    ResponseRow(
        "kouvola#nuorten-matala-nuori", "2026-10#youth#1", survey_version=1, answers={}, outcome=FINISHED
    ).save()
    (row,) = differing(small)
    assert (row.place.unit, row.place.month, row.counted, row.kept) == ("kouvola", "2026-10", {"finished": 1}, {})


def test_invitations_that_were_never_folded_are_found(small: World) -> None:
    place = replace(PLACE, month="2026-10")
    invitations.row("1", unit=place.unit, survey=place.survey, respondent=place.respondent, month=place.month,
                    by="test", state=InvitationState.DELIVERED).save()  # fmt: skip
    (row,) = differing(small)
    assert (row.place, row.counted) == (place, {"delivered": 1, "invited": 1})


GONE = {"unit": replace(PLACE, unit="suljettu"), "survey": replace(PLACE, survey="vanha-kysely")}


@pytest.mark.parametrize("place", GONE.values(), ids=GONE)
def test_what_was_taken_out_of_the_files_is_recounted_still(small: World, place: Place) -> None:
    closed(place=place)
    plant(place, nps_9=2)
    for scope in ({}, {"unit": place.unit}, {"survey": place.survey}):
        assert [row.place for row in differing(small, **scope)] == [place]


def test_unit_survey_and_month_narrow_what_is_read(small: World) -> None:
    elsewhere = Place("kouvola", "nuorten-matala-huoltaja", "guardian", "2026-10")
    for place in (PLACE, elsewhere):
        plant(place, nps_10=7)
    for scope in ({"unit": "kouvola"}, {"survey": "nuorten-matala-huoltaja"}, {"month": "2026-10"}):
        assert [row.place for row in differing(small, **scope)] == [elsewhere]


def test_responses_are_read_in_pages_of_one_query(small: World) -> None:
    with calls() as seen:
        list(rows_beside_their_folds(small.parts, Scope("kotka", "nuorten-matala-nuori", "2026-11")))
    assert seen.count("Query responses") == 1


# --- what the command says


def test_a_difference_is_one_sentence_and_exit_code_1(small: World) -> None:
    plant(nps_9=2, delivered=0)
    result = recount(small, "--month", "2026-11")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "nuorten-matala-nuori 2026-11 kotka youth: counted anew, delivered is 1 and not 0, nps_9 is 1 and not 2.",
        "Rows of counts of 2026-11: 1, beside 2 responses and 3 invitations. Differing: 1.",
    ]


UNKNOWN = (
    (("--unit", "turku"), "There is no unit turku."),
    (("--survey", "kysely"), "There is no survey kysely."),
    (("--month", "2026-13"), "There is no month 2026-13"),
    (("--month", "2027-01"), "The month 2027-01 has not begun."),
    (("--month", "2023-11"), "The month 2023-11 cannot be recounted: single responses are kept 36 months"),
)


def test_what_cannot_be_recounted_is_refused_with_a_sentence(small: World) -> None:
    for words, sentence in UNKNOWN:
        result = recount(small, *words)
        assert (result.exit_code, sentence in result.output) == (1, True), result.output


def test_months_of_which_rows_may_be_gone_are_left_out(small: World) -> None:
    for month in ("2023-11", "2023-12"):
        plant(replace(PLACE, month=month), nps_9=3)
    assert [row.place.month for row in differing(small)] == ["2023-12"]


# --- what is repaired


def test_a_repair_sets_what_was_counted_and_is_noted(small: World) -> None:
    before = small.columns()
    plant(nps_9=2, nps_0=1, delivered=0)
    result = recount(small, "--repair")
    assert result.exit_code == 0
    sentence, closing = result.output.splitlines()
    assert sentence.endswith("Repaired.")
    assert closing.endswith("Differing: 1, repaired: 1.")
    assert small.columns() == before | {"nps_0": 0}
    assert recount(small).exit_code == 0
    (row,) = AuditRow.scan()
    assert (row.who, row.did, row.unit) == (f"command:{getuser()}", "counts_repaired", "kotka")
    assert row.about == "nuorten-matala-nuori 2026-11 youth"


def test_a_month_whose_books_are_open_is_not_repaired(small: World) -> None:
    small.clock.now = OPEN
    plant(nps_9=2)
    result = recount(small, "--repair")
    assert result.exit_code == 1
    assert "Not repaired: its books are open until 2026-12-08." in result.output
    assert small.columns()["nps_9"] == 2


def test_a_row_that_was_never_made_is_made_with_its_names(small: World) -> None:
    place = Place("kouvola", "nuorten-matala-nuori", "youth", "2026-10")
    ResponseRow(
        "kouvola#nuorten-matala-nuori", "2026-10#youth#1", survey_version=1, answers={}, outcome=FINISHED
    ).save()
    (row,) = differing(small)
    assert repair(small.parts, row) is Repair.DONE
    assert counts.books([place]) == {("kouvola", "nuorten-matala-nuori", "youth"): {"2026-10": {"finished": 1}}}


def test_a_closing_between_reading_and_repair_is_not_undone(small: World) -> None:
    plant(nps_9=5)
    (row,) = differing(small)
    closed()
    assert repair(small.parts, row) is Repair.CHANGED_MEANWHILE
    assert small.columns()["nps_9"] == 6
    assert list(AuditRow.scan()) == []
    assert look(PLACE).counted == {"nps_9": 2}


def test_a_column_that_came_meanwhile_is_not_overwritten(small: World) -> None:
    ResponseRow(
        "kotka#nuorten-matala-nuori", "2026-11#youth#1", survey_version=1, answers={"nps": 3}, outcome=FINISHED
    ).save()
    (row,) = differing(small)
    plant(nps_3=1)
    assert repair(small.parts, row) is Repair.CHANGED_MEANWHILE


# --- with closings at the same moment


def test_real_closings_at_the_same_moment_are_not_undone(each_engine: str, library: Library) -> None:
    """The recount's clock is a fortnight ahead, so that it may repair what is still being closed."""
    world = made_world(library, prefix=f"{uuid4().hex[:8]}-")
    phones = [PhoneNumber(f"+3584012345{at:02}") for at in range(16)]
    for phone in phones:
        world.opened(number=phone)
    fold(PLACE)
    plant(nps_0=3)
    ahead = replace(world.parts, clock=lambda: CLOSED)
    over = threading.Event()

    def answer(some: list[PhoneNumber]) -> None:
        for phone in some:
            for body in ("9", "3524", "OHITA"):
                world.text(body, number=phone, message_id=uuid4().hex)

    def recounting() -> set[str]:
        """The columns that were repaired, the last round after the last closing."""
        repaired: set[str] = set()
        last = False
        while not last:
            last = over.is_set()
            for row in rows_beside_their_folds(ahead, Scope("kotka", PLACE.survey, "2026-11")):
                if row.differs and repair(ahead, row) is Repair.DONE:
                    repaired |= set(row.counted)
        return repaired

    with ThreadPoolExecutor(5) as pool:
        repairing = pool.submit(recounting)
        for done in [pool.submit(answer, phones[first::4]) for first in range(4)]:
            done.result()
        over.set()
    assert repairing.result() == {"nps_0"}
    assert not look(PLACE).differs
    assert recounts.read(PLACE)["finished"] == len(phones)
