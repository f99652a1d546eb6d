"""The clock of a storm, for many threads and processes, of which some are killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock
from pathlib import Path


class StormClock:
    """It runs on by itself, and is moved only while nobody is at work.

    Its time and its two locks are files, so that a killed process holds nothing: the system lets go of its locks.
    """

    def __init__(self, folder: Path) -> None:
        self._ahead, self._work, self._turnstile = (folder / name for name in ("ahead", "work", "turnstile"))
        self._set_here: timedelta | None = None
        for path in (self._work, self._turnstile):
            path.touch()

    def __call__(self) -> datetime:
        ahead = self._set_here  # whoever sets it need not read it again each time
        return datetime.now(UTC) + (ahead or timedelta(seconds=float(self._ahead.read_text())))

    def set(self, moment: datetime) -> None:
        self._set_here = moment - datetime.now(UTC)
        beside = self._ahead.with_suffix(".new")
        beside.write_text(str(self._set_here.total_seconds()))
        beside.replace(self._ahead)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Meanwhile the clock is not moved."""
        with _locked(self._turnstile, LOCK_EX):
            pass  # whoever wants to move it goes first
        with _locked(self._work, LOCK_SH):
            yield

    @contextmanager
    def nobody_at_work(self) -> Iterator[None]:
        with _locked(self._turnstile, LOCK_EX), _locked(self._work, LOCK_EX):
            yield


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    with path.open() as file:
        flock(file, how)
        try:
            yield
        finally:
            flock(file, LOCK_UN)
