"""Twilio's webhooks, given forms that Twilio would never send: signed, so that they come all the way in."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import assume, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from handler.app import LARGEST_BODY, create_app
from handler.settings import settings_from
from handler.work.invite import Accepted
from local.queue import make_missing_rescue_queue
from survey_flow.library import Library
from tests.environment import AUTH_TOKEN, ENVIRONMENT, PUBLIC_URL
from tests.handler.looking import held
from tests.hostile.texts import TEXTS
from tests.hostile.trying import tried
from tests.privacy.finding import Finder
from tests.world import OTHER_PHONE, PHONE, START, World, empty_tables

Pairs = Sequence[tuple[str, str]]

# What a form can carry: no halves of surrogate pairs, for there are no bytes for them.
CARRIED = TEXTS.map(lambda text: text.encode("utf-8", "replace").decode())
NAMES = st.sampled_from(
    ["Body", "From", "To", "MessageSid", "OptOutType", "MessageStatus", "ErrorCode", "NumMedia", "X", "", "Ä"]
)
NUMBERS = st.sampled_from(
    [PHONE, OTHER_PHONE, "KUULOLLA", "", "+", "whatsapp:+358401234567", f" {PHONE}", f"{PHONE}\n"]
)
IDS = st.sampled_from(["SM1", "SM2", "", "SM\x00", "x" * 3000, "../..", "SM1#x", "SM{}".format("ä" * 40)])
STATUSES = st.sampled_from(["sent", "delivered", "failed", "undelivered", "queued", "", "DELIVERED", "\x00"])
OTHERS = st.lists(st.tuples(NAMES, CARRIED), max_size=6)
MESSAGES = st.tuples(CARRIED, NUMBERS, IDS, OTHERS).map(
    lambda made: [("Body", made[0]), ("From", made[1]), ("MessageSid", made[2]), *made[3]]
)
TOLD = st.tuples(STATUSES, NUMBERS, IDS, OTHERS).map(
    lambda made: [("MessageStatus", made[0]), ("To", made[1]), ("MessageSid", made[2]), *made[3]]
)


def posted(client: FlaskClient, path: str, pairs: Pairs, *, charset: str = "") -> TestResponse:
    """Signed for what was sent, repeated fields and all."""
    body = urlencode(pairs)
    form = MultiDict(pairs)
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}{path}", form)
    kind = f"application/x-www-form-urlencoded{charset}"
    return client.post(path, data=body, content_type=kind, headers={"X-Twilio-Signature": signature})


def fits(pairs: Pairs) -> bool:
    """Larger forms are refused unread: FORMS has some."""
    return len(urlencode(pairs)) <= LARGEST_BODY


def assert_nothing_is_sent_on(answer: TestResponse) -> None:
    """Twilio sends a text/plain answer to the phone, and asks again after a 5xx."""
    assert answer.status_code < 500
    assert answer.mimetype != "text/plain" or not answer.data
    if answer.status_code == 200:
        assert answer.content_type == "text/xml; charset=utf-8"
        response = ElementTree.fromstring(answer.data)  # noqa: S314 our own answer
        assert response.tag == "Response"
        assert len(response) <= 1
    elif answer.status_code != 204:
        assert answer.data == b""


@dataclass(frozen=True, slots=True)
class Asked:
    """A phone with a conversation, at the same moment and in the same state in every example."""

    world: World
    client: FlaskClient
    caplog: pytest.LogCaptureFixture

    def begin(self, *said: str) -> Accepted:
        """The invitation, to which so much has been answered. Whatever was before is gone."""
        empty_tables()
        self.world.clock.now, self.world.messages = START, 0
        self.world.queued.clear()
        accepted = self.world.opened()
        for body in said:
            self.world.text(body)
        self.caplog.set_level(logging.DEBUG)
        self.caplog.clear()
        return accepted


@pytest.fixture
def asked(client: FlaskClient, world: World, caplog: pytest.LogCaptureFixture) -> Asked:
    return Asked(world, client, caplog)


def assert_no_number_is_in(log: str) -> None:
    assert list(Finder([PHONE, OTHER_PHONE]).found_in(log)) == []


# What was said before; after the last of them the statements are asked one by one.
SAID: list[tuple[str, ...]] = [(), ("9",), ("9", "3524"), ("9", "ehkä", "hm")]


@tried(50)
@given(said=st.sampled_from(SAID), text=CARRIED)
def test_any_text_in_a_conversation_is_heard_and_gets_into_no_log(
    asked: Asked, said: tuple[str, ...], text: str
) -> None:
    pairs = [("From", PHONE), ("Body", text), ("MessageSid", "SMnew")]
    assume(fits(pairs))
    asked.begin(*said)
    answer = posted(asked.client, "/sms/inbound", pairs)
    assert answer.status_code == 200
    assert_nothing_is_sent_on(answer)
    assert held(asked.world).message_ids[-1] == "SMnew"
    assert_no_number_is_in(asked.caplog.text)


@tried(40)
@given(pairs=MESSAGES)
def test_no_message_is_a_fault_or_gets_into_a_log(asked: Asked, pairs: Pairs) -> None:
    asked.begin()
    assert_nothing_is_sent_on(posted(asked.client, "/sms/inbound", pairs))
    assert_no_number_is_in(asked.caplog.text)


@tried(40)
@given(pairs=TOLD, invitation=st.none() | CARRIED)
def test_no_status_is_a_fault_or_gets_into_a_log(asked: Asked, pairs: Pairs, invitation: str | None) -> None:
    """`invitation` is none for the one that there is."""
    accepted = asked.begin()
    about = quote(accepted.id if invitation is None else invitation[:400])
    assert_nothing_is_sent_on(posted(asked.client, f"/sms/status?invitation={about}", pairs))
    assert_no_number_is_in(asked.caplog.text)


@pytest.fixture
def fallback(app: Flask, world: World, library: Library) -> FlaskClient:
    """Over the tables that `app` made, with a queue for what is set aside."""
    make_missing_rescue_queue(settings_from(ENVIRONMENT))
    return create_app(("fallback",), environment=ENVIRONMENT, clock=world.clock, library=library).test_client()


@tried(30)
@given(pairs=MESSAGES)
def test_no_message_to_the_fallback_is_a_fault_or_gets_into_a_log(
    fallback: FlaskClient, caplog: pytest.LogCaptureFixture, pairs: Pairs
) -> None:
    pairs = [*pairs, ("ErrorCode", "11200")]
    assume(fits(pairs))
    caplog.set_level(logging.DEBUG)
    answer = posted(fallback, "/sms/fallback", pairs)
    assert_nothing_is_sent_on(answer)
    assert answer.status_code == (200 if all(name for name, _ in pairs) else 403)  # a field without a name is refused
    assert_no_number_is_in(caplog.text)


# --- forms that are none

FORMS: dict[str, tuple[str, bytes]] = {
    "no type": ("", b"Body=9"),
    "JSON": ("application/json", b'{"Body": "9"}'),
    "JSON, said to be a form": ("application/x-www-form-urlencoded", b'{"Body": "9"}'),
    "a form, said to be XML": ("text/xml", b"Body=9"),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", "Body=9".encode("utf-16")),
    "a charset that is none": ("application/x-www-form-urlencoded; charset=\x00", b"Body=9"),
    "parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="Body"\r\n\r\n9\r\n--x--',
    ),
    "a file": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="Body"; filename="a"\r\n\r\n9\r\n--x--',
    ),
    "half a percent sign": ("application/x-www-form-urlencoded", b"Body=%&From=%2&MessageSid=%zz"),
    "no UTF-8": ("application/x-www-form-urlencoded", b"Body=%ff%fe%c3%28&From=%ed%a0%80"),
    "semicolons": ("application/x-www-form-urlencoded", b"Body=9;From=x;MessageSid=y"),
    "a thousand fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1001))),
    "32 kB": ("application/x-www-form-urlencoded", b"Body=" + b"x" * 32_700),
    "over 32 kB": ("application/x-www-form-urlencoded", b"Body=" + b"x" * 33_000),
    "a megabyte": ("application/x-www-form-urlencoded", b"Body=" + b"x" * 1_000_000),
}


@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status"])
def test_what_is_no_form_is_refused_without_a_word(client: FlaskClient, path: str) -> None:
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}{path}", {})
    for name, (kind, body) in FORMS.items():
        answer = client.post(path, data=body, content_type=kind, headers={"X-Twilio-Signature": signature})
        assert_nothing_is_sent_on(answer)
        assert answer.status_code in (200, 204, 400, 403, 413), name
        assert PHONE not in answer.text, name


REPEATED = {
    "two numbers": [("From", PHONE), ("From", OTHER_PHONE)],
    "two texts": [("Body", "9"), ("Body", "STOP")],
    "two ids": [("MessageSid", "SM1"), ("MessageSid", "SM2")],
    "the same twice": [("Body", "9"), ("Body", "9")],
}


def test_a_field_that_comes_twice_is_no_fault(client: FlaskClient, world: World) -> None:
    usual = [("From", PHONE), ("Body", "9"), ("MessageSid", "SM1")]
    for twice in REPEATED.values():
        names = {name for name, _ in twice}
        assert_nothing_is_sent_on(
            posted(client, "/sms/inbound", [*twice, *(pair for pair in usual if pair[0] not in names)])
        )


HOSTILE = ["9v" * 800, "\u0301\u0323" * 800, "t. a\n" * 320, "\x00", "]]>", "<Message>9", "&#0;", "9"]


def test_the_worst_texts_in_an_open_conversation_are_answered(client: FlaskClient, world: World) -> None:
    world.opened()
    for number, body in enumerate(HOSTILE):
        answer = posted(client, "/sms/inbound", [("From", PHONE), ("Body", body), ("MessageSid", f"SM{number}")])
        assert answer.status_code == 200
        assert_nothing_is_sent_on(answer)
