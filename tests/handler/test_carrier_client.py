"""Twilio's client as the deliverer uses it, against the stand-in: what each answer means, and that nothing tells a
number."""

import logging
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from handler.outside.carrier import (
    CarrierSilent,
    Fate,
    OutcomeUnknown,
    Outgoing,
    SendFailed,
    TryLater,
    TwilioCarrier,
)
from local.carrier.holds import Held
from local.carrier.messages import Message
from local.carrier.testing import ACCOUNT, SENDER, TOKEN, World, until
from survey_flow.phone import PhoneNumber

PHONE, OTHER = PhoneNumber("+358401234567"), PhoneNumber("+358501112233")
TEXT = "Hei! Kuinka todennäköisesti suosittelisit meitä?"
TOO_SHORT = 0.3  # seconds until the client gives up
HOUR = timedelta(hours=1)
HANG: dict[str, Any] = {"how": "hang", "seconds": 2}


def client(url: str, *, token: str = TOKEN, sender: str = SENDER, seconds: float = 5) -> TwilioCarrier:
    return TwilioCarrier(account_sid=ACCOUNT, auth_token=token, api_url=url, sender=sender, seconds=seconds)


@pytest.fixture
def carrier(net: World) -> TwilioCarrier:
    return client(net.url)


def outgoing(to: PhoneNumber = PHONE, text: str = TEXT, validity: int = 3600) -> Outgoing:
    return Outgoing(to, text, "https://kuulolla.example/sms/status?invitation=1", validity)


def digest(text: str = TEXT) -> str:
    return sha256(text.encode()).hexdigest()


def taken(net: World, number: PhoneNumber = PHONE) -> list[Message]:
    """The messages to this number that the carrier took."""
    return [message for message in net.carrier.network.messages(number) if message.direction != "inbound"]


def arrived(net: World, sid: str, status: str = "delivered") -> None:
    def there() -> bool:
        message = net.carrier.network.find(sid)
        return message is not None and message.status == status

    until(there)


# --- sending


def test_a_message_is_sent_to_the_number_with_its_callback_and_its_validity(net: World, carrier: TwilioCarrier) -> None:
    sid = carrier.send(outgoing())
    arrived(net, sid)
    (message,) = taken(net)
    assert (message.sid, message.to, message.sender, message.text) == (sid, PHONE, SENDER, TEXT)
    assert message.callback == "https://kuulolla.example/sms/status?invitation=1"
    assert message.valid_until is not None
    assert message.valid_until - message.created == HOUR


VALIDITIES = {"shorter than a second": (0, 1), "over midnight": (80_000, 36_000), "four hours": (14_400, 14_400)}


@pytest.mark.parametrize(("asked", "given"), VALIDITIES.values(), ids=VALIDITIES)
def test_a_validity_is_kept_within_what_the_carrier_takes(
    net: World, carrier: TwilioCarrier, asked: int, given: int
) -> None:
    carrier.send(outgoing(validity=asked))
    (message,) = taken(net)
    assert message.valid_until is not None
    assert message.valid_until - message.created == timedelta(seconds=given)


def test_a_messaging_service_takes_the_place_of_the_sender(net: World) -> None:
    service = "MG0123456789abcdef0123456789abcdef"
    client(net.url, sender=service).send(outgoing())
    assert [message.service for message in taken(net)] == [service]


LATER: dict[str, dict[str, Any]] = {
    "too many requests": {"status": 429},
    "too many requests, from a gateway": {"status": 429, "code": 0},
    "our token is wrong": {"status": 401},
    "our address is wrong": {"status": 404},
    "our sender is wrong": {"status": 400, "code": 21606},
    "our sender is missing": {"status": 400, "code": 21603},
    "our queue is full": {"status": 400, "code": 21611},
}


@pytest.mark.parametrize("fault", LATER.values(), ids=LATER)
def test_a_refusal_of_us_is_tried_later_and_nothing_left(
    net: World, carrier: TwilioCarrier, fault: dict[str, Any]
) -> None:
    net.fault(on="create", **fault)
    with pytest.raises(TryLater):
        carrier.send(outgoing())
    assert taken(net) == []


def test_a_wrong_token_and_a_wrong_sender_are_tried_later(net: World) -> None:
    for wrong in (client(net.url, token="wrong"), client(net.url, sender="+358459999999")):
        with pytest.raises(TryLater):
            wrong.send(outgoing())


@pytest.mark.parametrize("code", [21211, 21408, 21610, 21614, 21617, 30003])
def test_a_refusal_of_the_number_is_for_good_and_names_its_code(net: World, carrier: TwilioCarrier, code: int) -> None:
    net.fault(on="create", status=400, code=code)
    with pytest.raises(SendFailed) as failed:
        carrier.send(outgoing())
    assert failed.value.code == code
    assert taken(net) == []


def test_a_number_that_opted_out_at_the_carrier_is_refused_with_21610(net: World, carrier: TwilioCarrier) -> None:
    net.text(PHONE, "STOP")
    until(lambda: net.carrier.network.phone(PHONE).opted_out)
    with pytest.raises(SendFailed) as failed:
        carrier.send(outgoing())
    assert failed.value.code == 21610


UNKNOWN: dict[str, tuple[dict[str, Any], bool]] = {
    "a fault within": ({"status": 500}, False),
    "unavailable": ({"status": 503}, False),
    "unavailable, though it was taken": ({"status": 503, "accepted": True}, True),
    "a gateway's page": ({"status": 502, "code": 0}, False),
    "no answer in time": (HANG, False),
    "no answer in time, though it was taken": ({**HANG, "accepted": True}, True),
    "a torn connection": ({"how": "reset"}, False),
    "a torn connection, though it was taken": ({"how": "reset", "accepted": True}, True),
    "a closed connection": ({"how": "close"}, False),
}


@pytest.mark.parametrize(("fault", "left"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_may_have_left_is_unknown_never_repeated_and_told_by_the_list(
    net: World, fault: dict[str, Any], left: bool
) -> None:
    net.fault(on="create", **fault)
    carrier = client(net.url, seconds=TOO_SHORT)
    with pytest.raises(OutcomeUnknown):
        carrier.send(outgoing())
    assert len(taken(net)) == left
    patient = client(net.url)
    assert (patient.fate_of(PHONE, digest(), not_older_than=HOUR) is not None) is left


def test_a_carrier_that_is_not_there_takes_nothing(carrier: TwilioCarrier) -> None:
    with pytest.raises((TryLater, OutcomeUnknown)):
        client(nobody_at()).send(outgoing())


def nobody_at() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


# --- what became of a message


def test_an_opening_is_found_with_its_fate(net: World, carrier: TwilioCarrier) -> None:
    arrived(net, carrier.send(outgoing()))
    assert carrier.fate_of(PHONE, digest(), not_older_than=HOUR) == Fate("delivered")


def test_an_opening_that_did_not_arrive_is_found_with_its_code(net: World, carrier: TwilioCarrier) -> None:
    net.carrier.network.set_phone(PHONE, reachable=False, unreachable_code=30005)
    arrived(net, carrier.send(outgoing()), "undelivered")
    fate = carrier.fate_of(PHONE, digest(), not_older_than=HOUR)
    assert fate == Fate("undelivered", "30005")
    assert fate.arrived_never


def test_an_opening_on_its_way_is_found(net: World, carrier: TwilioCarrier) -> None:
    net.carrier.holds.next(Held.OUTBOUND, PHONE)
    carrier.send(outgoing())
    until(net.carrier.holds.parked)
    fate = carrier.fate_of(PHONE, digest(), not_older_than=HOUR)
    assert fate == Fate("queued")
    assert not fate.arrived_never
    net.carrier.release()


def test_an_opening_is_found_by_an_age_that_was_told_minutes_ago(net: World, carrier: TwilioCarrier) -> None:
    """Slow calls lie between telling the age and the carrier's answer."""
    carrier.send(outgoing())
    net.quiet()
    net.carrier.clock.follow(net.carrier.clock() + timedelta(minutes=8))
    assert carrier.fate_of(PHONE, digest(), not_older_than=timedelta(seconds=1)) is not None
    net.carrier.clock.follow(net.carrier.clock() + timedelta(minutes=3))
    assert carrier.fate_of(PHONE, digest(), not_older_than=timedelta(seconds=1)) is None


def test_a_number_without_messages_has_none(carrier: TwilioCarrier) -> None:
    assert carrier.fate_of(PHONE, digest(), not_older_than=HOUR) is None


def another_number(net: World, carrier: TwilioCarrier) -> None:
    arrived(net, carrier.send(outgoing(to=OTHER)))


def another_body(net: World, carrier: TwilioCarrier) -> None:
    arrived(net, carrier.send(outgoing(text="Hei! Nuorten Matala: kysely on vielä kesken.")))


def an_older_one(net: World, carrier: TwilioCarrier) -> None:
    """The same opening, three months ago."""
    sid = carrier.send(outgoing())
    arrived(net, sid)
    net.carrier.clock.follow(net.carrier.clock() + timedelta(days=92))


def the_same_words_from_the_phone(net: World, _: TwilioCarrier) -> None:
    net.text(PHONE, TEXT)
    net.quiet()


def a_deleted_one(net: World, carrier: TwilioCarrier) -> None:
    sid = carrier.send(outgoing())
    arrived(net, sid)
    carrier.delete(sid)


NOT_IT: dict[str, Callable[[World, TwilioCarrier], None]] = {
    "to another number": another_number,
    "with another text": another_body,
    "from three months ago": an_older_one,
    "from the phone itself": the_same_words_from_the_phone,
    "deleted": a_deleted_one,
}


@pytest.mark.parametrize("send", NOT_IT.values(), ids=NOT_IT)
def test_another_message_is_not_taken_for_the_opening(
    net: World, carrier: TwilioCarrier, send: Callable[[World, TwilioCarrier], None]
) -> None:
    send(net, carrier)
    assert carrier.fate_of(PHONE, digest(), not_older_than=HOUR) is None


def test_the_newer_of_two_is_found_when_the_older_one_is_too_old(net: World, carrier: TwilioCarrier) -> None:
    net.carrier.network.set_phone(PHONE, reachable=False)
    arrived(net, carrier.send(outgoing()), "undelivered")
    net.carrier.clock.follow(net.carrier.clock() + timedelta(days=92))
    net.carrier.network.set_phone(PHONE, reachable=True)
    arrived(net, carrier.send(outgoing()))
    assert carrier.fate_of(PHONE, digest(), not_older_than=HOUR) == Fate("delivered")


def test_age_goes_by_the_carriers_clock_and_not_by_ours(net: World, carrier: TwilioCarrier) -> None:
    net.carrier.clock.follow(net.carrier.clock() + timedelta(days=200))
    arrived(net, carrier.send(outgoing()))
    assert carrier.fate_of(PHONE, digest(), not_older_than=timedelta(seconds=30)) == Fate("delivered")


def test_an_opening_that_was_emptied_by_hand_is_found(net: World, carrier: TwilioCarrier) -> None:
    sid = carrier.send(outgoing())
    arrived(net, sid)
    net.carrier.network.change(sid, body="")
    assert carrier.fate_of(PHONE, digest(), not_older_than=HOUR) == Fate("delivered")


def test_an_opening_under_many_other_messages_is_found(net: World, carrier: TwilioCarrier) -> None:
    arrived(net, carrier.send(outgoing()))
    for n in range(60):  # more than a page
        carrier.send(outgoing(text=f"Viesti {n}"))
    net.quiet()
    assert carrier.fate_of(PHONE, digest(), not_older_than=HOUR) == Fate("delivered")


# --- deleting


def an_answer(net: World, body: str = "9 koska kuunneltiin") -> str:
    """The carrier's id of a message from the phone."""
    sid = str(net.text(PHONE, body)["sid"])
    net.quiet()
    return sid


def test_a_deleted_answer_is_gone_and_may_be_deleted_again(net: World, carrier: TwilioCarrier) -> None:
    sid = an_answer(net)
    for _ in range(2):
        carrier.delete(sid)
        found = net.carrier.network.find(sid)
        assert found is None or (found.body, found.recorded) == ("", False)


def test_a_message_that_the_carrier_never_had_is_done_with(carrier: TwilioCarrier) -> None:
    carrier.delete(f"SM{'0' * 32}")


def test_a_message_that_is_still_on_its_way_is_to_be_asked_for_again(net: World, carrier: TwilioCarrier) -> None:
    net.carrier.holds.next(Held.OUTBOUND, PHONE)
    sid = carrier.send(outgoing())
    until(net.carrier.holds.parked)
    with pytest.raises(CarrierSilent):
        carrier.delete(sid)
    net.carrier.release()
    arrived(net, sid)
    carrier.delete(sid)


# --- a carrier that does not answer

SILENCES: dict[str, dict[str, Any]] = {
    "unavailable": {"status": 503},
    "too many requests": {"status": 429},
    "our token is wrong": {"status": 401},
    "a gateway's page": {"status": 502, "code": 0},
    "no answer in time": HANG,
    "a torn connection": {"how": "reset"},
    "a closed connection": {"how": "close"},
}


@pytest.mark.parametrize("fault", SILENCES.values(), ids=SILENCES)
def test_a_list_that_does_not_answer_is_silent_and_may_be_asked_again(net: World, fault: dict[str, Any]) -> None:
    carrier = client(net.url, seconds=TOO_SHORT)
    net.fault(on="list", **fault)
    with pytest.raises(CarrierSilent):
        carrier.fate_of(PHONE, digest(), not_older_than=HOUR)
    assert client(net.url).fate_of(PHONE, digest(), not_older_than=HOUR) is None


@pytest.mark.parametrize("fault", SILENCES.values(), ids=SILENCES)
def test_what_is_not_deleted_now_may_be_deleted_later(net: World, fault: dict[str, Any]) -> None:
    sid = an_answer(net)
    carrier = client(net.url, seconds=TOO_SHORT)
    net.fault(on="delete", **fault)
    with pytest.raises(CarrierSilent):
        carrier.delete(sid)
    client(net.url).delete(sid)
    found = net.carrier.network.find(sid)
    assert found is None or found.body == ""


def test_a_list_that_is_not_there_is_silent() -> None:
    with pytest.raises(CarrierSilent):
        client(nobody_at()).fate_of(PHONE, digest(), not_older_than=HOUR)


# --- what is told

TOLD = ("401234567", digest(), "suosittelisit", "kuunneltiin")


def chain(fault: BaseException | None) -> Iterator[BaseException]:
    """A fault, and all that it was raised from or amid."""
    if fault is not None:
        yield fault
        yield from chain(fault.__cause__)
        yield from chain(fault.__context__)


Asking = Callable[[TwilioCarrier], object]
ASKINGS: dict[str, tuple[str, Asking]] = {
    "sending": ("create", lambda carrier: carrier.send(outgoing())),
    "asking": ("list", lambda carrier: carrier.fate_of(PHONE, digest(), not_older_than=HOUR)),
}
FAULTS: dict[str, dict[str, Any]] = {**SILENCES, "refused": {"status": 400, "code": 21211}}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize(("on", "ask"), ASKINGS.values(), ids=ASKINGS)
def test_no_fault_tells_the_number_or_the_text(net: World, on: str, ask: Asking, fault: dict[str, Any]) -> None:
    net.fault(on=on, **fault)
    with pytest.raises((SendFailed, TryLater, OutcomeUnknown, CarrierSilent)) as raised:
        ask(client(net.url, seconds=TOO_SHORT))
    tells_nothing(raised.value)


def tells_nothing(raised: BaseException) -> None:
    for fault in chain(raised):
        for trace in TOLD:
            assert trace not in f"{fault!r} {fault}"


@pytest.mark.parametrize("ask", [ask for _, ask in ASKINGS.values()], ids=ASKINGS)
def test_no_fault_of_a_carrier_that_is_not_there_tells_the_number(ask: Asking) -> None:
    with pytest.raises((SendFailed, TryLater, OutcomeUnknown, CarrierSilent)) as raised:
        ask(client(nobody_at()))
    tells_nothing(raised.value)


def test_the_carriers_own_words_for_a_refused_number_are_not_passed_on(carrier: TwilioCarrier) -> None:
    """Twilio repeats the number: "'To' number is not a valid mobile number: +358..."."""
    landline = PhoneNumber("+358942345678")
    with pytest.raises(SendFailed) as raised:
        carrier.send(outgoing(to=landline))
    assert raised.value.code == 21614
    for fault in chain(raised.value):
        assert "942345678" not in f"{fault!r} {fault}"


def test_no_log_tells_a_number_a_text_or_a_token_when_debugging(net: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sid = an_answer(net)
    carrier, hasty = client(net.url), client(net.url, seconds=TOO_SHORT)
    arrived(net, carrier.send(outgoing()))
    carrier.fate_of(PHONE, digest(), not_older_than=HOUR)
    for on, ask in ASKINGS.values():
        for fault in FAULTS.values():
            net.fault(on=on, **fault)
            with pytest.raises((SendFailed, TryLater, OutcomeUnknown, CarrierSilent)):
                ask(hasty)
    carrier.delete(sid)
    with pytest.raises(CarrierSilent):
        client(nobody_at()).fate_of(PHONE, digest(), not_older_than=HOUR)
    told = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    for trace in (*TOLD, TOKEN):
        assert trace not in told
