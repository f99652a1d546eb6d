"""gunicorn with our app, and what its workers use of CPU and memory, by /proc.

Workers of the kind "sync", one for each core: a process answers one request at a time, as on Lambda, so that CPU per
message carries over; what comes meanwhile waits in the queue of the socket. Threads would share one interpreter and
measure how they take turns.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.app import AHEAD, ahead_of_now
from benchmarks.load.processes import children, cpu_seconds, resident_mb
from local.ministack import ROOT, Missing, stop
from local.servers import free_port, wait_for

_READY_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def workers(self) -> list[int]:
        """The processes that the master has started."""
        return children(self.pid)

    def cpu_seconds(self) -> float:
        """Of all workers since they began."""
        return sum(map(cpu_seconds, self.workers()))

    def resident_mb(self) -> float:
        """Of all workers together, shared pages counted in each."""
        return sum(map(resident_mb, self.workers()))


@contextmanager
def served(workers: int) -> Iterator[Server]:
    """Raises local.ministack.Missing when gunicorn is not installed or does not start."""
    if subprocess.run([sys.executable, "-c", "import gunicorn"], capture_output=True, check=False).returncode:
        raise Missing("gunicorn is not installed: run 'make benchmark', which gets it.")
    os.environ.setdefault(AHEAD, str(ahead_of_now()))
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "benchmarks.load.app:app()", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--worker-class", "sync", "--log-level", "warning"]
    with Path(os.devnull).open("wb") as nowhere:
        process = subprocess.Popen(command, cwd=ROOT, stdout=nowhere, start_new_session=True)
    try:
        if not wait_for(f"http://127.0.0.1:{port}/", seconds=_READY_WITHIN, alive=lambda: process.poll() is None):
            raise Missing(f"gunicorn does not answer on port {port} within {_READY_WITHIN} seconds.")
        yield Server(port, process.pid)
    finally:
        stop(process)
