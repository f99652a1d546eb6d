"""The reports as mails: what mail programs are given, in three languages; and SES, as MiniStack stands in for it."""

import json
import re
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import boto3
import png
import pytest

from handler.outside.mail import Mail, NotMailed, SesPost, as_message
from handler.phone_keys import PhoneKeys
from handler.settings import Pepper
from handler.work.parts import Parts
from handler.work.report_mail import monthly_mail, quarterly_mail, speech
from handler.work.report_picture import HEIGHT, WIDTH, picture
from survey_flow.figures import GroupFigures
from survey_flow.helsinki import HELSINKI
from survey_flow.language import Language
from survey_flow.library import Library
from survey_flow.report import MonthlyFacts, monthly
from survey_flow.report_group import Gauge, GroupFacts
from survey_flow.report_quarter import QuarterFacts, UnitFacts, quarterly
from survey_flow.statistics import nps
from tests.browser import WIDTHS, fits, new_page, serious
from tests.handler.reporting import URL
from tests.made_figures import figures
from tests.world import REGION

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Make = Callable[..., Mail]
NOW = datetime(2027, 1, 8, 7, 0, tzinfo=HELSINKI)


@pytest.fixture
def parts(library: Library) -> Parts:
    return Parts(library, PhoneKeys((Pepper("1", b"pepper"),)), clock=lambda: NOW, region=REGION)


def unit_mail(parts: Parts, language: Language = Language.FI) -> Mail:
    """A monthly report in which everything is said that can be."""
    unit, survey = parts.library.organisation.units["kotka"], parts.library.surveys["nuorten-matala-nuori"]
    whole = figures(survey, means=(4.6, 4.1, 3.9), examples=27, safety_texts=6)
    facts = MonthlyFacts(
        unit=replace(unit, reports_to=("esihenkilo@kuulolla.example", "toinen@kuulolla.example")),
        month="2026-12",
        day=NOW.date(),
        asked_before=64,
        asked_now=0,
        silent=True,
        groups=(
            GroupFacts("youth", whole, figures(survey, (7, 3, 2), months=("2026-09",))),
            GroupFacts("guardian", figures(survey, (5, 3, 1)), newer_from=date(2027, 2, 8)),
            GroupFacts("professional", GroupFigures(), title="THL <&> muu", newer_from=date(2027, 2, 8)),
        ),
        comments_overdue=3,
        comment_days=14,
        actions_overdue=1,
    )
    report = monthly(speech(language), facts, language)
    return monthly_mail(parts, report, facts.unit, language, report_id="report-kotka-2026-12", public_url=URL)


def organisation_mail(parts: Parts, language: Language = Language.FI) -> Mail:
    survey = parts.library.surveys["nuorten-matala-nuori"]
    units = (
        UnitFacts("Nuorten Matala, Kotka", 212, (figures(survey),), has_index=True),
        UnitFacts("Varkauden perhepalvelut", 120, (figures(survey, (0, 0, 0), responses=31, invited=90),), False),
        UnitFacts("Nemova", 14, (GroupFigures(),), has_index=False),
    )
    facts = QuarterFacts(("2026-10", "2026-11", "2026-12"), units, safety_texts=3)
    report = quarterly(speech(language), facts)
    return quarterly_mail(parts, report, language, report_id="report-quarter-2026-12", public_url=URL)


MAILS = pytest.mark.parametrize("make", [unit_mail, organisation_mail], ids=["monthly", "quarterly"])
LANGUAGES = pytest.mark.parametrize("language", list(Language))


def read(mail: Mail) -> EmailMessage:
    """The mail as a program at the other end reads it."""
    return message_from_bytes(as_message(mail).as_bytes(), policy=default)


# --- the mail


def test_headers_say_who_what_and_when(parts: Parts) -> None:
    message = read(unit_mail(parts))
    assert str(message["From"]) == "Kuulolla <kuulolla@kuulolla.example>"
    assert str(message["To"]) == "esihenkilo@kuulolla.example, toinen@kuulolla.example"
    assert str(message["Subject"]) == "Nuorten Matala, Kotka: asiakaspalaute, joulukuu 2026"
    assert str(message["Date"]) == "Fri, 08 Jan 2027 07:00:00 +0200"
    assert str(message["Message-ID"]) == "<report-kotka-2026-12@kuulolla.example>"
    assert str(message["Auto-Submitted"]) == "auto-generated"
    assert str(message["Content-Language"]) == "fi"


def test_its_parts_are_the_text_and_the_html_with_its_pictures(parts: Parts) -> None:
    message = read(unit_mail(parts))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]


def test_every_picture_that_the_html_names_is_there_and_says_the_same_in_words(parts: Parts) -> None:
    message = read(unit_mail(parts))
    html = message.get_body(("html",))
    assert html is not None
    named = re.findall(r'src="cid:([^"]+)"', html.get_content())
    there = [str(part["Content-ID"]).strip("<>") for part in message.walk() if part.get_content_type() == "image/png"]
    assert named == there == ["index-0", "index-1"]
    assert 'alt="Suositteluindeksi 56 asteikolla −100…100, todennäköisesti 25…75. Tavoite 50."' in html.get_content()


@MAILS
def test_letters_beyond_ascii_arrive_and_travel_as_seven_bits(make: Make, parts: Parts) -> None:
    mail = make(parts)
    assert as_message(mail).as_bytes().isascii()
    message = read(mail)
    for kind, written in (("plain", mail.text), ("html", mail.html)):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().split() == written.split()
    assert "ä" in mail.text


@MAILS
@LANGUAGES
def test_lines_of_the_text_are_under_78(make: Make, parts: Parts, language: Language) -> None:
    mail = make(parts, language)
    assert max(len(line) for line in mail.text.splitlines()) < 78
    assert "\n\n\n" not in mail.text


@MAILS
@LANGUAGES
def test_nothing_is_fetched_from_anywhere(make: Make, parts: Parts, language: Language) -> None:
    mail = make(parts, language)
    assert not re.search(r'(src|background)="(?!cid:)', mail.html)
    assert not re.search(r"url\(|<link|<script|@import", mail.html)
    assert set(re.findall(r'href="([^"?]+)', mail.html)) == {f"{URL}/results"}


def test_what_stands_in_a_file_is_no_markup(parts: Parts) -> None:
    assert "THL &lt;&amp;&gt; muu" in unit_mail(parts).html
    assert "THL <&> MUU" in unit_mail(parts).text


@MAILS
def test_text_and_html_say_the_same(make: Make, parts: Parts) -> None:
    mail = make(parts)
    shown = re.sub(r"<[^>]+>|&[#\w]+;", " ", mail.html)
    numbers = set(re.findall(r"\d+", mail.text))
    assert numbers <= set(re.findall(r"\d+", shown + mail.html))


def test_no_address_and_no_sentence_is_told_by_the_mail_s_name(parts: Parts) -> None:
    told = repr(unit_mail(parts))
    assert "@" not in told
    assert "Nuorten" not in told


@pytest.mark.browser
@MAILS
@LANGUAGES
def test_it_can_be_read_on_every_screen(
    make: Make, parts: Parts, language: Language, browser: "Browser", pictures: Path
) -> None:
    mail = make(parts, language)
    for width in WIDTHS:
        page = new_page(browser, width)
        page.set_content(within_itself(mail))
        assert fits(page), width
        assert serious(page) == []
        page.screenshot(path=str(pictures / f"{mail.id}-{language}-{width}.png"), full_page=True)
        page.close()


def within_itself(mail: Mail) -> str:
    """The HTML with its pictures in it, as a mail program shows it."""
    html = mail.html
    for content_id, drawn in mail.pictures.items():
        html = html.replace(f"cid:{content_id}", f"data:image/png;base64,{b64encode(drawn).decode()}")
    return html


# --- its words


def test_the_three_languages_have_the_same_words_with_the_same_gaps() -> None:
    gaps = {
        language: {
            key: {name for _, name, _, _ in Formatter().parse(text) if name}
            for key, text in speech(language).words.items()
        }
        for language in Language
    }
    finnish = gaps[Language.FI]
    for language in (Language.SV, Language.EN):
        assert gaps[language].keys() == finnish.keys()
        differing = {key for key, names in gaps[language].items() if names != finnish[key]}
        assert differing <= {"day", "day_of_this_year"}  # a month by its number, or by its name


# --- the picture


def dark_columns(drawn: bytes) -> list[int]:
    """Where the point of the index lies on the middle line, pixel by pixel."""
    width, height, rows, _ = png.Reader(BytesIO(drawn)).asRGB8()
    assert (width, height) == (WIDTH, HEIGHT)
    middle = list(rows)[HEIGHT // 2]
    return [x for x in range(width) if tuple(middle[3 * x : 3 * x + 3]) == (15, 87, 82)]


@pytest.mark.parametrize(
    ("scores", "part_of_width"), [((0, 0, 9), 0.027), ((3, 0, 3), 0.5), ((9, 0, 0), 0.973)], ids=["-100", "0", "100"]
)
def test_the_point_lies_where_the_index_is(scores: tuple[int, int, int], part_of_width: float) -> None:
    found = nps(*scores)
    assert found is not None
    columns = dark_columns(picture(Gauge(found, None, "", "")))
    assert sum(columns) / len(columns) / WIDTH == pytest.approx(part_of_width, abs=0.002)


def test_a_goal_changes_the_picture_and_nothing_else_makes_it_large() -> None:
    found = nps(18, 6, 3)
    assert found is not None
    bare, goal = picture(Gauge(found, None, "", "")), picture(Gauge(found, 50.0, "", ""))
    assert bare != goal
    assert len(goal) < 4096


# --- SES


@pytest.mark.engine
def test_ses_takes_a_report_as_it_was_written(engine: str, parts: Parts) -> None:
    mail = unit_mail(parts)
    boto3.client("sesv2", region_name=REGION).create_email_identity(EmailIdentity=mail.sender)
    SesPost(region=REGION).send(mail)
    with urllib.request.urlopen(f"{engine}/_ministack/ses/messages") as answer:
        ((taken,),) = json.load(answer)["messages"].values()
    assert (taken["Source"], taken["To"], taken["Subject"]) == (mail.sender, list(mail.to), mail.subject)
    assert taken["BodyText"].split() == mail.text.split()
    assert taken["BodyHtml"].split() == mail.html.split()


@pytest.mark.engine
def test_a_refusal_is_told_without_address_or_text(engine: str, parts: Parts) -> None:
    with pytest.raises(NotMailed) as refusal:
        SesPost(region=REGION).send(unit_mail(parts))
    assert str(refusal.value) == "MessageRejected"
    assert refusal.value.__cause__ is refusal.value.__context__ is None


def test_a_silent_ses_is_told_by_the_fault_s_name(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    from local.servers import free_port

    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with pytest.raises(NotMailed) as silence:
        SesPost(region=REGION).send(unit_mail(parts))
    assert str(silence.value) == "EndpointConnectionError"
    assert silence.value.__context__ is None
