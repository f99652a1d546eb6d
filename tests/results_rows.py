"""Made-up rows of counts for the results: a year of two units' answers, the same ones every time."""

import random
from collections import Counter

from handler.tables import counts
from handler.tables.responses import Place
from survey_flow.closing import FINISHED, MESSAGES_IN, SEGMENTS_OUT, columns
from survey_flow.conversation import Answer, Mark
from survey_flow.library import Library
from survey_flow.survey import Kind, Question, Survey

# How many answer in each month up to November 2026, by unit and group.
YEAR = {
    ("kotka", "youth"): {"2026-06": 14, "2026-07": 3, "2026-08": 11, "2026-09": 17, "2026-10": 22, "2026-11": 26},
    ("kotka", "guardian"): {"2026-06": 4, "2026-07": 2, "2026-08": 3, "2026-09": 6, "2026-10": 8, "2026-11": 3},
    ("varkaus", "client"): {"2026-04": 12, "2026-05": 19, "2026-10": 14, "2026-11": 13},
    ("varkaus", "youth"): {"2026-04": 2, "2026-10": 1},
    ("nemova", "professional"): {"2026-05": 7, "2026-09": 6},
    ("nemova", "client"): {"2026-08": 9, "2026-10": 6},
}


def add_year(library: Library) -> None:
    """Rows for every group of YEAR, with what was sent, where people stopped, and what it took."""
    chance = random.Random(7)  # noqa: S311 example answers, not secrets
    for (unit, group), months in YEAR.items():
        survey = library.surveys[library.organisation.units[unit].surveys[group]]
        for month, answers in months.items():
            counts.add_alone(Place(unit, survey.id, group, month), _month(survey, group, answers, chance))


def _month(survey: Survey, group: str, answers: int, chance: random.Random) -> Counter[str]:
    total: Counter[str] = Counter()
    asked = [each for each in survey.questions if each.asked and each.kind is not Kind.OPEN]
    asked = [each for each in asked if not each.respondents or group in each.respondents]
    for number in range(answers):
        stops = number % 9 == 8
        told = asked[: len(asked) // 2] if stops else asked
        ended = f"broken_off_{asked[len(told)].id}" if stops else FINISHED
        total.update(columns({each.stem: _answer(each, chance) for each in told}, ended))
    invited = 3 * answers + chance.randrange(4)
    total.update({"opted_out": 1, "opted_out_at_once": 1, f"opted_out_at_{asked[0].id}": 1} if answers > 9 else {})
    total.update({"invited": invited, "delivered": invited - 1, "undelivered": 1, "blocked_throttled": answers // 5})
    total.update({SEGMENTS_OUT: 7 * answers, MESSAGES_IN: 3 * answers})
    return total


def _answer(question: Question, chance: random.Random) -> Answer:
    digits = sorted(question.values)
    if question.kind is not Kind.NPS and chance.random() < 0.07:
        return chance.choice((Mark.DONT_KNOW, Mark.SKIPPED))
    if question.kind is Kind.CHOICE:
        return chance.choices(digits, weights=range(len(digits), 0, -1))[0]
    return chance.choices(digits, weights=[1.6**place for place in range(len(digits))])[0]
