"""`make deploy-local`: what it prints works, and what it started is gone when it is stopped."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from local.ministack import ROOT
from local.servers import free_port, is_taken
from tests.polling import happens

pytestmark = [pytest.mark.osls, pytest.mark.runtime, pytest.mark.engine]
DEPLOYED_WITHIN, STOPPED_WITHIN = 240, 60


def test_a_deployment_is_left_to_look_at_until_ctrl_c(tmp_path: Path) -> None:
    port, desk_port, told = free_port(), free_port(), tmp_path / "told"
    command = [sys.executable, "-m", "local.deployed", "--port", str(port), "--desk-port", str(desk_port)]
    with told.open("wb") as output:
        running = subprocess.Popen(
            [*command, "--folder", str(tmp_path / "deployed")],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        ended = happens(lambda: "Ctrl-C" in told.read_text() or running.poll() is not None, within=DEPLOYED_WITHIN)
        assert ended
        assert running.poll() is None, told.read_text()
        key = re.search(r"Bearer (\S+)'", told.read_text())
        assert key
        asking = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/results?unit=kotka", headers={"Authorization": f"Bearer {key[1]}"}
        )
        with urllib.request.urlopen(asking, timeout=60) as answer:
            assert answer.status == 200
        aws = int(re.search(r"embedded AWS +http://127.0.0.1:(\d+)", told.read_text())[1])  # type: ignore[index]
        os.killpg(running.pid, signal.SIGINT)
        os.killpg(running.pid, signal.SIGTERM)  # a second wish to stop leaves nothing running either
        stopped = happens(lambda: running.poll() is not None, within=STOPPED_WITHIN)
        assert (stopped, running.returncode) == (True, 0), told.read_text()
    finally:
        running.kill()
        running.wait()
    assert [taken for taken in (port, desk_port, aws) if is_taken(taken)] == []
    assert not (tmp_path / "deployed" / "unpacked").exists()
