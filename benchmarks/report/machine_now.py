"""The machine and the versions that a part is measured with."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = ("flask", "werkzeug", "pynamodb", "botocore", "urllib3", "twilio", "msgspec", "gunicorn", "sqlalchemy")


def machine_now() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "java": _java(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    told = path.read_text() if path.exists() else ""
    return next((line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")), "?")


def _java() -> str:
    try:
        told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S607
    except OSError:
        return "none"
    return told.splitlines()[0] if told else "?"
