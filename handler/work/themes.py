"""The themes that enough have spoken of: what a unit may publish about without pointing at somebody."""

from collections import Counter

from handler.work.comments import readable
from handler.work.parts import Parts
from handler.work.results import unit_results
from survey_flow.organisation import Unit
from survey_flow.publication import HIDDEN_UNDER, Period, month_of
from survey_flow.themes import answers_by_theme


def heard(parts: Parts, unit: Unit) -> frozenset[str]:
    """The themes with five published answers or more, comments among them, since the results begin."""
    organisation = parts.library.organisation
    ever = Period(organisation.first_month(unit), month_of(parts.today()))
    spoken: Counter[str] = Counter()
    for group in unit_results(parts, unit, ever):
        spoken.update(answers_by_theme(group.figures))
    spoken.update(comment.marks.theme for comment in readable(parts, unit) if comment.marks.theme)
    return frozenset(theme for theme, n in spoken.items() if n >= HIDDEN_UNDER)
