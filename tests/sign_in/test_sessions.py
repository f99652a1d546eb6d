"""Sessions: kept under a hash, over when idle or old, ended for good, and never brought back by a race."""

from collections.abc import Callable
from datetime import timedelta
from getpass import getuser
from hashlib import sha256

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from pynamodb.signals import pre_dynamodb_send

from handler.app import create_app
from handler.commands_parts import WAIT
from handler.outside.signed_in import SignedIn
from handler.tables import sessions as table
from handler.tables.sessions import SessionRow
from handler.work import sessions
from tests.calls import calls
from tests.environment import ENVIRONMENT
from tests.roles import acting_as
from tests.sign_in.made_provider import MadeProvider
from tests.sign_in.signing_in import audited, come_back, is_in, leave, sign_in, sign_out
from tests.sign_in.signing_in import sessions as rows
from tests.world import START, World

SANNA = SignedIn("sanna", "Sanna", frozenset({"a group"}), "an ID token")


@pytest.fixture
def token(world: World) -> str:
    with acting_as("web"):
        return sessions.begin(SANNA, now=START)


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("kuulolla_session")
    assert cookie is not None
    return cookie.value


# --- what is kept


def test_a_session_stands_under_the_hash_of_its_token(token: str) -> None:
    (row,) = rows()
    assert row.token_hash == sha256(token.encode()).hexdigest()
    assert len(token) >= 43  # 256 bits
    assert token not in str(row.serialize())
    assert (row.person, row.name, row.groups) == ("person:sanna", "Sanna", {"a group"})
    assert row.forget_at == int((START + sessions.LONGEST).timestamp())


def test_every_session_has_a_token_of_its_own(world: World) -> None:
    assert len({sessions.begin(SANNA, now=START) for _ in range(20)}) == 20


def test_a_person_without_groups_can_be_kept(world: World) -> None:
    token = sessions.begin(SignedIn("sanna", "", frozenset()), now=START)
    found = sessions.find(token, now=START)
    assert found is not None
    assert found.groups == frozenset()


@pytest.mark.parametrize("made_up", ["", "x", "a" * 5000, "ä\x00"])
def test_a_made_up_token_opens_nothing(token: str, made_up: str) -> None:
    assert sessions.find(made_up, now=START) is None


# --- its limits


@pytest.mark.parametrize(("minutes", "open_"), [(0, True), (29, True), (30, False), (31, False), (600, False)])
def test_an_idle_session_is_over_after_half_an_hour(token: str, minutes: int, open_: bool) -> None:
    assert (sessions.find(token, now=START + timedelta(minutes=minutes)) is not None) is open_


def test_a_session_in_use_is_over_after_ten_hours(token: str) -> None:
    for minutes in range(0, 600, 20):
        assert sessions.find(token, now=START + timedelta(minutes=minutes)) is not None, minutes
    assert sessions.find(token, now=START + timedelta(minutes=599)) is not None
    assert sessions.find(token, now=START + timedelta(minutes=600)) is None


def test_an_idle_page_leads_to_sign_in_and_a_form_is_refused(
    client: FlaskClient, provider: MadeProvider, world: World
) -> None:
    sign_in(client, provider)
    world.clock.forward(minutes=29)
    assert is_in(client)
    world.clock.forward(minutes=30)
    assert client.get("/opt-outs").location == "/login?next=%2Fopt-outs"
    assert client.post("/opt-outs", data={"phone": "040 123 4567"}).status_code == 401


def test_use_is_noted_once_a_minute(token: str) -> None:
    seen = []
    for seconds in (0, 30, 59, 60, 90, 119, 120):
        sessions.find(token, now=START + timedelta(seconds=seconds))
        seen.append(rows()[0].seen - START.timestamp())
    assert seen == [0, 0, 0, 60, 60, 60, 120]


# --- races


def test_two_requests_note_the_same_minute_once(token: str) -> None:
    """Both have read the session; the one that loses has it all the same."""
    now = START + timedelta(minutes=5)
    token_hash = rows()[0].token_hash
    assert table.touch(token_hash, seen=now)
    assert not table.touch(token_hash, seen=now)
    assert not table.touch(token_hash, seen=now - timedelta(minutes=1))  # never an earlier moment
    assert rows()[0].seen == int(now.timestamp())
    assert sessions.find(token, now=now) is not None


def test_signing_out_while_a_request_is_under_way_is_not_undone(token: str) -> None:
    """The request has read the session and is about to note that it was used."""
    (row,) = rows()
    sessions.end(token)
    assert not table.touch(row.token_hash, seen=START + timedelta(minutes=5))
    assert rows() == []


def test_a_request_that_loses_against_signing_out_finds_nobody(token: str) -> None:
    """Somebody signs out between its reading the session and its noting that it was used."""

    def sign_out_before(_: object, operation_name: str, **__: object) -> None:
        if operation_name == "UpdateItem":
            sessions.end(token)

    with pre_dynamodb_send.connected_to(sign_out_before), calls() as made:
        assert sessions.find(token, now=START + timedelta(minutes=5)) is None
    assert made[0] == "GetItem sessions"
    assert "DeleteItem sessions" in made


# --- over HTTP


def test_a_cookie_that_was_used_before_signing_out_opens_nothing(client: FlaskClient, provider: MadeProvider) -> None:
    sign_in(client, provider)
    old = cookie_of(client)
    sign_out(client)
    client.set_cookie("kuulolla_session", old)
    assert not is_in(client)


def test_a_session_begins_under_a_new_token_and_ends_the_one_before(
    client: FlaskClient, provider: MadeProvider, world: World
) -> None:
    sign_in(client, provider)
    (first,) = rows()
    old = cookie_of(client)
    provider.person = {"sub": "kaisa", "name": "Kaisa", "groups": ["kuulolla-kouvola-lahettajat"]}
    world.clock.forward(minutes=1)
    sign_in(client, provider)
    (second,) = rows()
    assert second.token_hash != first.token_hash
    assert second.person == "person:kaisa"
    client.set_cookie("kuulolla_session", old)
    assert not is_in(client)
    assert sorted(audited()) == [
        ("person:kaisa", "signed_in"),
        ("person:sanna", "signed_in"),
        ("person:sanna", "signed_out"),
    ]


def test_a_cookie_from_before_signing_in_opens_nothing_after_it(client: FlaskClient, provider: MadeProvider) -> None:
    """Whoever planted it in somebody's browser does not become them."""
    address = leave(client)
    planted = cookie_of(client)
    come_back(client, provider, address)
    assert is_in(client)
    assert cookie_of(client) != planted
    client.set_cookie("kuulolla_session", planted)
    assert not is_in(client)


def test_a_cookie_that_was_tampered_with_opens_nothing(client: FlaskClient, provider: MadeProvider) -> None:
    sign_in(client, provider)
    good = cookie_of(client)
    payload, stamp, signature = good.rsplit(".", 2)
    for bad in (
        f"{payload[:-1]}{'A' if payload[-1] != 'A' else 'B'}.{stamp}.{signature}",
        f"{payload}.{stamp}.{signature[:-2]}AA",
        f"{payload}.{stamp}.",
        payload,
        "",
        "x" * 4000,
    ):
        client.set_cookie("kuulolla_session", bad)
        assert not is_in(client), bad
    client.set_cookie("kuulolla_session", good)
    assert is_in(client)


def test_two_browsers_of_one_person_are_two_sessions(client: FlaskClient, provider: MadeProvider) -> None:
    other = client.application.test_client()
    sign_in(client, provider)
    sign_in(other, provider)
    assert len(rows()) == 2
    sign_out(client)
    assert not is_in(client)
    assert is_in(other)


def test_all_sessions_of_a_person_end_together(world: World, token: str) -> None:
    other = sessions.begin(SANNA, now=START)
    somebody = sessions.begin(SignedIn("kaisa", "Kaisa", frozenset()), now=START)
    assert sessions.end_all("person:sanna", wait=lambda: None) == 2
    assert [sessions.find(each, now=START) for each in (token, other)] == [None, None]
    assert sessions.find(somebody, now=START) is not None
    assert sessions.end_all("person:sanna", wait=lambda: None) == 0


def test_the_row_is_all_that_tells_who_is_signed_in(client: FlaskClient, provider: MadeProvider) -> None:
    sign_in(client, provider)
    for row in SessionRow.scan():
        row.delete()
    assert not is_in(client)


# --- the command


def run(*words: str, waits: Callable[[int], object] = lambda _: None) -> Result:
    """`waits` is done in place of waiting."""
    app = create_app()
    app.extensions[WAIT] = waits
    return app.test_cli_runner().invoke(args=words, env=dict(ENVIRONMENT))


def test_an_administrator_ends_the_sessions_of_who_has_left(token: str) -> None:
    other = sessions.begin(SANNA, now=START)
    ended = run("sessions", "end", "person:sanna")
    assert (ended.exit_code, ended.output) == (0, "2 sessions ended, in two looks 5 seconds apart.\n")
    assert [sessions.find(each, now=START) for each in (token, other)] == [None, None]
    assert audited() == [(f"command:{getuser()}", "signed_out")]
    assert run("sessions", "end", "person:sanna").output.startswith("0 sessions ended,")


def test_a_session_that_the_index_tells_of_only_later_is_ended_too(world: World, token: str) -> None:
    """As one that began a moment before the command."""
    late = []
    ended = run("sessions", "end", "person:sanna", waits=lambda _: late.append(sessions.begin(SANNA, now=START)))
    assert ended.output.startswith("2 sessions ended,")
    assert [sessions.find(each, now=START) for each in (token, *late)] == [None, None]


def test_a_person_is_named_as_in_the_audit(token: str) -> None:
    refused = run("sessions", "end", "sanna")
    assert refused.exit_code == 2
    assert 'A person is written as in the audit: "person:SUBJECT".' in refused.output
    assert sessions.find(token, now=START) is not None
