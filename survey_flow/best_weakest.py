"""The best and the weakest of a group's statements, and whether the answers tell the two apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_flow.question_figures import QuestionFigures
from survey_flow.statistics import Interval, mean_interval

# In digits of the scale: three people in ten, one step apart.
_NEAR = 0.3


@dataclass(frozen=True, slots=True)
class BestWeakest:
    """Two statements and their means, in digits of their scale.

    `close`: the means differ by less than 0.3, or their 95 % intervals meet, and the difference may be chance. The same
    people answered both, and the two are picked out of many, so the interval of two groups' difference would not do.
    """

    best: QuestionFigures
    weakest: QuestionFigures
    means: Interval
    close: bool

    @property
    def scale(self) -> tuple[int, int]:
        return _scale(self.best)


def best_and_weakest(questions: Sequence[QuestionFigures]) -> BestWeakest | None:
    """Of the questions that may be shown, on the scale that most of them share; the earlier asked of equals.

    None with fewer than two, and when all have the same mean, to a tenth.
    """
    found = [(each.mean, each) for each in _on_one_scale(questions) if each.mean is not None]
    if len(found) < 2:
        return None
    high, best = max(found, key=lambda each: each[0])
    low, weakest = min(found, key=lambda each: each[0])
    if round(high, 1) == round(low, 1):
        return None
    # 4.3 - 4.0 is a little under 0.3 in floating point.
    near = round(high - low, 9) < _NEAR
    means = Interval(value=high, low=low, high=high)
    return BestWeakest(best, weakest, means, near or _reach(weakest, low).high >= _reach(best, high).low)


def _on_one_scale(questions: Sequence[QuestionFigures]) -> list[QuestionFigures]:
    scales: dict[tuple[int, int], list[QuestionFigures]] = {}
    for each in questions:
        if each.mean is not None:
            scales.setdefault(_scale(each), []).append(each)
    return max(scales.values(), key=len, default=[])


def _reach(figures: QuestionFigures, mean: float) -> Interval:
    """The mean's interval; of answers that are all the same, the mean itself."""
    return mean_interval(figures.distribution) or Interval(mean, mean, mean)


def _scale(figures: QuestionFigures) -> tuple[int, int]:
    return figures.question.low, figures.question.high
