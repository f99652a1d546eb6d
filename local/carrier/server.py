"""The carrier listening on this machine, and nowhere else."""

import socket
import threading
from types import TracebackType
from typing import Self

from flask import Flask
from werkzeug.serving import make_server

HOST = "127.0.0.1"


class LocalServer:
    """Serves an application; with `with`, from a thread of its own. Port 0 is any free one."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        self._listening = listening
        self._server = make_server(HOST, 0, app, threaded=True, fd=listening.fileno())
        self._thread = threading.Thread(target=self.serve_forever, name="local-server", daemon=True)
        self.port: int = listening.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"

    @staticmethod
    def listen(port: int = 0) -> socket.socket:
        return socket.create_server((HOST, port))

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
