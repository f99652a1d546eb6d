"""The address of a deployed HTTP API on this machine: hands requests on to the embedded AWS, which tells its APIs apart
by the host's name.

It adds what AWS's own front adds for the caller: x-forwarded-for, -proto and -port.
"""

import http.client
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 40
# Of one connection, not of the request; and what is written anew.
_NOT_HANDED_ON = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "server"}


def front_door(port: int, *, aws: str, api_id: str) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 in front of the API of this id in the embedded AWS at the address `aws`. It is still to be
    started with serve_forever."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Door, aws, api_id, port))


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"  # a connection a request: nothing is left over from the one before
    server_version, sys_version = "front-door", ""

    def __init__(self, aws: str, api_id: str, port: int, *given: Any) -> None:
        inside = urlsplit(aws)
        self._inside = (str(inside.hostname), int(inside.port or 80))
        self._host = f"{api_id}.execute-api.{inside.hostname}:{inside.port}"
        self._port = port
        super().__init__(*given)

    def _hand_on(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_HANDED_ON}
        headers |= {
            "Host": self._host,
            "X-Forwarded-For": self.client_address[0],
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Port": str(self._port),
        }
        connection = http.client.HTTPConnection(*self._inside, timeout=_SECONDS)
        try:
            connection.request(self.command, self.path, body=body, headers=headers)
            self._answer(connection.getresponse())
        except OSError:
            self.send_error(502)
        finally:
            connection.close()

    def _answer(self, answer: http.client.HTTPResponse) -> None:
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _NOT_HANDED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _hand_on

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a path can hold an id."""
