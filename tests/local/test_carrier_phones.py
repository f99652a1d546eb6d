"""The phones: holding back and repeating, the control API, the pages, the clock, and what outlives a restart."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, request

from local.carrier.numbers import typed
from local.carrier.outbound import Order
from local.carrier.segments import segments
from local.carrier.server import LocalServer
from local.carrier.testing import ACCOUNT, SENDER, World, call, twiml, until, world

MOBILE = "+358401234567"
OTHER = "+358501112233"
THANKS = "<Response><Message>Kiitos</Message></Response>"


def send(net: World, to: str = MOBILE) -> str:
    callback = f"{net.app.public_url}/sms/status"
    sid = net.carrier.outbound.accept(Order(to=to, body="Hei", callback=callback)).sid
    net.carrier.outbound.dispatch(sid)
    return sid


def texts(net: World, number: str = MOBILE) -> list[tuple[str, str]]:
    return [(one["body"], one["status"]) for one in net.control("GET", f"/phones/{number}/messages")["messages"]]


def test_a_repeated_message_keeps_its_sid_and_its_words(net: World) -> None:
    net.app.answers = [twiml(THANKS)]
    first = net.text(MOBILE, "9")

    again = net.control("POST", f"/messages/{first['sid']}/repeat")
    by_sid = net.text(MOBILE, "muuta", sid=first["sid"])

    assert again["sid"] == by_sid["sid"] == first["sid"]
    assert [post.form["Body"] for post in net.app.posts] == ["9", "9", "9"]
    assert texts(net) == [("9", "received")] + [("Kiitos", "delivered")] * 3


def test_a_status_callback_can_be_repeated(net: World) -> None:
    sid = send(net)
    until(lambda: net.app.statuses(sid) == ["queued", "sent", "delivered"])

    net.control("POST", f"/messages/{sid}/repeat")

    assert net.app.statuses(sid) == ["queued", "sent", "delivered", "delivered"]


def test_nothing_unknown_is_repeated(net: World) -> None:
    assert call("POST", f"{net.url}/_control/messages/SM0/repeat")[0] == 404


def test_an_inbound_message_held_back_is_overtaken_by_the_next(net: World) -> None:
    net.control("POST", "/hold", {"what": "inbound", "number": MOBILE})

    assert net.text(MOBILE, "ensimmäinen")["status"] == "held"
    net.text(MOBILE, "toinen")
    assert texts(net)[0] == ("ensimmäinen", "held")
    assert net.control("POST", "/release", {"what": "inbound"})["released"][0]["number"] == MOBILE

    until(lambda: len(net.app.posts) == 2)
    assert [post.form["Body"] for post in net.app.posts] == ["toinen", "ensimmäinen"]
    assert texts(net)[0] == ("ensimmäinen", "received")


def test_an_outbound_message_held_back_has_not_left(net: World) -> None:
    net.control("POST", "/hold", {"what": "outbound"})
    sid = send(net)
    until(lambda: net.app.statuses(sid) == ["queued"])
    until(lambda: texts(net) == [("Hei", "held")])

    net.control("POST", "/release", {})

    until(lambda: net.app.statuses(sid) == ["queued", "sent", "delivered"])
    assert texts(net) == [("Hei", "delivered")]


def test_a_status_callback_held_back_comes_out_of_order(net: World) -> None:
    net.control("POST", "/hold", {"what": "status"})
    sid = send(net)
    until(lambda: net.app.statuses(sid) == ["sent", "delivered"])

    net.control("POST", "/release", {"what": "status", "number": MOBILE})

    until(lambda: net.app.statuses(sid) == ["sent", "delivered", "queued"])


def test_a_hold_is_for_one_number_and_one_message(net: World) -> None:
    net.control("POST", "/hold", {"what": "inbound", "number": MOBILE})

    assert net.text(OTHER, "9")["status"] == "received"
    assert net.text(MOBILE, "9")["status"] == "held"
    assert net.text(MOBILE, "9")["status"] == "received"


def test_releasing_drops_a_hold_that_was_not_used(net: World) -> None:
    net.control("POST", "/hold", {"what": "inbound"})
    assert net.control("POST", "/release", {})["released"] == []
    assert net.text(MOBILE, "9")["status"] == "received"


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("/hold", {"what": "everything"}, 400),
        ("/hold", {}, 400),
        ("/phones", {"number": "abc"}, 422),
        (f"/phones/{MOBILE}", {"kind": "fax"}, 400),
        ("/clock", {"now": "2026-11-24T15:00:00"}, 400),
        ("/clock", {}, 400),
    ],
)
def test_what_the_control_api_cannot_read_is_refused(net: World, path: str, data: object, status: int) -> None:
    assert call("POST", f"{net.url}/_control{path}", data)[0] == status


def test_a_page_on_another_site_cannot_press_the_buttons(net: World) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert call("DELETE", f"{net.url}/_control", headers=elsewhere)[0] == 403
    assert call("POST", f"{net.url}/desk/clock", {"forward": "P1D"}, headers=elsewhere)[0] == 403
    assert call("DELETE", f"{net.url}/_control", headers={"Sec-Fetch-Site": "same-origin"})[0] == 204


def test_the_state_is_short_until_something_changes(net: World) -> None:
    net.text(MOBILE, "9")
    state = net.control("GET", "/state")
    (phone,) = state["phones"]
    assert (phone["number"], phone["name"]) == (MOBILE, "+358 40 1234567")

    assert net.control("GET", f"/state?since={state['revision']}") == {"revision": state["revision"]}
    net.control("POST", f"/phones/{MOBILE}", {"reachable": False})
    assert net.control("GET", f"/state?since={state['revision']}")["phones"][0]["reachable"] is False


def test_forgetting_leaves_nothing(net: World) -> None:
    net.control("POST", "/hold", {"what": "inbound"})
    net.text(MOBILE, "9")
    net.control("POST", "/faults", {"create": 500})

    net.control("DELETE", "")

    state = net.control("GET", "/state")
    assert (state["phones"], state["holds"]) == ([], {"next": [], "held": []})
    assert net.carrier.faults.waiting() == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("040 123 4567", MOBILE),
        ("+358 40-123 4567", MOBILE),
        ("00358401234567", MOBILE),
        ("+46701234567", "+46701234567"),
        ("044 12", None),
        ("", None),
        ("puhelin", None),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, number: str | None) -> None:
    assert typed(text) == number


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 1, id="nothing is still sent as one"),
        pytest.param("ä" * 160, 1, id="Finnish letters are in GSM"),
        pytest.param("a" * 161, 2, id="one too many"),
        pytest.param("a" * 306, 2, id="two full"),
        pytest.param("a" * 307, 3, id="three"),
        pytest.param("€" * 80, 1, id="a euro takes two"),
        pytest.param("€" * 81, 2, id="a euro too many"),
        pytest.param("a" * 152 + "€" + "a" * 152, 3, id="a euro is not split"),
        pytest.param("0–10", 1, id="an en dash makes it UCS-2"),
        pytest.param("–" * 71, 2, id="UCS-2 holds seventy"),
        pytest.param("🙂" * 35, 1, id="an emoji takes two"),
        pytest.param("🙂" * 36, 2, id="one emoji too many"),
    ],
)
def test_segments_are_counted_as_carriers_count_them(text: str, count: int) -> None:
    assert segments(text) == count


def test_the_state_file_keeps_everything_over_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "carrier.json"
    with world(state_file=file) as net:
        net.app.answers = [twiml(THANKS)]
        net.text(MOBILE, "9 hyvä")
        net.control("POST", f"/phones/{OTHER}", {"kind": "landline"})
        net.control("POST", "/hold", {"what": "outbound"})
        send(net)
        until(net.carrier.holds.parked)
        before = net.carrier.network.messages()[:2]

    assert file.stat().st_mode & 0o077 == 0
    with world(state_file=file) as net:
        assert net.carrier.network.messages()[:2] == before
        assert net.carrier.network.phone(OTHER).kind == "landline"
        until(lambda: texts(net)[2] == ("Hei", "delivered"))


def test_a_state_file_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "carrier.json"
    file.write_text('{"order": 1}')
    with pytest.raises(ValueError, match="cannot be read"), world(state_file=file):
        pass


@pytest.mark.parametrize("path", ["/", "/phones", f"/phones/{MOBILE}"])
def test_the_pages_are_there_and_use_nothing_from_elsewhere(net: World, path: str) -> None:
    with net.flask.test_client().get(path) as answer:
        page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'lang="fi"' in page
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "https://" not in page


def test_a_phone_page_of_no_number_is_not_there(net: World) -> None:
    assert call("GET", f"{net.url}/phones/abc")[0] == 404


@pytest.fixture
def clock_app() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """An application with a clock that remembers what it was asked."""
    asked: list[dict[str, str]] = []
    app = Flask("clock")

    @app.route("/_clock", methods=["GET", "POST"])
    def clock() -> Response:
        if request.method == "POST":
            asked.append(request.get_json())
        return jsonify(now="2026-11-24T15:00:00+02:00")

    with LocalServer(app, LocalServer.listen()) as server:
        yield server.url, asked


def test_the_desk_moves_the_applications_clock_and_the_carrier_follows(
    clock_app: tuple[str, list[dict[str, str]]],
) -> None:
    url, asked = clock_app
    with world(app_url=url) as net:
        status, answer = call("GET", f"{net.url}/desk/clock")
        assert (status, answer["shown"]["text"]) == (200, "ti 24.11.2026 klo 15.00")
        call("POST", f"{net.url}/desk/clock", {"forward": "P3M"})
        call("POST", f"{net.url}/desk/clock", {"local": "2026-07-01T09:30"})

        assert asked == [{"forward": "P3M"}, {"now": "2026-07-01T09:30:00+03:00"}]
        assert abs(net.carrier.clock() - datetime(2026, 11, 24, 13, tzinfo=UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("data", [{}, {"local": "tomorrow"}])
def test_the_desk_refuses_a_time_it_cannot_read(net: World, data: dict[str, str]) -> None:
    assert call("POST", f"{net.url}/desk/clock", data)[0] == 400


def test_the_desk_says_when_the_application_has_no_clock(net: World) -> None:
    status, answer = call("GET", f"{net.url}/desk/clock")
    assert (status, answer) == (502, {"problem": "Sovelluksen kelloon ei saada yhteyttä."})


def test_the_carrier_can_be_told_the_time(net: World) -> None:
    net.control("POST", "/clock", {"now": "2027-02-01T09:00:00+02:00"})
    assert abs(net.carrier.clock() - datetime(2027, 2, 1, 7, tzinfo=UTC)) < timedelta(minutes=1)


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.carrier", "--app", "http://127.0.0.1:1", "--sender", SENDER, *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    root = Path(__file__).parents[2]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=root, env=environment, check=False)


def test_a_taken_port_is_one_sentence(net: World) -> None:
    port = net.url.rpartition(":")[2]
    done = start("--port", port, "--account", ACCOUNT, "--token", "x")
    assert done.returncode == 2
    assert done.stderr == (
        f"The carrier cannot start: port {port} is already in use. Stop what uses it, or choose another with --port.\n"
    )


def test_a_missing_token_is_one_sentence() -> None:
    done = start("--port", "0", "--account", ACCOUNT)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "token is blank" in done.stderr
