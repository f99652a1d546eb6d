"""microburst, a proxy that answers as AWS does when it is unwell, between us and an engine."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.ministack import ROOT, stop
from local.servers import free_port, wait_for

PROGRAM = ROOT / ".tools" / "microburst" / "bin" / "microburst"


@dataclass(frozen=True, slots=True)
class Proxy:
    url: str

    def rules(self, *rules: dict[str, Any]) -> None:
        """These rules from now on, and no others."""
        self._call("POST", "rules", list(rules))

    def hits(self) -> int:
        """How many requests have met the rules that stand."""
        return sum(int(rule["fired_count"]) for rule in self._call("GET", "rules"))

    def _call(self, method: str, what: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_microburst/{what}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


@contextmanager
def proxy(upstream: str, log: Path) -> Iterator[Proxy]:
    """In front of the engine, without a rule."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [str(PROGRAM), "--upstream", upstream, "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        assert wait_for(f"{url}/_microburst/rules", seconds=30, alive=lambda: process.poll() is None), log.read_text()
        yield Proxy(url)
    finally:
        stop(process)
