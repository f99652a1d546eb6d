"""The app as gunicorn serves it under load: the webhooks' door alone, on the generator's clock."""

import os
from datetime import UTC, datetime, timedelta

from flask import Flask

from benchmarks.machine import ENVIRONMENT
from benchmarks.rounds import Clock
from handler.app import create_app

AHEAD = "KUULOLLA_BENCHMARK_AHEAD"


def ahead_of_now() -> float:
    """Seconds from now to an afternoon when everybody may be asked."""
    return (Clock().now - datetime.now(UTC)).total_seconds()


def clock_of_the_load() -> datetime:
    """It runs on as the wall clock does; the generator and each worker have the same."""
    return datetime.now(UTC) + timedelta(seconds=float(os.environ[AHEAD]))


def app() -> Flask:
    return create_app(("sms",), environment=ENVIRONMENT, clock=clock_of_the_load)
