"""`privacy holds` and `privacy erase`: what is held on a number, in words and without the number; and its erasure."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from getpass import getuser
from typing import Any
from uuid import uuid4

import boto3
import pytest
from click.testing import Result
from flask import Flask

from handler.commands import add_commands
from handler.outside.carrier import OutcomeUnknown
from handler.settings import Pepper
from handler.tables import number_rows, opt_outs, throttle
from handler.tables.audit import AuditRow
from handler.tables.base import LostRace
from handler.tables.comments import CommentRow
from handler.tables.conversations import State
from handler.tables.deletions import DeletionRow
from handler.tables.limits import LimitRow
from handler.tables.responses import ResponseRow
from handler.work import held_data
from handler.work.held_data import StillWritten
from handler.work.request import Refused
from survey_flow.conversation import OptOutHow
from survey_flow.library import Library
from survey_flow.phone import PhoneNumber
from tests.handler.looking import contact, held, invitation, is_contact, key_of
from tests.world import OTHER_PHONE, PHONE, REGION, World, made_world

NOTHING = "Nothing is held on this number."
DIGITS = re.compile(r"401234567|40 123 4567|1234567")


def privacy(world: World, *words: str, typed: str = "040 123 4567\n") -> Result:
    app = Flask(__name__)
    add_commands(app, lambda: world.parts)
    result = app.test_cli_runner().invoke(args=["privacy", *words], input=typed)
    assert not DIGITS.search(result.output), "the number is never printed"
    assert all(key not in result.output for key in world.parts.phone_keys.all(PHONE))
    return result


def held_on(world: World, **differs: Any) -> str:
    """What `holds` tells before it tells what cannot be found."""
    result = privacy(world, "holds", **differs)
    assert result.exit_code == 0, result.output
    return result.output.partition("\nWhat cannot be found")[0]


def erase(world: World, *words: str) -> str:
    result = privacy(world, "erase", "--yes", *words)
    assert result.exit_code == 0, result.output
    return result.output.partition("Erased.")[2]


def rows_with_the_number(prefix: str, world: World, number: PhoneNumber = PHONE) -> list[str]:
    """The tables with a row in which a key of the number stands anywhere."""
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    names = [name for name in dynamodb.list_tables()["TableNames"] if name.startswith(prefix)]
    keys = world.parts.phone_keys.all(number)
    return [
        name.removeprefix(prefix)
        for name in names
        for item in dynamodb.scan(TableName=name)["Items"]
        if any(key in repr(item) for key in keys)
    ]


# --- what is held


def test_nothing_is_held_on_a_number_that_nobody_knows(world: World) -> None:
    assert held_on(world) == f"Looked for under 1 pepper: 1.\n{NOTHING}\n"


def test_what_cannot_be_found_by_a_number_is_told_with_its_reason(world: World) -> None:
    told = privacy(world, "holds").output
    for table in ("responses", "comments", "counts", "deletions", "audit"):
        assert re.search(rf"^[a-z, ]*{table}\b", told, re.MULTILINE), table
    assert "random id" in told


def queued(world: World) -> None:
    world.clock.forward(hours=6)
    world.invite()


def opened(world: World) -> None:
    world.opened()


def answering(world: World) -> None:
    world.opened()
    world.text("9 koska kuunneltiin")


def unknown(world: World) -> None:
    world.invite()
    world.carrier.faults.append(OutcomeUnknown("time-out"))
    world.tick()


def closed(world: World) -> None:
    world.opened()
    for body in ("9", "3524", "OHITA"):
        world.text(body)


def refused(world: World) -> None:
    world.opened()
    world.text("STOP")


def refused_without_a_survey(world: World) -> None:
    world.text("STOP")


def told_to_staff(world: World) -> None:
    opt_outs.record(key_of(world), how=OptOutHow.STAFF, today=world.parts.today())


def stray(world: World) -> None:
    world.text("moi")


def trial(world: World) -> None:
    world.text("koe")


def stray_after_the_end(world: World) -> None:
    closed(world)
    world.text("kiitos")


HELD: dict[str, tuple[Callable[[World], None], tuple[str, ...]]] = {
    "queued": (
        queued,
        (
            "conversations: a survey waits to be sent (Nuorten Matala, Kotka, youth, language fi, of 2026-11).",
            "throttle: contacted on 2026-11-25, not to be asked again before 2027-02-25",
            "invitations: one to Nuorten Matala, Kotka, youth, queued; in it the keyed hash",
        ),
    ),
    "opened": (
        opened,
        ("conversations: an open survey", "the number itself, sealed", "sent; in it nothing of the number"),
    ),
    "answering": (answering, ("the answers given so far", "1 message ids", "our last message")),
    "unknown": (unknown, ("a survey whose sending nobody could confirm", "invitations:")),
    "closed": (closed, ("the remains of a closed survey", "throttle: contacted on 2026-11-24")),
    "refused": (refused, ("opt_outs: opted out in 2026-11, by a message from the phone.",)),
    "refused without a survey": (refused_without_a_survey, ("opt_outs: ", "limits: it refused surveys")),
    "told to the staff": (told_to_staff, ("opt_outs: opted out in 2026-11, told to a member of staff.",)),
    "a stray message": (stray, ("limits: it wrote without an open survey and was answered",)),
    "a trial": (trial, ("limits: it texted the trial word",)),
    "a stray message after the end": (stray_after_the_end, ("the remains of a closed survey", "limits: it wrote")),
}


@pytest.mark.parametrize(("before", "told"), HELD.values(), ids=HELD)
def test_what_is_held_is_told_table_by_table(
    world: World, before: Callable[[World], None], told: tuple[str, ...]
) -> None:
    before(world)
    found = held_on(world)
    for sentence in told:
        assert sentence in found
    assert NOTHING not in found


@pytest.mark.parametrize("before", [each[0] for each in HELD.values()], ids=HELD)
def test_every_row_in_which_a_key_of_the_number_stands_is_told(world: World, before: Callable[[World], None]) -> None:
    before(world)
    found = held_on(world)
    for table in rows_with_the_number("test-", world):
        assert f"{table}: " in found


def test_a_deletion_owed_at_the_carrier_is_told_while_it_is(world: World) -> None:
    closed(world)
    assert "deletions: what passed with the number is still to be deleted" in held_on(world)


def test_what_another_pepper_holds_is_told_under_its_key_id(library: Library, empty_aws: None) -> None:
    old, new = Pepper("1", b"old"), Pepper("2", b"new")
    made_world(library, prefix="test-", peppers=(old,)).text("STOP")
    world = made_world(library, prefix="test-", peppers=(new, old))
    found = held_on(world)
    assert found.startswith("Looked for under 2 peppers: 2, 1.\n\nUnder pepper 1:\n")
    assert "opt_outs: opted out" in found
    assert "opt_outs" not in erase(world, "--opt-out-too")
    assert rows_with_the_number("test-", world) == []


# --- what is typed


FAULTS = {
    "nothing": ("\n", "No number was given."),
    "no number": ("Matti\n", "This is no phone number."),
    "a number too long": ("040 123 4567 89\n", "This is no phone number."),
    "a landline without its country": ("05 123 4567\n", "This is no mobile number; if it is meant, write it with +"),
}


@pytest.mark.parametrize(("typed", "sentence"), FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("command", ["holds", "erase"])
def test_what_is_no_number_is_told_and_nothing_is_done(world: World, command: str, typed: str, sentence: str) -> None:
    result = privacy(world, command, typed=typed)
    assert result.exit_code == 1
    assert sentence in result.output
    assert typed.strip() in ("", "Matti") or typed.strip() not in result.output
    assert list(AuditRow.scan()) == []


def test_a_number_to_which_no_survey_goes_can_be_asked_after_written_whole(world: World) -> None:
    swedish = PhoneNumber("+46701234567")
    world.text("STOP", number=swedish)
    assert "opt_outs: opted out" in held_on(world, typed="+46 70-123 45 67\n")


def test_the_number_is_no_argument(world: World) -> None:
    for command in ("holds", "erase"):
        assert "unexpected extra argument" in privacy(world, command, "05", typed="").output


# --- erasing


@pytest.mark.parametrize("before", [each[0] for each in HELD.values()], ids=HELD)
def test_after_an_erasure_no_row_knows_the_number_but_its_opt_out(
    world: World, before: Callable[[World], None]
) -> None:
    before(world)
    opted_out = "opt_outs" in rows_with_the_number("test-", world)
    told = erase(world)
    left = set(rows_with_the_number("test-", world))
    assert left - {"limits"} == ({"opt_outs"} if opted_out else set())
    assert ("The opt-out stays" in told) is opted_out
    assert ("the number may be asked for feedback again" in told) is not opted_out
    marks = {row.what.partition("#")[0] for row in LimitRow.scan() if key_of(world) in row.what}
    assert marks <= {"refused"}


@pytest.mark.parametrize("before", [each[0] for each in HELD.values()], ids=HELD)
def test_with_the_opt_out_nothing_is_left(world: World, before: Callable[[World], None]) -> None:
    before(world)
    erase(world, "--opt-out-too")
    assert rows_with_the_number("test-", world) == []
    assert NOTHING in held_on(world)


def test_an_open_survey_is_dropped_as_by_a_wrong_number(world: World) -> None:
    answering(world)
    erase(world)
    assert (list(ResponseRow.scan()), list(CommentRow.scan())) == ([], [])
    assert {name for name in world.columns() if name.startswith(("nps", "finished", "broken"))} == set()
    assert len(list(DeletionRow.scan())) == 1, "what the carrier has of it is still to be deleted"


def test_a_queued_opening_never_leaves(world: World) -> None:
    world.clock.forward(hours=6)
    accepted = world.invite()
    erase(world)
    assert invitation(accepted).state == "cancelled"
    assert invitation(accepted).phone_key is None
    world.lapse(days=2)
    assert world.carrier.sent == []


def test_the_message_that_comes_after_an_erasure_is_a_stray_one(world: World) -> None:
    answering(world)
    erase(world)
    assert "avoinna" in world.text("4") or world.text("STOP")
    assert list(ResponseRow.scan()) == []


def test_nothing_is_erased_without_a_yes(world: World) -> None:
    answering(world)
    result = privacy(world, "erase")
    assert result.exit_code == 1
    assert "Nothing was erased" in result.output
    assert held(world).state is State.OPEN


def test_another_number_s_rows_stay(world: World) -> None:
    answering(world)
    world.opened(number=OTHER_PHONE)
    erase(world)
    assert held(world, OTHER_PHONE).state is State.OPEN
    assert is_contact(world, OTHER_PHONE)


def test_looking_and_erasing_stand_in_the_audit_without_the_number(world: World) -> None:
    answering(world)
    held_on(world)
    erase(world)
    assert sorted((row.who, row.did) for row in AuditRow.scan()) == [
        (f"command:{getuser()}", "number_erased"),
        (f"command:{getuser()}", "number_looked_up"),
        (f"command:{getuser()}", "number_looked_up"),
    ]
    assert "audit" not in rows_with_the_number("test-", world)


# --- what happens meanwhile


def test_an_erasure_that_ended_half_way_is_finished_by_the_next(world: World) -> None:
    """The closing is done, the rest is not."""
    answering(world)
    held_data._drop(world.parts, held(world))
    erase(world)
    assert rows_with_the_number("test-", world) == []


def test_an_invitation_between_reading_and_erasing_stays_whole(world: World) -> None:
    """Its contact is not taken from under it."""
    closed(world)
    world.clock.now = world.clock.now.replace(year=2027, month=3, day=2)
    rows = number_rows.read(key_of(world))
    accepted = world.opened()
    with pytest.raises(LostRace):
        number_rows.erase(REGION, rows, opt_out_too=True)
    assert held(world).invitation_id == accepted.id
    found = contact(world)
    assert found is not None
    assert found.contacted_on == date(2027, 3, 2)


def test_an_invitation_of_a_number_without_rows_but_a_mark_stays_whole(world: World) -> None:
    stray(world)
    rows = number_rows.read(key_of(world))
    world.invite()
    with pytest.raises(LostRace):
        number_rows.erase(REGION, rows, opt_out_too=False)


def test_a_refusal_between_reading_and_erasing_is_kept(world: World) -> None:
    told_to_staff(world)
    rows = number_rows.read(key_of(world))
    world.text("STOP")
    with pytest.raises(LostRace):
        number_rows.erase(REGION, rows, opt_out_too=True)
    assert opt_outs.stands(key_of(world))


def test_a_message_that_comes_while_its_survey_is_dropped_is_dropped_too(world: World) -> None:
    answering(world)
    before = held(world)
    world.text("3524")
    with pytest.raises(LostRace):
        held_data._drop(world.parts, before)
    erase(world)
    assert rows_with_the_number("test-", world) == []
    assert list(ResponseRow.scan()) == []


@pytest.mark.engine
def test_invitations_messages_and_erasures_at_the_same_moment_leave_nothing_half(engine: str, library: Library) -> None:
    """No survey is left without its contact, and no contact without its survey."""
    prefix = f"{uuid4().hex[:8]}-"
    world = made_world(library, prefix=prefix)
    over = threading.Event()

    def inviting() -> int:
        made = 0
        while not over.is_set():
            with suppress(Refused):
                world.invite()
                made += 1
        return made

    def texting() -> None:
        while not over.is_set():
            world.text("7", message_id=uuid4().hex)

    def erasing() -> None:
        for _ in range(60):
            with suppress(StillWritten):
                held_data.erase(world.parts, PHONE, who="command", opt_out_too=False)

    with ThreadPoolExecutor(3) as pool:
        made, texted = pool.submit(inviting), pool.submit(texting)
        pool.submit(erasing).result()
        over.set()
        assert made.result() > 3
        texted.result()
    row, found = world.held(), throttle.read(key_of(world))
    if row is None or row.state is State.CLOSED:
        assert found is None
    else:
        assert found is not None
        assert found.invitation_id == row.invitation_id
    held_data.erase(world.parts, PHONE, who="command", opt_out_too=True)
    assert rows_with_the_number(prefix, world) == []
