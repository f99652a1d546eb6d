"""Twilio's webhooks over HTTP, signed by Twilio's own validator: what is heard, answered and kept quiet."""

import logging
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.outside.carrier import OutcomeUnknown, Outgoing, SendFailed
from handler.tables import opt_outs
from handler.tables.conversations import ConversationRow, State
from handler.tables.invitations import InvitationRow, InvitationState
from handler.tables.invitations import read as read_invitation
from handler.work.invite import Accepted
from survey_flow.library import Library
from tests.environment import AUTH_TOKEN, ENVIRONMENT, PUBLIC_URL
from tests.handler.looking import invitation, invitation_in, is_contact, key_of
from tests.world import PHONE, RecordingCarrier, World


@dataclass(slots=True)
class Twilio:
    """Posts as Twilio does: every field is signed, blank ones too."""

    client: FlaskClient
    messages: int = 0

    def post(self, path: str, fields: dict[str, str], *, signature: str | None = None) -> TestResponse:
        signed = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}{path}", fields)
        headers = {"X-Twilio-Signature": signed if signature is None else signature}
        return self.client.post(path, data=fields, headers=headers)

    def text(self, body: str, **differs: str) -> str:
        """The reply to a message, "" for an empty TwiML."""
        self.messages += 1
        usual = {"MessageSid": f"SMin{self.messages}", "From": PHONE, "To": "+358450000000", "Body": body}
        answer = self.post("/sms/inbound", {**usual, "NumMedia": "0", "FromCity": "", **differs})
        assert answer.status_code == 200
        return said(answer)

    def status(self, invitation: Accepted | str, status: str, **differs: str) -> None:
        query = urlencode({"invitation": invitation if isinstance(invitation, str) else invitation.id})
        usual = {"MessageSid": "SM1", "MessageStatus": status, "To": PHONE, "From": "+358450000000"}
        answer = self.post(f"/sms/status?{query}", {**usual, **differs})
        assert (answer.status_code, answer.data) == (204, b"")


def said(answer: TestResponse) -> str:
    """What a TwiML answer says, read as XML: one message or none."""
    assert answer.content_type == "text/xml; charset=utf-8"
    response = ElementTree.fromstring(answer.data)  # noqa: S314 our own answer
    assert response.tag == "Response"
    assert [child.tag for child in response] in ([], ["Message"])
    return "".join(response.itertext())


@dataclass(slots=True)
class HastyCarrier(RecordingCarrier):
    """Calls back before its own answer has come, as Twilio may; then `fault` is raised, if there is one."""

    twilio: Twilio | None = None
    status: str = "delivered"
    fault: Exception | None = None

    def send(self, message: Outgoing) -> str:
        assert self.twilio is not None
        self.twilio.status(invitation_in(message.status_callback), self.status)
        if self.fault:
            raise self.fault
        return "SM1"


@pytest.fixture
def twilio(client: FlaskClient) -> Twilio:
    return Twilio(client)


def state(accepted: Accepted) -> InvitationState:
    return invitation(accepted).state


# --- signatures

STATUS = "/sms/status?invitation=1"
WRONG_SIGNATURES = {
    "none": "",
    "another's": "a" * 28,
    "not base64": "%%%",
    "signs beyond ASCII": "ä" * 28,
}


@pytest.mark.parametrize("signature", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
@pytest.mark.parametrize("path", ["/sms/inbound", STATUS])
def test_a_wrong_signature_is_refused_without_a_word(twilio: Twilio, path: str, signature: str) -> None:
    answer = twilio.post(path, {"From": PHONE, "Body": "STOP", "MessageSid": "SM1"}, signature=signature)
    assert (answer.status_code, answer.data) == (403, b"")


@pytest.mark.parametrize("path", ["/sms/inbound", STATUS])
def test_a_missing_signature_is_refused_without_a_word(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"From": PHONE, "Body": "STOP", "MessageSid": "SM1"})
    assert (answer.status_code, answer.data) == (403, b"")


def test_what_was_signed_with_a_blank_token_is_refused(twilio: Twilio) -> None:
    fields = {"From": PHONE, "Body": "STOP", "MessageSid": "SM1"}
    blank = RequestValidator("").compute_signature(f"{PUBLIC_URL}/sms/inbound", fields)
    assert twilio.post("/sms/inbound", fields, signature=blank).status_code == 403


def test_the_query_of_a_callback_is_signed_too(twilio: Twilio, world: World) -> None:
    invitation = world.opened()
    fields = {"MessageStatus": "undelivered", "To": PHONE, "MessageSid": "SM1"}
    for_another = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}/sms/status?invitation=x", fields)
    answer = twilio.post(f"/sms/status?invitation={invitation.id}", fields, signature=for_another)
    assert answer.status_code == 403
    assert state(invitation) is InvitationState.SENT


def test_nothing_of_an_unsigned_message_is_heard(client: FlaskClient, world: World) -> None:
    client.post("/sms/inbound", data={"From": PHONE, "Body": "STOP", "MessageSid": "SM1"})
    assert not opt_outs.stands(key_of(world))


OTHER_REQUESTS = {"a GET": ("GET", "/sms/inbound", 405), "an unknown path": ("POST", "/sms/none", 404)}


@pytest.mark.parametrize(("method", "path", "status"), OTHER_REQUESTS.values(), ids=OTHER_REQUESTS)
def test_whatever_is_wrong_has_no_body_that_could_be_sent_on(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.data) == (status, b"")


def test_a_body_over_32_kilobytes_is_refused_without_a_word(twilio: Twilio) -> None:
    answer = twilio.post("/sms/inbound", {"From": PHONE, "Body": "x" * 40_000, "MessageSid": "SM1"})
    assert (answer.status_code, answer.data) == (413, b"")


# --- messages


def test_a_signed_answer_is_stored_and_answered(twilio: Twilio, world: World) -> None:
    world.opened()
    assert "Mitä mieltä olet?" in twilio.text("9")
    assert world.held().dialogue.answers == {"nps": 9}


def test_twilios_repeat_gets_the_same_reply_and_changes_nothing(twilio: Twilio, world: World) -> None:
    world.opened()
    first = twilio.text("9", MessageSid="SM1")
    before = world.held()
    assert twilio.text("9", MessageSid="SM1") == first
    assert world.held() == before


SILENT = {
    "an operator's name as sender": {"From": "DNA"},
    "a short code": {"From": "18200"},
    "another channel": {"From": f"whatsapp:{PHONE}"},
    "no sender": {"From": ""},
    "no message id": {"MessageSid": ""},
}


@pytest.mark.parametrize("differs", SILENT.values(), ids=SILENT)
def test_what_cannot_be_answered_is_met_with_silence(twilio: Twilio, differs: dict[str, str]) -> None:
    assert not twilio.text("STOP", **differs)


ODD_TEXTS = {
    "a picture without text": ("", {"NumMedia": "1", "MediaUrl0": "https://twilio.example/1"}),
    "1,600 characters": ("ä" * 1600, {}),
    "more than Twilio hands over": ("ä" * 3000, {}),
    "a NUL": ("\x00", {}),
    "control characters": ("\x01\x02\x1b[31m\x7f\x85", {}),
    "line feeds alone": ("\r\n\r\n", {}),
    "markup": ("</Message><Message>9</Message>&amp;", {}),
    "a keycap of nothing": ("\ufe0f\u20e3", {}),
}


@pytest.mark.parametrize(("body", "differs"), ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_an_odd_text_stores_no_number_and_is_answered(
    twilio: Twilio, world: World, body: str, differs: dict[str, str]
) -> None:
    world.opened()
    assert twilio.text(body, **differs)
    assert world.held().dialogue.answers == {}


@pytest.mark.parametrize(("body", "differs"), ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_an_odd_text_as_the_open_comment_ends_the_survey_or_is_asked_again(
    twilio: Twilio, world: World, body: str, differs: dict[str, str]
) -> None:
    world.opened()
    twilio.text("9")
    twilio.text("3524")
    assert twilio.text(body, **differs)
    twilio.text("OHITA")
    assert len(world.responses()) == 1


MARKUP = "A & B <tell> \"us\" 'now'"


def test_signs_of_xml_in_our_own_texts_are_escaped(world: World, twilio: Twilio, app_with_markup: FlaskClient) -> None:
    twilio.client = app_with_markup
    assert twilio.text("hei") == MARKUP


@pytest.fixture
def app_with_markup(world: World, library: Library) -> FlaskClient:
    """The app with a library whose texts hold XML's own signs."""
    texts = {language: {**ours, "no_survey": MARKUP} for language, ours in library.messages.texts.items()}
    with_markup = replace(library, messages=replace(library.messages, texts=texts))
    app = create_app(("sms",), environment=ENVIRONMENT, clock=world.clock, library=with_markup)
    return app.test_client()


# --- the carrier's own opt-outs


def test_what_advanced_opt_out_answered_is_recorded_and_not_answered_again(twilio: Twilio, world: World) -> None:
    world.opened()
    twilio.text("9")
    assert not twilio.text("STOP", OptOutType="STOP")
    key = key_of(world)
    assert opt_outs.OptOutRow.get(key).how == "carrier"
    assert world.held().state is State.CLOSED
    assert world.columns()["opted_out"] == 1
    assert not twilio.text("START", OptOutType="START")
    assert not opt_outs.stands(key)


def test_the_carriers_help_is_not_answered_again_and_changes_nothing(twilio: Twilio, world: World) -> None:
    world.opened()
    before = world.held()
    assert not twilio.text("HELP", OptOutType="HELP")
    assert world.held() == before


# --- status callbacks


def test_callbacks_in_order_end_at_delivered(twilio: Twilio, world: World) -> None:
    invitation = world.opened()
    for status in ("queued", "sent", "delivered"):
        twilio.status(invitation, status)
    assert state(invitation) is InvitationState.DELIVERED


ORDERS = {
    "backwards": (["delivered", "sent", "queued"], InvitationState.DELIVERED),
    "each twice": (["sent", "sent", "delivered", "delivered"], InvitationState.DELIVERED),
    "undelivered after delivered": (["delivered", "undelivered"], InvitationState.DELIVERED),
    "sent after undelivered": (["undelivered", "sent"], InvitationState.UNDELIVERED),
    "statuses that say nothing to us": (["accepted", "sending", "read", "", "x" * 500], InvitationState.SENT),
}


@pytest.mark.parametrize(("statuses", "expected"), ORDERS.values(), ids=ORDERS)
def test_callbacks_count_by_rank_and_not_by_order(
    twilio: Twilio, world: World, statuses: list[str], expected: InvitationState
) -> None:
    invitation = world.opened()
    for status in statuses:
        twilio.status(invitation, status)
    assert state(invitation) is expected


@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_a_callback_may_come_before_the_send_has_returned(twilio: Twilio, world: World, status: str) -> None:
    world.delivery = replace(world.delivery, carrier=HastyCarrier(twilio=twilio, status=status))
    invitation = world.opened()
    assert state(invitation).value == status
    arrived = status == "delivered"
    assert world.held().state is (State.OPEN if arrived else State.CLOSED)
    assert (world.held().sealed_number is not None) is arrived  # kept for the reminder
    assert is_contact(world) is arrived


def test_a_callback_before_a_lost_answer_settles_what_would_be_unknown(twilio: Twilio, world: World) -> None:
    world.delivery = replace(world.delivery, carrier=HastyCarrier(twilio=twilio, fault=OutcomeUnknown()))
    invitation = world.opened()
    assert state(invitation) is InvitationState.DELIVERED
    assert "Mitä mieltä olet?" in twilio.text("9")


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_an_opening_that_never_arrived_is_no_contact(twilio: Twilio, world: World, status: str) -> None:
    invitation = world.opened()
    twilio.status(invitation, status, ErrorCode="30003")
    assert not is_contact(world)
    assert world.held().state is State.CLOSED
    world.opened()
    assert len(world.carrier.sent) == 2


@pytest.mark.parametrize("body", ["9", "haloo?"])
def test_an_opening_that_somebody_answered_did_arrive_whatever_is_told(twilio: Twilio, world: World, body: str) -> None:
    invitation = world.opened()
    twilio.text(body)
    twilio.status(invitation, "undelivered", ErrorCode="30003")
    assert is_contact(world)
    assert world.held().state is State.OPEN


def test_a_callback_of_an_earlier_invitation_leaves_a_later_one_alone(twilio: Twilio, world: World) -> None:
    earlier = world.opened()
    twilio.status(earlier, "undelivered")
    later = world.opened()
    twilio.status(earlier, "undelivered")
    twilio.status(earlier, "failed")
    assert state(later) is InvitationState.SENT
    assert world.held().state is State.OPEN


@pytest.mark.parametrize("invitation", ["", "unknown", "x" * 5000])
def test_a_callback_of_no_invitation_of_ours_changes_nothing(twilio: Twilio, world: World, invitation: str) -> None:
    twilio.status(invitation, "delivered")
    assert read_invitation("unknown") is None


def test_a_callback_with_21610_records_the_opt_out(twilio: Twilio, world: World) -> None:
    invitation = world.opened()
    twilio.status(invitation, "failed", ErrorCode="21610")
    key = key_of(world)
    assert opt_outs.OptOutRow.get(key).how == "carrier"
    assert state(invitation) is InvitationState.FAILED


def test_a_send_refused_with_21610_records_the_opt_out(twilio: Twilio, world: World) -> None:
    world.carrier.faults.append(SendFailed(21610))
    invitation = world.opened()
    assert state(invitation) is InvitationState.FAILED
    assert opt_outs.stands(key_of(world))


# --- when something is broken


def test_a_fault_within_answers_nothing_and_logs_neither_number_nor_text(
    twilio: Twilio, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ConversationRow.delete_table()
    answer = twilio.post("/sms/inbound", {"From": PHONE, "Body": "salainen asia", "MessageSid": "SM1"})
    assert (answer.status_code, answer.data) == (500, b"")
    assert "GetError at POST /sms/inbound" in caplog.text
    for trace in ("401234567", "salainen", key_of(world)):
        assert trace not in caplog.text


def test_a_fault_in_a_callback_answers_nothing_with_a_status_that_twilio_repeats(twilio: Twilio) -> None:
    InvitationRow.delete_table()
    answer = twilio.post("/sms/status?invitation=1", {"MessageStatus": "delivered", "To": PHONE, "MessageSid": "SM1"})
    assert (answer.status_code, answer.data) == (500, b"")
