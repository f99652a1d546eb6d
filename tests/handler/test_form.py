"""The staff's pages over HTTP: sending in one tap, what is said when it cannot be sent, opt-outs and results."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handler.app import create_app
from handler.tables import counts
from handler.tables.invitations import InvitationRow, InvitationState
from handler.tables.responses import Place
from handler.templates import page_texts
from survey_flow.language import Language
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.handler.page_words import words
from tests.world import PHONE, World

USUAL = {
    "phone": "040 123 4567",
    "unit": "kotka",
    "respondent": "youth",
    "occasion": "end",
    "language": "fi",
    "confirmed": "on",
    "request_key": "a3c1",
}
SAYS = page_texts()[Language.FI]
PAGES = ("/", "/opt-outs", "/results", "/results?unit=nemova")


def send(
    client: FlaskClient, *, without: str = "", headers: dict[str, str] | None = None, **differs: str
) -> TestResponse:
    fields = {name: value for name, value in {**USUAL, **differs}.items() if name != without}
    return client.post("/", data=fields, headers=headers)


def invitations() -> list[InvitationRow]:
    """Those that were not refused."""
    return [row for row in InvitationRow.scan() if row.state != InvitationState.BLOCKED]


# --- sending


def test_one_tap_sends_and_leads_to_what_happened(client: FlaskClient, world: World) -> None:
    answer = send(client)
    (row,) = invitations()
    assert (answer.status_code, answer.location) == (303, f"/sent/{row.id}")
    assert SAYS["sending_title"] in words(client.get(answer.location))
    world.tick()
    assert [message.to for message in world.carrier.sent] == [PHONE]
    assert SAYS["sent_title"] in words(client.get(answer.location))


def test_tomorrow_afternoon_waits_for_the_next_sending_day_after_noon(client: FlaskClient, world: World) -> None:
    answer = send(client, when="tomorrow", respondent="guardian")
    assert "keskiviikkona 25.11. klo 12.00" in words(client.get(answer.location))
    world.tick()
    assert world.carrier.sent == []
    world.clock.forward(hours=21)
    world.tick()
    assert len(world.carrier.sent) == 1


def test_the_same_form_posted_twice_is_one_invitation(client: FlaskClient, world: World) -> None:
    first, second = send(client), send(client)
    assert second.location == first.location
    world.tick()
    assert len(world.carrier.sent) == 1


def test_the_same_form_with_another_number_is_said_to_be_sent_already(client: FlaskClient) -> None:
    send(client)
    answer = send(client, phone="040 765 4321")
    assert answer.status_code == 409
    assert len(invitations()) == 1
    assert USUAL["request_key"] not in re.findall(r'name="request_key" value="([^"]*)"', answer.text)


def test_each_form_shown_has_a_key_of_its_own(client: FlaskClient) -> None:
    keys = {re.search(r'name="request_key" value="([^"]+)"', client.get("/").text)[1] for _ in range(2)}
    assert len(keys) == 2


FAULTS = {
    "no number": ({"phone": ""}, "phone"),
    "a word": ({"phone": "äiti"}, "phone"),
    "a landline": ({"phone": "09 310 1691"}, "phone"),
    "a foreign number": ({"phone": "+46 70 123 45 67"}, "phone"),
    "a NUL": ({"phone": "\x00"}, "phone"),
    "no tick": ({"confirmed": ""}, "confirmed"),
    "an unknown unit": ({"unit": "helsinki"}, "unit"),
    "a group that the unit does not ask": ({"respondent": "professional"}, "respondent"),
}


@pytest.mark.parametrize(("differs", "field"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_its_field_and_keeps_what_was_typed(
    client: FlaskClient, differs: dict[str, str], field: str
) -> None:
    answer = send(client, **differs, language="sv", occasion="midway", neutral="on")
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-fault"' in answer.text
    for kept in ('value="sv" checked', 'value="midway" checked', 'name="neutral" value="on"', 'value="a3c1"'):
        assert kept in re.sub(r"\s+", " ", answer.text)
    typed = differs.get("phone", USUAL["phone"]).replace("\x00", "")
    assert typed in unescape(answer.text)
    assert invitations() == []


def test_a_field_left_out_of_the_form_is_named(client: FlaskClient) -> None:
    for field in ("phone", "unit", "respondent", "confirmed"):
        assert f'id="{field}-fault"' in send(client, without=field).text


def test_what_was_typed_is_shown_as_text_and_not_as_markup(client: FlaskClient) -> None:
    answer = send(client, phone='"><script>alert(1)</script>', request_key='"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text


# --- the device remembers


def test_unit_group_and_language_are_remembered_on_the_device(client: FlaskClient) -> None:
    send(client, unit="nemova", respondent="guardian", language="sv")
    page = client.get("/").text
    assert '<option value="nemova" selected>' in page
    assert re.search(r'value="guardian"[^>]* checked', page)
    assert re.search(r'value="sv"[^>]* checked', page)


def test_the_cookie_holds_no_number_and_is_not_for_scripts(client: FlaskClient) -> None:
    cookie = send(client).headers["Set-Cookie"]
    assert cookie.startswith("kuulolla_form=")
    assert "kotka|youth|fi" in unescape(cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "4567" not in cookie


@pytest.mark.parametrize("cookie", ["", "|||", "helsinki|cat|de", "kotka|professional|fi", "ä" * 50])
def test_a_cookie_that_fits_nothing_shows_the_first_choices(client: FlaskClient, cookie: str) -> None:
    client.set_cookie("kuulolla_form", cookie)
    page = client.get("/")
    assert page.status_code == 200
    assert '<option value="kotka" selected>' in page.text


def test_the_language_of_the_page_is_chosen_and_remembered(client: FlaskClient) -> None:
    assert 'lang="fi"' in client.get("/?lang=xx").text
    assert '<html lang="en">' in client.get("/?lang=en").text
    assert '<html lang="en">' in client.get("/").text


# --- who may use the pages


@pytest.fixture
def deployed(app: Flask, world: World, library: Library) -> FlaskClient:
    environment = {**ENVIRONMENT, "KUULOLLA_STAGE": "test"}
    return create_app(("web",), environment=environment, clock=world.clock, library=library).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_outside_one_machine_no_page_opens_until_there_is_sign_in(deployed: FlaskClient, path: str) -> None:
    assert deployed.get(path).status_code == 403


def test_outside_one_machine_nothing_is_sent_or_recorded(deployed: FlaskClient, world: World) -> None:
    assert send(deployed).status_code == 403
    assert deployed.post("/opt-outs", data={"phone": USUAL["phone"]}).status_code == 403
    assert deployed.post("/sent/1/cancel").status_code == 403
    assert invitations() == []


STRANGERS = {
    "another site": {"Origin": "https://evil.example"},
    "another port of this machine": {"Origin": "http://localhost:9999"},
    "a sandboxed frame of another site": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "a neighbour under the same domain": {"Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
def test_a_form_of_another_site_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert send(client, headers=headers).status_code == 403
    assert client.post("/opt-outs", data={"phone": USUAL["phone"]}, headers=headers).status_code == 403
    assert invitations() == []


OURS = {
    "with its origin": {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    "as a browser posts from a page without referrer": {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    "as an old browser does": {},
}


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
def test_our_own_form_is_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    assert send(client, headers=headers).status_code == 303


# --- refusals


def test_a_number_contacted_already_is_refused_with_the_day(client: FlaskClient, world: World) -> None:
    send(client)
    world.tick()
    answer = send(client, request_key="another")
    assert answer.status_code == 409
    assert "24.2.2027" in words(answer)


def test_a_number_that_opted_out_is_refused(client: FlaskClient, world: World) -> None:
    world.text("STOP")
    answer = send(client)
    assert answer.status_code == 409
    assert SAYS["refused_opted_out_title"] in words(answer)


def test_after_a_refusal_the_next_number_is_confirmed_anew(client: FlaskClient, world: World) -> None:
    world.text("STOP")
    assert not re.search(r'name="confirmed"[^>]* checked', send(client).text)


# --- queued, cancelled


def test_what_is_queued_says_when_it_leaves_and_can_be_cancelled(client: FlaskClient, world: World) -> None:
    world.clock.forward(hours=5)
    address = send(client).location
    shown = client.get(address)
    assert "25.11. klo 14" in words(shown)
    assert f'action="{address}/cancel"' in shown.text
    cancelled = client.post(f"{address}/cancel")
    assert SAYS["cancelled_title"] in words(cancelled)
    assert "/cancel" not in cancelled.text
    world.clock.forward(days=1)
    world.tick()
    assert world.carrier.sent == []


def test_cancelling_what_has_left_says_that_it_was_too_late(client: FlaskClient, world: World) -> None:
    address = send(client).location
    world.tick()
    answer = client.post(f"{address}/cancel")
    assert SAYS["sent_too_late"] in words(answer)
    assert SAYS["sent_title"] in words(answer)


ENDS = {
    "delivered": "delivered_title",
    "undelivered": "undelivered_title",
    "failed": "failed_title",
}


@pytest.mark.parametrize(("status", "title"), ENDS.items(), ids=ENDS)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_end_has_its_words_in_every_language(
    client: FlaskClient, world: World, status: str, title: str, language: str
) -> None:
    accepted = world.opened(caller="person:local")
    world.callback(accepted, status)
    assert page_texts()[Language(language)][title] in words(client.get(f"/sent/{accepted.id}?lang={language}"))


def test_an_invitation_that_the_form_did_not_make_is_not_shown(client: FlaskClient, world: World) -> None:
    accepted = world.invite(caller="key:1")
    for address in (f"/sent/{accepted.id}", "/sent/none", f"/sent/{'x' * 3000}"):
        assert client.get(address).status_code == 404
        assert client.post(f"{address}/cancel").status_code == 404


# --- opt-outs


def test_an_opt_out_is_recorded_and_withdrawn_without_telling_what_stood(client: FlaskClient) -> None:
    fields = {"phone": "+358 40 123 4567"}
    first = words(client.post("/opt-outs", data=fields))
    assert SAYS["opt_outs_recorded_title"] in first
    assert words(client.post("/opt-outs", data=fields)) == first
    assert send(client).status_code == 409
    withdrawn = words(client.post("/opt-outs/withdraw", data=fields))
    assert words(client.post("/opt-outs/withdraw", data=fields)) == withdrawn
    assert send(client, request_key="next").status_code == 303


@pytest.mark.parametrize("path", ["/opt-outs", "/opt-outs/withdraw"])
def test_an_opt_out_of_no_number_names_the_field_and_keeps_what_was_typed(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"phone": "040 12"})
    assert answer.status_code == 422
    assert 'href="#phone"' in answer.text
    assert 'value="040 12"' in answer.text


def test_the_number_is_not_left_on_the_page_once_it_is_recorded(client: FlaskClient) -> None:
    assert "7654321" not in client.post("/opt-outs", data={"phone": "0407654321"}).text


# --- results


def answered(n: int, *, month: str = "2026-10", unit: str = "kotka") -> None:
    """Rows of counts as `n` finished surveys leave them: all of them nines."""
    counts.add_alone(Place(unit, "nuorten-matala-nuori", "youth", month), {"nps_9": n, "apu_3": n, "finished": n})


def test_a_group_of_five_is_shown_as_indicative(client: FlaskClient) -> None:
    answered(5)
    page = words(client.get("/results?unit=kotka"))
    assert "5 nuorta" in page
    assert SAYS["results_indicative"] in page


def test_a_group_of_four_is_hidden_with_every_figure(client: FlaskClient) -> None:
    empty = client.get("/results?unit=kotka").text
    answered(4)
    assert client.get("/results?unit=kotka").text == empty


def test_a_group_of_twenty_is_shown_live(client: FlaskClient) -> None:
    answered(20, month="2026-11")
    page = words(client.get("/results?unit=kotka"))
    assert "20 nuorta" in page
    assert SAYS["results_indicative"] not in page


def test_a_group_under_twenty_shows_nothing_of_the_month_that_goes_on(client: FlaskClient) -> None:
    answered(5)
    before = client.get("/results?unit=kotka").text
    answered(1, month="2026-11")
    assert client.get("/results?unit=kotka").text == before


def test_a_units_results_hold_nothing_of_another_unit(client: FlaskClient) -> None:
    empty = client.get("/results?unit=kotka").text
    answered(30, unit="kouvola")
    assert client.get("/results?unit=kotka").text == empty


def test_an_unknown_unit_is_not_found(client: FlaskClient) -> None:
    assert client.get("/results?unit=helsinki").status_code == 404


# --- every page


@pytest.mark.parametrize("path", [*PAGES, "/none", "/sent/none", "/results?unit=helsinki", "/static/pages.css"])
def test_every_page_forbids_what_it_does_not_need(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe-inline'" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_pages_are_not_kept_by_the_browser(client: FlaskClient) -> None:
    for path in (*PAGES, "/none"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_outside_one_machine_no_other_site_may_frame_a_page(deployed: FlaskClient) -> None:
    assert "frame-ancestors 'none'" in deployed.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_carries_script_or_style_within_it(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag
