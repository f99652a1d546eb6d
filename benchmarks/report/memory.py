"""Whether memory grows for good: it climbs and falls, as Python looks for cycles but once in 150,000 objects
(handler/cold_start.py). So peaks are compared: a line through a saw's teeth rises or falls by where it is cut."""

from benchmarks.figures import slope

# Of all workers together, over ten minutes: less is what the allocator does.
MOST_GROWTH_MB = 5.0
SOAK_SETTLES = 60.0


def growth(memory: list[tuple[float, float]]) -> float:
    """Megabytes by which the second half's peak is above the first's."""
    first, second = peaks(memory)
    return second - first


def peaks(memory: list[tuple[float, float]]) -> tuple[float, float]:
    """Of the two halves of the time."""
    middle = memory[-1][0] / 2
    first = max(mb for at, mb in memory if at <= middle)
    return first, max(mb for at, mb in memory if at >= middle)


def slope_in_ten_minutes(memory: list[tuple[float, float]]) -> float:
    """Megabytes, by a line through what follows the first minute (of a short soak: its first half)."""
    settles = min(SOAK_SETTLES, memory[-1][0] / 2)
    return 600 * slope([(at, mb) for at, mb in memory if at >= settles])
