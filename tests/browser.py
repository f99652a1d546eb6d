"""Chromium for the tests: Debian's, or the one that Playwright fetched; how its pages are opened and looked at.

Nothing here needs Playwright or axe before a page is there: without them all other tests run.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from handler.app import create_app
from tests.environment import ENVIRONMENT

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

    from survey_flow.library import Library
    from tests.world import World

WIDTHS = {"desktop": 1280, "phone": 375, "narrow": 320}

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _fetched() -> str | None:
    """Playwright's own Chromium, on machines where `playwright install chromium` can download it."""
    for cache in ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright"):
        found = sorted(Path(cache).expanduser().glob("chromium-*/chrome-*/chrome"))
        if found:
            return str(found[-1])
    return None


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or _fetched()


@contextmanager
def started() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def new_page(browser: "Browser", width: str, **context: Any) -> "Page":
    """A page of a Finnish reader's, as wide as is named."""
    return browser.new_page(viewport={"width": WIDTHS[width], "height": 900}, locale="fi-FI", **context)


def opened(browser: "Browser", url: str, width: str = "desktop", **context: Any) -> "Page":
    """A page of this address, whose elements are waited for briefly."""
    page = new_page(browser, width, **context)
    page.set_default_timeout(10_000)
    page.goto(url)
    return page


def complaints_of(page: "Page") -> list[str]:
    """A list to which the page's errors and its console's warnings are added as they come."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
    return complaints


def serious(page: "Page") -> list[dict[str, Any]]:
    """What axe-core finds serious or critical, by rule and place."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        {"rule": each["id"], "where": [node["target"] for node in each["nodes"]]}
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def fits(page: "Page") -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def looked_at(page: "Page", pictures: Path, name: str) -> None:
    """Nothing serious for axe, nothing to scroll sideways; and a picture of it."""
    assert serious(page) == []
    assert fits(page)
    page.screenshot(path=pictures / f"{name}.png", full_page=True)


@contextmanager
def served(app: "Flask", *, threaded: bool = False, port: int = 0) -> Iterator[str]:
    """The address of the app, served by this process; one request at a time unless `threaded`, for moto's sake.

    On any free port, unless one is named.
    """
    from werkzeug.serving import make_server

    # Werkzeug leaves the file open when it answers 304 ("not modified"), of which Python warns: here nobody asks.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    server = make_server("127.0.0.1", port, app, threaded=threaded)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served_pages(world: "World", library: "Library", *, prefix: str) -> Iterator[str]:
    """The address of the pages over a world's tables in the engine, several requests at a time."""
    environment = {**ENVIRONMENT, "KUULOLLA_TABLE_PREFIX": prefix}
    with served(create_app(("web",), environment=environment, clock=world.clock, library=library), threaded=True) as at:
        yield at
