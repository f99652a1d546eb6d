"""The carrier listening on this machine, and nowhere else."""

import socket
import struct
import threading
from types import TracebackType
from typing import Any, Self

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

HOST = "127.0.0.1"


class _Handler(WSGIRequestHandler):
    # A connection a request. On one that is kept, the server would read what follows an answer as a rest of the request
    # before, and wait for its end.
    protocol_version = "HTTP/1.0"

    def send_response(self, code: int, message: str | None = None) -> None:
        """Without a date by the machine's clock: the carrier's answers bear one by its own."""
        self.log_request(code)
        self.send_response_only(code, message)

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Without an answer; a reset is then seen as a reset (RST) on the other side too."""
        self.close_connection = True  # or it would wait for another request
        if isinstance(error, ConnectionResetError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()  # torn when the last reader lets go; shutting it down first would end it in order


class _Server(ThreadedWSGIServer):
    """Knows the connections from when they are accepted until their answer has left or whoever asked is gone."""

    def __init__(self, app: Flask, fd: int) -> None:
        self.under_way: set[Any] = set()
        super().__init__(HOST, 0, app, _Handler, fd=fd)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.under_way.add(client_address)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.under_way.discard(client_address)


class LocalServer:
    """Serves an application; with `with`, from a thread of its own. Port 0 is any free one."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        self._listening = listening
        self._server = _Server(app, listening.fileno())
        self._thread = threading.Thread(target=self.serve_forever, name="local-server", daemon=True)
        self.port: int = listening.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"

    @staticmethod
    def listen(port: int = 0) -> socket.socket:
        return socket.create_server((HOST, port))

    @property
    def under_way(self) -> int:
        """How many requests are being served: those that were accepted, whether or not the application knows them."""
        return len(self._server.under_way)

    def serve_forever(self) -> None:
        self._server.serve_forever(poll_interval=0.05)  # how soon it notices that it is to stop

    def stop(self) -> None:
        """Ends serve_forever; call it from another thread."""
        self._server.shutdown()

    def close(self) -> None:
        self._server.server_close()
        self._listening.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._thread.join()
        self.close()
