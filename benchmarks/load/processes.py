"""What a process, or the whole machine, has taken so far, by /proc."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """Since it began, in user and system mode; without processes that it started."""
    return (_stat(pid, 13) + _stat(pid, 14)) / _TICKS


def busy_seconds() -> float:
    """Of all cores since the machine began, whoever used them, the machine's own host included."""
    user, nice, system, _, _, *others = map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9])
    return (user + nice + system + sum(others)) / _TICKS


def resident_mb(pid: int) -> float:
    """With pages that it shares with others."""
    return _stat(pid, 23) * _PAGE / 1024**2


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _stat(pid: int, place: int) -> int:
    """A field of /proc/PID/stat, from 0; the name in it may hold spaces, and stands before the last bracket."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[place - 2])
