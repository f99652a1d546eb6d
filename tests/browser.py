"""Where Chromium is and how it is started: Debian's, or the one that Playwright fetched."""

import shutil
from pathlib import Path

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
