"""The mail of one machine: what was sent is kept as it was sent, and the desk shows it."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient

from handler.outside.mail import Mail, NotMailed
from handler.settings import settings_from
from local.carrier.access import carrier_of
from local.carrier.app import create_carrier
from local.carrier.config import CarrierConfig
from local.mailbox import KeptPost, make_missing_sender
from survey_flow.helsinki import HELSINKI
from tests.browser import complaints_of, fits, new_page, serious
from tests.environment import ENVIRONMENT
from tests.handler.reporting import RecordingPost
from tests.polling import until
from tests.world import REGION

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.machine import Machine

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc0f01f0005000201a1a3a4d30000000049454e44ae426082"
)


def mail(subject: str = "Asiakaspalaute, lokakuu 2026 – ä", **differs: str) -> Mail:
    html = (
        '<html><head></head><body><img src="cid:index-0" alt=""><a href="https://example.org/">Luvut</a></body></html>'
    )
    return Mail(
        id="report-kotka-2026-10",
        sender="kuulolla@kuulolla.example",
        to=("kotka@kuulolla.example",),
        subject=subject,
        text="Kyselyjä lähti 64.",
        html=differs.get("html", html),
        pictures={"index-0": PICTURE},
        language="fi",
        written=datetime(2026, 11, 8, 7, 0, tzinfo=HELSINKI),
    )


def desk_over(folder: Path | None) -> Flask:
    config = CarrierConfig(
        app_url="http://127.0.0.1:1", account="AC1", token="made up", sender="+358450000000", mail=folder
    )
    return create_carrier(config)


@pytest.fixture
def kept(tmp_path: Path) -> KeptPost:
    return KeptPost(RecordingPost(), tmp_path / "mail")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    desk = desk_over(tmp_path / "mail")
    yield desk.test_client()
    carrier_of(desk).close()


def test_what_was_sent_is_kept_whole_and_in_order(kept: KeptPost, tmp_path: Path) -> None:
    for subject in ("first", "second"):
        kept.send(mail(subject))
    files = sorted((tmp_path / "mail").iterdir())
    messages = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert [str(message["Subject"]) for message in messages] == ["first", "second"]
    (picture,) = (part for part in messages[0].walk() if part.get_content_type() == "image/png")
    assert picture.get_content() == PICTURE


def test_what_was_refused_is_not_kept(tmp_path: Path) -> None:
    post = KeptPost(RecordingPost(faults=[NotMailed("MessageRejected")]), tmp_path / "mail")
    with pytest.raises(NotMailed):
        post.send(mail())
    assert not (tmp_path / "mail").exists()


def test_the_desk_lists_the_newest_first(kept: KeptPost, client: FlaskClient) -> None:
    assert "Ei viestejä" in client.get("/mail").text
    for subject in ("Eka", "Toka"):
        kept.send(mail(subject))
    page = client.get("/mail").text
    assert page.index("Toka") < page.index("Eka")
    assert "8.11.2026 klo 7.00" in page


def test_a_letter_is_shown_with_its_heads_and_its_text(kept: KeptPost, client: FlaskClient) -> None:
    kept.send(mail())
    page = client.get("/mail/00001").text
    for told in ("Asiakaspalaute, lokakuu 2026 – ä", "Kuulolla &lt;kuulolla@", "kotka@kuulolla.example", "lähti 64."):
        assert told in page
    assert 'sandbox="allow-popups"' in page


def test_a_letter_s_html_may_do_nothing_and_holds_its_pictures(kept: KeptPost, client: FlaskClient) -> None:
    kept.send(mail())
    looks = client.get("/mail/00001/html")
    assert 'src="data:image/png;base64,' in looks.text
    assert "cid:" not in looks.text
    policy = looks.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert '<base target="_blank">' in looks.text


@pytest.mark.parametrize("name", ["00002", "..%2Fclock", "00001.eml"])
def test_a_letter_that_is_not_there_is_not_found(kept: KeptPost, client: FlaskClient, name: str) -> None:
    kept.send(mail())
    assert client.get(f"/mail/{name}").status_code == 404


def test_a_desk_without_mail_has_no_link_to_it(client: FlaskClient) -> None:
    assert ">Posti<" in client.get("/").text
    desk = desk_over(None)
    assert ">Posti<" not in desk.test_client().get("/").text
    carrier_of(desk).close()


@pytest.mark.engine
def test_the_sender_is_made_known_once_and_a_second_start_is_no_fault(engine: str) -> None:
    import boto3

    settings = settings_from(ENVIRONMENT)
    for _ in range(2):
        make_missing_sender(settings, "kuulolla@kuulolla.example")
    make_missing_sender(settings, "")
    found = boto3.client("sesv2", region_name=REGION).list_email_identities()["EmailIdentities"]
    assert [identity["IdentityName"] for identity in found] == ["kuulolla@kuulolla.example"]


@pytest.mark.engine
def test_the_machine_mails_what_is_due_when_it_starts(running: "Machine") -> None:
    def subjects() -> list[str]:
        with urllib.request.urlopen(f"{running.environment['AWS_ENDPOINT_URL']}/_ministack/ses/messages") as answer:
            return [sent["Subject"] for one in json.load(answer)["messages"].values() for sent in one]

    until(lambda: len(subjects()) == 4, what="the four units' reports of October")
    assert "Nuorten Matala, Kotka: asiakaspalaute, lokakuu 2026" in subjects()
    running.forward("P1M")
    assert len(subjects()) == 8


@pytest.mark.browser
@pytest.mark.parametrize("width", ["desktop", "phone", "narrow"])
def test_a_letter_fits_and_its_frame_shows_it(
    kept: KeptPost, tmp_path: Path, browser: "Browser", pictures: Path, width: str
) -> None:
    from local.carrier.server import LocalServer

    kept.send(mail())
    desk = desk_over(tmp_path / "mail")
    with LocalServer(desk, LocalServer.listen()) as server:
        page = new_page(browser, width)
        complaints = complaints_of(page)
        page.goto(f"{server.url}/mail")
        page.get_by_role("link", name="Asiakaspalaute").click()
        assert page.frame_locator("iframe").get_by_role("link", name="Luvut").is_visible()
        assert fits(page)
        assert serious(page) == []
        assert complaints == []
        page.screenshot(path=str(pictures / f"letter-{width}.png"))
        page.close()
    carrier_of(desk).close()
