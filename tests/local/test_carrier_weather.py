"""The carrier misbehaves: single faults, seeded weather, and the counts of what was asked."""

import http.client
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import pytest
from requests.exceptions import ReadTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from local.carrier.faults import Asked, Fault
from local.carrier.testing import ACCOUNT, SENDER, TOKEN, World, call, sdk, until, world
from local.carrier.weather import Weather

MOBILE = "+358401234567"
OTHER = "+358501112233"
UNHURRIED = 128  # a seed with which the first callbacks to MOBILE, when late, are all late by nearly half a second
MANY = [f"+35840{1000000 + number}" for number in range(200)]


def create(net: World, client: Client, to: str = MOBILE) -> str:
    callback = f"{net.app.public_url}/sms/status"
    return client.messages.create(to=to, from_=SENDER, body="Hei", status_callback=callback).sid


def outcome(net: World, client: Client, to: str = MOBILE) -> str:
    """What the application sees of a request to send."""
    try:
        create(net, client, to)
    except TwilioRestException as refused:
        return f"{refused.status} {refused.code}"
    except RequestException as broken:
        return type(broken).__name__
    return "created"


def status_of(error: BaseException) -> int | None:
    """The SDK tells a list that failed in its own way: the answer stands beside the words."""
    answer = error if isinstance(error, TwilioRestException) else error.args[-1]
    return getattr(answer, "status", None) or getattr(answer, "status_code", None)


def raw(net: World, method: str, path: str, form: dict[str, str] | None = None) -> http.client.HTTPResponse:
    """Without any client library between: what really comes over the connection."""
    connection = http.client.HTTPConnection("127.0.0.1", int(net.url.rpartition(":")[2]), timeout=10)
    sign_in = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {sign_in}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, f"/2010-04-01/Accounts/{ACCOUNT}{path}", urlencode(form or {}), headers)
    try:
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def statuses(net: World, to: str) -> list[str]:
    return [post.form["MessageStatus"] for post in net.app.at("/sms/status") if post.form["To"] == to]


# --- single faults


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        pytest.param({"create": 503}, "503 20500", id="the short form"),
        pytest.param({"create": 400, "code": 21614}, "400 21614", id="the short form with a code"),
        pytest.param({"status": 429}, "429 20429", id="too many requests"),
        pytest.param({"status": 401}, "401 20003", id="signed in wrongly"),
        pytest.param({"status": 500, "code": 30001}, "500 30001", id="a code of one's own"),
        pytest.param({"status": 502, "code": 0}, "502 502", id="a gateway's page, without a code"),
        pytest.param({"how": "reset"}, "ConnectionError", id="torn"),
        pytest.param({"how": "close"}, "ConnectionError", id="closed"),
        pytest.param({"how": "hang", "seconds": 0.05}, "ConnectionError", id="silence, then closed"),
        pytest.param({"how": "hang", "seconds": 0.05, "status": 504}, "504 20500", id="silence, then an error"),
    ],
)
@pytest.mark.parametrize("accepted", [True, False])
def test_a_fault_hides_whether_the_message_left(
    net: World, client: Client, fault: dict[str, Any], seen: str, accepted: bool
) -> None:
    net.control("POST", "/faults", fault | {"accepted": accepted})

    assert outcome(net, client) == seen
    net.quiet()
    assert statuses(net, MOBILE) == (["queued", "sent", "delivered"] if accepted else [])
    assert len(client.messages.list(to=MOBILE)) == int(accepted)
    assert outcome(net, client) == "created"
    assert net.carrier.requests.accepted == {MOBILE: 1 + int(accepted)}


@pytest.mark.parametrize(
    ("how", "error"),
    [("reset", ConnectionResetError), ("close", http.client.RemoteDisconnected)],
)
def test_a_connection_is_torn_or_closed_without_a_byte(net: World, how: str, error: type[Exception]) -> None:
    net.fault(how=how, times=20)
    for _ in range(20):
        with pytest.raises(error) as broken:
            raw(net, "POST", "/Messages.json", {"To": MOBILE, "From": SENDER, "Body": "Hei"})
        assert type(broken.value) is error


@pytest.mark.parametrize("accepted", [True, False])
def test_a_hang_outlasts_the_clients_patience_and_is_released(net: World, client: Client, accepted: bool) -> None:
    net.control("POST", "/faults", {"how": "hang", "accepted": accepted})

    with sdk(net, timeout=0.2) as impatient, pytest.raises(ReadTimeout):
        create(net, impatient)
    (held,) = net.control("GET", "/state")["holds"]["held"]
    assert (held["what"], held["number"]) == ("answer", MOBILE)
    assert len(client.messages.list(to=MOBILE)) == int(accepted)

    net.control("POST", "/release", {"what": "answer"})
    until(lambda: not net.carrier.holds.parked())
    assert len(client.messages.list(to=MOBILE)) == int(accepted)


def test_a_late_answer_is_the_true_one_and_the_callbacks_do_not_wait_for_it(net: World, client: Client) -> None:
    net.control("POST", "/faults", {"how": "hang", "status": 201, "accepted": True})

    with ThreadPoolExecutor(1) as one:
        answer = one.submit(create, net, client)
        until(lambda: statuses(net, MOBILE) == ["queued", "sent", "delivered"])
        assert not answer.done()
        net.control("POST", "/release", {"number": MOBILE})
        assert client.messages(answer.result(5)).fetch().status == "delivered"


def test_a_carrier_that_stops_or_forgets_leaves_nobody_hanging(net: World) -> None:
    net.fault(how="hang")
    with ThreadPoolExecutor(1) as one, sdk(net) as client:
        seen = one.submit(outcome, net, client)
        until(net.carrier.holds.parked)
        net.control("DELETE", "")
        assert seen.result(5) == "ConnectionError"


def test_a_fault_waits_for_its_number_and_happens_as_often_as_asked(net: World, client: Client) -> None:
    net.control("POST", "/faults", {"status": 429, "number": "040 123 4567", "times": 2})
    net.control("POST", "/faults", {"status": 500})

    assert [outcome(net, client, to) for to in (OTHER, MOBILE, OTHER, MOBILE, MOBILE)] == [
        "500 20500",
        "429 20429",
        "created",
        "429 20429",
        "created",
    ]


def test_faults_to_come_are_shown_and_can_be_dropped(net: World, client: Client) -> None:
    net.control("POST", "/faults", {"on": "list", "status": 503, "times": 3})
    with pytest.raises(TwilioException):
        client.messages.list()

    (fault,) = net.control("GET", "/faults")["faults"]
    assert (fault["on"], fault["status"], fault["times"]) == ("list", 503, 2)
    net.control("DELETE", "/faults")
    assert client.messages.list() == []


@pytest.mark.parametrize("asked", ["list", "fetch", "delete", "update"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429}, TwilioException),
        ({"status": 503}, TwilioException),
        ({"how": "hang"}, ReadTimeout),
        ({"how": "reset"}, RequestException),
    ],
)
def test_whatever_is_asked_can_fail(net: World, asked: str, fault: dict[str, Any], error: type[Exception]) -> None:
    sid = net.text(MOBILE, "9 hyvä")["sid"]
    with sdk(net, timeout=0.2) as client:
        acts = {
            "list": lambda: client.messages.list(from_=MOBILE),
            "fetch": client.messages(sid).fetch,
            "delete": client.messages(sid).delete,
            "update": lambda: client.messages(sid).update(body=""),
        }
        net.control("POST", "/faults", {"on": asked, "number": MOBILE, **fault})
        with pytest.raises(error) as failed:
            acts[asked]()
        net.control("POST", "/release", {})
    assert status_of(failed.value) == fault.get("status")
    assert net.carrier.network.messages(MOBILE)[0].body == "9 hyvä"
    assert net.carrier.requests.asked[Asked(asked)] == 1


def test_a_message_can_be_deleted_though_the_answer_is_an_error(net: World, client: Client) -> None:
    sid = net.text(MOBILE, "9")["sid"]
    net.control("POST", "/faults", {"on": "delete", "status": 503, "accepted": True})

    with pytest.raises(TwilioRestException) as failed:
        client.messages(sid).delete()
    assert failed.value.status == 503
    with pytest.raises(TwilioRestException) as gone:
        client.messages(sid).delete()
    assert (gone.value.status, gone.value.code) == (404, 20404)


# --- weather


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/faults", {}),
        ("/faults", {"status": 200}),
        ("/faults", {"status": 201, "how": "hang"}),
        ("/faults", {"status": "much"}),
        ("/faults", {"on": "everything", "status": 500}),
        ("/faults", {"how": "explode"}),
        ("/faults", {"status": 500, "accepted": "no"}),
        ("/faults", {"status": 500, "number": "abc"}),
        ("/faults", {"status": 500, "times": 0}),
        ("/faults", {"how": "hang", "seconds": -1}),
        ("/faults", {"status": 500, "latter": True}),
        ("/weather", {"crate": {"429": 0.1}}),
        ("/weather", {"create": {"200": 0.1}}),
        ("/weather", {"create": {"429": 1.1}}),
        ("/weather", {"create": {"429": True}}),
        ("/weather", {"create": {"429": 0.6, "500": 0.6}}),
        ("/weather", {"create": 0.1}),
        ("/weather", {"callbacks": {"loose": 0.1}}),
        ("/weather", {"arrives": {"undelivered": 0.1}}),
        ("/weather", {"hang_seconds": -1}),
        ("/weather", {"seed": "seven"}),
        ("/hold", {"what": "answer"}),
    ],
)
def test_trouble_that_makes_no_sense_is_refused(net: World, path: str, data: dict[str, Any]) -> None:
    assert call("POST", f"{net.url}/_control{path}", data)[0] == 400


def test_the_weather_is_shown_and_cleared(net: World, client: Client) -> None:
    plan = {"seed": 7, "create": {"429": 1}, "callbacks": {"lose": 0.5}, "hang_seconds": 2}

    assert net.control("POST", "/weather", plan) == plan | {"arrives": {}}
    assert outcome(net, client) == "429 20429"
    net.control("DELETE", "/weather")
    assert net.control("GET", "/weather") == Weather().to_json()
    assert outcome(net, client) == "created"


STORM = {
    "create": {"429": 0.1, "500": 0.1, "500_accepted": 0.1, "reset": 0.1, "close_accepted": 0.1, "hang_accepted": 0.05},
    "callbacks": {"lose": 0.1, "repeat": 0.1, "delay": 0.1, "reorder": 0.2, "early": 0.1},
    "arrives": {"undelivered_30005": 0.1, "undelivered_30003": 0.1, "refused_21614": 0.1, "refused_21610": 0.1},
    "hang_seconds": 0.05,
}


def stormy_day(net: World, seed: int, workers: int, numbers: list[str]) -> dict[str, tuple[object, ...]]:
    """By number: what the application saw of two requests, and its callbacks, whatever their order."""
    net.control("DELETE", "")
    net.app.posts.clear()
    net.control("POST", "/weather", STORM | {"seed": seed})

    def twice(number: str) -> tuple[str, str]:
        with sdk(net) as client:
            return outcome(net, client, number), outcome(net, client, number)

    with ThreadPoolExecutor(workers) as pool:
        seen = dict(zip(numbers, pool.map(twice, numbers), strict=True))
    net.quiet()
    accepted = net.carrier.requests.accepted
    return {number: (*seen[number], accepted.get(number), sorted(statuses(net, number))) for number in numbers}


def test_the_same_seed_gives_the_same_weather_however_the_requests_come(net: World) -> None:
    first = stormy_day(net, 7, 1, MANY[:60])

    assert stormy_day(net, 7, 8, MANY[:60][::-1]) == first
    assert stormy_day(net, 8, 8, MANY[:60]) != first
    assert {outcome for seen in first.values() for outcome in seen[:2]} == {
        "created",
        "429 20429",
        "500 20500",
        "ConnectionError",
        "400 21614",
        "400 21610",
    }


def test_the_rates_are_kept_over_many_numbers_and_what_follows_a_fault_is_drawn_anew() -> None:
    weather = Weather.from_json({"seed": 3, "create": {"429": 0.2, "500_accepted": 0.1}})
    numbers = [f"+358{number}" for number in range(4000)]
    met = [(weather.trouble(Asked.CREATE, number, 1), weather.trouble(Asked.CREATE, number, 2)) for number in numbers]

    first = [fault.name if fault else "" for fault, _ in met]
    again = [fault.name if fault else "" for before, fault in met if before and before.status == 429]
    assert first.count("429") / len(first) == pytest.approx(0.2, abs=0.03)
    assert first.count("500_accepted") / len(first) == pytest.approx(0.1, abs=0.03)
    assert again.count("429") / len(again) == pytest.approx(0.2, abs=0.06)


def test_what_is_refused_is_never_accepted_whatever_else_would_have_happened() -> None:
    weather = Weather.from_json({"create": {"reset_accepted": 1}, "arrives": {"refused_21610": 1}})
    assert weather.trouble(Asked.CREATE, MOBILE, 1) == Fault(status=400, code=21610)
    assert replace(weather, arrives={}).trouble(Asked.LIST, MOBILE, 1) is None


@pytest.mark.parametrize(
    ("callbacks", "expected"),
    [
        ({"lose": 1}, []),
        ({"repeat": 1}, ["queued", "queued", "sent", "sent", "delivered", "delivered"]),
        ({"reorder": 1}, ["queued", "delivered", "sent"]),
        ({"early": 1}, ["queued", "sent", "delivered"]),
    ],
)
def test_callbacks_follow_the_weather(
    net: World, client: Client, callbacks: dict[str, float], expected: list[str]
) -> None:
    net.weather(callbacks=callbacks)
    sid = create(net, client)
    net.quiet()

    assert net.app.statuses(sid) == expected
    assert client.messages(sid).fetch().status == "delivered"


def test_late_callbacks_come_by_themselves_each_after_its_own_while(net: World, client: Client) -> None:
    net.weather(seed=UNHURRIED, callbacks={"delay": 1, "repeat": 1})
    sid = create(net, client)
    until(lambda: client.messages(sid).fetch().status == "delivered")
    assert len(net.app.statuses(sid)) < 6

    net.quiet()
    assert sorted(net.app.statuses(sid)) == sorted(2 * ["queued", "sent", "delivered"])


def test_late_callbacks_can_be_released_and_are_then_not_posted_again(net: World, client: Client) -> None:
    net.weather(seed=UNHURRIED, callbacks={"delay": 1})
    sid = create(net, client)
    until(lambda: len(net.carrier.holds.parked()) == 3)

    net.control("POST", "/release", {"what": "status"})

    net.quiet()
    assert net.app.statuses(sid) == ["queued", "sent", "delivered"]


def test_early_callbacks_come_before_the_answer(net: World, client: Client) -> None:
    net.weather(callbacks={"early": 1})
    sid = create(net, client)
    assert net.app.statuses(sid) == ["queued", "sent", "delivered"]


def test_a_message_may_not_arrive(net: World, client: Client) -> None:
    net.weather(arrives={"undelivered_30005": 1})
    sid = create(net, client)
    net.quiet()

    assert net.app.statuses(sid) == ["queued", "sent", "undelivered"]
    assert net.app.posts[-1].form["ErrorCode"] == "30005"
    message = client.messages(sid).fetch()
    assert (message.status, message.error_code) == ("undelivered", 30005)


def test_a_phone_that_is_off_and_a_fault_asked_for_come_before_the_weather(net: World, client: Client) -> None:
    net.control("POST", f"/phones/{MOBILE}", {"reachable": False})
    net.fault(status=503)
    net.weather(create={"429": 1}, arrives={"undelivered_30005": 1})
    assert outcome(net, client) == "503 20500"

    net.weather(arrives={"undelivered_30005": 1})
    sid = create(net, client)
    net.quiet()
    assert client.messages(sid).fetch().error_code == 30003


def test_a_list_and_a_delete_have_weather_of_their_own(net: World, client: Client) -> None:
    sid = net.text(MOBILE, "9")["sid"]
    net.weather(list={"503": 1}, delete={"429": 1})

    for act, status in ((client.messages.list, 503), (client.messages(sid).delete, 429)):
        with pytest.raises(TwilioException) as failed:
            act()
        assert status_of(failed.value) == status
    assert client.messages(sid).fetch().body == "9"


def test_a_carrier_that_stops_does_not_wait_for_late_callbacks() -> None:
    began = monotonic()
    with world() as net, sdk(net) as client:
        net.weather(seed=UNHURRIED, callbacks={"delay": 1})
        create(net, client)
        until(net.carrier.holds.parked)
    assert monotonic() - began < 5
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and thread.is_alive()]


# --- counts, dates and lists


def test_what_was_asked_is_counted_and_what_was_truly_accepted(net: World, client: Client) -> None:
    net.fault(create=500, accepted=True)
    net.fault(create=429, number=OTHER)
    seen = [outcome(net, client, to) for to in (MOBILE, OTHER, OTHER, "+35840")]
    assert seen == ["500 20500", "429 20429", "created", "400 21211"]
    sid = net.text(MOBILE, "9")["sid"]
    client.messages(sid).fetch()
    client.messages(sid).update(body="")
    client.messages(sid).delete()
    client.messages.list()

    assert net.control("GET", "/requests") == {
        "asked": {"create": 4, "list": 1, "fetch": 1, "delete": 1, "update": 1, "inbound": 1},
        "trouble": {
            "create": {"429": 1, "500_accepted": 1},
            **{of: {} for of in ("list", "fetch", "delete", "update", "inbound")},
        },
        "accepted": {MOBILE: 1, OTHER: 1},
    }
    net.control("DELETE", "")
    assert net.carrier.requests.accepted == {}
    assert set(net.carrier.requests.asked.values()) == {0}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Messages.json", 200),
        ("POST", "/Messages.json", 400),
        ("GET", "/Messages/SM0.json", 404),
        ("GET", "/Media.json", 404),
    ],
)
def test_every_answer_bears_the_carriers_date(net: World, method: str, path: str, status: int) -> None:
    now = datetime(2027, 2, 1, 7, tzinfo=UTC)
    net.carrier.clock.follow(now)

    answer = raw(net, method, path)

    assert answer.status == status
    (date,) = answer.headers.get_all("Date") or []
    assert abs(parsedate_to_datetime(date) - now) < timedelta(minutes=1)


def test_a_messages_dates_are_the_carriers_too(net: World, client: Client) -> None:
    now = datetime(2027, 2, 1, 7, tzinfo=UTC)
    net.carrier.clock.follow(now)
    sid = create(net, client)
    net.quiet()
    net.carrier.clock.follow(now + timedelta(days=2))

    message = client.messages(sid).update(body="")
    assert abs(message.date_created - now) < timedelta(minutes=1)
    assert abs(message.date_sent - now) < timedelta(minutes=1)
    assert abs(message.date_updated - now - timedelta(days=2)) < timedelta(minutes=1)


def test_a_fault_bears_the_same_date_as_an_answer(net: World) -> None:
    now = datetime(2027, 2, 1, 7, tzinfo=UTC)
    net.carrier.clock.follow(now)
    net.fault(on="list", status=503)
    for _ in range(2):
        date = raw(net, "GET", "/Messages.json").headers["Date"]
        assert abs(parsedate_to_datetime(date) - now) < timedelta(minutes=1)


def test_the_list_of_a_number_is_newest_first_up_to_a_limit_over_pages(net: World, client: Client) -> None:
    sent = [create(net, client, to) for to in (MOBILE, OTHER, MOBILE, MOBILE)]
    answer = net.text(MOBILE, "9")["sid"]
    net.quiet()

    found = client.messages.list(to=MOBILE, limit=2)
    assert [(message.sid, message.direction) for message in found] == [
        (sent[3], "outbound-api"),
        (sent[2], "outbound-api"),
    ]
    assert [message.sid for message in client.messages.list(to=MOBILE, page_size=1)] == [sent[3], sent[2], sent[0]]
    (inbound,) = client.messages.list(to=SENDER, from_=MOBILE, limit=5)
    assert (inbound.sid, inbound.direction, inbound.status) == (answer, "inbound", "received")
    assert client.messages.list(to="+358440000000") == []


def test_an_inbound_message_is_redacted_and_deleted_once(net: World, client: Client) -> None:
    sid = net.text(MOBILE, "9 hyvin meni")["sid"]

    assert client.messages(sid).update(body="").body == ""
    assert client.messages(sid).fetch().body == ""
    assert raw(net, "DELETE", f"/Messages/{sid}.json").status == 204
    with pytest.raises(TwilioRestException) as gone:
        client.messages(sid).delete()
    assert (gone.value.status, gone.value.code) == (404, 20404)
