"""What Twilio posts when a text has come, signed as Twilio signs, as a form and as a WSGI call."""

import sys
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from twilio.request_validator import RequestValidator

from benchmarks.machine import ENVIRONMENT

PATH = "/sms/inbound"
PUBLIC_URL = ENVIRONMENT["KUULOLLA_PUBLIC_URL"]
_SIGNER = RequestValidator(ENVIRONMENT["TWILIO_AUTH_TOKEN"])
TYPE = "application/x-www-form-urlencoded"


def form(number: str, text: str, *, message_id: str | None = None) -> dict[str, str]:
    """All fields of a real one, blank ones too: they are signed as well."""
    sid = message_id or f"SM{uuid4().hex}"
    return {
        "ToCountry": "FI",
        "ToState": "",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": text,
        "FromCountry": "FI",
        "To": ENVIRONMENT["KUULOLLA_SENDER"],
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": ENVIRONMENT["TWILIO_ACCOUNT_SID"],
        "From": number,
        "ApiVersion": "2010-04-01",
    }


def signature(fields: Mapping[str, str], path: str = PATH) -> str:
    return str(_SIGNER.compute_signature(f"{PUBLIC_URL}{path}", fields))


def environ(fields: Mapping[str, str], path: str = PATH, *, method: str = "POST", cookie: str = "") -> dict[str, Any]:
    """The call as a WSGI server makes it; a GET carries the fields in its query."""
    body = urlencode(fields).encode() if method == "POST" else b""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "" if method == "POST" else urlencode(fields),
        "SERVER_NAME": "kuulolla.example",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": TYPE if method == "POST" else "",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "kuulolla.example",
        "HTTP_USER_AGENT": "TwilioProxy/1.1",
        "HTTP_ACCEPT": "*/*",
        "HTTP_X_TWILIO_SIGNATURE": signature(fields, path),
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
