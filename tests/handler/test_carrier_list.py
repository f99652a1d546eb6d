"""What the carrier's list tells of all that passed with a number: found by number and time, but openings left out."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from werkzeug.wrappers import Response

from handler.outside.carrier import CarrierSilent, Outgoing, TwilioCarrier
from handler.outside.carrier_list import Passed, Stretch
from local.carrier.testing import ACCOUNT, SENDER, TOKEN, World, twiml, until
from survey_flow.phone import PhoneNumber

PHONE, OTHER = PhoneNumber("+358401234567"), PhoneNumber("+358501112233")
OPENING = "Hei! Kuinka todennäköisesti suosittelisit meitä?"
DIGEST = sha256(OPENING.encode()).hexdigest()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AN_HOUR = Stretch(not_older_than=HOUR, not_younger_than=timedelta())
REPLY = "<Response><Message>Arvioi vielä kolme asiaa.</Message></Response>"


def client(net: World, *, sender: str = SENDER) -> TwilioCarrier:
    return TwilioCarrier(account_sid=ACCOUNT, auth_token=TOKEN, api_url=net.url, sender=sender)


@pytest.fixture
def carrier(net: World) -> TwilioCarrier:
    reply: Response = twiml(REPLY)
    net.app.answers = [reply]
    return client(net)


def send(net: World, carrier: TwilioCarrier, text: str, to: PhoneNumber = PHONE) -> str:
    sid = carrier.send(Outgoing(to, text, "https://kuulolla.example/sms/status", 3600))
    net.quiet()
    return sid


def a_conversation(net: World, carrier: TwilioCarrier, number: PhoneNumber = PHONE) -> tuple[str, set[str]]:
    """The opening's id, and those of an answer, its reply and a reminder."""
    before = set(left(net, number))
    opening = send(net, carrier, OPENING, number)
    net.text(number, "9")
    send(net, carrier, "Muistutus", number)
    others = set(left(net, number)) - before - {opening}
    assert len(others) == 3
    return opening, others


def left(net: World, number: PhoneNumber = PHONE) -> list[str]:
    return [message.sid for message in net.carrier.network.messages(number) if message.recorded]


def test_everything_either_way_is_found_but_the_opening(net: World, carrier: TwilioCarrier) -> None:
    opening, others = a_conversation(net, carrier)
    a_conversation(net, carrier, OTHER)
    found = carrier.passed_with(PHONE, AN_HOUR, but={DIGEST})
    assert (set(found.ids), found.whole) == (others, True)
    for sid in found.ids:
        carrier.delete(sid)
    assert (left(net), len(left(net, OTHER))) == ([opening], 4)
    assert carrier.passed_with(PHONE, AN_HOUR, but={DIGEST}) == Passed(())


def test_a_reply_in_the_opening_s_own_words_is_no_opening(net: World, carrier: TwilioCarrier) -> None:
    net.app.answers = [twiml(f"<Response><Message>{OPENING}</Message></Response>")]
    net.text(PHONE, OPENING)
    net.quiet()
    assert len(carrier.passed_with(PHONE, AN_HOUR, but={DIGEST}).ids) == 2


def test_what_was_before_and_after_the_stretch_is_left(net: World, carrier: TwilioCarrier) -> None:
    for _ in range(3):
        a_conversation(net, carrier)
        net.carrier.clock.follow(net.carrier.clock() + timedelta(days=92))
    middle = Stretch(not_older_than=timedelta(days=184, minutes=5), not_younger_than=timedelta(days=184))
    found = carrier.passed_with(PHONE, middle, but={DIGEST})
    assert set(found.ids) <= set(left(net)[4:8])
    assert len(found.ids) == 3


def test_what_another_sender_of_the_account_wrote_is_left(net: World, carrier: TwilioCarrier) -> None:
    a_conversation(net, carrier)
    assert client(net, sender="+358459999999").passed_with(PHONE, AN_HOUR, but={DIGEST}) == Passed(())


def test_a_list_that_is_too_long_is_not_whole(net: World, carrier: TwilioCarrier) -> None:
    for number in range(101):
        net.text(PHONE, f"{number}")
    net.quiet()
    for number in range(101):
        net.text(PHONE, f"{number}")
    net.quiet()
    found = carrier.passed_with(PHONE, AN_HOUR, but=())
    assert not found.whole
    for sid in found.ids:
        carrier.delete(sid)
    rest = carrier.passed_with(PHONE, AN_HOUR, but=())
    assert rest.whole
    assert len({*found.ids, *rest.ids}) == 404


FAULTS: dict[str, dict[str, Any]] = {
    "unavailable": {"status": 503},
    "too many requests": {"status": 429},
    "our token is wrong": {"status": 401},
    "a torn connection": {"how": "reset"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_list_that_does_not_come_is_a_silence_and_tells_no_number(
    net: World, carrier: TwilioCarrier, fault: dict[str, Any]
) -> None:
    net.fault(on="list", **fault)
    with pytest.raises(CarrierSilent) as raised:
        carrier.passed_with(PHONE, AN_HOUR, but=())
    assert (raised.value.args, raised.value.__context__) == ((), None)


SERVICE = f"MG{'0' * 32}"


def test_of_a_messaging_service_it_goes_by_the_service(net: World) -> None:
    carrier = client(net, sender=SERVICE)
    send(net, carrier, "Muistutus")
    until(lambda: left(net))
    assert set(carrier.passed_with(PHONE, AN_HOUR, but={DIGEST}).ids) == set(left(net))
    assert client(net, sender=f"MG{'1' * 32}").passed_with(PHONE, AN_HOUR, but={DIGEST}) == Passed(())
