"""The recorded events (tests/infra/events/), with what a test asks for filled in as API Gateway would."""

import copy
import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tests.environment import AUTH_TOKEN, PUBLIC_URL

_FOLDER = Path(__file__).parent / "events"
_TEXT = ("text/", "application/json", "application/xml", "application/javascript")


def recorded(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def http_event(
    method: str,
    address: str,
    *,
    body: bytes = b"",
    content_type: str = "",
    cookies: tuple[str, ...] = (),
    stage: str = "$default",
    recording: str = "http_api",
    **headers: str,
) -> Any:
    """A request for this path and query, as a browser percent-encodes them."""
    event = recorded(recording)
    parts = urlsplit(address)
    path = _decoded(parts.path) if stage == "$default" else f"/{stage}{_decoded(parts.path)}"
    event |= {"rawPath": path, "rawQueryString": parts.query}
    event["requestContext"]["http"] |= {"method": method, "path": path}
    event["requestContext"]["stage"] = stage
    if parts.query:
        event["queryStringParameters"] = _joined(parts.query)
    if cookies:
        event["cookies"] = list(cookies)
    event["headers"] |= {"content-length": str(len(body)), **{key.replace("_", "-"): headers[key] for key in headers}}
    if content_type:
        event["headers"]["content-type"] = content_type
    return event | _body(body, event["headers"].get("content-type", ""))


def twilio_event(path: str, fields: dict[str, str], *, signature: str | None = None, token: str = AUTH_TOKEN) -> Any:
    """A webhook signed as Twilio signs it: for the public URL, whatever host API Gateway has."""
    signed = (
        RequestValidator(token).compute_signature(f"{PUBLIC_URL}{path}", fields) if signature is None else signature
    )
    body = urlencode(fields).encode()
    return http_event("POST", path, body=body, recording="twilio_inbound", x_twilio_signature=signed)


def sqs_event(*bodies: str, recording: str = "sqs_batch") -> Any:
    """One record a body, each with its own id."""
    event = recorded(recording)
    records = [copy.deepcopy(event["Records"][number % len(event["Records"])]) for number in range(len(bodies))]
    for number, (record, body) in enumerate(zip(records, bodies, strict=True)):
        record |= {"messageId": f"00000000-0000-4000-8000-{number:012d}", "body": body}
    return {"Records": records}


def multipart(field: str, name: str, content: bytes, **fields: str) -> tuple[bytes, str]:
    """A form with a file, and its content type."""
    boundary = "----geckoformboundary5e6722a7cc56"
    said = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{fields[key]}\r\n' for key in fields]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    file = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content
    return "".join(
        said
    ).encode() + file + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _decoded(path: str) -> str:
    """Every escape but %25."""
    return unquote(path.replace("%25", "%2525"))


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    if not body:
        return {"isBase64Encoded": False}
    if content_type.startswith(_TEXT):
        return {"body": body.decode(), "isBase64Encoded": False}
    return {"body": b64encode(body).decode(), "isBase64Encoded": True}


def _joined(query: str) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return {name: ",".join(found) for name, found in values.items()}
