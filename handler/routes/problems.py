"""Errors of the API as problem+json (RFC 9457): a type, a title, a sentence, and never a phone number."""

from typing import Any

from flask import Response, json

TYPES = "https://kuulolla.invalid/problems/"


class Problem(Exception):
    """Answered as problem+json; `type_name` ends the problem's type."""

    def __init__(self, status: int, type_name: str, detail: str, **more: Any) -> None:
        super().__init__(type_name)
        self.status = status
        self.type_name = type_name
        self.detail = detail
        self.more = more

    def response(self) -> Response:
        body = {
            "type": f"{TYPES}{self.type_name}",
            "title": self.type_name.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        return Response(json.dumps(body), self.status, content_type="application/problem+json")
