"""Starting MiniStack, the embedded AWS, which lives in a virtual environment of its own in .tools/."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from local.servers import wait_for

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".tools" / "ministack" / "bin" / "ministack"
READY_WITHIN = 30
REGION = "eu-north-1"


class Missing(Exception):
    """MiniStack is not there or does not start; the text says what to do."""


def aws_at(address: str, *, key: str = "test") -> dict[str, str]:
    """The variables by which whatever speaks to AWS finds an engine on this machine, and looks for no other."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def start_ministack(
    port: int, *, state: Path | None = None, log: Path | None = None, more: Mapping[str, str] = MappingProxyType({})
) -> subprocess.Popen[bytes]:
    """MiniStack, ready, on 127.0.0.1 alone; with `state` it keeps everything over a graceful stop. `more` are settings
    of its own, as AUTH. Raises Missing."""
    if not PROGRAM.exists():
        raise Missing("MiniStack, the embedded AWS, is not installed: run 'make setup'.")
    environment = {
        **os.environ,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        **more,
    }
    environment.pop("AWS_ENDPOINT_URL", None)
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
        environment |= {"PERSIST_STATE": "1", "STATE_DIR": str(state)}
    # A session of its own: Ctrl-C in the terminal reaches the runner alone, which then stops the others in order.
    with (log or Path(os.devnull)).open("wb") as output:
        process = subprocess.Popen(
            [str(PROGRAM)], env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        ready = wait_for(
            f"http://127.0.0.1:{port}/_ministack/health", seconds=READY_WITHIN, alive=lambda: process.poll() is None
        )
    except KeyboardInterrupt:  # nobody else knows of it yet
        stop(process)
        raise
    if not ready:
        process.kill()
        raise Missing(f"MiniStack does not answer on port {port} within {READY_WITHIN} seconds.")
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Gracefully, so that what it holds is kept; by force after ten seconds."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
