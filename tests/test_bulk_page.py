"""The bulk page in a real browser: a check, then chunks, whatever the connection does. The server's answers are made
up here, as its contract has them; the doors themselves have tests of their own.

Pictures go to the folder named by KUULOLLA_PICTURES, else to pytest's own.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from handler.app import create_app
from survey_flow.library import Library
from tests.browser import WIDTHS, complaints_of, fits, new_page, serious, served
from tests.environment import ENVIRONMENT

pytestmark = [pytest.mark.browser]
SENTENCES = {
    "sending": "Lähtee nyt.",
    "queued": "Lähtee huomenna klo 14.",
    "not_sent": "Ei lähetetä tälle numerolle nyt.",
    "already": "Tämä rivi on käsitelty aiemmin.",
    "faulty": "Tällä yksiköllä ei ole kyselyä tälle ryhmälle.",
    "try_again": "Tämän päivän enimmäismäärä on täynnä.",
}
LOST = "lost"
BESIDE_THEIR_CARD = """[...document.querySelectorAll('.card *')]
  .filter((one) => one.getBoundingClientRect().right > one.closest('.card').getBoundingClientRect().right)
  .map((one) => one.outerHTML)"""


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {"line": line, "phone": f"+3584012{line:05}", "unit": "kotka", "language": "fi", "facts": {"palvelu": 1}}
        for line in range(2, count + 2)
    ]


def faults(count: int) -> list[dict[str, Any]]:
    return [{"line": line, "sentence": "Tämä ei ole puhelinnumero."} for line in range(9001, 9001 + count)]


def answer(count: int, left_out: int) -> dict[str, Any]:
    return {
        "file_key": "5eed",
        "read_as": f"Numerot sarakkeesta B (Puhelin), {count + left_out} riviä. Merkistö UTF-8, erotin puolipiste.",
        "rows": rows(count),
        "faults": faults(left_out),
        "totals": [
            {"name": "ready", "sentence": f"Lähetetään heti: {count}"},
            {"name": "faults", "sentence": f"Jää pois: {left_out}"},
        ],
        "cost": "Noin 118 viestiosaa, 9,44 USD, jos kaikki vastaavat.",
        "ready": count,
    }


@dataclass
class Server:
    """Answers checks with `checked`, and chunks with the `steps` in order (a status, or LOST for a broken connection),
    then by `results` (by line, one list for each time the line comes; "sending" without)."""

    checked: tuple[int, Any] = (200, answer(60, 3))
    steps: list[int | str] = field(default_factory=list)
    results: dict[int, list[str]] = field(default_factory=dict)
    checks: list[Request] = field(default_factory=list)
    posts: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def check(self, route: Route) -> None:
        self.checks.append(route.request)
        status, said = self.checked
        route.fulfill(status=status, json=said)

    def send(self, route: Route) -> None:
        self.posts.append(route.request)
        step = self.steps.pop(0) if self.steps else 200
        if step == LOST:
            route.abort("connectionreset")
        elif step == 200:
            route.fulfill(json={"results": [self.result(row["line"]) for row in route.request.post_data_json["rows"]]})
        else:
            route.fulfill(status=int(step), body="<h1>not JSON</h1>")

    def result(self, line: int) -> dict[str, Any]:
        wanted = self.results.get(line)
        result = wanted.pop(0) if wanted else "sending"
        return {"line": line, "result": result, "sentence": SENTENCES.get(result, result)}

    def lines(self) -> list[list[int]]:
        return [[row["line"] for row in post.post_data_json["rows"]] for post in self.posts]


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    """The app's pages; no table is asked by the page itself."""
    app = create_app(("web",), environment=ENVIRONMENT, library=library)
    with served(app, threaded=True) as address:
        yield f"{address}/bulk"


@pytest.fixture
def server(browser: Browser) -> Iterator[Server]:
    yield Server()
    for context in browser.contexts:
        context.close()


def opened(browser: Browser, address: str, server: Server, width: str = "desktop", **context: Any) -> Page:
    """The page with short pauses; what its console complains of goes to server.errors."""
    page = new_page(browser, width, **context)
    page.set_default_timeout(10_000)
    server.errors = complaints_of(page)
    page.route("**/bulk/check", server.check)
    page.route("**/bulk/send", server.send)
    page.goto(address)
    return page


def choose(page: Page, content: str = "puhelin\n040 123 4567\n") -> None:
    page.locator("#file").set_input_files(
        {"name": "lista.csv", "mimeType": "text/csv", "buffer": content.encode("utf-8")}
    )
    page.locator("#confirmed").check()


def check(page: Page) -> None:
    choose(page)
    page.get_by_role("button", name="Tarkista").click()
    expect(page.get_by_role("heading", name="Tiedosto on tarkistettu")).to_be_focused()


def send(page: Page, *, first_pause: float = 0.05) -> None:
    page.locator("#bulk").evaluate("(form, pause) => { form.dataset.firstPause = pause }", first_pause)
    page.locator("#send").click()


def done(page: Page) -> None:
    expect(page.get_by_role("heading", name="Lähetys on valmis")).to_be_focused()


def downloaded(page: Page, folder: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name="Lataa tulostiedosto").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes().decode("utf-8")


def looked_at(page: Page, pictures: Path, name: str) -> None:
    """Nothing serious for axe, nothing beside its card or to scroll sideways, no number seen; and a picture of it."""
    assert serious(page) == []
    assert page.evaluate(BESIDE_THEIR_CARD) == []
    assert fits(page)
    assert "+358" not in page.content()
    page.screenshot(path=pictures / f"bulk-{name}.png", full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_state_can_be_used_by_everybody(
    browser: Browser, address: str, server: Server, pictures: Path, width: str
) -> None:
    page = opened(browser, address, server, width)
    looked_at(page, pictures, f"empty-{width}")
    page.get_by_role("button", name="Tarkista").click()
    expect(page.locator("#faults")).to_be_focused()
    looked_at(page, pictures, f"faults-{width}")
    check(page)
    looked_at(page, pictures, f"checked-{width}")
    server.steps = [200, LOST]
    server.results = {2: ["queued"], 3: ["not_sent"], 4: ["already"], 5: ["faulty"], 6: ["try_again", "try_again"]}
    send(page, first_pause=20)
    expect(page.get_by_text("Yhteys katkesi.").last).to_be_visible()
    looked_at(page, pictures, f"trouble-{width}")
    page.get_by_role("button", name="Keskeytä").click()
    looked_at(page, pictures, f"paused-{width}")
    page.get_by_role("button", name="Jatka").click()
    expect(page.get_by_role("heading", name="Osa riveistä jäi lähettämättä")).to_be_focused()
    looked_at(page, pictures, f"left-{width}")
    page.get_by_role("button", name="Yritä uudelleen (1)").click()
    done(page)
    looked_at(page, pictures, f"done-{width}")
    assert [error for error in server.errors if "net::ERR_CONNECTION_RESET" not in error] == []


def test_the_check_shows_how_the_file_was_read_and_what_will_happen(
    browser: Browser, address: str, server: Server
) -> None:
    page = opened(browser, address, server)
    expect(page.locator("#send")).to_be_hidden()
    check(page)
    for words in (*(total["sentence"] for total in server.checked[1]["totals"]), "sarakkeesta B", "9,44 USD"):
        expect(page.locator("#checked").get_by_text(words)).to_be_visible()
    expect(page.locator("#left-out tbody tr")).to_have_count(3)
    expect(page.locator("#left-out tbody tr").first).to_have_text("9001Tämä ei ole puhelinnumero.")
    expect(page.get_by_role("button", name="Lähetä 60 kyselyä")).to_be_visible()
    assert server.posts == []
    asked = server.checks[0]
    assert asked.headers["x-csrftoken"]
    assert asked.headers["content-type"].startswith("multipart/form-data")
    assert server.errors == []


def test_the_fields_are_posted_with_the_file(browser: Browser, address: str, server: Server) -> None:
    page = opened(browser, address, server)
    posted: list[dict[str, str]] = []
    # Playwright does not show a multipart body that holds a file: the page's own request tells its fields.
    page.expose_function("kept", lambda fields: posted.append(json.loads(fields)))
    page.evaluate(
        """() => { const real = window.fetch; window.fetch = (address, options) => {
            if (options.body instanceof FormData) {
              const fields = [...options.body].map(([name, value]) => [name, value.name ?? value]);
              window.kept(JSON.stringify(Object.fromEntries(fields)));
            }
            return real(address, options); } }"""
    )
    page.locator("#unit").select_option("varkaus")
    page.locator("label", has_text="Asiakas").click()
    page.locator("label", has_text="Svenska").click()
    page.locator("label", has_text="Jatkuu").click()
    page.locator("label", has_text="Seuraavana arkipäivänä").click()
    page.locator("#neutral").check()
    check(page)
    assert posted == [
        {
            "file": "lista.csv",
            "unit": "varkaus",
            "respondent": "client",
            "language": "sv",
            "occasion": "midway",
            "when": "tomorrow",
            "neutral": "on",
            "confirmed": "on",
        }
    ]
    send(page)
    done(page)
    body = server.posts[0].post_data_json
    assert {name: value for name, value in body.items() if name != "rows"} == {
        "file_key": "5eed",
        "when": "tomorrow",
        "neutral": True,
        "confirmed": True,
    }


def test_fifty_lines_left_out_are_shown_first_and_all_when_asked(
    browser: Browser, address: str, server: Server
) -> None:
    server.checked = (200, answer(60, 120))
    page = opened(browser, address, server)
    check(page)
    page.get_by_text("Rivit, joille ei lähetetä (120)").click()
    expect(page.locator("#left-out tbody tr")).to_have_count(50)
    page.get_by_role("button", name="Näytä kaikki 120 riviä").click()
    expect(page.locator("#left-out tbody tr")).to_have_count(120)
    expect(page.locator("#left-out tbody tr").nth(50)).to_be_focused()


def test_rows_go_in_chunks_of_25_exactly_as_they_were_given(browser: Browser, address: str, server: Server) -> None:
    page = opened(browser, address, server)
    check(page)
    send(page)
    done(page)
    sent = [post.post_data_json["rows"] for post in server.posts]
    assert [len(chunk) for chunk in sent] == [25, 25, 10]
    assert [row for chunk in sent for row in chunk] == server.checked[1]["rows"]
    expect(page.locator("#progress-text")).to_have_text("60 / 60")
    assert server.errors == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param(LOST, "Yhteys katkesi.", id="a broken connection"),
        pytest.param(503, "Palvelu ei voinut vastata (virhe 503).", id="an error of ours"),
    ],
)
def test_a_chunk_that_fails_is_posted_again_with_the_same_body(
    browser: Browser, address: str, server: Server, fault: int | str, words: str
) -> None:
    server.steps = [200, fault, fault]
    page = opened(browser, address, server)
    check(page)
    send(page, first_pause=0.5)
    expect(page.locator("#trouble")).to_contain_text(f"{words} Yritetään uudelleen 1 s kuluttua.")
    expect(page.locator("#trouble")).to_contain_text("Mitään ei lähetetä kahdesti.")
    expect(page.locator("#live")).to_contain_text(words)
    done(page)
    bodies = [post.post_data for post in server.posts]
    assert len(bodies) == 5
    assert bodies[1] == bodies[2] == bodies[3]
    assert len(set(bodies)) == 3
    expect(page.locator("#trouble")).to_be_hidden()


def test_an_answer_without_results_is_no_answer(browser: Browser, address: str, server: Server) -> None:
    page = opened(browser, address, server)
    check(page)
    page.route("**/bulk/send", lambda route: route.fulfill(body="<h1>Sign in to the network</h1>"), times=1)
    send(page)
    done(page)
    assert [len(chunk) for chunk in server.lines()] == [25, 25, 10]


def test_trying_now_does_not_wait_for_the_pause(browser: Browser, address: str, server: Server) -> None:
    server.steps = [LOST]
    page = opened(browser, address, server)
    check(page)
    send(page, first_pause=30)
    expect(page.locator("#trouble")).to_contain_text("Yritetään uudelleen")
    page.get_by_role("button", name="Yritä heti").click()
    done(page)


def test_nothing_is_posted_while_paused(browser: Browser, address: str, server: Server) -> None:
    server.steps = [200, LOST]
    page = opened(browser, address, server)
    check(page)
    send(page, first_pause=30)
    expect(page.locator("#trouble")).to_be_visible()
    page.get_by_role("button", name="Keskeytä").click()
    expect(page.get_by_text("Tauolla.").last).to_be_visible()
    page.wait_for_timeout(300)
    assert len(server.posts) == 2
    page.get_by_role("button", name="Jatka lähetystä").click()
    done(page)
    assert [len(chunk) for chunk in server.lines()] == [25, 25, 25, 10]


def test_results_are_counted_and_what_failed_is_posted_once_more(
    browser: Browser, address: str, server: Server, tmp_path: Path
) -> None:
    server.results = {
        2: ["queued"],
        3: ["not_sent"],
        4: ["already"],
        5: ["faulty"],
        6: ["try_again", "sending"],
        40: ["try_again", "try_again"],
    }
    page = opened(browser, address, server)
    check(page)
    send(page)
    expect(page.get_by_role("heading", name="Osa riveistä jäi lähettämättä")).to_be_focused()
    assert server.lines()[3:] == [[6, 40]]
    counts = {"sending": 55, "queued": 1, "not_sent": 1, "already": 1, "faulty": 1, "try_again": 1}
    for name, count in counts.items():
        expect(page.locator(f"[data-count={name}]")).to_have_text(str(count))
    lines = downloaded(page, tmp_path).splitlines()
    assert lines[0] == "\ufeffrivi;tulos;selite"
    assert lines[1] == "2;Odottaa lähetysaikaa;Lähtee huomenna klo 14."
    assert lines[39] == "40;Yritä uudelleen;Tämän päivän enimmäismäärä on täynnä."
    page.get_by_role("button", name="Yritä uudelleen (1)").click()
    done(page)
    assert server.lines()[4:] == [[40]]


def test_the_result_file_has_every_line_no_number_and_no_formula(
    browser: Browser, address: str, server: Server, tmp_path: Path
) -> None:
    checked = answer(60, 3)
    checked["faults"][0]["sentence"] = '=HYPERLINK("x"); +1'
    server.checked = (200, checked)
    page = opened(browser, address, server)
    check(page)
    send(page)
    done(page)
    text = downloaded(page, tmp_path)
    assert "+358" not in text
    assert [line.split(";")[0] for line in text.splitlines()[1:]] == [*map(str, range(2, 62)), "9001", "9002", "9003"]
    assert text.splitlines()[61] == '9001;Jäi pois tarkistuksessa;"\'=HYPERLINK(""x""); +1"'


@pytest.mark.parametrize("field", ["unit", "language", "when", "neutral", "file"])
def test_a_change_takes_the_result_away(browser: Browser, address: str, server: Server, field: str) -> None:
    page = opened(browser, address, server)
    check(page)
    if field == "unit":
        page.locator("#unit").select_option("kouvola")
    elif field == "file":
        choose(page, "puhelin\n040 765 4321\n")
    elif field == "neutral":
        page.locator("#neutral").check()
    else:
        page.locator(f"input[name={field}]").nth(1).check(force=True)
    expect(page.locator("#checked")).to_be_hidden()
    expect(page.locator("#changed")).to_be_visible()
    expect(page.locator("#live")).to_have_text("Valinnat muuttuivat. Tarkista tiedosto uudelleen.")
    page.get_by_role("button", name="Tarkista").click()
    expect(page.locator("#send")).to_be_visible()
    assert len(server.checks) == 2


def test_an_answer_to_what_was_changed_meanwhile_is_not_shown(browser: Browser, address: str, server: Server) -> None:
    page = opened(browser, address, server)
    page.route("**/bulk/check", lambda _: None, times=1)
    choose(page)
    page.get_by_role("button", name="Tarkista").click()
    expect(page.get_by_role("button", name="Tarkistetaan…")).to_be_disabled()
    page.locator("#unit").select_option("kouvola")
    expect(page.get_by_role("button", name="Tarkista")).to_be_enabled()
    page.wait_for_timeout(200)
    expect(page.locator("#checked")).to_be_hidden()
    expect(page.locator("#faults")).to_be_hidden()


def test_what_is_missing_is_said_before_anything_is_posted(browser: Browser, address: str, server: Server) -> None:
    page = opened(browser, address, server)
    page.get_by_role("button", name="Tarkista").click()
    expect(page.locator("#faults")).to_be_focused()
    for name in ("file", "confirmed"):
        expect(page.locator(f"#{name}")).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{name}-fault")).to_be_visible()
    page.locator("#faults").get_by_role("link", name="Valitse tiedosto.").click()
    expect(page.locator("#file")).to_be_focused()
    assert page.url == address
    assert server.checks == []
    check(page)
    expect(page.locator(".fault")).to_have_count(0)
    expect(page.locator("#file")).to_have_attribute("aria-describedby", "file-hint")


@pytest.mark.parametrize(
    ("checked", "words"),
    [
        pytest.param((422, {"sentence": "Numeroita ei löytynyt.", "errors": {}}), "Numeroita ei löytynyt.", id="file"),
        pytest.param(
            (422, {"sentence": "Korjaa kentät.", "errors": {"respondent": "Ei kyselyä tälle ryhmälle."}}),
            "Ei kyselyä tälle ryhmälle.",
            id="field",
        ),
        pytest.param((413, None), "Tiedosto on yli 2 megatavua.", id="too large"),
        pytest.param((500, None), "Palvelu ei voinut vastata (virhe 500).", id="our fault"),
        pytest.param((200, None), "Yhteys katkesi", id="no answer"),
    ],
)
def test_a_file_that_cannot_be_checked_is_said_so(
    browser: Browser, address: str, server: Server, checked: tuple[int, Any], words: str
) -> None:
    server.checked = checked
    page = opened(browser, address, server)
    choose(page)
    page.get_by_role("button", name="Tarkista").click()
    expect(page.locator("#faults")).to_be_focused()
    expect(page.locator("#faults")).to_contain_text(words)
    expect(page.locator("#checked")).to_be_hidden()


def test_a_file_with_nothing_to_send_has_no_send_button(browser: Browser, address: str, server: Server) -> None:
    server.checked = (200, answer(0, 3))
    page = opened(browser, address, server)
    check(page)
    expect(page.locator("#send")).to_be_hidden()
    expect(page.get_by_text("ei voi lähettää yhtään kyselyä")).to_be_visible()


def test_leaving_is_confirmed_while_sending_only(browser: Browser, address: str, server: Server) -> None:
    asked: list[str] = []
    server.steps = [LOST]
    page = opened(browser, address, server)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    check(page)
    send(page, first_pause=30)
    expect(page.locator("#trouble")).to_be_visible()
    page.get_by_role("link", name="Tulokset").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Yritä heti").click()
    done(page)
    page.get_by_role("link", name="Valitse toinen tiedosto").click()
    expect(page.locator("#bulk")).to_be_visible()
    assert asked == ["beforeunload"]


def test_numbers_are_kept_nowhere_in_the_browser(browser: Browser, address: str, server: Server) -> None:
    page = opened(browser, address, server)
    check(page)
    send(page)
    done(page)
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, history.state])"
    assert page.evaluate(stored) == json.dumps([{}, {}, address, None], separators=(",", ":"))
    assert "+358" not in page.content()


def test_without_a_script_the_page_says_so_and_leads_to_the_form(
    browser: Browser, address: str, server: Server
) -> None:
    page = opened(browser, address, server, java_script_enabled=False)
    expect(page.locator("#bulk")).to_be_hidden()
    said = page.locator("noscript p")
    expect(said).to_be_visible()
    # Playwright's own search for texts passes over <noscript>.
    assert "Tämä sivu tarvitsee JavaScriptin" in str(said.text_content())
    said.locator("a").click()
    expect(page.locator("#phone")).to_be_visible()


@pytest.mark.parametrize(("language", "title"), [("sv", "Skicka enkäter från en lista"), ("en", "Send surveys from a")])
def test_the_page_speaks_swedish_and_english(
    browser: Browser, address: str, server: Server, language: str, title: str
) -> None:
    page = opened(browser, f"{address}?lang={language}", server)
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    choose(page)
    page.locator("#check").click()
    expect(page.locator("#checked-title")).to_be_focused()
    send(page)
    expect(page.locator("#another")).to_be_visible()
    assert server.errors == []
