"""The 97.5 % quantile of Student's t: how many standard errors reach to each side of a mean in a 95 % interval."""

from math import atan, cos, exp, lgamma, log, pi, sqrt, tan

# A little under the normal distribution's quantile (1.95996), which every t lies above.
_START = 1.9599
# Five steps end beyond what the strips can tell; with 64 strips the worst error is 0.000024, at 1.1 degrees of freedom.
_STEPS, _STRIPS = 5, 64


def t_quantile(df: float) -> float:
    """The t that 95 % of the distribution lies within, plus or minus; `df` may be a fraction, as Welch's are.

    Within 0.00003 of the true value from df = 1 on, within 0.000001 from df = 2 on. Raises ValueError under 1.

    With t = sqrt(df) tan(angle) the density becomes a power of the cosine (Abramowitz and Stegun, "Handbook of
    Mathematical Functions", 26.7), which Simpson's rule sums over a short smooth stretch. Newton's method begins
    below the root; the sum is concave in the angle, so it climbs and never oversteps.

    >>> round(t_quantile(4), 4)
    2.7764
    """
    if df < 1:
        raise ValueError(f"degrees of freedom begin at 1, not {df}.")
    density = 2 * exp(lgamma((df + 1) / 2) - lgamma(df / 2)) / sqrt(pi)
    angle = atan(_START / sqrt(df))
    for _ in range(_STEPS):
        missing = 0.95 - density * _area(angle, df - 1)
        angle += missing / (density * cos(angle) ** (df - 1))
    return sqrt(df) * tan(angle)


def _area(angle: float, power: float) -> float:
    """Simpson's rule over cos^power from 0 to the angle."""
    strip = angle / _STRIPS
    heights = [exp(power * log(cos(strip * place))) for place in range(_STRIPS + 1)]
    return strip / 3 * (heights[0] + 4 * sum(heights[1::2]) + 2 * sum(heights[2:-1:2]) + heights[-1])
