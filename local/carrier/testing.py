"""For tests: a carrier and an application that only records what it is sent, both on free ports."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.datastructures import MultiDict

from local.carrier.access import carrier_of
from local.carrier.app import create_carrier
from local.carrier.carrier import Carrier
from local.carrier.config import CarrierConfig
from local.carrier.faults import Fault
from local.carrier.server import LocalServer
from local.carrier.weather import Weather

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "made-up-token"  # noqa: S105 - made up, for tests
SENDER = "+358454912345"
EMPTY = "<Response/>"

T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float = 5) -> T:
    """The first truthy value of `condition`; fails after the deadline."""
    deadline = monotonic() + seconds
    pause = threading.Event()
    while not (value := condition()):
        if monotonic() > deadline:
            raise AssertionError("It did not happen in time.")
        pause.wait(0.005)
    return value


@dataclass(frozen=True)
class Posted:
    path: str
    form: dict[str, str]
    headers: dict[str, str]
    signed: bool


@dataclass
class RecordingApp:
    """`answers` are given in turn, the last one again and again; a callable may decide, or wait, by itself."""

    public_url: str = ""
    posts: list[Posted] = field(default_factory=list)
    answers: list[Callable[[Posted], Response] | Response] = field(default_factory=lambda: [twiml(EMPTY)])

    def flask(self) -> Flask:
        app = Flask("recording")
        app.add_url_rule("/<path:path>", view_func=self._posted, methods=["POST"])
        return app

    def at(self, path: str) -> list[Posted]:
        return [post for post in list(self.posts) if post.path.partition("?")[0] == path]

    def statuses(self, sid: str) -> list[str]:
        return [post.form["MessageStatus"] for post in self.at("/sms/status") if post.form["MessageSid"] == sid]

    def _posted(self, path: str) -> Response:
        full = f"/{path}" + (f"?{request.query_string.decode()}" if request.query_string else "")
        form: MultiDict[str, str] = request.form
        signature = request.headers.get("X-Twilio-Signature", "")
        signed = RequestValidator(TOKEN).validate(self.public_url + full, form, signature)
        post = Posted(full, form.to_dict(), dict(request.headers), signed)
        self.posts.append(post)
        if path == "sms/status":
            return Response(status=204)
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        return answer(post) if callable(answer) and not isinstance(answer, Response) else answer


@dataclass(frozen=True)
class World:
    app: RecordingApp
    flask: Flask
    carrier: Carrier
    server: LocalServer

    @property
    def url(self) -> str:
        return self.server.url

    def control(self, method: str, path: str, data: object = None) -> Any:
        return call(method, f"{self.url}/_control{path}", data)[1]

    def text(self, number: str, body: str, **more: object) -> Any:
        """A message from a phone; what became of it."""
        return self.control("POST", f"/phones/{number}/messages", {"body": body, **more})

    def fault(self, **of: object) -> None:
        """The next request goes wrong: on="list", status=503, times=2."""
        self.carrier.faults.add(Fault.from_json(of))

    def weather(self, **of: object) -> None:
        """seed=7, create={"429": 0.1}, callbacks={"lose": 0.1}."""
        self.carrier.sky.change(Weather.from_json(of))

    def quiet(self, seconds: float = 30) -> None:
        """Returns when every delivery and callback is done, late ones too; what is held back does not count."""
        until(lambda: self.carrier.busy == 0, seconds)

    def log_codes(self, number: str) -> list[int | None]:
        return [line.code for line in self.carrier.network.log(number)]


@contextmanager
def sdk(net: World, *, token: str = TOKEN, timeout: float = 10) -> Iterator[Client]:
    """Twilio's own client, pointed at the carrier; `timeout` in seconds."""
    http = TwilioHttpClient(timeout=timeout)
    client = Client(ACCOUNT, token, http_client=http)
    client.api.base_url = net.url
    try:
        yield client
    finally:
        http.session.close()


@contextmanager
def world(**settings: Any) -> Iterator[World]:
    app = RecordingApp()
    with LocalServer(app.flask(), LocalServer.listen()) as app_server:
        config = CarrierConfig(app_url=app_server.url, account=ACCOUNT, token=TOKEN, sender=SENDER, retry_pause=0)
        config = replace(config, **settings)
        app.public_url = config.public
        flask = create_carrier(config)
        try:
            with LocalServer(flask, LocalServer.listen()) as server:
                yield World(app, flask, carrier_of(flask), server)
        finally:
            carrier_of(flask).close()


def call(method: str, url: str, data: object = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Status and JSON answer (None if there is none)."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        body = None if data is None else json.dumps(data)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
        response = connection.getresponse()
        text = response.read()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(text) if text and is_json else None
    finally:
        connection.close()


def twiml(body: str, *, content_type: str = "text/xml", status: int = 200) -> Response:
    return Response(body, content_type=content_type, status=status)
