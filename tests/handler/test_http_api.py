"""Where a request stands and what it asks for, by an HTTP API's event."""

from typing import Any

import pytest
from flask import Flask, request, url_for

from handler.routes.http_api import behind_http_api, place_and_path

PATHS = {
    "the stage at the root": ("$default", "/sms/inbound", ("", "/sms/inbound")),
    "a named stage": ("test", "/test/sms/inbound", ("/test", "/sms/inbound")),
    "a named stage alone": ("test", "/test", ("/test", "/")),
    "a path that only begins like the stage": ("test", "/testing", ("", "/testing")),
    "a mapped domain, which tells no stage": ("test", "/sms/inbound", ("", "/sms/inbound")),
    "letters, decoded by API Gateway": ("$default", "/units/kä", ("", "/units/kÃ¤")),
    "a sign beyond Latin-1": ("$default", "/€", ("", "/â\x82¬")),
    "an escaped percent sign, the one escape left": ("$default", "/a%252Fb", ("", "/a%2Fb")),
    "half a sign": ("$default", "/\ud83d", ("", "/?")),
}


def event(stage: str, path: str) -> dict[str, Any]:
    return {"rawPath": path, "requestContext": {"stage": stage}}


@pytest.mark.parametrize(("stage", "path", "told"), PATHS.values(), ids=PATHS)
def test_the_place_and_the_path_are_told_apart(stage: str, path: str, told: tuple[str, str]) -> None:
    assert place_and_path(event(stage, path)) == told


def test_the_app_sees_the_path_and_links_into_its_stage() -> None:
    app = Flask("made up")

    @app.get("/<name>")
    def named(name: str) -> str:
        return f"{request.path} {name} {url_for('named', name='x')}"

    app.wsgi_app = behind_http_api(app.wsgi_app)  # type: ignore[method-assign]
    answer = app.test_client().get("/elsewhere", environ_overrides={"apig_wsgi.full_event": event("test", "/test/€")})
    assert answer.text == "/€ € /test/x"
