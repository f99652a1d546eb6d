"""`setup twilio` and `setup rotate twilio-token` against the stand-in carrier, over moto's parameters."""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from handler.outside.secret_parameters import TWILIO_TOKEN
from handler.outside.twilio_setup import TokenRefused, TwilioRefused, TwilioSetup
from handler.work.setup_webhooks import FALLBACK_OVERRIDES, INBOUND_OVERRIDES, wanted_of
from local.carrier.sender_settings import SenderSettings
from local.carrier.testing import ACCOUNT, SENDER, TOKEN, World, world
from tests.handler.setting_up import SECOND_TOKEN, put, run, value_of

SERVICE = "MG0123456789abcdef0123456789abcdef"
URL = "https://kuulolla.example"
SERVERLESS = Path(__file__).resolve().parents[2] / "serverless.yml"


@pytest.fixture
def net() -> Iterator[World]:
    with world(service=SERVICE) as made:
        yield made


@pytest.fixture(autouse=True)
def aws(empty_aws: None) -> None:
    put(TWILIO_TOKEN, TOKEN)


def kept(net: World) -> SenderSettings:
    """What stands at the carrier."""
    settings = net.flask.extensions["sender_settings"]
    assert isinstance(settings, SenderSettings)
    return settings


def environment(net: World, sender: str = SERVICE) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "KUULOLLA_SENDER": sender,
        "KUULOLLA_PUBLIC_URL": URL,
        "KUULOLLA_TWILIO_URL": net.url,
    }


def set_up(net: World, *words: str, sender: str = SERVICE, **differs: str) -> Result:
    return run("twilio", *words, **{**environment(net, sender), **differs})


def test_what_differs_is_shown_and_nothing_is_changed(net: World) -> None:
    result = set_up(net)
    assert result.exit_code == 1
    assert result.output.splitlines()[:4] == [
        f"inbound_request_url: nothing -> {URL}/sms/inbound#{INBOUND_OVERRIDES}",
        f"fallback_url: nothing -> {URL}/sms/fallback#{FALLBACK_OVERRIDES}",
        "smart_encoding: on -> off",
        "Nothing is changed yet: add --apply.",
    ]
    assert kept(net).service["inbound_request_url"] is None


def test_applied_it_stands_at_twilio_and_a_second_time_changes_nothing(net: World) -> None:
    applied = set_up(net, "--apply")
    assert applied.exit_code == 0
    assert "The webhooks are as they are to be." in applied.output
    service = dict(kept(net).service)
    for name, value in wanted_of(SERVICE, URL).items():
        assert (service[name] or "") == value or service[name] is value
    again = set_up(net, "--apply")
    assert again.output.splitlines()[0] == "The webhooks are as they are to be."
    assert kept(net).service == service
    assert set_up(net).exit_code == 0


def test_what_others_set_otherwise_is_set_right(net: World) -> None:
    set_up(net, "--apply")
    kept(net).service.update(
        use_inbound_webhook_on_number=True, inbound_method="GET", status_callback="https://x.example"
    )
    result = set_up(net, "--apply")
    assert result.output.splitlines()[:3] == [
        "inbound_method: GET -> POST",
        "use_inbound_webhook_on_number: on -> off",
        "status_callback: https://x.example -> nothing",
    ]
    assert set_up(net).exit_code == 0


def test_a_number_alone_gets_the_same_addresses(net: World) -> None:
    assert set_up(net, sender=SENDER).exit_code == 1
    kept(net).number["sms_application_sid"] = "AP" + "0" * 32  # Twilio would ignore the addresses
    result = set_up(net, "--apply", sender=SENDER)
    assert result.exit_code == 0
    assert kept(net).number == {
        "sms_application_sid": "",
        "sms_url": f"{URL}/sms/inbound#{INBOUND_OVERRIDES}",
        "sms_fallback_url": f"{URL}/sms/fallback#{FALLBACK_OVERRIDES}",
        "sms_method": "POST",
        "sms_fallback_method": "POST",
    }
    assert "make a Messaging Service for it" in result.output


def test_what_has_to_be_clicked_is_printed(net: World) -> None:
    printed = set_up(net).output
    assert f"Messaging > Services > {SERVICE} > Opt-Out Management" in printed
    assert "Finnish, STOP: LOPETA, PERU, PERUUTA" in printed
    assert "Phone numbers: OFF." in printed


def test_no_secret_and_no_query_is_told(net: World, all_told: Callable[[], str]) -> None:
    result = set_up(net, "--apply", sender=SENDER)
    assert TOKEN not in result.output
    told = all_told()
    assert TOKEN not in told
    assert SENDER not in told


REFUSED = {
    "a wrong account SID": ({"TWILIO_ACCOUNT_SID": "AC1"}, "Error: The account SID is wrong"),
    "another account's SID": ({"TWILIO_ACCOUNT_SID": "AC" + "0" * 32}, "Error: Twilio does not know this account"),
    "another service": ({"KUULOLLA_SENDER": "MG" + "0" * 32}, "Error: Twilio does not find the Messaging Service"),
    "another number": ({"KUULOLLA_SENDER": "+358459999999"}, "Error: The account has no such number"),
    "a part of the number": ({"KUULOLLA_SENDER": SENDER[:-1]}, "Error: The account has no such number"),
    "nobody there": (
        {"KUULOLLA_TWILIO_URL": "http://127.0.0.1:9"},
        "Error: Twilio could not be asked (ConnectionError)",
    ),
    "no public address": (
        {"KUULOLLA_PUBLIC_URL": "http://127.0.0.1", "KUULOLLA_TWILIO_URL": "https://api.twilio.com"},
        "Error: http://127.0.0.1 is no public address",
    ),
}


@pytest.mark.parametrize(("differs", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_said_in_a_sentence(net: World, differs: dict[str, str], sentence: str) -> None:
    result = set_up(net, **differs)
    assert result.exit_code == 1
    (said,) = result.output.splitlines()
    assert said.startswith(sentence)
    assert TOKEN not in said


def test_a_wrong_token_is_said_in_a_sentence(net: World) -> None:
    put(TWILIO_TOKEN, SECOND_TOKEN)
    (said,) = set_up(net).output.splitlines()
    assert said == "Error: Twilio does not know this account by this token: compare both with Twilio's console."


def test_a_twilio_that_hangs_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TwilioRefused, match=r"could not be asked \(ReadTimeout\)"):
            TwilioSetup(ACCOUNT, TOKEN, api_url=address, seconds=0.2).account()


# --- changing the token


def test_the_new_token_comes_first_once_twilio_knows_it(net: World) -> None:
    put(TWILIO_TOKEN, SECOND_TOKEN)
    result = run("rotate", "twilio-token", "--step", "add", typed=f"{TOKEN}\n", **environment(net))
    assert result.exit_code == 0
    assert "in 10 minutes promote the secondary token" in result.output
    assert value_of(TWILIO_TOKEN) == f"{TOKEN},{SECOND_TOKEN}"
    assert run("rotate", "twilio-token", "--step", "drop", **environment(net)).exit_code == 0
    assert value_of(TWILIO_TOKEN) == TOKEN


def test_a_token_that_twilio_does_not_know_is_not_added(net: World) -> None:
    result = run("rotate", "twilio-token", "--step", "add", typed=SECOND_TOKEN, **environment(net))
    assert (result.exit_code, SECOND_TOKEN in result.output) == (1, False)
    assert value_of(TWILIO_TOKEN) == TOKEN


def test_a_token_that_is_refused_is_told_apart(net: World) -> None:
    with pytest.raises(TokenRefused):
        TwilioSetup(ACCOUNT, SECOND_TOKEN, api_url=net.url).account()


# --- the overrides


def overrides(text: str) -> dict[str, str]:
    return dict(part.split("=") for part in text.split("&"))


@pytest.mark.parametrize("given", [INBOUND_OVERRIDES, FALLBACK_OVERRIDES], ids=["inbound", "fallback"])
def test_the_overrides_are_within_what_twilio_takes(given: str) -> None:
    """https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides"""
    read = overrides(given)
    assert set(read) == {"rc", "rp", "ct", "rt", "tt"}
    assert 0 <= int(read["rc"]) <= 5
    assert set(read["rp"].split(",")) <= {"4xx", "5xx", "ct", "rt", "all"}
    assert 100 <= int(read["ct"]) <= 10_000
    assert 100 <= int(read["rt"]) <= int(read["tt"]) <= 15_000


def test_an_answer_is_waited_for_longer_than_the_function_may_run() -> None:
    deployed = re.search(r"handler: handler\.app\.sms\n(?:    \S.*\n)*?    timeout: (\d+)", SERVERLESS.read_text())
    assert deployed is not None
    assert int(overrides(INBOUND_OVERRIDES)["rt"]) > int(deployed[1]) * 1000
