"""A list in a real browser, over the whole machine: chosen, checked, sent, and chosen again.

Pictures go to the folder named by KUULOLLA_PICTURES, else to pytest's own.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import complaints_of, new_page
from tests.machine import Machine
from tests.polling import until

pytestmark = [pytest.mark.engine, pytest.mark.browser]
LISTED = 60
NUMBERS = [f"+35840{2_000_000 + n}" for n in range(LISTED)]
LIST = "".join(["Puhelin;Ryhmä\n", *(f"0{number[4:]};nuori\n" for number in NUMBERS), "äiti;nuori\n"])


def checked(page: Page, running: Machine) -> None:
    page.goto(f"{running.app}/bulk")
    page.locator("#file").set_input_files({"name": "lista.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.locator("#confirmed").check()
    page.get_by_role("button", name="Tarkista").click()
    expect(page.get_by_role("heading", name="Tiedosto on tarkistettu")).to_be_focused()


def sent(page: Page) -> None:
    page.get_by_role("button", name="Lähetä 60 kyselyä").click()
    expect(page.get_by_role("heading", name="Lähetys on valmis")).to_be_focused(timeout=60_000)


def messages(running: Machine) -> list[int]:
    """How many messages stand on each phone of the list."""
    return [len(running.messages(number)) for number in NUMBERS]


def test_a_list_is_sent_once_however_often_it_is_chosen(browser: Browser, running: Machine, pictures: Path) -> None:
    page = new_page(browser, "desktop")
    complaints = complaints_of(page)
    checked(page, running)
    expect(page.locator("#totals")).to_contain_text("Lähtee heti: enintään 60")
    expect(page.locator("#left-out tbody tr")).to_have_text("62Tämä ei ole puhelinnumero.")
    page.screenshot(path=pictures / "bulk-whole-checked.png", full_page=True)
    sent(page)
    expect(page.locator('[data-count="sending"]')).to_have_text("60")
    page.screenshot(path=pictures / "bulk-whole.png", full_page=True)
    until(lambda: messages(running) == [1] * LISTED, what="a message on every phone")
    assert len(running.rows()["invitations"]) == LISTED

    checked(page, running)
    expect(page.locator("#totals")).to_contain_text("Käsitelty aiemmin tästä samasta tiedostosta: 60")
    page.screenshot(path=pictures / "bulk-whole-again.png", full_page=True)
    sent(page)
    expect(page.locator('[data-count="already"]')).to_have_text("60")
    assert messages(running) == [1] * LISTED
    assert len(running.rows()["invitations"]) == LISTED
    assert complaints == []
    assert not [number for log in running.logs for number in NUMBERS if number[-7:] in log.read_text()]
