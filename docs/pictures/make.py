"""Makes the README's two pictures anew from `python -m local` in Chromium: `.venv/bin/python -m docs.pictures.make`."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from docs.handbook.pictures import machine
from tests.browser import ARGUMENTS, CHROMIUM

HERE = Path(__file__).resolve().parent


def main() -> None:
    with machine() as (app, desk):
        _take(app, desk)


def _take(app: str, desk: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1360, "height": 900}, locale="fi-FI")
        page.goto(desk)
        form = page.frame_locator("iframe")
        form.locator("input[name=phone]").fill("040 123 4567")
        form.locator("input[name=confirmed]").check()
        form.locator("form button[type=submit]").first.click()
        page.get_by_text("Hei Nuorten Matalasta!").wait_for()
        for answer, reply in (("9, koska kuunneltiin", "Sain apua"), ("4535", "Mikä oli hyvää")):
            page.get_by_label("Viesti", exact=True).last.fill(answer)
            page.keyboard.press("Enter")
            page.get_by_text(reply).last.wait_for()
        form.get_by_role("link", name="Lähetä seuraava").click()
        form.get_by_text("Viesti vastaajan puhelimessa").wait_for()
        page.screenshot(path=HERE / "form-and-phone.png")
        page.set_viewport_size({"width": 1100, "height": 1000})
        page.goto(f"{app}/results?unit=kotka")
        page.screenshot(path=HERE / "results.png")
        browser.close()


if __name__ == "__main__":
    main()
