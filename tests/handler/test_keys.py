"""API keys as the administrator keeps them, by page and command: shown once, rotated with two that hold, revoked."""

import logging
import re
from datetime import date, timedelta
from getpass import getuser

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from pynamodb.exceptions import PutError
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.tables import staff_keys
from handler.tables.audit import AuditRow
from handler.tables.base import LostRace
from handler.tables.staff_keys import StaffKey, StaffKeyRow
from handler.templates import page_texts
from handler.work import staff_key_keeping as keeping
from handler.work.staff_key import NewKey, find_key
from handler.work.staff_key_keeping import KeyState, MadeAlready, NoSuchKey, NotToRotate, Wish, state_of
from survey_flow.access import Right
from survey_flow.language import Language
from tests.environment import ENVIRONMENT
from tests.handler.page_words import words
from tests.world import START, World

SAYS = page_texts()[Language.FI]
TODAY = START.date()
WISH = Wish(frozenset({"kotka"}), frozenset({Right.SEND}), "ajanvarausjärjestelmä", timedelta(days=100))
USUAL = {"purpose": "ajanvarausjärjestelmä", "unit": ["kotka"], "right": ["send"], "days": "365"}
_KEY = re.compile(r"kuulolla_[0-9a-f]{8}_[\w-]{43}")


def made(world: World, wish: Wish = WISH, *, key_id: str | None = None) -> NewKey:
    return keeping.make(world.parts, wish, who="test", key_id=key_id)


def kept(key_id: str) -> StaffKey:
    """What is kept of the key, which must be there."""
    found = staff_keys.read(key_id)
    assert found is not None
    return found


def holds(world: World, key: NewKey) -> bool:
    return find_key(key.key, today=world.parts.today()) is not None


def noted() -> list[tuple[str, str, str | None]]:
    return sorted((row.who, row.did, row.about) for row in AuditRow.scan())


# --- making


def test_of_a_key_only_a_hash_is_kept(world: World) -> None:
    key = made(world)
    secret = key.key.rpartition("_")[2]
    (row,) = StaffKeyRow.scan()
    assert secret not in repr(row.attribute_values)
    assert secret not in repr(key)
    assert all(secret not in repr(note.attribute_values) for note in AuditRow.scan())
    assert holds(world, key)


def test_making_the_same_one_twice_makes_one(world: World) -> None:
    made(world, key_id="0123abcd")
    with pytest.raises(MadeAlready):
        made(world, key_id="0123abcd")
    assert len(staff_keys.every()) == len(noted()) == 1


def test_of_two_that_are_made_under_one_id_at_once_the_second_loses(world: World) -> None:
    first, second = kept(made(world).id), kept(made(world).id)
    with pytest.raises(LostRace):
        staff_keys.put(StaffKey(**{**_fields(second), "id": first.id}))
    assert kept(first.id).secret_hash == first.secret_hash


def _fields(key: StaffKey) -> dict[str, object]:
    return {name: getattr(key, name) for name in StaffKey.__slots__}


def test_a_key_that_cannot_be_noted_is_not_made(world: World) -> None:
    AuditRow.delete_table()
    with pytest.raises(PutError):
        made(world)
    assert staff_keys.every() == []


# --- last use


def test_the_day_of_its_last_use_is_kept_and_no_hour(world: World) -> None:
    key = made(world)
    assert kept(key.id).last_used_on is None
    assert holds(world, key)
    assert kept(key.id).last_used_on == TODAY
    world.clock.forward(days=2)
    assert holds(world, key)
    (row,) = StaffKeyRow.scan()
    assert row.last_used_on == "2026-11-26"


def test_a_day_s_use_is_written_once_and_an_earlier_day_loses(world: World) -> None:
    key = made(world)
    staff_keys.note_use(key.id, today=TODAY)
    for day in (TODAY, TODAY - timedelta(days=1)):
        with pytest.raises(LostRace):
            staff_keys.note_use(key.id, today=day)
    assert kept(key.id).last_used_on == TODAY
    assert find_key(key.key, today=TODAY) is not None


def test_two_first_uses_of_a_day_at_once_both_go_on(world: World) -> None:
    """Each has read the row before the other's write."""
    key = made(world)
    staff_keys.note_use(key.id, today=TODAY + timedelta(days=1))
    assert find_key(key.key, today=TODAY) is not None


def test_what_is_no_key_leaves_no_trace_of_a_use(world: World) -> None:
    key = made(world)
    assert find_key(f"{key.key}x", today=TODAY) is None
    assert find_key(key.key, today=TODAY + timedelta(days=100)) is None
    assert kept(key.id).last_used_on is None


# --- rotating


def test_after_a_rotation_two_keys_hold_for_a_week_and_then_the_new_one_alone(world: World) -> None:
    old = made(world)
    world.clock.forward(days=40)
    new = keeping.rotate(world.parts, old.id, who="test")
    assert (holds(world, old), holds(world, new)) == (True, True)
    world.clock.forward(days=6)
    assert (holds(world, old), holds(world, new)) == (True, True)
    world.clock.forward(days=1)
    assert (holds(world, old), holds(world, new)) == (False, True)


def test_the_new_key_is_for_the_same_and_lives_as_long_as_the_old_one_would_have(world: World) -> None:
    old = made(world)
    world.clock.forward(days=40)
    new = kept(keeping.rotate(world.parts, old.id, who="test").id)
    before = kept(old.id)
    assert (new.units, new.rights, new.purpose) == (before.units, before.rights, before.purpose)
    assert new.expires_on == TODAY + timedelta(days=140)
    assert before.replaced_by == new.id
    assert new.secret_hash != before.secret_hash


def test_no_rotation_makes_the_old_key_hold_for_longer(world: World) -> None:
    old = made(world)
    world.clock.forward(days=98)
    keeping.rotate(world.parts, old.id, old_days=30, who="test")
    assert kept(old.id).expires_on == TODAY + timedelta(days=100)


def test_a_key_that_leaked_is_ended_by_its_rotation_at_once(world: World) -> None:
    old = made(world)
    new = keeping.rotate(world.parts, old.id, old_days=0, who="test")
    assert (holds(world, old), holds(world, new)) == (False, True)


def test_what_has_ended_or_is_replaced_already_is_not_rotated(world: World) -> None:
    revoked, replaced, expired = made(world), made(world), made(world)
    keeping.revoke(world.parts, revoked.id, who="test")
    keeping.rotate(world.parts, replaced.id, who="test")
    for key in (revoked, replaced):
        with pytest.raises(NotToRotate):
            keeping.rotate(world.parts, key.id, who="test")
    world.clock.forward(days=100)
    with pytest.raises(NotToRotate):
        keeping.rotate(world.parts, expired.id, who="test")
    assert len(staff_keys.every()) == 4


def _rotated(world: World, key_id: str) -> None:
    keeping.rotate(world.parts, key_id, who="test")


def _revoked(world: World, key_id: str) -> None:
    keeping.revoke(world.parts, key_id, who="test")


@pytest.mark.parametrize("first", [_rotated, _revoked], ids=["rotated", "revoked"])
def test_a_rotation_of_what_somebody_else_ended_meanwhile_loses_and_makes_no_key(world: World, first: object) -> None:
    as_read = kept(made(world).id)
    assert callable(first)
    first(world, as_read.id)
    before = staff_keys.every()
    late = StaffKey(**{**_fields(as_read), "id": "0123abcd"})
    with pytest.raises(LostRace):
        staff_keys.replace(as_read, late, old_until=TODAY, region=world.parts.region)
    assert staff_keys.every() == before


# --- revoking


def test_a_revoked_key_is_ended_at_once_and_a_second_time_changes_nothing(world: World) -> None:
    key = made(world)
    assert keeping.revoke(world.parts, key.id, who="test")
    assert not holds(world, key)
    world.clock.forward(days=1)
    assert not keeping.revoke(world.parts, key.id, who="test")
    assert kept(key.id).revoked_on == TODAY
    assert [did for _, did, _ in noted()] == ["key_created", "key_revoked"]


def test_of_two_that_revoke_at_once_the_second_loses(world: World) -> None:
    key = made(world)
    staff_keys.revoke(key.id, today=TODAY)
    with pytest.raises(LostRace):
        staff_keys.revoke(key.id, today=TODAY + timedelta(days=1))
    assert kept(key.id).revoked_on == TODAY


def test_a_key_is_revoked_even_when_nothing_can_be_noted(world: World) -> None:
    key = made(world)
    AuditRow.delete_table()
    with pytest.raises(PutError):
        keeping.revoke(world.parts, key.id, who="test")
    assert not holds(world, key)


@pytest.mark.parametrize("key_id", ["0123abcd", "", "nobody", "x" * 3000, "0123ABCD"])
def test_a_key_that_is_not_there_is_neither_found_rotated_nor_revoked(world: World, key_id: str) -> None:
    with pytest.raises(NoSuchKey):
        keeping.revoke(world.parts, key_id, who="test")
    with pytest.raises(NoSuchKey):
        keeping.rotate(world.parts, key_id, who="test")
    assert (staff_keys.every(), noted()) == ([], [])


# --- states

STATES = {
    "new": (0, False, False, KeyState.UNUSED),
    "used": (0, True, False, KeyState.VALID),
    "a month before its end": (70, True, False, KeyState.ENDS_SOON),
    "never used and soon over": (70, False, False, KeyState.ENDS_SOON),
    "over": (100, True, False, KeyState.EXPIRED),
    "revoked": (0, True, True, KeyState.REVOKED),
    "revoked and over": (100, False, True, KeyState.REVOKED),
}


@pytest.mark.parametrize(("days", "used", "revoked", "state"), STATES.values(), ids=STATES)
def test_the_state_of_a_key(world: World, days: int, used: bool, revoked: bool, state: KeyState) -> None:
    key = made(world)
    if used:
        assert holds(world, key)
    if revoked:
        keeping.revoke(world.parts, key.id, who="test")
    assert state_of(kept(key.id), TODAY + timedelta(days=days)) is state


def test_keys_that_hold_come_first_the_next_to_end_at_the_top(world: World) -> None:
    late, soon, ended = (
        made(world, Wish(WISH.units, WISH.rights, name, timedelta(days=days)))
        for name, days in (("a", 300), ("b", 20), ("c", 10))
    )
    keeping.revoke(world.parts, ended.id, who="test")
    assert [key.id for key in keeping.listed(TODAY)] == [soon.id, late.id, ended.id]


def test_a_row_from_before_the_new_columns_is_read(world: World) -> None:
    StaffKeyRow(
        "0123abcd", secret_hash="a", units={"kotka"}, rights={"send"}, made_on="2026-01-01", expires_on="2027-01-01"
    ).save()
    found = kept("0123abcd")
    assert (found.purpose, found.last_used_on, found.made_on) == ("", None, date(2026, 1, 1))


# --- the pages


def post(client: FlaskClient, path: str, **fields: str | list[str]) -> TestResponse:
    return client.post(path, data=fields)


def shown(page: TestResponse) -> str:
    """The key that the page shows, once."""
    (key,) = _KEY.findall(page.text)
    return str(key)


def only_key() -> StaffKey:
    (found,) = staff_keys.every()
    return found


def test_a_key_is_made_on_the_page_and_shown_on_that_answer_alone(client: FlaskClient, world: World) -> None:
    page = post(client, "/keys", **USUAL)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    key = shown(page)
    found = find_key(key, today=TODAY)
    assert found is not None
    assert (found.units, found.rights, found.purpose) == (frozenset({"kotka"}), frozenset({"send"}), USUAL["purpose"])
    assert found.expires_on == TODAY + timedelta(days=365)
    assert key not in str(page.headers)
    assert key not in client.get("/keys").text
    assert noted() == [("person:local", "key_created", found.id)]


def test_the_same_form_sent_twice_makes_one_key_and_does_not_show_it_again(client: FlaskClient, world: World) -> None:
    new_id = re.search(r'name="new_id" value="([0-9a-f]{8})"', client.get("/keys").text)
    assert new_id
    post(client, "/keys", **USUAL, new_id=new_id[1])
    again = post(client, "/keys", **USUAL, new_id=new_id[1])
    assert again.status_code == 409
    assert SAYS["keys_made_already_title"] in words(again)
    assert _KEY.findall(again.text) == []
    assert only_key().id == new_id[1]


@pytest.mark.parametrize("new_id", ["", "x", "../../etc", "0123ABCD", "x" * 3000])
def test_an_id_of_somebody_s_own_making_is_not_taken(client: FlaskClient, world: World, new_id: str) -> None:
    assert post(client, "/keys", **USUAL, new_id=new_id).status_code == 200
    assert only_key().id != new_id


FAULTS: dict[str, tuple[dict[str, str | list[str]], str]] = {
    "no purpose": ({"purpose": "  "}, "purpose_missing"),
    "too much of a purpose": ({"purpose": "x" * 81}, "purpose_too_long"),
    "no unit": ({"unit": []}, "units_missing"),
    "an unknown unit": ({"unit": ["kotka", "turku"]}, "units_unknown"),
    "no right": ({"right": []}, "rights_missing"),
    "an unknown right": ({"right": ["everything"]}, "rights_unknown"),
    "no days": ({"days": ""}, "days_not_days"),
    "less than a day": ({"days": "0"}, "days_not_days"),
    "more than two years": ({"days": "732"}, "days_not_days"),
    "strange days": ({"days": "²"}, "days_not_days"),
    "days with a sign": ({"days": "1_0"}, "days_not_days"),
}


@pytest.mark.parametrize(("differs", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_and_no_key_is_made(
    client: FlaskClient, world: World, differs: dict[str, str | list[str]], fault: str
) -> None:
    page = post(client, "/keys", **{**USUAL, **differs})
    assert page.status_code == 422
    assert SAYS[f"fault_keys_{fault}"] in words(page)
    assert (staff_keys.every(), noted()) == ([], [])


def test_what_was_typed_stays_after_a_fault(client: FlaskClient, world: World) -> None:
    page = post(client, "/keys", **{**USUAL, "right": [], "purpose": 'a "b" <c>'})
    assert 'value="a &#34;b&#34; &lt;c&gt;"' in page.text
    assert re.search(r'value="kotka" checked', page.text)


def test_the_list_tells_of_every_key_its_state_and_last_use(client: FlaskClient, world: World) -> None:
    key, ended = made(world), made(world)
    keeping.revoke(world.parts, ended.id, who="test")
    assert holds(world, key)
    said = words(client.get("/keys"))
    assert f"{SAYS['keys_state_valid']} {SAYS['keys_id']} {key.id}" in said
    assert f"{SAYS['keys_last_used']} 24.11.2026" in said
    assert f"{SAYS['keys_revoked_on']} 24.11.2026 {SAYS['keys_last_used']} {SAYS['keys_never_used']}" in said


def test_a_key_is_rotated_on_the_page_after_one_question(client: FlaskClient, world: World) -> None:
    old = made(world)
    assert SAYS["keys_rotate_sure"] in words(client.get(f"/keys/{old.id}/rotate"))
    assert len(staff_keys.every()) == 1
    page = post(client, f"/keys/{old.id}/rotate", old_days="3")
    new = find_key(shown(page), today=TODAY)
    assert new is not None
    assert kept(old.id).expires_on == TODAY + timedelta(days=3)
    assert SAYS["keys_old_until"].format(date="26.11.2026") in words(page)
    assert ("person:local", "key_rotated", f"{old.id} {new.id}") in noted()


def test_a_rotation_sent_twice_makes_one_key(client: FlaskClient, world: World) -> None:
    old = made(world)
    post(client, f"/keys/{old.id}/rotate", old_days="7")
    again = post(client, f"/keys/{old.id}/rotate", old_days="7")
    assert again.status_code == 409
    assert SAYS["keys_rotate_over_title"] in words(again)
    assert len(staff_keys.every()) == 2


@pytest.mark.parametrize("old_days", ["", "-1", "31", "x"])
def test_a_rotation_without_a_right_number_of_days_changes_nothing(
    client: FlaskClient, world: World, old_days: str
) -> None:
    old = made(world)
    page = post(client, f"/keys/{old.id}/rotate", old_days=old_days)
    assert page.status_code == 422
    assert SAYS["fault_keys_old_days_not_days"] in words(page)
    assert len(staff_keys.every()) == 1


def test_a_key_is_revoked_on_the_page_after_one_question(client: FlaskClient, world: World) -> None:
    key = made(world)
    assert SAYS["keys_revoke_sure"] in words(client.get(f"/keys/{key.id}/revoke"))
    assert holds(world, key)
    for _ in range(2):
        answer = post(client, f"/keys/{key.id}/revoke")
        assert SAYS["keys_told_revoked"] in words(client.get(answer.location))
    assert not holds(world, key)
    assert SAYS["keys_revoke_over_title"] in words(client.get(f"/keys/{key.id}/revoke"))


@pytest.mark.parametrize("path", ["/keys/0123abcd/rotate", "/keys/nobody/revoke", f"/keys/{'x' * 3000}/revoke"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_key_that_is_not_there_is_not_found(client: FlaskClient, world: World, path: str, method: str) -> None:
    assert client.open(path, method=method).status_code == 404


def test_no_log_line_holds_a_key(client: FlaskClient, world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    page = post(client, "/keys", **USUAL)
    client.get("/api/invitations/none", headers={"Authorization": f"Bearer {shown(page)}"})
    assert shown(page).rpartition("_")[2] not in caplog.text


def test_a_key_whose_last_use_cannot_be_written_works_all_the_same(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    key = made(world)
    row = StaffKeyRow.get(key.id)
    row.update([StaffKeyRow.last_used_on.remove()])
    connection = StaffKeyRow._get_connection().connection.client  # the engine refuses every change of a row
    connection.meta.events.register("before-call.dynamodb.UpdateItem", _broken, unique_id="broken")
    try:
        assert find_key(key.key, today=TODAY) is not None
    finally:
        connection.meta.events.unregister("before-call.dynamodb.UpdateItem", unique_id="broken")
    assert "while the last use of a key was noted" in caplog.text


def _broken(**_: object) -> None:
    raise OSError("the table does not answer")


# --- the commands


def command(*said: str) -> Result:
    return create_app().test_cli_runner().invoke(args=["keys", *said], env=dict(ENVIRONMENT))


def test_the_command_makes_what_the_page_makes(world: World) -> None:
    done = command("create", "--unit", "kotka", "--right", "send", "--days", "30", "--purpose", " ajanvaraus ")
    assert done.exit_code == 0, done.output
    assert _KEY.fullmatch(done.output.splitlines()[-1])
    assert (only_key().purpose, only_key().rights) == ("ajanvaraus", frozenset({"send"}))
    assert only_key().expires_on - only_key().made_on == timedelta(days=30)
    assert noted() == [(f"command:{getuser()}", "key_created", only_key().id)]


def test_the_command_rotates_and_shows_the_new_key_on_the_last_line(world: World) -> None:
    command("create", "--unit", "kotka", "--right", "send")
    old = only_key()
    done = command("rotate", old.id, "--old-days", "2")
    assert done.exit_code == 0, done.output
    new = kept(str(kept(old.id).replaced_by))
    until = (new.made_on + timedelta(days=2)).isoformat()
    sentence, key = done.output.splitlines()
    assert sentence == f"Key {new.id} replaces {old.id}, which ends on {until}. It is not shown again."
    assert find_key(key, today=new.made_on) is not None
    assert f"until {until}, never used, replaced by {new.id}" in command("list").output


@pytest.mark.parametrize(("key_id", "sentence"), [("0123abcd", "There is no such key."), ("", "There is no such key.")])
def test_the_command_rotates_no_key_that_is_not_there(world: World, key_id: str, sentence: str) -> None:
    done = command("rotate", key_id)
    assert (done.exit_code, done.output) == (1, f"Error: {sentence}\n")


def test_the_command_says_what_cannot_be_rotated_and_what_is_revoked_already(world: World) -> None:
    command("create", "--unit", "kotka", "--right", "send")
    key_id = only_key().id
    assert command("revoke", key_id).output == f"Key {key_id} is revoked.\n"
    assert command("revoke", key_id).output == f"Key {key_id} was revoked already.\n"
    refused = command("rotate", key_id)
    assert (refused.exit_code, refused.output.startswith("Error: Only a key that holds")) == (1, True)
    assert command("list").output.rstrip().endswith("never used, revoked")
