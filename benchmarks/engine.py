"""A DynamoDB for the benchmarks: Amazon's own for one machine, else the embedded AWS, and which of them it was."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from benchmarks.machine import ENVIRONMENT
from handler.settings import Settings, settings_from
from handler.tables.all_tables import TABLES, bind_all
from local import dynamodb_local
from local.ministack import aws_at, start_ministack, stop
from local.servers import free_port


@dataclass(frozen=True, slots=True)
class Engine:
    """`pid` is that of the engine's process; `told` says why it is not Amazon's own, or nothing."""

    name: str
    address: str
    settings: Settings
    pid: int
    told: str = ""


@contextmanager
def dynamodb() -> Iterator[Engine]:
    """An empty one with our tables, found by this process and its children; gone at the end.

    Raises local.ministack.Missing when neither is installed.
    """
    port, told = free_port(), ""
    if dynamodb_local.is_installed():
        name, process = "DynamoDB Local", dynamodb_local.start_dynamodb_local(port)
    else:
        told = f"DynamoDB Local is missing ({dynamodb_local.HOW_TO_GET_IT}): MiniStack stands in for it."
        name, process = "MiniStack", start_ministack(port)
    before = dict(os.environ)
    os.environ |= aws_at(f"http://127.0.0.1:{port}", key=uuid4().hex)
    try:
        settings = settings_from(ENVIRONMENT)
        bind_tables(settings)
        yield Engine(name, f"http://127.0.0.1:{port}", settings, process.pid, told)
    finally:
        os.environ.clear()
        os.environ.update(before)
        stop(process)


def bind_tables(settings: Settings) -> None:
    """Binds all tables and makes those that are missing: the app binds no more than it needs."""
    bind_all(prefix=settings.table_prefix, region=settings.region)
    for table in TABLES:
        if not table.exists():
            table.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
