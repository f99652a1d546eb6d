"""Figures from counts: the recommendation index, means, medians, shares, changes. Small groups are hidden elsewhere.

A distribution is a mapping: digit -> how many gave it. Every interval is of 95 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, sqrt

from survey_flow.student_t import t_quantile

# Standard errors to each side of a 95 % interval, of the normal distribution.
_REACH = 1.96


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


@dataclass(frozen=True, slots=True)
class Interval:
    """What was measured and its 95 % interval, all three in the same unit; low <= value <= high."""

    value: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Of a change: whether chance alone would explain it."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class _Spread:
    """A sample's mean, the variance of that mean (not of the answers) and its degrees of freedom."""

    mean: float
    variance: float
    df: int


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
    half = _REACH * sqrt((up + down - (up - down) ** 2) / wider)
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


def median(counts: Mapping[int, int]) -> float | None:
    """The middle answer of a distribution, in digits, or None without answers.

    Of an even number of answers it is the mean of the two middle ones, so it may end in .5.
    """
    n = sum(counts.values())
    return (_answer(counts, (n - 1) // 2) + _answer(counts, n // 2)) / 2 if n else None


def difference_of_nps(now: Nps, before: Nps) -> Interval:
    """How many points the index has changed (-200 to 200), the two groups of respondents being different people.

    The interval joins the two adjusted Wald intervals: each side is the hypotenuse of how far the two indices reach
    that way. Source: G. Zou and A. Donner, "Construction of confidence limits about effect measures", Statistics in
    Medicine 27 (2008). Counted over all truths in steps of 5 %, it covers the truth in 95 % of samples on average; in
    90 % or more where every segment has a tenth; at worst, with a segment missing, in 82 % at n = 5 and 90 % at n = 20.
    (Symmetric about the difference of the adjusted estimates it is under 90 % for about ten times as many truths.)
    """
    value = now.index - before.index
    down = hypot(now.index - now.low, before.high - before.index)
    up = hypot(now.high - now.index, before.index - before.low)
    # One answer's index lies outside its own interval (100, of -49 to 98): the sum could pass the end.
    return Interval(value=value, low=max(-200.0, value - down), high=min(200.0, value + up))


def mean_interval(counts: Mapping[int, int]) -> Interval | None:
    """The mean and its t interval, in digits; None with fewer than two answers, or when all are the same.

    All the same tells nothing of how answers vary, and an interval of no width would claim that it does. The limits
    may pass the ends of the question's scale, which is not known here.
    """
    spread = _spread(counts)
    if spread is None or spread.variance == 0:
        return None
    half = t_quantile(spread.df) * sqrt(spread.variance)
    return Interval(value=spread.mean, low=spread.mean - half, high=spread.mean + half)


def difference_of_means(now: Mapping[int, int], before: Mapping[int, int]) -> Interval | None:
    """How much the mean has changed, in digits, the two groups of respondents being different people.

    None when either has fewer than two answers, or when both have answers of one kind only (nothing then tells how
    answers vary); when only one has, the other's spread alone makes the interval. Source: B. L. Welch, "The
    generalization of 'Student's' problem when several different population variances are involved", Biometrika 34
    (1947). On lopsided answers it is too narrow: at worst 83 % of what was tried, 5 answers against 20.
    """
    late, early = _spread(now), _spread(before)
    if late is None or early is None or late.variance + early.variance == 0:
        return None
    value, variance = late.mean - early.mean, late.variance + early.variance
    df = variance**2 / (late.variance**2 / late.df + early.variance**2 / early.df)
    # Never under the smaller of the two, but for the last bit of the division.
    half = t_quantile(max(df, 1.0)) * sqrt(variance)
    return Interval(value=value, low=value - half, high=value + half)


def share(part: int, of: int) -> float | None:
    """Per cent, or None of nothing. Over 100 when the part is the larger (responses to an earlier month's messages)."""
    return 100 * part / of if of else None


def share_interval(part: int, of: int) -> Interval | None:
    """A share in per cent with its adjusted Wald interval (0 to 100), for yes/no answers and response rates.

    n + 1.96 squared, half of what is added to the part. None of nothing, and when the part is no part (under 0 or over
    `of`). Source: A. Agresti and B. Coull, "Approximate is better than 'exact' for interval estimation of binomial
    proportions", The American Statistician 52 (1998).
    """
    if of == 0 or not 0 <= part <= of:
        return None
    wider = of + _REACH**2
    middle = (part + _REACH**2 / 2) / wider
    half = _REACH * sqrt(middle * (1 - middle) / wider)
    return Interval(value=100 * part / of, low=max(0.0, 100 * (middle - half)), high=min(100.0, 100 * (middle + half)))


def _spread(counts: Mapping[int, int]) -> _Spread | None:
    n, middle = sum(counts.values()), mean(counts)
    if n < 2 or middle is None:
        return None
    squares = sum(count * (digit - middle) ** 2 for digit, count in counts.items())
    return _Spread(mean=middle, variance=squares / (n - 1) / n, df=n - 1)


def _answer(counts: Mapping[int, int], place: int) -> int:
    """The answer at a place (from 0) of all answers in order."""
    passed = 0
    for digit in sorted(counts):
        passed += counts[digit]
        if place < passed:
            return digit
    raise IndexError(place)
