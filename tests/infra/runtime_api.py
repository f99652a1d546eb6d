"""A function of the package as Lambda runs it: AWS's own runtime client in a process, this side of the Runtime API.

The client asks for the next event, and posts what the handler answered, or how it failed.
Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.infra import ROOT

CLIENT = ROOT / ".tools" / "lambda" / "bin" / "python"
_VERSION = "/2018-06-01/runtime"
_SECONDS = 60


class Failed(Exception):
    """The handler, or its import, raised: its fault's name, and all that the client told of it."""

    def __init__(self, kind: str, told: Any) -> None:
        super().__init__(kind)
        self.kind, self.told = kind, told


@dataclass(slots=True)
class Exchange:
    """What goes to and fro: events to the function, answers from it."""

    events: "queue.Queue[tuple[str, bytes]]" = field(default_factory=queue.Queue)
    answers: "queue.Queue[tuple[str, str, Any]]" = field(default_factory=queue.Queue)


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet an answer, at once: otherwise each waits 40 ms for the other side's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    exchange: Exchange

    def do_GET(self) -> None:
        """`next`: waits until there is an event."""
        request_id, event = self.exchange.events.get()
        self._answer(
            200,
            event,
            {
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + _SECONDS * 1000),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-north-1:123456789012:function:kuulolla",
                "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
                "Content-Type": "application/json",
            },
        )

    def do_POST(self) -> None:
        """`invocation/ID/response`, `invocation/ID/error`, `init/error`."""
        told = self.rfile.read(int(self.headers["Content-Length"]))
        *_, request_id, kind = self.path.split("/")
        self._answer(202, b"{}", {})
        self.exchange.answers.put((request_id, kind, json.loads(told or b"null")))

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """The function's own log is the only one."""


@dataclass(frozen=True, slots=True)
class Function:
    """A container that is running. `log` is what CloudWatch would get."""

    process: subprocess.Popen[bytes]
    exchange: Exchange
    log: Path

    def invoke(self, event: Any) -> Any:
        """The handler's answer to one event. Raises Failed."""
        request_id = str(uuid4())
        self.exchange.events.put((request_id, json.dumps(event).encode()))
        answered, kind, told = self._answer()
        if kind == "error":
            raise Failed(told.get("errorType", ""), told)
        assert answered == request_id
        return told

    def _answer(self) -> tuple[str, str, Any]:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            try:
                return self.exchange.answers.get(timeout=0.2)
            except queue.Empty:
                if self.process.poll() is not None:
                    raise AssertionError(f"the function's process has ended:\n{self.log.read_text()}") from None
        raise AssertionError("the function does not answer")


@contextmanager
def running(folder: Path, handler: str, settings: Mapping[str, str], *, log: Path) -> Iterator[Function]:
    """The function of the unpacked package, with the variables that Lambda sets and these settings."""
    exchange = Exchange()
    door = type("Door", (_Door,), {"exchange": exchange})
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {**_lambda_variables(folder, handler, server.server_port), **settings}
        with log.open("wb") as output:
            process = subprocess.Popen(
                [CLIENT, "-m", "awslambdaric", handler], cwd=folder, env=environment, stdout=output, stderr=output
            )
        try:
            yield Function(process, exchange, log)
        finally:
            process.kill()
            process.wait()
            server.shutdown()


def _lambda_variables(folder: Path, handler: str, port: int) -> dict[str, str]:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""
    name = f"kuulolla-test-{handler.rpartition('.')[2]}"
    return {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/22/[$LATEST]0",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_REGION": "eu-north-1",
        "AWS_DEFAULT_REGION": "eu-north-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "LAMBDA_TASK_ROOT": str(folder),
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "_HANDLER": handler,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",  # the folder of a real function cannot be written to
    }
