"""The one clock. On one machine another function takes its place; the movable clock is not in this package."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
