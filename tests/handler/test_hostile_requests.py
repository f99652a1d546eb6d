"""Requests that no browser and no system of good will sends: each is answered, briefly, without what is inside."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse, run_wsgi_app

from handler.app import create_app
from survey_flow.access import Right
from survey_flow.library import Library
from tests.environment import ENVIRONMENT
from tests.handler.test_api import TYPED, USUAL, Api, new_key, problem
from tests.world import World

INSIDE = ("Traceback", "werkzeug", 'File "', "/handler/", "pynamodb", "botocore", "jinja", "Exception", ", line ")
PAGES = ("/", "/bulk", "/opt-outs", "/results", "/units/kotka", "/handbook")
EVERYWHERE = (*PAGES, "/none", "/api/none", "/api/invitations", "/openapi.json", "/health", "/static/pages.css")


@pytest.fixture
def api(world: World, client: FlaskClient) -> Api:
    return Api(client, new_key(world, *Right))


@pytest.fixture
def deployed(app: Flask, world: World, library: Library) -> FlaskClient:
    """As in a stage of AWS, over the tables that `app` made."""
    environment = {**ENVIRONMENT, "KUULOLLA_STAGE": "prod"}
    return create_app(
        ("sms", "fallback", "web"), environment=environment, clock=world.clock, library=library
    ).test_client()


def assert_calm(answer: TestResponse) -> None:
    """No fault of ours, and nothing of what is inside."""
    assert answer.status_code < 500
    assert [word for word in INSIDE if word in answer.text] == []


# --- headers

STRICT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ANSWERS: Mapping[str, tuple[str, str, int]] = {
    "a page": ("GET", "/handbook", 200),
    "a page that is refused": ("GET", "/results", 403),
    "a public page": ("GET", "/units/kotka", 200),
    "a style": ("GET", "/static/pages.css", 200),
    "no such page": ("GET", "/none", 404),
    "no such style": ("GET", "/static/../app.py", 404),
    "a method that is not there": ("DELETE", "/handbook", 405),
    "an API without its key": ("GET", "/api/results", 401),
    "no such API": ("GET", "/api/none", 404),
    "a webhook that is not signed": ("POST", "/sms/inbound", 403),
    "a fallback that is not signed": ("POST", "/sms/fallback", 403),
    "health": ("GET", "/health", 200),
    "options": ("OPTIONS", "/handbook", 200),
    "too large": ("POST", "/sms/inbound", 413),
}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_has_strict_headers(deployed: FlaskClient, method: str, path: str, status: int) -> None:
    body = {"Body": "x" * 40_000} if status == 413 else None
    with deployed.open(path, method=method, data=body) as answer:
        assert answer.status_code == status
        headers = answer.headers
    assert {name: headers.get(name) for name in STRICT} == STRICT
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"]
    assert "Server" not in headers


def test_a_redirect_has_them_too(client: FlaskClient) -> None:
    form = {"phone": TYPED, "unit": "kotka", "respondent": "youth", "occasion": "end", "language": "fi"}
    answer = client.post("/", data={**form, "confirmed": "on"})
    assert answer.status_code == 303
    assert {name: answer.headers.get(name) for name in STRICT} == STRICT
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_page_has_a_program_or_a_style_within(client: FlaskClient) -> None:
    for path in (*PAGES, "/none"):
        page = client.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert "javascript:" not in page


# --- methods and addresses


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "G\u00d6T"]
)
def test_no_method_is_a_fault(client: FlaskClient, method: str) -> None:
    for path in EVERYWHERE:
        with client.open(path, method=method) as answer:
            assert answer.status_code in (200, 401, 404, 405), path
            assert_calm(answer)


def test_a_request_cannot_say_that_it_has_another_method(client: FlaskClient, api: Api) -> None:
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = client.get("/opt-outs", headers={name: "POST"})
        assert answer.status_code == 200
        assert problem(api.post("/api/none", {}, **{name: "GET"}))[0] == 404
    assert client.get("/opt-outs?_method=POST").status_code == 200


ADDRESSES = {
    "NUL": "/units/%00",
    "NUL in a query": "/results?unit=%00",
    "up and out": "/static/..%2f..%2fhandler%2fapp.py",
    "up and out, twice encoded": "/static/%252e%252e%252fapp.py",
    "a backslash": "/static/..%5capp.py",
    "no UTF-8": "/units/%ff%fe",
    "no UTF-8 in a query": "/results?unit=%ff%fe&from=%c3%28",
    "half a surrogate pair": "/units/%ed%a0%80",
    "a line break": "/units/kotka%0d%0aSet-Cookie:%20a=b",
    "a line break in a query": "/results?lang=fi%0d%0aSet-Cookie:%20a=b",
    "two slashes": "//evil.example/results",
    "very long": f"/{'x' * 8000}",
    "a very long query": f"/results?unit={'x' * 60_000}",
    "very many fields": f"/results?{'a=1&' * 5000}",
    "a template": "/results?unit={{7*7}}",
    "a percent sign alone": "/results?unit=%",
    "an unknown language": "/?lang=../../etc/passwd",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_no_address_is_a_fault(client: FlaskClient, api: Api, address: str) -> None:
    with client.get(address) as answer:
        assert_calm(answer)
        assert "Set-Cookie" not in answer.headers or "a=b" not in answer.headers["Set-Cookie"]
    with api.get(f"/api{address}") as answer:
        assert_calm(answer)


def test_raw_bytes_in_an_address_are_no_fault(app: Flask) -> None:
    """As a server hands them over, which a test client would not send."""
    for path, query in (
        ("/results", "unit=\xff\xfe"),
        ("/\xff", ""),
        ("/units/\xe4", "lang=\xff"),
        ("/api/results", "\xff"),
    ):
        environ = app.test_request_context("/").request.environ | {"PATH_INFO": path, "QUERY_STRING": query}
        body, status, _ = run_wsgi_app(app.wsgi_app, environ)
        assert int(status[:3]) < 500, (path, query, b"".join(body))


HEADERS: dict[str, dict[str, str]] = {
    "a cookie that is none": {"Cookie": "=; ;;kuulolla_form=\xff|%00|; kuulolla_language=xx; kuulolla_unit=../.."},
    "a session of nobody's": {"Cookie": "kuulolla_session=eyJhIjoxfQ.aaaaaa.bbbbbb; __Host-kuulolla=x.y.z"},
    "a very long cookie": {"Cookie": f"kuulolla_form={'x' * 8000}"},
    "another host": {"Host": "evil.example"},
    "no host": {"Host": ""},
    "a host that is none": {"Host": "a b\\c"},
    "said to be forwarded": {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
    "another path": {"X-Original-URL": "/results", "X-Rewrite-URL": "/results"},
    "a type that is none": {"Content-Type": "\xff"},
    "a range": {"Range": "bytes=0-1,5-9999999999"},
    "a date that is none": {"If-Modified-Since": "yesterday", "If-None-Match": '"'},
    "a very long value": {"Accept-Language": "fi," * 5000},
    "a length that is none": {"Content-Length": "-1"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_no_header_is_a_fault(client: FlaskClient, headers: dict[str, str]) -> None:
    for path in ("/", "/results", "/units/kotka", "/static/pages.css", "/api/results", "/none"):
        with client.get(path, headers=headers) as answer:
            assert_calm(answer)
            assert "evil.example" not in answer.text + str(answer.headers), path


# --- bodies

BODIES: dict[str, tuple[str, bytes]] = {
    "no form": ("application/x-www-form-urlencoded", b"\xff\xfe=\x00&%zz=%"),
    "very many fields": ("application/x-www-form-urlencoded", b"a=1&" * 8000),
    "very many parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 600,
    ),
    "a boundary without end": ("multipart/form-data; boundary=x", b"--x" * 9000),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "a boundary that is none": ("multipart/form-data; boundary=\xc3", b"--x\r\n"),
    "a part without a name": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
    ),
    "a header without end": ("multipart/form-data; boundary=x", b"--x\r\n" + b"a" * 20_000),
    "JSON for a form": ("application/json", b'{"phone": "x"}'),
    "deep JSON": ("application/json", b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "JSON with keys of one hash": (
        "application/json",
        json.dumps({str(n * (2**61 - 1)): n for n in range(900)}).encode(),
    ),
    "a number without end": ("application/json", b'{"phone": 1e' + b"9" * 5000 + b"}"),
    "not a number": ("application/json", b'{"rows": [NaN, Infinity]}'),
    "XML with entities": ("application/xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "compressed": ("application/json", b"\x1f\x8b\x08\x00"),
    "said to be compressed": ("application/json; charset=zip", b"{}"),
}
DOORS = (
    "/",
    "/opt-outs",
    "/opt-outs/withdraw",
    "/bulk/check",
    "/bulk/send",
    "/sent/1/cancel",
    "/sms/inbound",
    "/sms/status",
)
API_DOORS = (
    "/api/invitations",
    "/api/bulk",
    "/api/bulk/check?confirmed=true&unit=kotka&respondent=youth",
    "/api/opt-outs",
)


@pytest.mark.parametrize(("kind", "body"), BODIES.values(), ids=BODIES)
def test_no_body_is_a_fault(client: FlaskClient, api: Api, kind: str, body: bytes) -> None:
    for path in DOORS:
        answer = client.post(path, data=body, content_type=kind)
        assert answer.status_code in (400, 403, 404, 413, 415, 422), path
        assert_calm(answer)
    for path in API_DOORS:
        answer = api.client.post(path, data=body, content_type=kind, headers={"Authorization": f"Bearer {api.key.key}"})
        # To the check any bytes may be a list, in which every line is left out.
        assert answer.content_type == "application/problem+json" or "check" in path, path
        assert answer.status_code in (400, 413, 422) or "check" in path, path
        assert_calm(answer)


@pytest.mark.parametrize("signature", ["", "x", "\xe4", "=" * 8000, "a\tb"])
@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status", "/sms/inbound?a=%ff&b=%00"])
def test_no_signature_is_a_fault(client: FlaskClient, path: str, signature: str) -> None:
    answer = client.post(path, data={"Body": "\x00", "From": ""}, headers={"X-Twilio-Signature": signature})
    assert (answer.status_code, answer.data) == (403, b"")


OVERSIZED = {
    "/": 32,
    "/opt-outs": 32,
    "/bulk/send": 32,
    "/bulk/check": 2100,
    "/sms/inbound": 32,
    "/api/invitations": 32,
}


@pytest.mark.parametrize(("path", "kilobytes"), OVERSIZED.items(), ids=OVERSIZED)
def test_a_body_that_is_too_large_is_not_read(client: FlaskClient, api: Api, path: str, kilobytes: int) -> None:
    kind = "multipart/form-data; boundary=x" if "check" in path else "application/x-www-form-urlencoded"
    answer = client.post(
        path,
        data=b"a" * (kilobytes * 1024 + 1),
        content_type=kind,
        headers={"Authorization": f"Bearer {api.key.key}"},
    )
    assert answer.status_code == 413


def test_a_body_without_a_length_is_not_read_without_end(client: FlaskClient) -> None:
    class Endless:
        """More and more, as somebody would send in chunks."""

        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += 65536 if size < 0 else size
            assert self.given < 4 * 1024 * 1024
            return b"a" * (65536 if size < 0 else size)

        def readline(self, size: int = -1) -> bytes:
            return self.read(size)

    environ: dict[str, Any] = {"wsgi.input": Endless(), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    for path in ("/", "/opt-outs", "/bulk/send", "/api/bulk"):
        answer = client.post(path, environ_overrides=environ, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (400, 401, 413, 422), path


def test_what_the_usual_request_is_made_of_is_still_taken(api: Api) -> None:
    assert api.post("/api/invitations", USUAL).status_code == 201
