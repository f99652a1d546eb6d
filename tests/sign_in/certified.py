"""A certified OpenID Connect provider (npm oidc-provider) as a process of its own, and a browser's way through it."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import requests

from local.ministack import ROOT, stop
from local.servers import free_port, wait_for
from tests.sign_in.made_provider import CLIENT_ID, CLIENT_SECRET

LIBRARY = ROOT / ".tools" / "oidc" / "node_modules" / "oidc-provider" / "lib" / "index.js"
PEOPLE = {
    "sanna": {"name": "Sanna Sovittaja", "groups": ["kuulolla-kotka-lahettajat"]},
    "outi": {"name": "Outi Oikeudeton", "groups": []},
}


@contextmanager
def certified(app: str, log: Path, *, conform: bool = True) -> Iterator[str]:
    """Its address. `app` is ours; with `conform` it tells groups as user info alone, as by the standard."""
    port = free_port()
    client = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [f"{app}/login/back"],
        "post_logout_redirect_uris": [f"{app}/login/out"],
    }
    options = {"library": str(LIBRARY), "port": port, "client": client, "people": PEOPLE, "conform": conform}
    command = [shutil.which("node") or "node", str(Path(__file__).with_name("provider.mjs")), json.dumps(options)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        assert wait_for(f"{address}/jwks", seconds=30, alive=lambda: process.poll() is None), log.read_text()
        yield address
    finally:
        stop(process)


class Browser:
    """Follows the provider's pages, fills in its forms, and stops where they lead to us."""

    def __init__(self, issuer: str, app: str) -> None:
        self._issuer, self._app, self._session = issuer, app, requests.Session()

    def close(self) -> None:
        self._session.close()

    def through(self, address: str, **typed: str) -> str:
        """Our address at which it ends."""
        answer = self._session.get(address, allow_redirects=False, timeout=10)
        while True:
            while "Location" in answer.headers:
                address = urljoin(address, answer.headers["Location"])
                if address.startswith(self._app):
                    return address
                assert address.startswith(self._issuer), address
                answer = self._session.get(address, allow_redirects=False, timeout=10)
            address, fields = _form(answer.text)
            answer = self._session.post(address, data={**fields, **typed}, allow_redirects=False, timeout=10)

    def cancels(self, address: str) -> str:
        page = self._session.get(address, timeout=10)
        return self.through(re.findall(r'href="([^"]+/abort)"', page.text)[0])


def _form(page: str) -> tuple[str, dict[str, str]]:
    action = re.search(r'<form[^>]* action="([^"]+)"', page)
    assert action, page
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return unescape(action[1]), {name: unescape(value) for name, value in hidden}
