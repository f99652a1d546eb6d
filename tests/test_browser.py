"""The same in a real browser: the form, a phone, the results; desktop and phone width; nothing serious for axe.

Pictures go to the folder named by KUULOLLA_PICTURES (for the README), else to pytest's own.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import WIDTHS, fits, new_page, serious
from tests.machine import Machine

pytestmark = [pytest.mark.engine, pytest.mark.browser]
PHONE = "+358401234567"


def opened(browser: Browser, width: str, url: str) -> Page:
    page = new_page(browser, width)
    page.goto(url)
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_a_survey_is_sent_answered_and_seen(browser: Browser, running: Machine, pictures: Path, width: str) -> None:
    form = opened(browser, width, running.app)
    expect(form.locator("input[name=phone]")).to_be_focused()
    assert serious(form) == []
    assert fits(form)
    form.screenshot(path=pictures / f"form-{width}.png", full_page=True)
    form.keyboard.type("040 123 4567")
    form.locator("input[name=confirmed]").check()
    form.locator("form button[type=submit]").first.click()
    expect(form).to_have_url(f"{running.app}/sent/{form.url.rsplit('/', 1)[-1]}")
    assert serious(form) == []
    assert fits(form)
    form.screenshot(path=pictures / f"sent-{width}.png", full_page=True)

    running.wait_for_messages(PHONE, 1)
    phone = opened(browser, width, f"{running.carrier}/phones/{PHONE}")
    expect(phone.get_by_text("Hei Nuorten Matalasta!")).to_be_visible()
    for answer, reply in (("9", "Sain apua"), ("3524", "Mikä oli hyvää"), ("Kiva paikka", "Kiitos vastauksistasi")):
        phone.get_by_label("Viesti", exact=False).last.fill(answer)
        phone.keyboard.press("Enter")
        expect(phone.get_by_text(reply).last).to_be_visible()
    assert serious(phone) == []
    phone.screenshot(path=pictures / f"phone-{width}.png")

    results = opened(browser, width, f"{running.app}/results?unit=kotka")
    expect(results.get_by_text("alle viisi").first).to_be_visible()
    assert serious(results) == []
    assert fits(results)
    results.screenshot(path=pictures / f"results-{width}.png", full_page=True)


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(browser: Browser, running: Machine) -> None:
    form = opened(browser, "phone", running.app)
    form.keyboard.type("09 123 456")
    form.locator("form button[type=submit]").first.click()
    expect(form.locator("input[name=phone]")).to_have_value("09 123 456")
    expect(form.locator("input[name=phone]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("input[name=confirmed]")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_role("alert").first).to_be_visible()
    assert serious(form) == []


def test_the_message_is_shown_as_it_will_be_sent(browser: Browser, running: Machine) -> None:
    form = opened(browser, "desktop", running.app)
    expect(form.get_by_text("Hei Nuorten Matalasta!")).to_be_visible()
    form.locator("input[name=neutral]").check()
    expect(form.get_by_text("Kymenlaakson hyvinvointialue kysyy", exact=False)).to_be_visible()
    form.locator("label", has_text="Svenska").click()
    expect(form.get_by_text("Kymmenedalens", exact=False)).to_be_visible()
