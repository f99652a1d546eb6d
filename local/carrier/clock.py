"""The carrier's time: the machine's, moved by as much as the application's clock has been moved.

A message must not look older than the conversation it belongs to, or the application would not find it in the list.
"""

from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def follow(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)
