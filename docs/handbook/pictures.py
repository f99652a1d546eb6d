"""Makes the handbook's pictures anew from `python -m local` in Chromium.

Run it with `.venv/bin/python -m docs.handbook.pictures`.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from local.servers import free_port, wait_for
from tests.browser import ARGUMENTS, CHROMIUM

PICTURES = Path(__file__).resolve().parent / "pictures"
NUMBER = "040 123 4567"
# As people write it, and as the stand-in carrier names the phone.
PHONE = "+358401234567"


@contextmanager
def machine() -> Iterator[tuple[str, str]]:
    """The whole machine with its made-up answers: the addresses of the app and of the phones."""
    app, desk, aws = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        options = ["--port", str(app), "--desk-port", str(desk), "--aws-port", str(aws), "--state", f"{folder}/state"]
        process = subprocess.Popen([sys.executable, "-m", "local", *options])
        try:
            if not wait_for(f"http://127.0.0.1:{desk}/phones", seconds=90):
                raise SystemExit("The machine did not start.")
            yield f"http://127.0.0.1:{app}", f"http://127.0.0.1:{desk}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def form(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1040, "height": 1000})
    page.goto(app)
    page.locator("input[name=phone]").fill(NUMBER)
    page.locator("input[name=confirmed]").check()
    page.locator("h1").click()  # nothing has the focus
    page.screenshot(path=PICTURES / "lomake.png", full_page=True)


def phone(page: Page, app: str, desk: str) -> None:
    """Sends what the form shows, answers as a young person might, and takes the phone alone."""
    with page.expect_response("**/desk/clock"):  # from here on the phones show the application's time
        page.goto(desk)
    page.goto(app)
    page.locator("input[name=phone]").fill(NUMBER)
    page.locator("input[name=confirmed]").check()
    page.locator("form button[type=submit]").first.click()
    page.set_viewport_size({"width": 420, "height": 740})
    page.goto(f"{desk}/phones/{PHONE}")
    page.get_by_text("Hei Nuorten Matalasta!").wait_for()
    for answer, reply in (("9, koska kuunneltiin", "Sain apua"), ("4535", "Mikä oli hyvää")):
        page.get_by_label("Viesti", exact=True).last.fill(answer)
        page.keyboard.press("Enter")
        page.get_by_text(reply).last.wait_for()
    page.screenshot(path=PICTURES / "puhelin.png")


TOLD = "Kysymme nyt joka käynnillä, mikä sinulle on tärkeää."
# What a unit does, made up: what, who, by when, theme, what clients are told.
ACTIONS = (
    ("Odotustilaan rauhallinen nurkkaus", "Kotkan tiimi", "2027-01-15", "tilat", ""),
    ("Kysytään joka käynnillä, mikä nuorelle on tärkeää", "Kotkan tiimi", "2026-12-18", "osallistuminen", TOLD),
)


def actions(page: Page, app: str) -> None:
    """Adds what the actions' page shows, and marks the latest as done."""
    for what, who, by_when, theme, told in ACTIONS:
        page.goto(f"{app}/actions?unit=kotka")
        page.locator("[name=what]").fill(what)
        page.locator("[name=who]").fill(who)
        page.locator("[name=by_when]").fill(by_when)
        page.locator("[name=theme]").select_option(theme)
        page.locator("[name=told]").fill(told)
        page.get_by_role("button", name="Lisää toimenpide").click()
    page.get_by_role("button", name="Merkitse tehdyksi").first.click()


# A picture of a page as a supervisor opens it: its name, its path, its height.
PAGES = (
    ("tulokset", "/results?unit=kotka", 980),
    ("kokous", "/results/meeting?unit=kotka", 1180),
    ("kommentit", "/comments?unit=kotka", 900),
    ("toimenpiteet", "/actions?unit=kotka", 800),
)


def supervisors_pages(page: Page, app: str) -> None:
    for name, path, height in PAGES:
        page.set_viewport_size({"width": 1040, "height": height})
        answer = page.goto(app + path)
        if answer is None or not answer.ok:
            print(f"{name}.png was not made: {path} does not answer.", file=sys.stderr)
            continue
        page.screenshot(path=PICTURES / f"{name}.png")


def report(page: Page, desk: str) -> None:
    """A monthly report, as it comes by mail."""
    page.set_viewport_size({"width": 760, "height": 900})
    page.goto(f"{desk}/mail")
    page.get_by_role("link", name="Nuorten Matala, Kotka").last.click()
    page.frame_locator("iframe").get_by_text("Kaikki luvut").wait_for()
    page.screenshot(path=PICTURES / "raportti.png")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with machine() as (app, desk), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(locale="fi-FI")
        form(page, app)
        phone(page, app, desk)
        actions(page, app)
        supervisors_pages(page, app)
        report(page, desk)
        browser.close()


if __name__ == "__main__":
    main()
