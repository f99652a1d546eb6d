"""The real Twilio SDK against the stand-in's Messaging Service and number, as `setup twilio` uses them."""

from collections.abc import Iterator

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from local.carrier.testing import SENDER, World, sdk, world

SERVICE = "MG0123456789abcdef0123456789abcdef"


@pytest.fixture
def net() -> Iterator[World]:
    with world(service=SERVICE) as made:
        yield made


@pytest.fixture
def client(net: World) -> Iterator[Client]:
    with sdk(net) as made:
        made.messaging.base_url = net.url
        yield made


def test_a_service_is_as_it_was_made_until_it_is_changed(client: Client) -> None:
    service = client.messaging.v1.services(SERVICE)
    found = service.fetch()
    assert (found.sid, found.inbound_request_url, found.smart_encoding, found.sticky_sender) == (
        SERVICE,
        None,
        True,
        True,
    )
    changed = service.update(inbound_request_url="https://k.example/sms/inbound#rc=2", smart_encoding=False)
    assert (changed.inbound_request_url, changed.smart_encoding) == ("https://k.example/sms/inbound#rc=2", False)
    assert (service.fetch().smart_encoding, service.fetch().validity_period) == (False, 36_000)


def test_the_numbers_of_a_service_can_be_listed(client: Client) -> None:
    numbers = client.messaging.v1.services(SERVICE).phone_numbers.list(limit=20)
    assert [number.phone_number for number in numbers] == [SENDER]


def test_a_number_is_found_by_a_part_of_it_and_changed(client: Client) -> None:
    (number,) = client.incoming_phone_numbers.list(phone_number=SENDER[:-2], limit=20)
    assert (number.phone_number, number.sms_method) == (SENDER, "POST")
    changed = client.incoming_phone_numbers(number.sid).update(sms_url="https://k.example/sms/inbound")
    assert changed.sms_url == "https://k.example/sms/inbound"
    assert client.incoming_phone_numbers(number.sid).fetch().sms_url == "https://k.example/sms/inbound"
    assert client.incoming_phone_numbers.list(phone_number="+358450000000", limit=20) == []


WRONG = {
    "a validity too long": {"validity_period": 36_001},
    "an unknown method": {"inbound_method": "PUT"},
    "no address": {"fallback_url": "sms/fallback"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_refused_and_nothing_is_changed(client: Client, wrong: dict[str, object]) -> None:
    service = client.messaging.v1.services(SERVICE)
    with pytest.raises(TwilioRestException) as refused:
        service.update(smart_encoding=False, **wrong)
    assert refused.value.status == 400
    assert service.fetch().smart_encoding is True


def test_what_is_not_there_is_not_found(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messaging.v1.services("MG" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)
    with pytest.raises(TwilioRestException):
        client.incoming_phone_numbers("PN" + "0" * 32).fetch()


def test_a_wrong_token_is_refused(net: World) -> None:
    with sdk(net, token="wrong") as client:
        client.messaging.base_url = net.url
        with pytest.raises(TwilioRestException) as refused:
            client.messaging.v1.services(SERVICE).fetch()
        assert refused.value.status == 401
        with pytest.raises(TwilioException):
            client.incoming_phone_numbers.list(limit=1)
