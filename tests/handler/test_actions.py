"""What a unit does about its feedback: added once, changed and published only as it was shown, told without names."""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.routes.actions_fields import read_date
from handler.tables import actions as table
from handler.tables.actions import Action, ActionRow, Plan
from handler.tables.audit import AuditRow
from handler.tables.base import LostRace
from handler.templates import page_texts
from handler.work.actions import (
    Deed,
    Meanwhile,
    NotYet,
    Published,
    add,
    change,
    find,
    mark,
    open_actions,
    published_actions,
    remove,
)
from survey_flow.language import Language
from tests.handler.commenting import GUARDIAN, answered, unit_of, written
from tests.handler.page_words import words
from tests.world import START, World

SAYS = page_texts()[Language.FI]
TODAY = START.date()
PLAN = Plan(
    "Hankitaan sermi odotustilaan", "Tiina", date(2026, 12, 24), "saatavuus", "Odotustilassa on rauhallinen nurkka."
)
USUAL = {"what": PLAN.what, "who": PLAN.who, "by_when": "2026-12-24", "theme": PLAN.theme, "told": PLAN.told}


@pytest.fixture(autouse=True)
def _heard(world: World) -> None:
    """Enough have answered about the theme of PLAN."""
    answered("2026-10", n=5, apu_4=5)


def added(world: World, plan: Plan = PLAN) -> Action:
    action_id = str(uuid4())
    add(world.parts, unit_of(world), action_id, plan, who="test")
    return now(world, action_id)


def now(world: World, action_id: str) -> Action:
    """The action, which must be there."""
    found = find(unit_of(world), action_id)
    assert found is not None
    return found


def marked(world: World, action: Action, *deeds: Deed) -> Action:
    for deed in deeds:
        mark(world.parts, unit_of(world), now(world, action.id), deed, who="test")
    return now(world, action.id)


# --- what is kept


def test_an_action_names_a_theme_and_nobody_who_answered(world: World) -> None:
    added(world)
    (row,) = ActionRow.scan()
    assert set(row.attribute_values) == {"unit", "id", "what", "who", "by_when", "theme", "told", "version"}


def test_the_same_form_sent_twice_is_one_action(world: World) -> None:
    action = added(world)
    add(world.parts, unit_of(world), action.id, replace(PLAN, what="toinen"), who="test")
    assert [one.plan.what for one in open_actions(unit_of(world))] == [PLAN.what]
    assert len(list(AuditRow.scan())) == 1


def test_open_actions_come_by_their_day_and_leave_when_done(world: World) -> None:
    late, soon, later = (added(world, replace(PLAN, by_when=TODAY + timedelta(days=days))) for days in (-1, 0, 30))
    assert [one.id for one in open_actions(unit_of(world))] == [late.id, soon.id, later.id]
    assert [one.is_overdue(TODAY) for one in (late, soon, later)] == [True, False, False]
    done = marked(world, late, Deed.DONE)
    assert (done.done_on, done.is_overdue(TODAY)) == (TODAY, False)
    assert [one.id for one in open_actions(unit_of(world))] == [soon.id, later.id]


def test_what_is_done_and_told_is_published(world: World) -> None:
    action = added(world)
    assert published_actions(unit_of(world)) == []
    marked(world, action, Deed.DONE, Deed.PUBLISH)
    assert published_actions(unit_of(world)) == [Published("saatavuus", PLAN.told, TODAY)]
    marked(world, action, Deed.UNPUBLISH)
    assert published_actions(unit_of(world)) == []


def test_what_is_not_done_or_tells_nothing_is_not_published(world: World) -> None:
    undone, silent = added(world), added(world, replace(PLAN, told=""))
    with pytest.raises(NotYet, match="done"):
        mark(world.parts, unit_of(world), undone, Deed.PUBLISH, who="test")
    with pytest.raises(NotYet, match="told"):
        marked(world, silent, Deed.DONE, Deed.PUBLISH)
    assert published_actions(unit_of(world)) == []


def test_an_action_opened_again_is_not_published_any_more(world: World) -> None:
    action = marked(world, added(world), Deed.DONE, Deed.PUBLISH, Deed.UNDONE)
    assert (action.done_on, action.published_on) == (None, None)
    assert marked(world, action, Deed.DONE).published_on is None


def test_a_published_action_goes_on_telling_something(world: World) -> None:
    action = marked(world, added(world), Deed.DONE, Deed.PUBLISH)
    with pytest.raises(NotYet, match="told"):
        change(world.parts, unit_of(world), action, replace(PLAN, told=""), who="test")
    change(world.parts, unit_of(world), action, replace(PLAN, told="Uusi teksti"), who="test")
    assert published_actions(unit_of(world)) == [Published("saatavuus", "Uusi teksti", TODAY)]


def test_a_theme_that_few_have_spoken_of_is_not_published(world: World) -> None:
    answered("2026-10", n=4, group=GUARDIAN, kohtaaminen_4=4)
    rare = marked(world, added(world, replace(PLAN, theme="kohtaaminen")), Deed.DONE)
    with pytest.raises(NotYet, match="theme"):
        marked(world, rare, Deed.PUBLISH)
    public = marked(world, added(world), Deed.DONE, Deed.PUBLISH)
    with pytest.raises(NotYet, match="theme"):
        change(world.parts, unit_of(world), public, rare.plan, who="test")


def test_comments_count_for_their_theme(world: World) -> None:
    rare = marked(world, added(world, replace(PLAN, theme="tilat")), Deed.DONE)
    for number in range(5):
        written(f"Meluisaa {number}.", theme="tilat")
    assert marked(world, rare, Deed.PUBLISH).published_on == TODAY


def test_another_units_actions_are_its_own(world: World) -> None:
    action = added(world)
    kouvola = unit_of(world, "kouvola")
    assert open_actions(kouvola) == []
    assert find(kouvola, action.id) is None


def test_each_change_is_in_the_audit_without_its_words(world: World) -> None:
    action = marked(world, added(world), Deed.DONE, Deed.PUBLISH, Deed.UNPUBLISH, Deed.UNDONE)
    change(world.parts, unit_of(world), action, PLAN, who="test")
    remove(world.parts, unit_of(world), now(world, action.id), who="test")
    did = ["added", "changed", "done", "published", "removed", "undone", "unpublished"]
    assert sorted(note.did for note in AuditRow.scan()) == [f"action_{one}" for one in did]
    assert {(note.who, note.unit, note.about) for note in AuditRow.scan()} == {("test", "kotka", action.id)}


# --- a write on what was not shown loses


def test_every_write_on_an_action_that_has_changed_loses(world: World) -> None:
    before = added(world)
    changed = marked(world, before, Deed.DONE)
    for write in (
        lambda: change(world.parts, unit_of(world), before, replace(PLAN, what="toinen"), who="test"),
        lambda: mark(world.parts, unit_of(world), before, Deed.DONE, who="test"),
        lambda: remove(world.parts, unit_of(world), before, who="test"),
    ):
        with pytest.raises(Meanwhile):
            write()
    assert now(world, before.id) == changed


def test_a_removed_action_does_not_come_back(world: World) -> None:
    action = added(world)
    remove(world.parts, unit_of(world), action, who="test")
    for version in (action.version, 0):
        with pytest.raises(LostRace):
            table.change(replace(action, version=version), PLAN)
    with pytest.raises(Meanwhile):
        remove(world.parts, unit_of(world), action, who="test")
    assert list(ActionRow.scan()) == []


# --- the pages


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields)


def one_action() -> ActionRow:
    (row,) = ActionRow.scan()
    return row


def test_an_action_is_added_changed_done_published_and_removed(client: FlaskClient) -> None:
    answer = post(client, "/actions?unit=kotka", **{**USUAL, "told": ""})
    assert SAYS["actions_told_added"] in words(client.get(answer.location))
    row = one_action()
    path = f"/actions/kotka/{row.id}"
    assert f">{PLAN.what}</textarea>" in client.get(path).text
    for where, fields, told in (
        (path, {**USUAL, "who": "Matti"}, "changed"),
        (f"{path}/mark", {"do": "done"}, "done"),
        (f"{path}/mark", {"do": "publish"}, "publish"),
        (f"{path}/mark", {"do": "unpublish"}, "unpublish"),
        (f"{path}/mark", {"do": "undone"}, "undone"),
    ):
        answer = post(client, where, version=str(one_action().version), **fields)
        assert answer.status_code == 303, answer.text
        assert SAYS[f"actions_told_{told}"] in words(client.get(answer.location))
    assert SAYS["actions_remove_sure"] in words(client.get(f"{path}/remove"))
    answer = post(client, f"{path}/remove", version=str(one_action().version))
    assert SAYS["actions_told_removed"] in words(client.get(answer.location))
    assert list(ActionRow.scan()) == []


def test_the_same_page_posted_twice_adds_one_action(client: FlaskClient) -> None:
    new_id = re.search(r'name="new_id" value="([^"]+)"', client.get("/actions?unit=kotka").text)
    assert new_id
    for _ in range(2):
        assert post(client, "/actions?unit=kotka", **USUAL, new_id=new_id[1]).status_code == 303
    assert one_action().id == new_id[1]


def test_an_overdue_action_is_marked(client: FlaskClient) -> None:
    post(client, "/actions?unit=kotka", **{**USUAL, "by_when": "23.11.2026"})
    assert SAYS["actions_overdue"].format(date="23.11.2026") in words(client.get("/actions?unit=kotka"))


def test_what_staff_write_is_text_and_nothing_else(client: FlaskClient) -> None:
    post(client, "/actions?unit=kotka", **{**USUAL, "what": "<script>alert(1)</script>", "told": "<b>lihava</b>"})
    for path in ("/actions", f"/actions/kotka/{one_action().id}"):
        page = client.get(path)
        assert "<script>alert" not in page.text
        assert "<b>lihava" not in page.text


FAULTS = {
    "nothing to do": ({"what": " "}, "what_missing"),
    "too much to do": ({"what": "x" * 301}, "what_too_long"),
    "nobody": ({"who": ""}, "who_missing"),
    "too many": ({"who": "x" * 101}, "who_too_long"),
    "no day": ({"by_when": ""}, "by_when_missing"),
    "no such day": ({"by_when": "31.2.2026"}, "by_when_not_a_date"),
    "a slip of the year": ({"by_when": "0206-12-24"}, "by_when_not_a_date"),
    "no theme": ({"theme": ""}, "theme_missing"),
    "an unknown theme": ({"theme": "x"}, "theme_unknown"),
    "too much to tell": ({"told": "x" * 501}, "told_too_long"),
}


@pytest.mark.parametrize(("differs", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_nothing_is_written_and_what_was_typed_stays(
    client: FlaskClient, differs: dict[str, str], fault: str
) -> None:
    page = post(client, "/actions?unit=kotka", **{**USUAL, "new_id": "a", **differs})
    assert page.status_code == 422
    assert SAYS[f"fault_actions_{fault}"] in words(page)
    assert all(value in page.text for name, value in USUAL.items() if name not in differs)
    assert list(ActionRow.scan()) == []


def test_a_change_that_comes_too_late_keeps_what_was_typed_and_shows_how_it_is_now(client: FlaskClient) -> None:
    post(client, "/actions?unit=kotka", **USUAL)
    path = f"/actions/kotka/{one_action().id}"
    post(client, path, **{**USUAL, "what": "Ensimmäinen muutos"}, version="1")
    page = post(client, path, **{**USUAL, "what": "Toinen muutos"}, version="1")
    assert page.status_code == 409
    assert SAYS["actions_trouble_meanwhile"] in words(page)
    assert "Ensimmäinen muutos" in words(page)
    assert "Toinen muutos</textarea>" in page.text
    assert 'name="version" value="2"' in page.text
    assert one_action().what == "Ensimmäinen muutos"


TROUBLES = {
    "a mark that is none": ("/mark", {"do": "x", "version": "1"}, "unknown", 422),
    "published before it is done": ("/mark", {"do": "publish", "version": "1"}, "not_done", 422),
    "a mark without a version": ("/mark", {"do": "done"}, "meanwhile", 409),
    "a mark of a strange version": ("/mark", {"do": "done", "version": "²"}, "meanwhile", 409),
    "removed as it was not": ("/remove", {"version": "7"}, "meanwhile", 409),
}


@pytest.mark.parametrize(("path", "fields", "trouble", "status"), TROUBLES.values(), ids=TROUBLES)
def test_trouble_is_said_and_nothing_is_changed(
    client: FlaskClient, path: str, fields: dict[str, str], trouble: str, status: int
) -> None:
    post(client, "/actions?unit=kotka", **USUAL)
    page = post(client, f"/actions/kotka/{one_action().id}{path}", **fields)
    assert page.status_code == status
    assert SAYS[f"actions_trouble_{trouble}"] in words(page)
    assert (one_action().version, one_action().done_on) == (1, None)


def test_publishing_what_tells_nothing_is_refused(client: FlaskClient) -> None:
    post(client, "/actions?unit=kotka", **{**USUAL, "told": ""})
    path = f"/actions/kotka/{one_action().id}"
    post(client, f"{path}/mark", do="done", version="1")
    page = post(client, f"{path}/mark", do="publish", version="2")
    assert SAYS["actions_trouble_not_told"] in words(page)
    assert one_action().published_on is None


def test_a_published_text_cannot_be_emptied(client: FlaskClient) -> None:
    post(client, "/actions?unit=kotka", **USUAL)
    path = f"/actions/kotka/{one_action().id}"
    for version, deed in (("1", "done"), ("2", "publish")):
        post(client, f"{path}/mark", do=deed, version=version)
    page = post(client, path, **{**USUAL, "told": ""}, version="3")
    assert SAYS["fault_actions_told_published"] in words(page)
    assert one_action().told == PLAN.told


def test_an_action_of_a_theme_no_longer_listed_can_still_be_changed(client: FlaskClient, world: World) -> None:
    action = added(world, replace(PLAN, theme="vanha-teema"))
    assert "vanha-teema" in words(client.get("/actions?unit=kotka"))
    answer = post(client, f"/actions/kotka/{action.id}", **{**USUAL, "theme": "vanha-teema"}, version="1")
    assert answer.status_code == 303


def test_an_unknown_unit_is_not_found_and_an_action_that_is_gone_is_said_to_be(client: FlaskClient) -> None:
    assert client.get("/actions?unit=x").status_code == 404
    assert client.get("/actions/x/1").status_code == 404
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/mark"), ("GET", "/remove"), ("POST", "/remove")):
        page = client.open(f"/actions/kotka/{'x' * 3000}{path}", method=method)
        assert page.status_code == 404
        assert SAYS["actions_gone"] in words(page)


DATES = {"2026-12-24": date(2026, 12, 24), "24.12.2026": date(2026, 12, 24), "1.2.2027": date(2027, 2, 1)}
NO_DATES = ("", "24.12.", "2026-13-01", "29.2.2027", "20261224", "2026-W52-4", "²4.12.2026", "huomenna")
OTHER_CENTURIES = ("1999-12-31", "2101-01-01", "0206-12-24")


@pytest.mark.parametrize(("text", "day"), DATES.items(), ids=DATES)
def test_a_date_is_read_as_browsers_send_it_and_as_people_write_it(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", NO_DATES + OTHER_CENTURIES)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None
