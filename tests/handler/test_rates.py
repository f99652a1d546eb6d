"""How often a person, a key or an address may ask: what is counted, and what becomes of what was too often."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from apig_wsgi import make_lambda_handler
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.routes.limiting import rate_of
from handler.routes.rules import rule_of
from handler.tables.audit import AuditRow
from handler.tables.invitations import InvitationRow
from handler.tables.limits import LimitRow
from handler.work import rates
from handler.work.rates import Rate, TooMany, Window
from survey_flow.access import Act, Right
from tests.handler.test_api import TYPED, USUAL, Api, new_key, problem
from tests.infra.made_events import http_event
from tests.world import START, World

ANNA, BO = "person:anna", "person:bo"
FEW = Rate("few", Window.HOUR, {"person": 3, "key": 5})


def passes(world: World, rate: Rate, who: str) -> bool:
    try:
        rates.take(world.parts, rate, who)
    except TooMany:
        return False
    return True


def audited() -> list[tuple[str, str, str | None]]:
    return [(row.who, row.did, row.about) for row in AuditRow.scan() if row.did == "limit_reached"]


# --- counting


def test_so_many_pass_and_no_more(world: World) -> None:
    assert [passes(world, FEW, ANNA) for _ in range(5)] == [True, True, True, False, False]


def test_each_counts_alone(world: World) -> None:
    assert [passes(world, FEW, who) for who in (ANNA, BO, "key:1") for _ in range(3)] == [True] * 9
    assert [passes(world, FEW, "key:1") for _ in range(3)] == [True, True, False]


def test_another_rate_counts_alone(world: World) -> None:
    assert [passes(world, FEW, ANNA) for _ in range(4)][-1] is False
    assert passes(world, replace(FEW, name="others"), ANNA)


def test_whoever_is_of_no_known_kind_has_the_smallest_figure(world: World) -> None:
    assert [passes(world, FEW, "command") for _ in range(4)] == [True, True, True, False]


def test_many_places_are_taken_all_or_none(world: World) -> None:
    rates.take(world.parts, FEW, ANNA, places=2)
    with pytest.raises(TooMany):
        rates.take(world.parts, FEW, ANNA, places=2)
    assert passes(world, FEW, ANNA)


def test_more_places_than_there_are_is_too_many_at_once(world: World) -> None:
    with pytest.raises(TooMany):
        rates.take(world.parts, FEW, ANNA, places=4)
    assert [passes(world, FEW, ANNA) for _ in range(3)] == [True] * 3


def test_places_that_were_not_used_are_free_again(world: World) -> None:
    places = rates.take(world.parts, FEW, ANNA, places=3)
    places.give_back(2)
    assert [passes(world, FEW, ANNA) for _ in range(3)] == [True, True, False]


def test_places_go_back_to_the_window_that_they_were_taken_in(world: World) -> None:
    places = rates.take(world.parts, FEW, ANNA, places=3)
    world.clock.forward(hours=1)
    rates.take(world.parts, FEW, ANNA, places=3)
    places.give_back()
    assert not passes(world, FEW, ANNA)


WINDOWS = {
    "ten minutes, from 15:00": (Window.TEN_MINUTES, timedelta(minutes=9, seconds=59), timedelta(seconds=1)),
    "an hour, from 15:00": (Window.HOUR, timedelta(minutes=59, seconds=59), timedelta(seconds=1)),
    "a day of Helsinki, at 15:00": (Window.DAY, timedelta(hours=8, minutes=59, seconds=59), timedelta(seconds=1)),
}


@pytest.mark.parametrize(("window", "within", "more"), WINDOWS.values(), ids=WINDOWS)
def test_a_window_ends_by_the_clock(world: World, window: Window, within: timedelta, more: timedelta) -> None:
    rate = replace(FEW, window=window)
    rates.take(world.parts, rate, ANNA, places=3)
    world.clock.now = START + within
    with pytest.raises(TooMany) as refused:
        rates.take(world.parts, rate, ANNA)
    assert refused.value.again_at == START + within + more
    world.clock.now += more
    assert passes(world, rate, ANNA)


def test_a_row_is_forgotten_with_its_window(world: World) -> None:
    rates.take(world.parts, FEW, ANNA)
    (row,) = LimitRow.scan()
    assert row.forget_at == int((START + timedelta(hours=1)).timestamp())


def test_a_limit_that_is_reached_is_audited_once_a_window(world: World) -> None:
    for _ in range(6):
        passes(world, FEW, ANNA)
    assert audited() == [(ANNA, "limit_reached", "few")]
    world.clock.forward(hours=1)
    for _ in range(6):
        passes(world, FEW, ANNA)
    assert audited() == [(ANNA, "limit_reached", "few")] * 2


# --- addresses

HERE = "192.0.2.7"


def test_an_address_is_kept_as_a_digest_that_the_next_window_does_not_know(world: World) -> None:
    first = rates.at_address(world.parts, rates.FAILURES, HERE)
    rates.take(world.parts, rates.FAILURES, first)
    world.clock.forward(minutes=10)
    assert rates.at_address(world.parts, rates.FAILURES, HERE) != first
    (row,) = LimitRow.scan()
    assert HERE not in str(row.attribute_values)
    assert row.forget_at - int(START.timestamp()) <= 600


SAME = {
    "the same": (HERE, HERE, True),
    "another": (HERE, "192.0.2.8", False),
    "two of one household": ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
    "two households": ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    "what is no address": ("x", "", True),
}


@pytest.mark.parametrize(("one", "other", "same"), SAME.values(), ids=SAME)
def test_which_addresses_count_as_one(world: World, one: str, other: str, same: bool) -> None:
    first, second = (rates.at_address(world.parts, rates.FAILURES, address) for address in (one, other))
    assert (first == second) is same


def test_addresses_are_audited_together_and_unnamed(world: World) -> None:
    few = replace(FEW, most={"address": 1})
    for address in (HERE, "192.0.2.8"):
        who = rates.at_address(world.parts, few, address)
        assert [passes(world, few, who) for _ in range(3)] == [True, False, False]
    assert audited() == [("address", "limit_reached", "few")]


# --- over HTTP


@pytest.fixture
def api(world: World, client: FlaskClient) -> Api:
    return Api(client, new_key(world, *Right))


def fill(world: World, rate: Rate, who: str, *, but: int = 0) -> None:
    """Leaves `but` places of the window."""
    rates.take(world.parts, rate, who, places=rate.most_for(who) - but)


def assert_too_many(answer: TestResponse) -> None:
    """Until the hour is over."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "4567" not in answer.text


LOCAL = "person:local"
FORM = {"phone": TYPED, "unit": "kotka", "respondent": "youth", "occasion": "end", "language": "fi", "confirmed": "on"}


def test_a_form_that_was_sent_too_often_is_answered_in_the_pages_language(client: FlaskClient, world: World) -> None:
    fill(world, rates.SENDS, LOCAL)
    for language, sentence in (("fi", "kello 16.00"), ("sv", "klockan 16.00"), ("en", "at 16:00")):
        answer = client.post(f"/?lang={language}", data=FORM)
        assert_too_many(answer)
        assert sentence in answer.text
    assert InvitationRow.count() == 0
    world.clock.forward(hours=1)
    assert client.post("/", data=FORM).status_code == 303


def test_a_key_that_asked_too_often_is_answered_with_a_problem(api: Api, world: World) -> None:
    fill(world, rates.SENDS, f"key:{api.key.id}", but=1)
    assert api.invite().status_code == 201
    answer = api.invite(phone="040 765 4321")
    assert problem(answer) == (429, "too-many")
    assert_too_many(answer)
    assert answer.json["detail"].endswith("try again at 2026-11-24T16:00+02:00.")
    assert InvitationRow.count() == 1
    assert audited() == [(f"key:{api.key.id}", "limit_reached", "sends")]


def test_another_key_is_not_held_up(api: Api, world: World) -> None:
    fill(world, rates.SENDS, f"key:{api.key.id}")
    assert api.post("/api/invitations", USUAL, key=new_key(world, Right.SEND).key).status_code == 201


def test_a_chunk_sent_too_often_is_answered_to_the_pages_program(client: FlaskClient, world: World) -> None:
    fill(world, rates.REQUESTS, LOCAL)
    answer = client.post("/bulk/send", json={})
    assert_too_many(answer)
    assert answer.json["sentence"].endswith("kello 16.00.")


def test_opt_outs_are_counted_by_page_and_by_key(api: Api, client: FlaskClient, world: World) -> None:
    fill(world, rates.OPT_OUTS, LOCAL, but=1)
    assert client.post("/opt-outs", data={"phone": TYPED}).status_code == 200
    assert_too_many(client.post("/opt-outs/withdraw", data={"phone": TYPED}))
    fill(world, rates.OPT_OUTS, f"key:{api.key.id}", but=1)
    assert api.post("/api/opt-outs/withdraw", {"phone": TYPED}).status_code == 204
    assert problem(api.post("/api/opt-outs", {"phone": TYPED})) == (429, "too-many")


def test_reading_a_page_is_not_counted(client: FlaskClient, world: World) -> None:
    fill(world, rates.REQUESTS, LOCAL)
    assert [client.get(path).status_code for path in ("/", "/bulk", "/results")] == [200] * 3


def test_every_view_that_changes_something_or_comes_by_key_has_a_rate(app: Flask) -> None:
    found = {}
    with app.app_context():
        for rule in app.url_map.iter_rules():
            for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
                if isinstance(rule_of(app.view_functions[rule.endpoint]), Act | Right):
                    found[f"{method} {rule.rule}"] = rate_of(rule.endpoint, method)
    assert found
    assert [door for door, rate in found.items() if rate is None] == []


# --- wrong keys


def wrong(api: Api, *, address: str = HERE, forwarded: str = "") -> TestResponse:
    headers = {"Authorization": "Bearer kuulolla_0123abcd_wrong"} | (
        {"X-Forwarded-For": forwarded} if forwarded else {}
    )
    place = {"REMOTE_ADDR": address}
    return api.client.get("/api/results?unit=kotka", headers=headers, environ_overrides=place)


def fill_address(world: World, address: str = HERE) -> None:
    fill(world, rates.FAILURES, rates.at_address(world.parts, rates.FAILURES, address))


def test_wrong_keys_from_one_address_are_refused_after_a_while_and_others_are_not(api: Api, world: World) -> None:
    assert problem(wrong(api)) == (401, "key-needed")
    world.clock.forward(minutes=10)
    fill_address(world)
    assert problem(wrong(api)) == (429, "too-many")
    assert problem(wrong(api, address="192.0.2.8")) == (401, "key-needed")
    world.clock.forward(minutes=10)
    assert problem(wrong(api)) == (401, "key-needed")


def test_a_right_key_is_not_kept_out_by_wrong_ones_from_its_address(api: Api, world: World) -> None:
    fill_address(world, "127.0.0.1")
    assert api.invite().status_code == 201


def test_what_a_request_says_of_where_it_came_from_is_not_read(api: Api, world: World) -> None:
    fill_address(world)
    assert wrong(api, forwarded="198.51.100.1").status_code == 429
    assert wrong(api, address="192.0.2.8", forwarded=HERE).status_code == 401


def test_no_key_at_all_is_not_counted(api: Api, client: FlaskClient) -> None:
    assert client.get("/api/results").status_code == 401
    assert LimitRow.count() == 0


def test_behind_the_http_api_the_address_is_the_one_that_it_saw() -> None:
    seen: list[object] = []

    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        seen.append(environ["REMOTE_ADDR"])
        start_response("200 OK", [])
        return [b""]

    event = http_event("GET", "/api/results", x_forwarded_for="198.51.100.1, 198.51.100.2")
    event["requestContext"]["http"]["sourceIp"] = HERE
    make_lambda_handler(app)(event, None)
    assert seen == [HERE]
