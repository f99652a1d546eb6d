"""An embedded AWS with empty tables, as the app finds it by its settings."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from handler.settings import Settings, settings_from
from handler.tables.all_tables import bind_all
from local.ministack import REGION, aws_at, start_ministack, stop
from local.one_app import make_missing
from local.servers import free_port

ENVIRONMENT = {
    "KUULOLLA_STAGE": "local",
    "KUULOLLA_PUBLIC_URL": "https://kuulolla.example",
    "KUULOLLA_TWILIO_URL": "https://twilio.example",
    "KUULOLLA_SENDER": "+358450000000",
    "KUULOLLA_PEPPER": "a pepper for benchmarks",
    "KUULOLLA_TABLE_PREFIX": "benchmark-",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "a token for benchmarks",
    "AWS_REGION": REGION,
}


@contextmanager
def machine() -> Iterator[Settings]:
    """Raises local.ministack.Missing with a sentence when the embedded AWS is not installed."""
    port = free_port()
    process = start_ministack(port)
    os.environ |= aws_at(f"http://127.0.0.1:{port}")
    try:
        settings = settings_from(ENVIRONMENT)
        bind_all(prefix=settings.table_prefix, region=settings.region)
        make_missing(settings)
        yield settings
    finally:
        stop(process)


def described() -> str:
    """The machine, how busy it was and the day, for whoever reads the figures later."""
    day = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} before"
    return f"{machine}, Python {platform.python_version()}, {day}"
