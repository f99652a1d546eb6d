"""What stands before the app and before the carrier's API in a storm, and sees who asks."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs

from werkzeug.wrappers import Request, Response

from tests.polling import happens
from tests.storm.mortal import Died, Mortal, steps

# In seconds; less than the carrier waits for an answer.
COLD_START = 14
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(slots=True)
class Container:
    """Hands each request to the process whose port stands in the file; when it is killed over it, that is a 502."""

    port: Path
    killed_over: int = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert happens(self.port.exists, within=COLD_START), "the process does not come up"
        form = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            answer = _asked(int(self.port.read_text()), Request(environ), form)
        except (OSError, HTTPException):
            self.killed_over += 1
            answer = Response(status=502)
        return answer(environ, start_response)


def _asked(port: int, request: Request, form: bytes) -> Response:
    connection = HTTPConnection("127.0.0.1", port, timeout=COLD_START)
    try:
        path = request.path + (f"?{request.query_string.decode()}" if request.query_string else "")
        headers = {name: request.headers[name] for name in ("Content-Type", "X-Twilio-Signature")}
        connection.request(request.method, path, form, headers)
        response = connection.getresponse()
        return Response(response.read(), response.status, content_type=response.headers.get("Content-Type"))
    finally:
        connection.close()


@dataclass(slots=True)
class Front:
    """Stands before the app as the gateway does: who dies within is a 502, and for some numbers nobody hears callbacks.

    `told` are the statuses that were answered well, by invitation.
    """

    mortal: Mortal
    rng: Random
    chance: float
    app: Wsgi | None = None
    unheard: set[str] = field(default_factory=set)
    told: dict[str, set[str]] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        answer = self._answer({**environ, "wsgi.input": io.BytesIO(body)}, form)
        if environ["PATH_INFO"] == "/sms/status" and answer.status_code < 300:
            invitation = Request(environ).args.get("invitation", "")
            self.told.setdefault(invitation, set()).add(form["MessageStatus"])
        return answer(environ, start_response)

    def _answer(self, environ: dict[str, Any], form: dict[str, str]) -> Response:
        if "MessageStatus" in form and form["To"] in self.unheard:
            return Response(status=502)
        try:
            with self.mortal.life("webhook", steps(self.rng, chance=self.chance, most=10)):
                assert self.app is not None
                return Response.from_app(self.app, environ, buffered=True)
        except Died:
            return Response(status=502)
