"""Figures from counts: the recommendation index with its interval, means, shares. Small groups are hidden elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Nps:
    """Per cent of 9-10 minus per cent of 0-6 (-100 to 100) with its 95 % interval; n is who gave a score."""

    n: int
    promoters: int
    passives: int
    detractors: int
    index: float
    low: float
    high: float


def segment(score: int) -> str:
    """promoter (9-10), passive (7-8) or detractor (0-6)."""
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


def nps(promoters: int, passives: int, detractors: int) -> Nps | None:
    """The index and its adjusted Wald interval (n + 3, promoters and detractors + 3/4 each), or None without answers.

    Source of the interval: B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician
    70 (2016).
    """
    n = promoters + passives + detractors
    if n == 0:
        return None
    wider = n + 3
    up, down = (promoters + 0.75) / wider, (detractors + 0.75) / wider
    half = 1.96 * sqrt((up + down - (up - down) ** 2) / wider)
    middle = up - down
    return Nps(
        n=n,
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        index=100 * (promoters - detractors) / n,
        low=max(-100.0, 100 * (middle - half)),
        high=min(100.0, 100 * (middle + half)),
    )


def nps_of(counts: Mapping[int, int]) -> Nps | None:
    """The index of a distribution: how many gave each score 0-10."""
    totals = {"promoter": 0, "passive": 0, "detractor": 0}
    for score, count in counts.items():
        totals[segment(score)] += count
    return nps(totals["promoter"], totals["passive"], totals["detractor"])


def mean(counts: Mapping[int, int]) -> float | None:
    """The mean of a distribution of digits, or None without answers."""
    n = sum(counts.values())
    return sum(digit * count for digit, count in counts.items()) / n if n else None
